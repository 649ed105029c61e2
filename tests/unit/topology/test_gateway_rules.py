"""One rule about the public door, one break, exactly that problem. Lines are not those of estate.yaml."""

from collections.abc import Callable

import pytest

from hatchway.topology import Problem

Break = Callable[..., tuple[Problem, ...]]

GATEWAY = "gateway:\n  account: edge\n  network: edge\n"
ORDERS = "    account: orders\n    path: /orders\n"
BILLING = "    account: billing\n    path: /\n"
ARN = "arn:aws:lambda:eu-west-1:111111111111:function:gate"
NONE = "  authorizer: none\n"


def gateway(text: str) -> tuple[str, str]:
    """The edit that adds keys to the gateway."""
    return GATEWAY, GATEWAY + "".join(f"  {line}\n" for line in text.splitlines())


def orders(text: str) -> tuple[str, str]:
    """The edit that adds keys to the service `orders`, at `/orders`."""
    return ORDERS, ORDERS + "".join(f"    {line}\n" for line in text.splitlines())


def billing(text: str) -> tuple[str, str]:
    """The edit that adds keys to the service `billing`, at `/`."""
    return BILLING, BILLING + "".join(f"    {line}\n" for line in text.splitlines())


GOOD = {
    "listed_routes": [
        orders("routes:\n  - {path: /, methods: [GET]}\n  - {path: '/items/{id}', methods: [GET, PUT]}"),
        billing("routes: [{path: '/{proxy+}', methods: [GET]}]"),
    ],
    "any_beside_others": [orders("routes:\n  - {path: /a}\n  - {path: /a, methods: [GET]}")],
    "named_authorizer": [
        gateway("authorizers: {machines: {iam: {}}}"),
        orders("authorizer: machines\nroutes: [{path: /a, authorizer: none}]"),
    ],
    "request_authorizer_of_a_user_with_caching": [
        gateway(f"authorizer: {{lambda: {{function: {{existing: '{ARN}'}}}}}}")
    ],
    "token_authorizer_of_hatchway_with_caching": [
        gateway("authorizer: {lambda: {type: token, identity_pattern: '^x', result_ttl_seconds: 300}}")
    ],
    "used_plan": [
        gateway("usage_plans: {basic: {api_keys: [acme]}, free: {api_keys: [all]}}"),
        orders("api_key_required: true"),
    ],
    "any_origin": [gateway("cors: {allow_origins: ['*']}")],
    "origins_with_credentials": [
        gateway("cors: {allow_origins: ['https://a.example'], allow_credentials: true}")
    ],
    "domain": [gateway("domain: {name: a.example.com, hosted_zone_id: Z0123456789, base_path: /v1}")],
    "web_acl": [gateway("web_acl: {create: {allowed_cidrs: [0.0.0.0/1]}}")],
    "streaming": [
        ("version: 1\n", 'version: 1\nminimum_aws_provider: "6.25.0"\n'),
        orders("response_streaming: true"),
    ],
    "throttled_route": [orders("routes: [{path: /, throttling: {rate_per_second: 5, burst: 5}}]")],
}


@pytest.mark.parametrize("edits", GOOD.values(), ids=GOOD)
def test_accepts(breaking: Break, edits: list[tuple[str, str]]) -> None:
    assert breaking(*edits) == ()


CASES: dict[str, tuple[list[tuple[str, str]], str, str]] = {
    "route_twice": (
        [orders("routes:\n  - {path: /a, methods: [GET]}\n  - {path: /a, methods: [PUT, GET]}")],
        "services.orders.routes[1]",
        "opens what services.orders.routes[0] opens too",
    ),
    "method_twice": (
        [orders("routes: [{path: /a, methods: [GET, GET]}]")],
        "services.orders.routes[0].methods",
        "names a method twice",
    ),
    "route_of_another_service": (
        [billing("routes: [{path: /orders/items}]")],
        "services.billing.routes[0].path",
        "lies under the path of services.orders ('/orders'), which has it then",
    ),
    "two_variables_in_one_place": (
        [orders("routes:\n  - {path: '/{id}'}\n  - {path: '/{name}/x'}")],
        "services.orders.routes[1].path",
        "has {name} where services.orders has {id}, under '/orders'",
    ),
    "unknown_authorizer_of_a_service": (
        [orders("authorizer: partnes"), gateway("authorizers: {partners: {iam: {}}}")],
        "services.orders.authorizer",
        "is not the name of an authorizer",
    ),
    "unknown_authorizer_of_a_route": (
        [orders("routes: [{path: /a, authorizer: partners}]")],
        "services.orders.routes[0].authorizer",
        "is not the name of an authorizer",
    ),
    "key_without_a_plan": (
        [orders("api_key_required: true")],
        "services.orders.api_key_required",
        "is true, and no usage plan has keys",
    ),
    "key_of_a_route_without_a_plan": (
        [orders("routes: [{path: /a, api_key_required: true}]")],
        "services.orders.routes[0].api_key_required",
        "is true, and no usage plan has keys",
    ),
    "streaming_with_an_old_provider": (
        [orders("response_streaming: true")],
        "services.orders.response_streaming",
        "needs provider 6.25.0, and minimum_aws_provider is 5.100.0",
    ),
    "compressed_stream": (
        [
            ("version: 1\n", 'version: 1\nminimum_aws_provider: "6.30.0"\n'),
            orders("response_streaming: true"),
            gateway("minimum_compression_bytes: 1"),
        ],
        "services.orders.response_streaming",
        "does not go with gateway.minimum_compression_bytes: API Gateway compresses no stream",
    ),
    "authorizer_named_none": (
        [gateway("authorizers: {none: {iam: {}}}")],
        "gateway.authorizers.none",
        "is the word for letting everyone in, and no name",
    ),
    "jwt_on_a_rest_api": (
        [gateway("authorizer: {jwt: {issuer: 'https://id.example.com/', audience: [a]}}")],
        "gateway.authorizer.jwt",
        "needs an HTTP API, and gateway.kind is 'rest'",
    ),
    "pattern_of_a_request_authorizer": (
        [gateway("authorizer: {lambda: {identity_pattern: '^x'}}")],
        "gateway.authorizer.lambda.identity_pattern",
        "is for type 'token', and the type is 'request'",
    ),
    "cached_answer_of_a_token_authorizer": (
        [gateway(f"authorizers: {{a: {{lambda: {{type: token, function: {{existing: '{ARN}'}}}}}}}}")],
        "gateway.authorizers.a.lambda.result_ttl_seconds",
        (
            "keeps answers by the header alone, while your function may answer for one route: with type "
            "'token' the key does not cover the route"
        ),
    ),
    "settings_of_hatchways_function": (
        [gateway(f"authorizer: {{lambda: {{timeout_seconds: 9, function: {{existing: '{ARN}'}}}}}}")],
        "gateway.authorizer.lambda.timeout_seconds",
        "is for Hatchway's function, and yours is used",
    ),
    "function_of_another_account": (
        [gateway(f"authorizer: {{lambda: {{function: {{existing: '{ARN.replace('1' * 12, '2' * 12)}'}}}}}}")],
        "gateway.authorizer.lambda.function.existing",
        "is of 222222222222 in eu-west-1, the gateway of 111111111111 in eu-west-1",
    ),
    "function_without_a_folder": (
        [gateway("authorizer: {lambda: {function: {create: {directory: gate, handler: app.handler}}}}")],
        "gateway.authorizer.lambda.function.create.directory",
        "is not a folder beside the topology's file",
    ),
    "key_of_two_plans": (
        [
            gateway("usage_plans: {a: {api_keys: [one]}, b: {api_keys: [two, one]}}"),
            orders("api_key_required: true"),
        ],
        "gateway.usage_plans.b.api_keys[1]",
        "is a key of gateway.usage_plans.a too",
    ),
    "unused_plan": (
        [gateway("usage_plans: {a: {api_keys: [one]}}")],
        "gateway.usage_plans",
        "limit nobody: no service and no route requires an API key",
    ),
    "any_origin_beside_another": (
        [gateway("cors: {allow_origins: ['*', 'https://a.example']}")],
        "gateway.cors.allow_origins",
        "has '*' beside other origins",
    ),
    "credentials_for_any_origin": (
        [gateway("cors: {allow_origins: ['*'], allow_credentials: true}")],
        "gateway.cors.allow_credentials",
        "does not go with any origin: browsers refuse such answers",
    ),
    "two_answers_to_options": (
        [gateway("cors: {allow_origins: ['*']}"), orders("routes: [{path: /a, methods: [GET, OPTIONS]}]")],
        "services.orders.routes[0].methods",
        "has OPTIONS, which gateway.cors answers",
    ),
    "quote_in_a_header": (
        [gateway('gateway_responses: {THROTTLED: {headers: {Retry-After: "it\'s 5"}}}')],
        "gateway.gateway_responses.THROTTLED.headers.Retry-After",
        "has a single quote or a control character, which API Gateway does not take",
    ),
    "header_list_of_a_rest_api": (
        [gateway("removed_request_headers: [Accept]")],
        "gateway.removed_request_headers",
        "needs an HTTP API: a proxy integration of a REST API removes no header",
    ),
    "no_certificate": (
        [gateway("domain: {name: a.example.com}")],
        "gateway.domain",
        "has no certificate, and no zone in which one could be validated",
    ),
    "certificate_of_another_region": (
        [
            gateway(
                "domain: {name: a.example.com, certificate_arn: "
                "'arn:aws:acm:us-east-1:111111111111:certificate/0a1b2c3d'}"
            )
        ],
        "gateway.domain.certificate_arn",
        "is of 111111111111 in us-east-1, the gateway of 111111111111 in eu-west-1",
    ),
    "long_base_path": (
        [gateway("domain: {name: a.example.com, hosted_zone_id: Z0123456789, base_path: /a/b}")],
        "gateway.domain.base_path",
        "has several parts, and a REST API is mapped to one",
    ),
    "tls_without_its_access_mode": (
        [gateway("domain: {name: a.example.com, hosted_zone_id: Z0123456789, security_policy: TLS_1_3}")],
        "gateway.domain.security_policy",
        "needs an endpoint access mode, which the bindings of provider 6.25.0 do not know",
    ),
    "way_round_client_certificates": (
        [
            gateway(
                "domain: {name: a.example.com, hosted_zone_id: Z0123456789, disable_default_endpoint: false, "
                "mutual_tls: {truststore_uri: 's3://trust/a.pem'}}"
            )
        ],
        "gateway.domain.disable_default_endpoint",
        "leaves the execute-api name open, which asks callers for no certificate",
    ),
    "web_acl_of_another_account": (
        [
            gateway(
                "web_acl: {existing: 'arn:aws:wafv2:eu-west-1:222222222222:regional/webacl/edge/0a1b2c3d'}"
            )
        ],
        "gateway.web_acl.existing",
        "is of 222222222222 in eu-west-1, the gateway of 111111111111 in eu-west-1",
    ),
    "every_address_in_an_ip_set": (
        [gateway("web_acl: {create: {blocked_cidrs: [0.0.0.0/0]}}")],
        "gateway.web_acl.create.blocked_cidrs[0]",
        "is every address, which an IP set does not take",
    ),
    "rule_group_twice": (
        [gateway("web_acl: {create: {managed_rule_groups: [A, A]}}")],
        "gateway.web_acl.create.managed_rule_groups[1]",
        "is named twice",
    ),
    "more_authorizers_than_the_quota": (
        [gateway("authorizers: {" + ", ".join(f"a{index}: {{lambda: {{}}}}" for index in range(10)) + "}")],
        "gateway.authorizers",
        "need 11 authorizers, and the quota is 10",
    ),
    "more_resources_than_the_quota": (
        [orders("routes: [" + ", ".join(f"{{path: /p{index}}}" for index in range(300)) + "]")],
        "services",
        "need 303 resources, and the quota is 300",
    ),
}


@pytest.mark.parametrize(("edits", "key", "message"), CASES.values(), ids=CASES)
def test_refuses(breaking: Break, edits: list[tuple[str, str]], key: str, message: str) -> None:
    assert [(problem.key, problem.message) for problem in breaking(*edits)] == [(key, message)]


def test_vpc_links_are_counted_and_shared_ones_once(breaking: Break) -> None:
    def service(index: int, isolation: str) -> str:
        number = 0 if isolation == "shared" else index
        return (
            f"  s{index}:\n    account: billing\n    path: /s{index}\n    isolation: {isolation}\n"
            f"    load_balancer: {{addresses: {{a: 10.0.0.{30 + number}, b: 10.0.1.{30 + number}}}}}\n"
            "    endpoint:\n      placement: gateway\n"
            f"      addresses: {{a: 10.0.0.{90 + number}, b: 10.0.1.{90 + number}}}\n"
            "    api: {routes: [{method: GET, path: /, mock: {}}]}\n"
        )

    def added(isolation: str) -> tuple[Problem, ...]:
        services = "".join(service(index, isolation) for index in range(19))
        return breaking(("services:\n", f"services:\n{services}"))

    assert [(problem.key, problem.message) for problem in added("own")] == [
        ("services", "need 21 vpc links, and the quota is 20")
    ]
    assert added("shared") == ()


def test_a_raised_quota_is_believed(breaking: Break) -> None:
    authorizers = ", ".join(f"a{index}: {{lambda: {{}}}}" for index in range(10))

    problems = breaking(gateway(f"authorizers: {{{authorizers}}}\nraised_quotas: {{authorizers: 11}}"))

    assert problems == ()


def test_every_refusal_says_what_to_do(breaking: Break) -> None:
    without = {"method_twice", "quote_in_a_header", "rule_group_twice"}
    for name, (edits, _, _) in CASES.items():
        assert all(problem.fix for problem in breaking(*edits)) or name in without, name
