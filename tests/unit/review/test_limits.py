"""Keys, limits, web ACLs, names, and servers behind the private API."""

from typing import Any

import pytest

from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome, Verdict
from tests.unit.review.article import Article, Change, G, S, ids, reviewed
from tests.unit.review.edits import METHOD, PRIVATE, PUBLIC

STAGE, PRIVATE_STAGE = "aws_api_gateway_stage.public", "aws_api_gateway_stage.private"
PRIVATE_METHOD = "aws_api_gateway_method.private_get_test"
PRIVATE_INTEGRATION = "aws_api_gateway_integration.private_get_test"


def plan(a: Article, stack: str, api: str, stage: str, **more: Any) -> None:
    place = {"api_id": "${" + api + ".id}", "stage": "${" + stage + ".stage_name}"}
    a.add(stack, "aws_api_gateway_usage_plan.p", name="p", api_stages=[place], **more)


def settings(a: Article, stack: str, api: str, stage: str, path: str, **values: Any) -> None:
    a.add(
        stack,
        "aws_api_gateway_method_settings.m",
        rest_api_id="${" + api + ".id}",
        stage_name="${" + stage + ".stage_name}",
        method_path=path,
        settings=values,
    )


def acl(a: Article, *rules: dict[str, Any], action: str = "block") -> None:
    a.add(G, "aws_wafv2_web_acl.w", scope="REGIONAL", default_action=[{action: [{}]}], rule=list(rules))
    arn = "${aws_api_gateway_stage.public.arn}"
    a.add(
        G,
        "aws_wafv2_web_acl_association.w",
        resource_arn=arn,
        web_acl_arn="${aws_wafv2_web_acl.w.arn}",
    )


def domain(a: Article, stage: str) -> None:
    a.set(G, PUBLIC, disable_execute_api_endpoint=True)
    api = "${aws_api_gateway_rest_api.public.id}"
    a.add(G, "aws_api_gateway_base_path_mapping.d", api_id=api, stage_name=stage, domain_name="x.example.com")


def server(a: Article, **arguments: Any) -> None:
    before = {
        "type": "HTTP_PROXY",
        "integration_http_method": "GET",
        "uri": "https://server.example.com/test",
    }
    a.set(S, PRIVATE_INTEGRATION, request_templates=None, **(before | arguments))


def strict(a: Article, host: str | None) -> None:
    a.set(S, PRIVATE, endpoint_access_mode="STRICT")
    if host is not None:
        for name in ("orders", "orders_proxy"):
            one = a.at(G, f"aws_api_gateway_integration.{name}")
            start, _, rest = one["uri"].partition("://")
            one["uri"] = f"{start}://{host}.execute-api.eu-west-1.vpce.amazonaws.com/{rest.partition('/')[2]}"


GOOD: dict[str, Change] = {
    "keys with a plan": lambda a: (
        a.set(G, METHOD, api_key_required=True),
        plan(a, G, PUBLIC, STAGE, throttle_settings=[{"rate_limit": 10, "burst_limit": 5}]),
    ),
    "private keys with a plan": lambda a: (
        a.set(S, PRIVATE_METHOD, api_key_required=True),
        plan(a, S, PRIVATE, PRIVATE_STAGE),
    ),
    "limits": lambda a: settings(a, G, PUBLIC, STAGE, "*/*", throttling_rate_limit=10.5),
    "limit for another route": lambda a: settings(
        a, S, PRIVATE, PRIVATE_STAGE, "other/GET", throttling_rate_limit=0
    ),
    "web ACL that allows by default": lambda a: acl(a, action="allow"),
    "web ACL with a rule that allows": lambda a: acl(a, {"name": "us", "action": [{"allow": [{}]}]}),
    "web ACL with a group of rules, one of which may allow": lambda a: acl(
        a, {"name": "ours", "statement": [{"rule_group_reference_statement": [{"arn": "arn:x"}]}]}
    ),
    "domain": lambda a: domain(a, "${aws_api_gateway_stage.public.stage_name}"),
    "web server": server,
    "strict by its own name": lambda a: strict(a, None),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_path_passes(name: str) -> None:
    report = reviewed(GOOD[name])
    assert ids(report, Outcome.FAIL) == set()
    assert ids(report, Outcome.UNKNOWN) == set()
    assert report.verdict is Verdict.PASS
    assert report.findings == ()


FAULTS: dict[str, tuple[Change, str]] = {
    "keys without a plan": (lambda a: a.set(G, METHOD, api_key_required=True), "HW110"),
    "plan for another stage": (
        lambda a: (
            a.set(G, METHOD, api_key_required=True),
            a.add(G, "aws_api_gateway_stage.other", stage_name="other"),
            plan(a, G, PUBLIC, "aws_api_gateway_stage.other"),
        ),
        "HW110",
    ),
    "no request a second": (
        lambda a: settings(a, G, PUBLIC, STAGE, "*/*", throttling_rate_limit=0, throttling_burst_limit=5),
        "HW111",
    ),
    "none at once": (lambda a: settings(a, G, PUBLIC, STAGE, "*/*", throttling_burst_limit=0), "HW111"),
    "plan that lets nothing through": (
        lambda a: plan(a, G, PUBLIC, STAGE, throttle_settings=[{"rate_limit": 0, "burst_limit": 0}]),
        "HW111",
    ),
    "domain of no stage": (lambda a: domain(a, "nowhere"), "HW112"),
    "web ACL that blocks": (acl, "HW113"),
    "web ACL with a rule that counts": (
        lambda a: acl(a, {"name": "n", "action": [{"count": [{}]}]}),
        "HW113",
    ),
    "private keys without a plan": (lambda a: a.set(S, PRIVATE_METHOD, api_key_required=True), "HW815"),
    "no private request a second": (
        lambda a: settings(a, S, PRIVATE, PRIVATE_STAGE, "~1test/GET", throttling_rate_limit=0),
        "HW817",
    ),
    "web server without an address": (lambda a: server(a, uri=None), "HW904"),
    "web server without a scheme": (lambda a: server(a, uri="server.example.com"), "HW904"),
    "web server without a method": (lambda a: server(a, integration_http_method=None), "HW904"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_one_fault_is_named_by_one_check_at_its_hop(name: str) -> None:
    change, identity = FAULTS[name]
    report = reviewed(change)
    assert ids(report, Outcome.FAIL) == {identity}
    assert {route.broken_hop for route in report.routes} == {tuple(Hop)[int(identity[2]) - 1]}
    assert "the check failed" not in str(report)


def test_a_strict_api_refuses_the_name_of_the_endpoint() -> None:
    report = reviewed(lambda a: strict(a, "vpce-0123456789abcdef0-abcdefgh"))
    assert "HW816" in ids(report, Outcome.FAIL)


def test_rules_that_are_not_all_known_are_undecided_never_a_fault() -> None:
    def change(a: Article) -> None:
        a.drop(S, "aws_vpc_security_group_ingress_rule.execute_api_from_a")
        a.drop(S, "aws_vpc_security_group_ingress_rule.execute_api_from_b")
        content = {"from_port": 443, "to_port": 443, "protocol": "tcp", "cidr_blocks": "${ingress.value}"}
        block = {"ingress": {"for_each": "${var.rules}", "content": content}}
        a.set(S, "aws_security_group.execute_api", dynamic=block)

    report = reviewed(change)
    assert ids(report, Outcome.FAIL) == set()
    assert "HW703" in ids(report, Outcome.UNKNOWN)
