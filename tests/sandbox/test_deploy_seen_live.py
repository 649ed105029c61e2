"""The suite for AWS accounts, run on the deployed sandbox; to deploy another takes minutes.

Its name puts it before the modules that break the deployed path and mend it: rules that were put back are
not those of Terraform's state, so that a plan has changes after them.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[2]
UNKNOWN = "a-token-that-nobody-issued"


@pytest.fixture
def clients(deployed_sandbox: Any, edge: Any) -> Any:
    """Returns who the gateway's authorizer knows now."""
    arn = deployed_sandbox.outputs["gateway"]["clients_secret_arn"]
    return lambda: edge.client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"]


def live(deployed_sandbox: Any, observations: Path, *arguments: str, **more: str) -> Any:
    """Runs the suite on what is deployed, without the tokens that the sandbox made."""
    ours = ("HATCHWAY_TOKEN", "HATCHWAY_LIVE", "SKIP_", "PYTEST_")
    inherited = {
        name: value for name, value in deployed_sandbox.environment().items() if not name.startswith(ours)
    }
    environ = {
        "HATCHWAY_LIVE": "1",
        "HATCHWAY_LIVE_TOPOLOGY": str(deployed_sandbox.path),
        "HATCHWAY_LIVE_OBSERVATIONS": str(observations),
        **more,
    }
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "tests/live",
            "-vv",
            "--showlocals",
            "-p",
            "no:cacheprovider",
            *arguments,
        ],
        cwd=PROJECT,
        env=inherited | environ,
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )


def test_the_suite_passes_observes_and_leaves_no_client_behind(
    deployed_sandbox: Any, clients: Any, tmp_path: Path
) -> None:
    before = clients()
    ran = live(deployed_sandbox, tmp_path / "seen.json", SKIP_deploy="1")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    seen = json.loads((tmp_path / "seen.json").read_text("utf-8"))
    assert [(one["decision"][15:19], one["verdict"]) for one in seen] == [
        ("0003", "agrees"),
        ("0009", "agrees"),
        ("0024", "agrees"),
        ("0010", "agrees"),
    ]
    assert {one["on"] for one in seen} == {"a sandbox, which proves nothing about AWS"}
    assert json.loads(clients()) == json.loads(before)


def test_a_token_that_nobody_issued_fails_it_and_is_not_shown(deployed_sandbox: Any, tmp_path: Path) -> None:
    ran = live(
        deployed_sandbox, tmp_path / "seen.json", "-k", "verify", SKIP_deploy="1", HATCHWAY_TOKEN=UNKNOWN
    )
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "hatchway verify: exit code 1" in ran.stdout
    assert UNKNOWN not in ran.stdout + ran.stderr


def test_what_is_deployed_already_is_refused_and_stays(
    deployed_sandbox: Any, orders: Any, tmp_path: Path
) -> None:
    ran = live(deployed_sandbox, tmp_path / "seen.json", "-k", "deploy")
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "foundation, service-orders, gateway: is deployed already" in ran.stdout
    assert "$ hatchway" not in ran.stdout + ran.stderr
    endpoint = deployed_sandbox.outputs["service-orders"]["vpc_endpoint_id"]
    assert orders.client("ec2").describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"]


def test_without_a_token_it_fails_and_names_the_variable(deployed_sandbox: Any, tmp_path: Path) -> None:
    skipped = {"SKIP_deploy": "1", "SKIP_credential": "1"}
    ran = live(deployed_sandbox, tmp_path / "seen.json", "-k", "verify or ping", **skipped)
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "hatchway verify: exit code 3" in ran.stdout
    assert "HATCHWAY_TOKEN: is not set" in ran.stdout
    assert "Traceback" not in ran.stdout
