"""Plans of the article's path as `terraform show -json` writes them, made with the real provider.

The fixture is a first apply of everything in one root module, credentials taken out.
"""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from hatchway.review import review
from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome, Severity, Verdict
from hatchway.route.report import Report
from tests.unit.review.article import FIXTURE, ids

PLAN: dict[str, Any] = json.loads((FIXTURE.parent / "article-first-apply.json").read_text())
Edit = Callable[[dict[str, Any]], object]


def changes(plan: dict[str, Any], address: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in plan["resource_changes"] if one["address"] == address)
    return found


def written(plan: dict[str, Any], address: str) -> dict[str, Any]:
    every = plan["configuration"]["root_module"]["resources"]
    found: dict[str, Any] = next(one for one in every if one["address"] == address)["expressions"]
    return found


def reviewed(tmp_path: Path, *edits: Edit) -> Report:
    plan = deepcopy(PLAN)
    for edit in edits:
        edit(plan)
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan))
    return review([path])


def test_a_first_apply_in_which_no_id_is_known_passes(tmp_path: Path) -> None:
    report = reviewed(tmp_path)
    assert report.verdict is Verdict.PASS
    assert report.findings == ()
    assert [route.request for route in report.routes] == ["GET /test"]


def text(address: str, argument: str, old: str, new: str) -> Edit:
    def edit(plan: dict[str, Any]) -> None:
        expression = written(plan, address)[argument]
        assert old in expression["constant_value"]
        expression["constant_value"] = expression["constant_value"].replace(old, new)

    return edit


def after(address: str, **values: object) -> Edit:
    return lambda plan: changes(plan, address)["change"]["after"].update(values)


POLICY = "aws_api_gateway_rest_api_policy.private"
NO_ID = "vpce-0123456789abcdef0"


@pytest.mark.parametrize(
    ("edit", "identity"),
    [
        (text(POLICY, "policy", "${aws_vpc_endpoint.execute_api.id}", NO_ID), "HW804"),
        (text("aws_api_gateway_integration.orders_proxy", "uri", "/v1/", "/v2/"), "HW806"),
        (
            lambda p: changes(p, "aws_lb_target_group.orders")["change"]["after"].update(
                preserve_client_ip="true"
            ),
            "HW516",
        ),
        (lambda p: p["resource_changes"].remove(changes(p, "aws_route.orders_to_edge")), "HW606"),
    ],
)
def test_a_fault_in_a_plan_is_named(tmp_path: Path, edit: Edit, identity: str) -> None:
    report = reviewed(tmp_path, edit)
    assert ids(report, Outcome.FAIL) == {identity}
    assert report.routes[0].broken_hop is tuple(Hop)[int(identity[2]) - 1]


def without_text(plan: dict[str, Any]) -> None:
    """Take away what only configuration in JSON syntax leaves in a plan; HCL leaves references alone."""

    def strip(value: Any) -> None:
        if isinstance(value, dict):
            if "references" in value:
                value.pop("constant_value", None)
            for one in value.values():
                strip(one)
        elif isinstance(value, list):
            for one in value:
                strip(one)

    strip(plan["configuration"])


def test_a_plan_of_hcl_decides_the_network_and_leaves_the_texts_open(tmp_path: Path) -> None:
    report = reviewed(tmp_path, without_text)
    outcomes = {hop.hop: hop.outcome for hop in report.routes[0].hops}
    assert report.verdict is Verdict.UNDECIDED
    assert ids(report, Outcome.FAIL) == set()
    assert outcomes[Hop.VPC_LINK] is Outcome.PASS
    assert outcomes[Hop.LOAD_BALANCER] is Outcome.PASS
    assert outcomes[Hop.TRANSIT] is Outcome.PASS
    assert outcomes[Hop.PRIVATE_API] is Outcome.UNKNOWN


def act(address: str, *actions: str, **more: Any) -> Edit:
    def edit(plan: dict[str, Any]) -> None:
        change = changes(plan, address)["change"]
        change.update(actions=list(actions), before=change["after"], **more)

    return edit


@pytest.mark.parametrize(
    ("edit", "identity", "said"),
    [
        (
            act("aws_lb.orders", "delete", "create", replace_paths=[["subnet_mapping"]]),
            "HW011",
            "subnet_mapping",
        ),
        (act("aws_api_gateway_vpc_link.orders", "delete", "create"), "HW011", "before its replacement"),
        (act("aws_route.orders_to_edge", "delete"), "HW010", "is destroyed"),
    ],
)
def test_a_change_that_takes_the_path_away_is_a_warning(
    tmp_path: Path, edit: Edit, identity: str, said: str
) -> None:
    found = [one for one in reviewed(tmp_path, edit).findings if one.id == identity]
    assert [one.severity for one in found] == [Severity.WARNING]
    assert said in found[0].message


def test_a_replacement_made_first_is_no_finding(tmp_path: Path) -> None:
    assert reviewed(tmp_path, act("aws_lb.orders", "create", "delete")).findings == ()


def test_a_policy_change_without_a_deployment_is_an_error(tmp_path: Path) -> None:
    idle = [act(POLICY, "update"), act("aws_api_gateway_deployment.private", "no-op")]
    idle.append(act("aws_api_gateway_deployment.public", "no-op"))
    findings = reviewed(tmp_path, *idle).findings
    assert [(one.id, one.severity) for one in findings] == [("HW012", Severity.ERROR)]
    assert reviewed(tmp_path, idle[0]).findings == ()


CORPUS = Path(__file__).parents[2] / "corpus"


@pytest.mark.parametrize("configuration", ["flat", "modules", "placement"])
@pytest.mark.parametrize("plan_first", [True, False])
def test_a_plan_and_its_folder_are_one_stack(tmp_path: Path, configuration: str, plan_first: bool) -> None:
    """The folder says how the values are made that the plan does not know."""
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps(json.loads((CORPUS / configuration / "plans.json").read_text())["whole"]))
    paths = [plan, CORPUS / configuration] if plan_first else [CORPUS / configuration, plan]
    report = review(paths)
    assert len(report.routes) == len(review([CORPUS / configuration]).routes)
    assert ids(report, Outcome.FAIL) == set()
    assert ids(report, Outcome.UNKNOWN) == set()
    assert report.verdict is Verdict.PASS


def test_a_value_that_the_plan_knows_wins_over_its_text(tmp_path: Path) -> None:
    document = json.loads((CORPUS / "flat" / "plans.json").read_text())["whole"]
    for one in document["resource_changes"]:
        if one["type"] == "aws_lb_target_group":
            one["change"]["after"]["preserve_client_ip"] = "true"
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps(document))
    assert ids(review([CORPUS / "flat", plan]), Outcome.FAIL) == {"HW516"}


INVOKE = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/"


def test_values_known_after_an_apply_are_compared_as_they_are(tmp_path: Path) -> None:
    """Every id that is unknown gets a value, as in a plan that changes nothing."""

    def fill(plan: dict[str, Any]) -> None:
        for one in plan["resource_changes"]:
            change = one["change"]
            change["actions"] = ["no-op"]
            own = f"{one['type'].replace('_', '')[-6:]}{one['name'].replace('_', '').replace('-', '')}"
            for name in ("id", "arn", "root_resource_id", "invoke_arn"):
                if change["after_unknown"].pop(name, None):
                    change["after"][name] = f"{INVOKE}{own}" if name == "invoke_arn" else f"{own}{name[:4]}"

    report = reviewed(tmp_path, fill)
    assert ids(report, Outcome.FAIL) == set()
    assert report.verdict is Verdict.PASS


@pytest.mark.parametrize("broken", [None, 3, "x", [], {}, [None], {"change": None}, [{"change": 4}]])
@pytest.mark.parametrize("part", ["resource_changes", "configuration"])
def test_a_plan_of_odd_shape_is_no_pass(tmp_path: Path, part: str, broken: object) -> None:
    assert reviewed(tmp_path, lambda plan: plan.update({part: broken})).verdict is not Verdict.PASS
