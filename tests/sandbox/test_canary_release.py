"""A canary gets its share, and everyone gets the new deployment once it is taken away."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import urllib3

from hatchway.sandbox import Sandbox
from hatchway.terraform.binary import find_terraform

PROJECT = Path(__file__).resolve().parents[2]
CALLS = 60

Deploy = Callable[..., dict[str, list[str]]]
Answers = Callable[[], Counter[str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cdktf.out" / "stacks" / "door"


@pytest.fixture
def terraform(empty_sandbox: Sandbox, folder: Path) -> Callable[..., str]:
    """Runs Terraform on the synthesized stack."""
    binary = find_terraform()

    def run(*words: str) -> str:
        ran = subprocess.run(
            [binary, f"-chdir={folder}", *words],
            env=empty_sandbox.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr[-6000:]
        return ran.stdout

    return run


@pytest.fixture
def deploy(terraform: Callable[..., str], folder: Path) -> Deploy:
    """Synthesizes with a body and a share, and applies; returns the actions on deployments."""

    def run(body: str, *share: str) -> dict[str, list[str]]:
        outdir = str(folder.parents[1])
        arguments = [sys.executable, "-m", "tests.sandbox.canary_app", outdir, body, *share]
        subprocess.run(arguments, cwd=PROJECT, check=True, timeout=100, capture_output=True)
        if not (folder / ".terraform").exists():
            terraform("init", "-no-color")
        terraform("plan", "-input=false", "-out=plan")
        changes = json.loads(terraform("show", "-json", "plan"))["resource_changes"]
        terraform("apply", "-input=false", "plan")
        return {
            "public_canary" if "canary" in change["address"] else "public": change["change"]["actions"]
            for change in changes
            if change["type"] == "aws_api_gateway_deployment"
        }

    return run


@pytest.fixture
def answers(empty_sandbox: Sandbox, terraform: Callable[..., str]) -> Answers:
    """Calls often; what was answered, and how often."""

    def run() -> Counter[str]:
        api_id = json.loads(terraform("output", "-json"))["rest_api_id"]["value"]
        url = f"https://{api_id}.execute-api.eu-west-1.amazonaws.com/live/test"
        with urllib3.ProxyManager(empty_sandbox.proxy_url, ca_certs=str(empty_sandbox.ca_file)) as client:
            calls = [client.request("GET", url, timeout=30, retries=False) for _ in range(CALLS)]
        return Counter(f"{answer.status} {answer.data.decode()}" for answer in calls)

    return run


def test_canary_gets_its_share_and_then_everyone_gets_the_new_deployment(
    deploy: Deploy, answers: Answers
) -> None:
    deploy("old")
    assert answers() == {'200 "old"': CALLS}

    canary = deploy("new", "50")
    both = answers()
    assert canary == {"public": ["no-op"], "public_canary": ["create"]}
    assert set(both) == {'200 "old"', '200 "new"'}
    assert CALLS // 5 < both['200 "new"'] < CALLS * 4 // 5

    everyone = deploy("new")
    assert everyone == {"public": ["create", "delete"], "public_canary": ["delete"]}
    assert answers() == {'200 "new"': CALLS}
