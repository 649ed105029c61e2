"""HTTP APIs and VPC links V2: the good ones pass, and each fault is named once."""

import pytest

from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome, Verdict
from tests.unit.review.article import Article, Change, F, G, S, ids, reviewed
from tests.unit.review.edits import second_api
from tests.unit.review.http_arrangement import (
    API,
    AUTHORIZER,
    GOOD,
    HTTP_INTEGRATION,
    LINK,
    PRIVATE_ID,
    ROUTE,
    http_entry,
    jwt,
    named_by_host,
    rest_over_link_v2,
)


@pytest.mark.parametrize("change", GOOD, ids=lambda change: change.__name__)
def test_a_good_path_passes(change: Change) -> None:
    report = reviewed(change)
    assert ids(report, Outcome.FAIL) == set()
    assert ids(report, Outcome.UNKNOWN) == set()
    assert report.verdict is Verdict.PASS
    assert report.findings == ()
    assert [(route.service, route.request) for route in report.routes] == [("orders", "GET /test")]


def after(arrangement: Change, change: Change) -> Change:
    return lambda a: (arrangement(a), change(a))


def http(change: Change) -> Change:
    return after(http_entry, change)


def rest(change: Change) -> Change:
    return after(rest_over_link_v2, change)


def parameter(name: str, value: str | None) -> Change:
    def change(a: Article) -> None:
        parameters = a.at(G, HTTP_INTEGRATION)["request_parameters"]
        if value is None:
            del parameters[name]
        else:
            parameters[name] = value

    return change


RULE_IN = "aws_vpc_security_group_ingress_rule.link_in"
RULE_OUT = "aws_vpc_security_group_egress_rule.link_out"
OTHER_API = "${data.terraform_remote_state.service-orders.outputs.other}"
FAULTS: dict[str, tuple[Change, str]] = {
    "stage that deploys nothing": (
        http(lambda a: a.set(G, "aws_apigatewayv2_stage.default", auto_deploy=False)),
        "HW102",
    ),
    "no stage": (http(lambda a: a.drop(G, "aws_apigatewayv2_stage.default")), "HW102"),
    "route for another verb": (http(lambda a: a.set(G, ROUTE, route_key="POST /{proxy+}")), "HW103"),
    "no name that answers": (http(lambda a: a.set(G, API, disable_execute_api_endpoint=True)), "HW105"),
    "no authorizer": (http(lambda a: a.set(G, ROUTE, authorizer_id=None)), "HW201"),
    "authorizer of another type": (http(lambda a: a.set(G, ROUTE, authorization_type="JWT")), "HW201"),
    "function may not be invoked": (http(lambda a: a.drop(G, "aws_lambda_permission.authorizer")), "HW202"),
    "no issuer": (
        after(jwt, lambda a: a.set(G, AUTHORIZER, jwt_configuration={"audience": ["orders"]})),
        "HW206",
    ),
    "no audience": (
        after(jwt, lambda a: a.set(G, AUTHORIZER, jwt_configuration={"issuer": "https://i.example.com"})),
        "HW206",
    ),
    "no format": (
        http(lambda a: a.set(G, AUTHORIZER, authorizer_payload_format_version=None)),
        "HW207",
    ),
    "name under another domain": (
        http(lambda a: a.set(G, HTTP_INTEGRATION, tls_config={"server_name_to_verify": "api.example.com"})),
        "HW303",
    ),
    "nothing names the API": (http(parameter("overwrite:header.x-apigw-api-id", None)), "HW304"),
    "parameter that the route does not have": (
        http(parameter("overwrite:path", "/v1/$request.path.rest")),
        "HW305",
    ),
    "another API": (
        http(
            lambda a: (
                second_api(a),
                a.stacks[S]["output"].update(other={"value": "${aws_api_gateway_rest_api.other.id}"}),
                parameter("overwrite:header.x-apigw-api-id", OTHER_API)(a),
            )
        ),
        "HW704",
    ),
    "host and header name two APIs": (
        after(
            named_by_host,
            lambda a: (
                second_api(a),
                a.stacks[S]["output"].update(other={"value": "${aws_api_gateway_rest_api.other.id}"}),
                a.drop(S, "aws_vpc_endpoint_policy.execute_api"),
                parameter("overwrite:header.x-apigw-api-id", OTHER_API)(a),
            ),
        ),
        "HW306",
    ),
    "name in another region": (
        http(
            lambda a: a.set(
                G,
                HTTP_INTEGRATION,
                tls_config={"server_name_to_verify": PRIVATE_ID + ".execute-api.us-east-1.amazonaws.com"},
            )
        ),
        "HW310",
    ),
    "no TLS": (http(lambda a: a.set(G, HTTP_INTEGRATION, tls_config=None)), "HW315"),
    "load balancer for a listener": (
        http(lambda a: a.set(G, HTTP_INTEGRATION, integration_uri="${aws_lb.orders.arn}")),
        "HW316",
    ),
    "link V2 without a target": (
        rest(lambda a: a.set(G, "aws_api_gateway_integration.orders_proxy", integration_target=None)),
        "HW317",
    ),
    "target with a link V1": (
        lambda a: a.set(
            G, "aws_api_gateway_integration.orders_proxy", integration_target="${aws_lb.orders.arn}"
        ),
        "HW317",
    ),
    "link in the other account": (
        http(
            lambda a: (
                a.stacks[G]["provider"]["aws"].append(
                    {"alias": "orders", "region": "eu-west-1", "allowed_account_ids": ["222222222222"]}
                ),
                a.set(G, LINK, provider="aws.orders"),
            )
        ),
        "HW404",
    ),
    "link of the first kind": (
        http(
            lambda a: (
                a.drop(G, LINK),
                a.add(
                    G,
                    "aws_api_gateway_vpc_link.orders",
                    target_arns=["${aws_lb.orders.arn}"],
                    lifecycle={"create_before_destroy": True},
                ),
                a.put(LINK, "aws_api_gateway_vpc_link.orders", G),
            )
        ),
        "HW406",
    ),
    "link lets nothing out": (rest(lambda a: a.drop(G, RULE_OUT)), "HW407"),
    "link lets another port out": (rest(lambda a: a.set(G, RULE_OUT, from_port=80, to_port=80)), "HW407"),
    "link in a network apart": (
        rest(
            lambda a: (
                a.stacks[F]["resource"]["aws_vpc"].update(
                    apart={"provider": "aws.edge", "cidr_block": "10.7.0.0/16"}
                ),
                a.add(F, "aws_subnet.apart", vpc_id="${aws_vpc.apart.id}", cidr_block="10.7.0.0/24"),
                a.stacks[F]["output"].update(apart={"value": "${aws_subnet.apart.id}"}),
                a.set(G, LINK, subnet_ids=["${data.terraform_remote_state.foundation.outputs.apart}"]),
                a.set(G, RULE_IN, referenced_security_group_id=None, cidr_ipv4="10.0.0.0/8"),
            )
        ),
        "HW408",
    ),
    "load balancer lets nobody in": (rest(lambda a: a.drop(G, RULE_IN)), "HW521"),
    "load balancer lets another network in": (
        http(lambda a: a.set(G, RULE_IN, referenced_security_group_id=None, cidr_ipv4="10.3.0.0/16")),
        "HW521",
    ),
    "another stage": (http(parameter("overwrite:path", "/v2/$request.path.proxy")), "HW806"),
    "path without a stage": (http(parameter("overwrite:path", "$request.path")), "HW806"),
    "stage name that the private side sees": (
        http(
            lambda a: (
                a.set(G, "aws_apigatewayv2_stage.default", name="live"),
                parameter("overwrite:path", None)(a),
            )
        ),
        "HW806",
    ),
    "another path": (http(parameter("overwrite:path", "/v1/other")), "HW808"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_one_fault_is_named_by_one_check_at_its_hop(name: str) -> None:
    change, identity = FAULTS[name]
    report = reviewed(change)
    assert ids(report, Outcome.FAIL) == {identity}
    assert {route.broken_hop for route in report.routes} == {tuple(Hop)[int(identity[2]) - 1]}
    assert "the check failed" not in str(report)


def test_the_caller_who_may_name_the_api_is_a_weakness() -> None:
    def change(a: Article) -> None:
        http_entry(a)
        parameter("overwrite:header.x-apigw-api-id", "$request.header.x-apigw-api-id")(a)
        a.drop(S, "aws_vpc_endpoint_policy.execute_api")

    assert ids(reviewed(change), Outcome.FAIL, weakness=True) == {"HW307"}


def test_a_load_balancer_that_ends_tls_is_undecided() -> None:
    report = reviewed(http(lambda a: a.set(G, "aws_lb.orders", load_balancer_type="application")))
    assert "HW402" in ids(report, Outcome.UNKNOWN)


def test_a_route_without_authorization_is_a_weakness() -> None:
    report = reviewed(http(lambda a: a.set(G, ROUTE, authorization_type=None, authorizer_id=None)))
    assert ids(report, Outcome.FAIL, weakness=True) == {"HW203"}
