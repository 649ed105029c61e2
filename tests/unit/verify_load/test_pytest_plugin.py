"""The path as tests of pytest, run by pytest itself against an endpoint on loopback."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import trustme

from hatchway.errors import UndecidedError
from hatchway.route.outcome import Verdict
from hatchway.verify import verify
from tests.unit.verify.standing_in import TOKEN, StandIn, deployment

ROOT = Path(__file__).parents[3]
Run = Callable[..., "subprocess.CompletedProcess[str]"]
OWN = """
def test_the_path_is_quick(hatchway_report):
    assert all(route.timing.total < 60 for route in hatchway_report.routes)
"""


@pytest.fixture
def run(authority: trustme.CA, endpoint: StandIn, tmp_path: Path) -> Run:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    deployment(tmp_path, ("orders", "billing"))
    (tmp_path / "test_own.py").write_text(OWN)
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\nhatchway_calls_only = true\nhatchway_ca_file = ca.pem\n"
        f"hatchway_connect_to = ::127.0.0.1:{endpoint.server_address[1]}\n"
    )

    def ran(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-v", *arguments]
        given = {**os.environ, "PYTHONPATH": str(ROOT), "HATCHWAY_TOKEN": TOKEN, **environ}
        return subprocess.run(command, cwd=tmp_path, env=given, capture_output=True, text=True, check=False)

    return ran


PLUGIN = ("-p", "hatchway.verify.pytest_plugin")


def test_each_request_is_a_test_beside_those_of_the_user_and_all_is_verified_once(
    run: Run, endpoint: StandIn
) -> None:
    found = run(*PLUGIN, "hatchway.yaml", "test_own.py")
    assert found.returncode == 0, found.stdout
    assert "hatchway.yaml::orders: GET /orders/test PASSED" in found.stdout
    assert "hatchway.yaml::billing: GET /billing/test PASSED" in found.stdout
    assert "hatchway.yaml::the rest of the path PASSED" in found.stdout
    assert "4 passed" in found.stdout
    answered = endpoint.answered
    run(*PLUGIN, "hatchway.yaml", "-k", "orders")
    assert endpoint.answered == 2 * answered


def test_what_is_broken_fails_with_hop_and_fix_and_without_a_traceback(run: Run, endpoint: StandIn) -> None:
    endpoint.answer = lambda: (
        403,
        '{"Message":"User: anonymous: explicit deny in a resource-based policy: execute-api:Invoke"}',
    )
    found = run(*PLUGIN, "hatchway.yaml", "-k", "orders")
    assert found.returncode == 1
    assert "orders GET /orders/test: fail, broken at private-api" in found.stdout
    assert "fix: The resource policy has to allow the endpoint's id" in found.stdout
    assert "Traceback" not in found.stdout
    assert "pytest_plugin.py" not in found.stdout


def test_a_credential_that_is_missing_is_named_and_is_no_pass(run: Run) -> None:
    found = run(*PLUGIN, "hatchway.yaml", HATCHWAY_TOKEN="")
    assert found.returncode == 1
    assert "HATCHWAY_TOKEN: is not set" in found.stdout
    assert "passed" not in found.stdout


def test_collecting_calls_nothing(run: Run, endpoint: StandIn) -> None:
    found = run(*PLUGIN, "hatchway.yaml", "--collect-only", "-q")
    assert "orders: GET /orders/test" in found.stdout
    assert endpoint.connections == 0


def test_problems_of_the_topology_are_told_as_the_command_tells_them(run: Run, tmp_path: Path) -> None:
    (tmp_path / "hatchway.yaml").write_text("version: 1\nname: x\nservice: {}\n")
    found = run(*PLUGIN, "hatchway.yaml")
    assert found.returncode == 2
    assert "line 3  service" in found.stdout
    assert "Traceback" not in found.stdout


def test_without_the_plugin_nothing_of_it_is_there(run: Run) -> None:
    found = run("test_own.py", "-o", "addopts=")
    assert "fixture 'hatchway_report' not found" in found.stdout


def test_a_program_gets_the_report_and_prints_nothing(
    authority: trustme.CA, endpoint: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    given = {
        "topology": deployment(tmp_path),
        "calls_only": True,
        "ca_file": tmp_path / "ca.pem",
        "connect_to": [f"::127.0.0.1:{endpoint.server_address[1]}"],
    }
    report = verify(**given, environ={"HATCHWAY_TOKEN": TOKEN})
    assert report.verdict is Verdict.PASS
    assert [(one.service, one.request) for one in report.routes] == [("orders", "GET /orders/test")]
    with pytest.raises(UndecidedError, match="HATCHWAY_TOKEN: is not set"):
        verify(**given, environ={})
    assert capsys.readouterr() == ("", "")


def test_a_profile_for_no_account_is_said_to_be_one(run: Run) -> None:
    found = run(*PLUGIN, "hatchway.yaml", "-o", "hatchway_profiles=egde=reader")
    assert found.returncode == 1
    assert "hatchway_profiles: there is no such account, got 'egde'" in found.stdout
    assert "Traceback" not in found.stdout
