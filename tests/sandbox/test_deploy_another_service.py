"""A service is added to what is deployed: other stacks plan nothing, the gateway only adds and updates.

Nothing of the gateway is applied: the shared deployment is as it was when the test ends.
"""

import dataclasses
import re
from collections.abc import Iterator
from typing import Any

import pytest
from ruamel.yaml import YAML

BILLING = {
    "account": "orders",
    "path": "/billing",
    "endpoint": {"network": "orders", "addresses": {"a": "10.1.0.30", "b": "10.1.1.30"}},
    "load_balancer": {"addresses": {"a": "10.0.0.30", "b": "10.0.1.30"}},
    "api": {"routes": [{"method": "GET", "path": "/", "mock": {"body": {"billed": 0}}}]},
}
# A snapshot that a stage serves cannot be changed: the next one is made, then the old one goes.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-deploy-api.html
SUCCEEDED = {"aws_api_gateway_deployment.public"}
SIGNS = {"+": "create", "~": "update", "±": "replace", "-": "delete"}


@pytest.fixture(scope="module")
def with_billing(deployed_sandbox: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The deployed article with one more service declared, of which only its own stack is there."""
    folder = tmp_path_factory.mktemp("another-service")
    yaml = YAML()
    document = yaml.load(deployed_sandbox.path.read_text("utf-8"))
    document["services"]["billing"] = BILLING
    path = folder / "hatchway.yaml"
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(document, file)
    changed = dataclasses.replace(deployed_sandbox, path=path, outdir=folder / "cdktf.out")
    try:
        ran = changed.hatchway("deploy", "--yes", "--stack", "service-billing")
        assert ran.returncode == 0, ran.stderr[-6000:]
        yield changed
    finally:
        ran = changed.hatchway("destroy", "--yes", "--stack", "service-billing")
        assert ran.returncode == 0, ran.stderr[-6000:]


@pytest.fixture(scope="module")
def planned(with_billing: Any) -> dict[str, dict[str, set[str]]]:
    """What each stack's plan does, by action."""
    ran = with_billing.hatchway("plan")
    assert ran.returncode == 0, ran.stderr
    found: dict[str, dict[str, set[str]]] = {}
    stack = ""
    for line in ran.stderr.splitlines():
        if done := re.fullmatch(r"✓ (\S+): (.*)  \(.*\)", line):
            found.setdefault(done[1], {})
            assert (done[2] == "no changes") is (found[done[1]] == {})
        elif head := re.fullmatch(r"(\S+): \d+ to .*", line):
            stack = head[1]
            found[stack] = {}
        elif step := re.fullmatch(r"  ([-+~±]) (\S+)", line):
            found[stack].setdefault(SIGNS[step[1]], set()).add(step[2])
    return found


def test_the_plans_of_all_other_stacks_are_empty(planned: Any) -> None:
    assert {stack: plan for stack, plan in planned.items() if stack != "gateway"} == {
        "foundation": {},
        "service-orders": {},
        "service-billing": {},
    }


def test_the_gateway_destroys_nothing_and_succeeds_only_its_deployment(planned: Any) -> None:
    gateway = planned["gateway"]
    assert gateway.keys() <= {"create", "update", "replace"}
    assert gateway["replace"] == SUCCEEDED
    assert {"aws_lb.billing", "aws_api_gateway_vpc_link.billing"} <= gateway["create"]


def test_what_the_gateway_updates_is_not_of_the_first_service(planned: Any) -> None:
    assert planned["gateway"].get("update", set()) <= {"aws_api_gateway_stage.public"}


@pytest.mark.usefixtures("with_billing")
def test_the_first_service_answers_as_before(call: Any) -> None:
    assert call("GET", "/test").json == {"response": "integration-successful"}
