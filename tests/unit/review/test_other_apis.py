"""Where the caller names the API: whether the endpoint lets another one through that is called over it."""

import json

import pytest

from hatchway.route.outcome import Outcome, Verdict
from hatchway.route.report import CheckResult
from tests.unit.review.arrangements import HEADER, pinned
from tests.unit.review.article import Article, Change, G, S, ids, reviewed
from tests.unit.review.edits import ENDPOINT, ENDPOINT_POLICY, INTEGRATION

KINDS = ("rest_api", "rest_api_policy", "resource", "method", "integration", "deployment", "stage")
STOCK = "aws_api_gateway_rest_api.stock"
STOCK_POLICY = "aws_api_gateway_rest_api_policy.stock"


def second_service(a: Article) -> None:
    """Another private API as the first one is, called through the same endpoint, whose policy names both."""
    for kind in (f"aws_api_gateway_{kind}" for kind in KINDS):
        found = a.of(S, kind)
        text = json.dumps({name.replace("private", "stock"): one for name, one in found.items()})
        found.update(json.loads(text.replace("private", "stock")))
    a.policy(S, ENDPOINT_POLICY, name_stock)


def name_stock(policy: dict[str, list[dict[str, list[str]]]]) -> None:
    policy["Statement"][0]["Resource"].append("${aws_api_gateway_rest_api.stock.execution_arn}/*")


def after(*changes: Change) -> Change:
    def change(a: Article) -> None:
        for one in (second_service, *changes):
            one(a)

    return change


def said(change: Change) -> CheckResult:
    """What HW307 says of the article's route."""
    checks = [one for route in reviewed(change).routes for hop in route.hops for one in hop.checks]
    return next(one for one in checks if one.id == "HW307")


def test_a_caller_who_may_choose_between_two_apis_is_seen() -> None:
    report = reviewed(after())
    assert ids(report, Outcome.FAIL) == set()
    assert ids(report, Outcome.FAIL, weakness=True) == {"HW307"}
    assert report.verdict is Verdict.FAIL
    assert STOCK in said(after()).observed
    assert "isolation: own" in said(after()).fix


def test_an_api_that_names_no_endpoint_is_seen_as_well() -> None:
    loose = after(lambda a: a.set(S, STOCK, endpoint_configuration={"types": ["PRIVATE"]}))
    assert said(loose).outcome is Outcome.FAIL


def test_a_policy_of_one_stage_alone_lets_that_stage_through() -> None:
    def one_stage(a: Article) -> None:
        a.policy(S, ENDPOINT_POLICY, lambda p: p["Statement"][0]["Resource"].pop())
        arn = "${aws_api_gateway_rest_api.stock.execution_arn}/v1/GET/test"
        a.policy(S, ENDPOINT_POLICY, lambda p: p["Statement"][0]["Resource"].append(arn))

    assert said(after(one_stage)).outcome is Outcome.FAIL


def only_another_endpoint(a: Article) -> None:
    a.of(S, "aws_vpc_endpoint").update(other=a.at(S, ENDPOINT))
    condition = {"StringNotEquals": {"aws:SourceVpce": ["${aws_vpc_endpoint.other.id}"]}}
    a.policy(S, STOCK_POLICY, lambda p: p["Statement"][1].update(Condition=condition))


HARMLESS: dict[str, Change] = {
    "the gateway sets the header": pinned,
    "the endpoint's policy does not name it": lambda a: a.policy(
        S, ENDPOINT_POLICY, lambda p: p["Statement"][0]["Resource"].pop()
    ),
    "its own policy lets another endpoint in alone": only_another_endpoint,
    "it has no stage": lambda a: a.drop(S, "aws_api_gateway_stage.stock"),
}


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS)
def test_what_a_caller_cannot_reach_is_not_held_against_the_route(change: Change) -> None:
    assert said(after(change)).outcome is Outcome.PASS


def test_whether_an_api_is_let_through_may_stay_open() -> None:
    unknown = after(lambda a: a.set(S, STOCK_POLICY, policy="${file(var.policy)}"))
    assert said(unknown).outcome is Outcome.UNKNOWN


def without_header(a: Article) -> None:
    for name in (INTEGRATION, INTEGRATION.removesuffix("_proxy")):
        del a.at(G, name)["request_parameters"][HEADER]


def test_a_header_that_comes_along_unmapped_is_a_risk() -> None:
    assert "HW313" in {one.id for one in reviewed(after(without_header)).findings}
