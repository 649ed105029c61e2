"""The example topologies, deployed by the real Terraform: every service answers through its own path."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from hatchway.sandbox import Sandbox
from hatchway.topology import load
from tests.sandbox.deploy_roles import allows, statements, wanted
from tests.sandbox.own_sandbox import PROJECT, OwnSandbox

EXAMPLES = PROJECT / "examples"
# The article's own is deployed by the other tests of this folder.
DEPLOYED: dict[str, dict[str, str]] = {
    "six-services": {"HATCHWAY_TOKEN_PARTNERS": "partner-1"},
    "http-api": {},
}


@pytest.fixture(scope="module", params=DEPLOYED, ids=str)
def example(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnSandbox]:
    path = EXAMPLES / request.param / "hatchway.yaml"
    folder = tmp_path_factory.mktemp(request.param)
    topology = load(path)
    sandbox = Sandbox.start(folder / "sandbox", topology, time_scale=0.05, follow_parent=True)
    try:
        made = OwnSandbox(path=path, sandbox=sandbox, folder=folder, given=DEPLOYED[request.param])
        ran = made.hatchway("deploy", "--yes")
        assert ran.returncode == 0, ran.stderr[-6000:]
        sandbox.credentials(topology)
        yield made
    finally:
        sandbox.stop()


@pytest.mark.timeout(1200)
def test_every_service_answers_through_its_own_path(example: OwnSandbox) -> None:
    ran = example.hatchway("verify", "--output", "json")
    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr
    report: dict[str, Any] = json.loads(ran.stdout)
    assert report["verdict"] == "pass"
    assert {route["service"] for route in report["routes"]} == set(load(example.path).services)
    assert report["findings"] == []


def test_a_second_plan_is_empty_for_every_stack(example: OwnSandbox) -> None:
    assert example.planned_changes() == []


def test_all_of_it_can_be_destroyed(example: OwnSandbox) -> None:
    ran = example.hatchway("destroy", "--yes")
    assert ran.returncode == 0, ran.stderr[-6000:]


def test_deploy_roles_allow_every_call_that_terraform_made(example: OwnSandbox) -> None:
    topology = load(example.path)
    allowed = statements(example.folder / "cdktf.out", topology)
    made = wanted(example.sandbox.directory, topology)

    assert made.keys() == {account.id for account in topology.accounts.values()}
    assert {
        (account, each) for account in made for each in made[account] if not allows(allowed[account], each)
    } == set()


def test_the_article_is_the_repositorys_own_topology() -> None:
    assert (EXAMPLES / "article" / "hatchway.yaml").resolve() == PROJECT / "hatchway.yaml"
