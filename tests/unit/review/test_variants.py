"""The same path written by others: nothing to complain about, and faults that only show there."""

import json
from typing import Any

import pytest

from hatchway.review.reviewing import judge
from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome, Severity, Verdict
from hatchway.route.sources.configuration import Configuration, read_stack
from tests.unit.review.arrangements import (
    GOOD,
    HEADER,
    INTEGRATION,
    POLICY,
    endpoint_beside_the_load_balancer,
    looked_up_addresses,
    peered,
    pinned,
    policy_inside_the_api,
)
from tests.unit.review.article import Article, Change, F, G, S, ids, reviewed
from tests.unit.review.http_arrangement import http_entry


@pytest.mark.parametrize("change", GOOD, ids=lambda change: change.__name__)
def test_a_good_path_passes_whoever_wrote_it(change: Change) -> None:
    report = reviewed(change)
    assert ids(report, Outcome.FAIL) == set()
    assert ids(report, Outcome.UNKNOWN) == set()
    assert report.verdict is Verdict.PASS
    assert report.findings == ()


def test_one_stack_may_hold_everything() -> None:
    a = Article()
    merged: dict[str, Any] = {"resource": {}, "provider": a.stacks[F]["provider"]}
    for stack in a.stacks.values():
        for kind, named in stack["resource"].items():
            merged["resource"].setdefault(kind, {}).update(named)
    text = json.dumps(merged)
    for producer, stack in a.stacks.items():
        for name, output in stack["output"].items():
            if isinstance(output["value"], str):
                wanted = f"data.terraform_remote_state.{producer}.outputs.{name}" + "}"
                text = text.replace(wanted, output["value"].removeprefix("${"))
    assert "remote_state" not in text
    report = judge(Configuration((read_stack("", [json.loads(text)]),)))
    assert report.verdict is Verdict.PASS
    assert [route.service for route in report.routes] == ["private"]


def test_addresses_that_are_looked_up_are_the_endpoints_and_a_risk() -> None:
    report = reviewed(looked_up_addresses)
    assert ids(report, Outcome.FAIL) == set()
    assert {(one.id, one.severity) for one in report.findings} == {("HW709", Severity.WARNING)}


def both(first: Change, second: Change) -> Change:
    return lambda a: (first(a), second(a))


@pytest.mark.parametrize(
    ("change", "identity"),
    [
        (
            both(
                endpoint_beside_the_load_balancer,
                lambda a: a.set(G, "aws_lb_target_group_attachment.orders_a", availability_zone="all"),
            ),
            "HW515",
        ),
        (
            both(
                endpoint_beside_the_load_balancer,
                lambda a: (
                    a.set(G, "aws_lb.orders", enable_cross_zone_load_balancing=False),
                    a.drop(G, "aws_lb_target_group_attachment.orders_b"),
                ),
            ),
            "HW519",
        ),
        (both(peered, lambda a: a.drop(F, "aws_vpc_peering_connection_accepter.p")), "HW603"),
        (
            lambda a: a.add(
                F,
                "aws_vpc_ipv4_cidr_block_association.more",
                vpc_id="${aws_vpc.orders.id}",
                cidr_block="10.0.128.0/17",
            ),
            "HW610",
        ),
        (
            lambda a: (
                a.drop(S, "aws_api_gateway_integration.private_get_test"),
                a.put("aws_api_gateway_integration.private_get_test.http_method", "var.verb", S),
            ),
            "HW901",
        ),
        (both(peered, lambda a: a.drop(F, "aws_route.orders_to_edge")), "HW606"),
        (
            lambda a: (
                a.add(F, "aws_internet_gateway.i", vpc_id="${aws_vpc.edge.id}"),
                a.set(
                    F,
                    "aws_route.edge_to_orders",
                    transit_gateway_id=None,
                    gateway_id="${aws_internet_gateway.i.id}",
                    destination_cidr_block="0.0.0.0/0",
                ),
            ),
            "HW602",
        ),
        (
            lambda a: a.set(
                F, "aws_route.orders_to_edge", transit_gateway_id=None, nat_gateway_id="nat-0123456789abcdef0"
            ),
            "HW606",
        ),
        (both(pinned, lambda a: a.put("https://", "http://", G)), "HW302"),
        (
            both(
                policy_inside_the_api,
                lambda a: a.set(S, "aws_api_gateway_rest_api.private", policy=None),
            ),
            "HW803",
        ),
        (
            lambda a: (
                a.put("10.1.", "203.0.", F, S, G),
                a.put("203.0.0.0/16", "203.0.0.0/16", F),
            ),
            "HW517",
        ),
        (
            lambda a: (
                a.put("10.1.0.10", "10.1.9.10", S, G),
                a.set(G, "aws_vpc_security_group_egress_rule.orders_to_a", cidr_ipv4="10.1.0.0/16"),
            ),
            "HW705",
        ),
        (lambda a: a.put("10.0.0.10", "10.0.9.10", S, G), "HW508"),
        (
            lambda a: (
                a.set(S, "aws_vpc_endpoint.execute_api", private_dns_enabled=True),
                a.add(
                    S,
                    "aws_vpc_endpoint.second",
                    vpc_id=a.at(S, "aws_vpc_endpoint.execute_api")["vpc_id"],
                    service_name="com.amazonaws.eu-west-1.execute-api",
                    private_dns_enabled=True,
                ),
            ),
            "HW707",
        ),
    ],
)
def test_faults_that_show_only_in_a_variant(change: Change, identity: str) -> None:
    report = reviewed(change)
    assert ids(report, Outcome.FAIL) == {identity}
    assert report.routes[0].broken_hop is tuple(Hop)[int(identity[2]) - 1]


WEAK: dict[str, Change] = {
    "HW203": lambda a: a.set(
        G, "aws_api_gateway_method.orders_proxy", authorization="NONE", authorizer_id=None
    ),
    "HW307": lambda a: a.drop(S, "aws_vpc_endpoint_policy.execute_api"),
    "HW309": lambda a: a.set(G, INTEGRATION, tls_config=[{"insecure_skip_verification": True}]),
    "HW506": lambda a: a.set(G, "aws_lb.orders", internal=False),
    "HW805": lambda a: a.policy(S, POLICY, lambda p: p["Statement"].pop()),
}


@pytest.mark.parametrize("identity", WEAK)
def test_a_weakness_is_an_error_on_a_path_that_works(identity: str) -> None:
    report = reviewed(WEAK[identity])
    assert ids(report, Outcome.FAIL) == set()
    assert ids(report, Outcome.FAIL, weakness=True) == {identity}
    assert report.routes[0].broken_hop is None
    assert report.verdict is Verdict.FAIL
    assert [(one.id, one.severity) for one in report.findings] == [(identity, Severity.ERROR)]


def without_cbd(stack: str, address: str) -> Change:
    return lambda a: a.set(stack, address, lifecycle=None)


RISKS: dict[str, Change] = {
    "HW107": lambda a: a.set(
        G,
        "aws_api_gateway_deployment.public",
        triggers=None,
        depends_on=["aws_api_gateway_integration.orders_proxy", "aws_api_gateway_integration.orders"],
    ),
    "HW108": without_cbd(G, "aws_api_gateway_deployment.public"),
    "HW313": lambda a: (
        [a.at(G, one)["request_parameters"].pop(HEADER) for one in (INTEGRATION, INTEGRATION[:-6])],
        a.drop(S, "aws_vpc_endpoint_policy.execute_api"),
    ),
    "HW312": lambda a: a.set(G, INTEGRATION, timeout_milliseconds=60000),
    "HW405": without_cbd(G, "aws_api_gateway_vpc_link.orders"),
    "HW507": lambda a: a.set(G, "aws_lb.orders", security_groups=None),
    "HW518 by plain text": lambda a: a.at(G, "aws_lb_target_group.orders")["health_check"].update(
        protocol="HTTP"
    ),
    "HW518 at the root": lambda a: a.at(G, "aws_lb_target_group.orders")["health_check"].update(path="/"),
    "HW518 on another port": lambda a: a.at(G, "aws_lb_target_group.orders")["health_check"].update(
        port="80"
    ),
    "HW522": lambda a: a.drop(G, "aws_vpc_security_group_egress_rule.orders_to_b"),
    "HW520": lambda a: a.at(G, "aws_lb_target_group.orders")["health_check"].update(protocol="TCP"),
    "HW708": lambda a: a.set(S, "aws_vpc_endpoint.execute_api", private_dns_enabled=True),
    "HW812": lambda a: a.set(S, "aws_api_gateway_rest_api.private", policy=a.at(S, POLICY)["policy"]),
    "HW813": lambda a: (
        a.put("aws_api_gateway_rest_api_policy.private.policy, ", "", S),
        a.set(
            S, "aws_api_gateway_deployment.private", depends_on=["aws_api_gateway_rest_api_policy.private"]
        ),
    ),
    "HW814": without_cbd(S, "aws_api_gateway_deployment.private"),
}


@pytest.mark.parametrize("identity", RISKS)
def test_a_risk_is_a_warning_and_no_failure(identity: str) -> None:
    report = reviewed(RISKS[identity])
    assert ids(report, Outcome.FAIL) == set()
    assert [(one.id, one.severity) for one in report.findings] == [(identity[:5], Severity.WARNING)]
    assert report.verdict is Verdict.PASS


UNDECIDED: dict[str, Change] = {
    "HW804": lambda a: a.policy(
        S,
        POLICY,
        lambda p: p["Statement"][1].update(Condition={"StringNotEquals": {"aws:SourceVpce": ["vpce-0abc"]}}),
    ),
    "HW701": lambda a: a.stacks.pop(S),
    "HW601": lambda a: a.stacks.pop(F),
    "HW303": lambda a: a.set(G, INTEGRATION, uri="${var.uri}/v1/{proxy}"),
    "HW202": lambda a: (
        a.set(G, "aws_api_gateway_authorizer.authorizer", authorizer_uri="${var.authorizer_uri}"),
        a.drop(G, "aws_lambda_permission.authorizer"),
    ),
}


@pytest.mark.parametrize("identity", UNDECIDED)
def test_what_is_not_known_is_never_a_pass(identity: str) -> None:
    report = reviewed(UNDECIDED[identity])
    assert ids(report, Outcome.FAIL) == set()
    assert identity in ids(report, Outcome.UNKNOWN)
    assert report.verdict is Verdict.UNDECIDED


def test_a_resource_without_a_provider_is_named() -> None:
    report = reviewed(lambda a: a.set(G, "aws_lb.orders", provider=None))
    assert ("HW003", "gateway: aws_lb.orders") in {(one.id, one.subject) for one in report.findings}
    assert report.verdict is Verdict.FAIL


def test_state_that_nobody_locks_is_a_warning() -> None:
    def change(a: Article) -> None:
        a.stacks[G]["terraform"]["backend"]["s3"].pop("use_lockfile")

    report = reviewed(change)
    assert [(one.id, one.subject, one.severity) for one in report.findings] == [
        ("HW007", "gateway: backend s3", Severity.WARNING)
    ]
    assert report.verdict is Verdict.PASS


def test_two_gateways_lead_to_one_private_api() -> None:
    first, second = Article(), Article()
    http_entry(second)
    first.stacks["gateway-http"] = second.stacks[G]
    report = judge(first.configuration())
    assert report.verdict is Verdict.PASS
    assert [route.request for route in report.routes] == ["GET /test", "GET /test"]


def test_a_configuration_without_a_route_is_undecided() -> None:
    report = judge(Configuration((read_stack("", [{"resource": {"aws_s3_bucket": {"b": {}}}}]),)))
    assert report.verdict is Verdict.UNDECIDED
    assert report.routes == ()


def test_the_order_of_the_stacks_does_not_matter() -> None:
    a = Article()
    a.stacks = dict(reversed(a.stacks.items()))
    assert judge(a.configuration()) == reviewed()


def test_a_reference_cycle_ends() -> None:
    def cycle(a: Article) -> None:
        a.stacks[G]["locals"] = {"a": "${local.b}", "b": "${local.a}"}
        a.set(G, INTEGRATION, uri="${local.a}")

    assert reviewed(cycle).verdict is not Verdict.PASS


def test_the_report_names_policy_statement_and_fix() -> None:
    def other(a: Article) -> None:
        document = json.loads(a.at(S, POLICY)["policy"])
        document["Statement"][1]["Condition"] = {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}
        a.set(S, POLICY, policy=json.dumps(document))

    finding = reviewed(other).findings[0]
    assert finding.hop is Hop.PRIVATE_API
    assert finding.subject == "service-orders: aws_api_gateway_rest_api_policy.private"
    assert "statement 2 (OnlyThroughTheEndpoint) denies it" in finding.message
    assert "aws:SourceVpce" in finding.fix
