"""One rule about HTTP APIs or VPC links, one break, exactly that problem."""

from collections.abc import Callable

import pytest

from hatchway.topology import Problem, load
from hatchway.topology.http_routes import route_keys

Break = Callable[..., tuple[Problem, ...]]

GATEWAY = "gateway:\n  account: edge\n  network: edge\n"
ORDERS = "    account: orders\n    path: /orders\n"
BILLING = "    account: billing\n    path: /\n"
JWT = "{jwt: {issuer: 'https://id.example.com/', audience: [clients], scopes: [read]}}"


def rest(text: str) -> tuple[str, str]:
    """The edit that adds keys to the gateway."""
    return GATEWAY, GATEWAY + "".join(f"  {line}\n" for line in text.splitlines())


def http(text: str = "") -> tuple[str, str]:
    """The edit that makes the API an HTTP API, with more keys of the gateway."""
    return rest(f"kind: http\n{text}")


def orders(text: str) -> tuple[str, str]:
    """The edit that adds keys to the service `orders`, at `/orders`."""
    return ORDERS, ORDERS + "".join(f"    {line}\n" for line in text.splitlines())


def billing(text: str) -> tuple[str, str]:
    """The edit that adds keys to the service `billing`, at `/`."""
    return BILLING, BILLING + "".join(f"    {line}\n" for line in text.splitlines())


def version(minimum: str) -> tuple[str, str]:
    """The edit that asks for a provider."""
    return "version: 1\n", f'version: 1\nminimum_aws_provider: "{minimum}"\n'


def routes(count: int) -> str:
    """That many routes of a service, with one method each."""
    return "routes:\n" + "".join(f"  - {{path: /r{number}, methods: [GET]}}\n" for number in range(count))


GOOD = {
    "http": [http()],
    "jwt": [http(f"authorizer: {JWT}")],
    "lambda_and_iam": [
        http("authorizer: {lambda: {timeout_seconds: 10}}\nauthorizers: {machines: {iam: {}}}")
    ],
    "link_of_version_2_written_out": [http("vpc_link: v2")],
    "removed_headers": [http("removed_request_headers: [X-Debug, X-Forwarded-User]")],
    "base_path_of_several_parts": [
        http("domain: {name: a.example.com, hosted_zone_id: Z0123456789, base_path: /orders/v1}")
    ],
    "longest_timeout": [http(), orders("integration_timeout_milliseconds: 30000")],
    "rest_over_version_2": [rest("vpc_link: v2"), version("6.25.0")],
    "rest_over_version_1": [rest("vpc_link: v1")],
    "listed_routes_of_the_service_above": [http(), billing("routes: [{path: /bills, methods: [GET]}]")],
    "most_routes": [http(), billing(routes(298))],
    "raised_quota": [http("raised_quotas: {routes: 500, vpc_links: 20, authorizers: 20}")],
}


@pytest.mark.parametrize("edits", GOOD.values(), ids=GOOD)
def test_accepts(breaking: Break, edits: list[tuple[str, str]]) -> None:
    assert breaking(*edits) == ()


REST_ALONE = "needs a REST API, and gateway.kind is 'http'"
CASES: dict[str, tuple[list[tuple[str, str]], str, str]] = {
    "passthrough": ([http("api_id_header: passthrough")], "gateway.api_id_header", REST_ALONE),
    "web_acl": ([http("web_acl: {create: {}}")], "gateway.web_acl", REST_ALONE),
    "overwritten_request_headers": (
        [http("overwritten_request_headers: {X-A: '1'}")],
        "gateway.overwritten_request_headers",
        REST_ALONE,
    ),
    "gateway_responses": (
        [http("gateway_responses: {DEFAULT_5XX: {status: 503}}")],
        "gateway.gateway_responses",
        REST_ALONE,
    ),
    "binary": ([http("binary_media_types: [image/png]")], "gateway.binary_media_types", REST_ALONE),
    "compression": (
        [http("minimum_compression_bytes: 0")],
        "gateway.minimum_compression_bytes",
        REST_ALONE,
    ),
    "canary": ([http("canary_release: {percent_traffic: 5}")], "gateway.canary_release", REST_ALONE),
    "quota_of_rest_apis": (
        [http("raised_quotas: {resources: 600}")],
        "gateway.raised_quotas.resources",
        "is a quota of REST APIs, and gateway.kind is 'http'",
    ),
    "quota_of_http_apis": (
        [rest("raised_quotas: {routes: 600}")],
        "gateway.raised_quotas.routes",
        "is a quota of HTTP APIs, and gateway.kind is 'rest'",
    ),
    "streaming": (
        [http(), orders("response_streaming: true"), version("6.25.0")],
        "services.orders.response_streaming",
        REST_ALONE,
    ),
    "open_below_another_service": (
        [http(), orders("routes: [{path: /items, methods: [GET]}]")],
        "services.orders.routes",
        (
            "leave open what they do not list: the service above answers it, and an HTTP API has nothing "
            "that closes a path"
        ),
    ),
    "long_timeout": (
        [http(), orders("integration_timeout_milliseconds: 30001")],
        "services.orders.integration_timeout_milliseconds",
        "is longer than an HTTP API waits, 30000",
    ),
    "long_timeout_of_a_route": (
        [http(), billing("routes: [{path: /a, integration_timeout_milliseconds: 40000}]")],
        "services.billing.routes[0].integration_timeout_milliseconds",
        "is longer than an HTTP API waits, 30000",
    ),
    "cognito": (
        [
            http(
                "authorizer: {cognito: {user_pool_arns: "
                "['arn:aws:cognito-idp:eu-west-1:111111111111:userpool/eu-west-1_AbCdEf123']}}"
            )
        ],
        "gateway.authorizer.cognito",
        REST_ALONE,
    ),
    "token_authorizer": (
        [http("authorizers: {a: {lambda: {type: token}}}")],
        "gateway.authorizers.a.lambda.type",
        "'token' needs a REST API, and gateway.kind is 'http'",
    ),
    "slow_authorizer": (
        [http("authorizer: {lambda: {timeout_seconds: 11}}")],
        "gateway.authorizer.lambda.timeout_seconds",
        "is longer than an HTTP API waits for an authorizer, 10",
    ),
    "audiences": (
        [
            http(
                "authorizer: {jwt: {issuer: 'https://a.example', "
                f"audience: {[f'a{n}' for n in range(51)]}}}}}"
            )
        ],
        "gateway.authorizer.jwt.audience",
        "has 51 values, and the quota is 50",
    ),
    "scopes": (
        [
            http(
                "authorizer: {jwt: {issuer: 'https://a.example', audience: [a], "
                f"scopes: {[f's{n}' for n in range(11)]}}}}}"
            )
        ],
        "gateway.authorizer.jwt.scopes",
        "has 11 values, and the quota is 10",
    ),
    "reserved_header": (
        [http("removed_request_headers: [X-Debug, x-amzn-vpce-id]")],
        "gateway.removed_request_headers[1]",
        "is a header that API Gateway does not let be mapped",
    ),
    "authorization_header": (
        [http("removed_request_headers: [Authorization]")],
        "gateway.removed_request_headers[0]",
        "is a header that API Gateway does not let be mapped",
    ),
    "header_of_the_gateway": (
        [http("removed_request_headers: [X-Apigw-Api-Id]")],
        "gateway.removed_request_headers[0]",
        "is a header that the gateway sets itself, whatever the caller sends",
    ),
    "link_of_version_1": (
        [http("vpc_link: v1")],
        "gateway.vpc_link",
        "is for REST APIs: an HTTP API takes links of version 2",
    ),
    "link_of_version_2_with_an_old_provider": (
        [rest("vpc_link: v2"), version("6.24.9")],
        "gateway.vpc_link",
        "needs provider 6.25.0 with a REST API, and minimum_aws_provider is 6.24.9",
    ),
    "routes": (
        [http("cors: {allow_origins: ['*']}"), billing(routes(289))],
        "services",
        "need 301 routes, and the quota is 300",
    ),
    "integrations": (
        [http("raised_quotas: {routes: 500}"), billing(routes(299))],
        "services",
        "need 301 integrations, and an HTTP API has 300, which AWS does not raise",
    ),
    "links": (
        [http("raised_quotas: {vpc_links: 1}")],
        "services",
        "need 2 VPC links of version 2, and the quota is 1",
    ),
}


@pytest.mark.parametrize(("edits", "path", "message"), CASES.values(), ids=CASES)
def test_refuses(breaking: Break, edits: list[tuple[str, str]], path: str, message: str) -> None:
    problems = breaking(*edits)

    assert [(problem.key, problem.message) for problem in problems] == [(path, message)]
    assert all(problem.fix for problem in problems)


def test_usage_plans_and_keys_are_refused_where_they_are(breaking: Break) -> None:
    problems = breaking(http("usage_plans: {basic: {api_keys: [acme]}}"), orders("api_key_required: true"))

    assert {(problem.key, problem.message) for problem in problems} == {
        ("gateway.usage_plans", REST_ALONE),
        ("services.orders.api_key_required", REST_ALONE),
    }


def test_with_cors_any_is_every_method_that_is_not_listed_but_options(tmp_path, estate: str) -> None:
    path = tmp_path / "hatchway.yaml"
    text = estate.replace(*http("cors: {allow_origins: ['*']}"))
    path.write_text(text.replace(*billing("routes: [{path: /a}, {path: /a, methods: [GET]}]")))

    keys = [key for key in route_keys(load(path)) if key.endswith(" /a")]

    assert sorted(keys) == ["DELETE /a", "GET /a", "HEAD /a", "PATCH /a", "POST /a", "PUT /a"]
