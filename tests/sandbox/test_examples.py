"""The example topologies, deployed by the real Terraform: every service answers through its own path."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hatchway.sandbox import Sandbox
from hatchway.topology import load
from tests.sandbox.deploy_roles import allows, statements, wanted

PROJECT = Path(__file__).resolve().parents[2]
EXAMPLES = PROJECT / "examples"
# The article's own is deployed by the other tests of this folder.
DEPLOYED: dict[str, dict[str, str]] = {
    "six-services": {"HATCHWAY_TOKEN_PARTNERS": "partner-1"},
    "http-api": {},
}


@dataclass(frozen=True, kw_only=True)
class Example:
    """An example in a sandbox of its own, and the command line that works on it."""

    path: Path
    sandbox: Sandbox
    folder: Path
    given: Mapping[str, str]

    def hatchway(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "hatchway", arguments[0], "--topology", str(self.path), *arguments[1:]],
            cwd=PROJECT,
            env=self.sandbox.environment({**os.environ, **self.given})
            | {"CDKTF_OUTDIR": str(self.folder / "cdktf.out")},
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )


@pytest.fixture(scope="module", params=DEPLOYED, ids=str)
def example(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Example]:
    path = EXAMPLES / request.param / "hatchway.yaml"
    folder = tmp_path_factory.mktemp(request.param)
    topology = load(path)
    sandbox = Sandbox.start(folder / "sandbox", topology, time_scale=0.05, follow_parent=True)
    try:
        made = Example(path=path, sandbox=sandbox, folder=folder, given=DEPLOYED[request.param])
        ran = made.hatchway("deploy", "--yes")
        assert ran.returncode == 0, ran.stderr[-6000:]
        sandbox.credentials(topology)
        yield made
    finally:
        sandbox.stop()


@pytest.mark.timeout(1200)
def test_every_service_answers_through_its_own_path(example: Example) -> None:
    ran = example.hatchway("verify", "--output", "json")
    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr
    report: dict[str, Any] = json.loads(ran.stdout)
    assert report["verdict"] == "pass"
    assert {route["service"] for route in report["routes"]} == set(load(example.path).services)
    assert report["findings"] == []


def test_a_second_plan_is_empty_for_every_stack(example: Example) -> None:
    ran = example.hatchway("plan")
    assert ran.returncode == 0, ran.stderr
    lines = [line for line in ran.stderr.splitlines() if line.startswith("✓")]
    assert lines
    assert [line for line in lines if "no changes" not in line] == []


def test_all_of_it_can_be_destroyed(example: Example) -> None:
    ran = example.hatchway("destroy", "--yes")
    assert ran.returncode == 0, ran.stderr[-6000:]


def test_deploy_roles_allow_every_call_that_terraform_made(example: Example) -> None:
    topology = load(example.path)
    allowed = statements(example.folder / "cdktf.out", topology)
    made = wanted(example.sandbox.directory, topology)

    assert made.keys() == {account.id for account in topology.accounts.values()}
    assert {
        (account, each) for account in made for each in made[account] if not allows(allowed[account], each)
    } == set()


def test_the_article_is_the_repositorys_own_topology() -> None:
    assert (EXAMPLES / "article" / "hatchway.yaml").resolve() == PROJECT / "hatchway.yaml"
