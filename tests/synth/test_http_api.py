"""What an HTTP API changes in the stack of the gateway, and VPC links of version 2."""

import json
from collections.abc import Callable

import pytest

from tests.synth.synthesized import Document, Stack, Synth

ZONE = "Z0123456789ABCDEFGHIJ"
FUNCTION = "arn:aws:lambda:eu-west-1:111111111111:function:gate"
JWT = {"jwt": {"issuer": "https://id.example.com/", "audience": ["clients"], "scopes": ["orders/read"]}}
PRIVATE_API = (
    "data.terraform_remote_state.service-orders.outputs."
    "cross-stack-output-aws_api_gateway_rest_api-private-id"
)


@pytest.fixture
def http(document: Document) -> Document:
    """The article's topology with an HTTP API."""
    document["gateway"] |= {"kind": "http", "api_id_header": "pinned", "authorizer": JWT}
    document["services"]["orders"]["path"] = "/orders"
    return document


@pytest.fixture
def furnished(http: Document) -> Document:
    """The same with everything that the door of an HTTP API can have."""
    http["gateway"] |= {
        "authorizers": {
            "machines": {"iam": {}},
            "own": {"lambda": {"result_ttl_seconds": 60, "identity_header": "X-Token"}},
            "theirs": {"lambda": {"function": {"existing": FUNCTION}}},
        },
        "removed_request_headers": ["X-Debug"],
        "throttling": {"rate_per_second": 100, "burst": 50},
        "cors": {"allow_origins": ["https://app.example.com"], "allow_credentials": True},
        "domain": {
            "name": "api.example.com",
            "hosted_zone_id": ZONE,
            "base_path": "/orders/v1",
            "mutual_tls": {"truststore_uri": "s3://trust/clients.pem"},
        },
    }
    http["observability"] = {"detailed_metrics": True, "dashboard": True, "alarms": {}}
    http["services"]["orders"]["routes"] = [
        {"path": "/", "methods": ["GET"], "throttling": {"rate_per_second": 9, "burst": 3}},
        {"path": "/{id}/lines/{line}", "methods": ["PUT"], "authorizer": "machines"},
        {"path": "/files/{proxy+}", "methods": ["ANY", "GET"], "authorizer": "own"},
        {"path": "/open", "methods": ["POST"], "authorizer": "none"},
        {"path": "/theirs", "methods": ["POST"], "authorizer": "theirs"},
    ]
    http["services"]["orders"]["api"]["base_path"] = "/internal"
    return http


@pytest.fixture
def gateway(synth: Synth, http: Document) -> Stack:
    return synth(http)["gateway"]


@pytest.fixture
def everything(synth: Synth, furnished: Document) -> Stack:
    return synth(furnished)["gateway"]


def test_nothing_of_a_rest_api_is_left(gateway: Stack) -> None:
    kinds = set(gateway.document["resource"])

    assert not {kind for kind in kinds if kind.startswith("aws_api_gateway")}
    assert gateway.resources["aws_apigatewayv2_api.public"]["protocol_type"] == "HTTP"


def test_whole_service_takes_its_path_and_all_below(gateway: Stack) -> None:
    keys = {name: body["route_key"] for name, body in gateway.of_kind("aws_apigatewayv2_route").items()}

    assert keys == {"orders_any": "ANY /orders", "orders_any_proxy-plus": "ANY /orders/{proxy+}"}


def test_integration_goes_over_the_link_to_the_listener_and_verifies_the_private_apis_name(
    gateway: Stack,
) -> None:
    integration = gateway.resources["aws_apigatewayv2_integration.orders_any_proxy-plus"]

    host = f"${{{PRIVATE_API}}}.execute-api.eu-west-1.amazonaws.com"
    assert integration["integration_uri"] == "${aws_lb_listener.orders.arn}"
    assert (integration["connection_type"], integration["connection_id"]) == (
        "VPC_LINK",
        "${aws_apigatewayv2_vpc_link.orders.id}",
    )
    assert integration["tls_config"] == {"server_name_to_verify": host}
    assert (integration["integration_type"], integration["integration_method"]) == ("HTTP_PROXY", "ANY")
    assert integration["payload_format_version"] == "1.0"
    assert integration["timeout_milliseconds"] == 29000


def test_caller_chooses_neither_api_nor_host_nor_stage(gateway: Stack) -> None:
    itself = gateway.resources["aws_apigatewayv2_integration.orders_any"]["request_parameters"]
    below = gateway.resources["aws_apigatewayv2_integration.orders_any_proxy-plus"]["request_parameters"]

    assert below == {
        "overwrite:path": "/v1/$request.path.proxy",
        "overwrite:header.Host": f"${{{PRIVATE_API}}}.execute-api.eu-west-1.amazonaws.com",
        "overwrite:header.x-apigw-api-id": f"${{{PRIVATE_API}}}",
    }
    assert itself == {**below, "overwrite:path": "/v1/"}


def test_variables_and_base_path_reach_the_private_path(everything: Stack) -> None:
    paths = {
        name: body["request_parameters"]["overwrite:path"]
        for name, body in everything.of_kind("aws_apigatewayv2_integration").items()
    }

    assert paths == {
        "orders_get": "/v1/internal",
        "orders_put_by-id_lines_by-line": "/v1/internal/$request.path.id/lines/$request.path.line",
        "orders_any_files_proxy-plus": "/v1/internal/files/$request.path.proxy",
        "orders_get_files_proxy-plus": "/v1/internal/files/$request.path.proxy",
        "orders_post_open": "/v1/internal/open",
        "orders_post_theirs": "/v1/internal/theirs",
    }


def test_removed_headers_are_removed_on_every_path(everything: Stack) -> None:
    integrations = everything.of_kind("aws_apigatewayv2_integration").values()

    assert {it["request_parameters"].get("remove:header.X-Debug") for it in integrations} == {"''"}


def test_link_reaches_its_load_balancer_and_nothing_else(gateway: Stack) -> None:
    link = gateway.resources["aws_apigatewayv2_vpc_link.orders"]
    egress = {
        name: (body["cidr_ipv4"], body["from_port"], body["to_port"], body["security_group_id"])
        for name, body in gateway.of_kind("aws_vpc_security_group_egress_rule").items()
        if "_link_" in name
    }

    group = "${aws_security_group.orders_link.id}"
    assert link["security_group_ids"] == [group]
    assert len(link["subnet_ids"]) == 2
    assert link["lifecycle"] == {"create_before_destroy": True}
    assert egress == {
        "orders_link_to_a": ("10.0.0.10/32", 443, 443, group),
        "orders_link_to_b": ("10.0.1.10/32", 443, 443, group),
    }


def test_load_balancer_lets_its_link_in_and_nobody_else(gateway: Stack) -> None:
    ingress = gateway.of_kind("aws_vpc_security_group_ingress_rule")

    assert list(ingress) == ["orders_link"]
    rule = ingress["orders_link"]
    assert rule["security_group_id"] == "${aws_security_group.orders.id}"
    assert rule["referenced_security_group_id"] == "${aws_security_group.orders_link.id}"
    assert (rule["ip_protocol"], rule["from_port"], rule["to_port"]) == ("tcp", 443, 443)


def test_token_has_to_be_of_the_issuer_for_the_audience_with_a_scope(gateway: Stack) -> None:
    authorizer = gateway.resources["aws_apigatewayv2_authorizer.authorizer"]
    routes = gateway.of_kind("aws_apigatewayv2_route").values()

    assert authorizer["authorizer_type"] == "JWT"
    assert authorizer["identity_sources"] == ["$request.header.Authorization"]
    assert authorizer["jwt_configuration"] == {"issuer": "https://id.example.com/", "audience": ["clients"]}
    assert {(it["authorization_type"], it["authorizer_id"]) for it in routes} == {
        ("JWT", "${aws_apigatewayv2_authorizer.authorizer.id}")
    }
    assert all(it["authorization_scopes"] == ["orders/read"] for it in routes)


def test_each_route_asks_the_authorizer_that_it_names(everything: Stack) -> None:
    asked = {
        body["route_key"]: (body["authorization_type"], body.get("authorizer_id"))
        for body in everything.of_kind("aws_apigatewayv2_route").values()
    }

    assert asked["PUT /orders/{id}/lines/{line}"] == ("AWS_IAM", None)
    assert asked["POST /orders/open"] == ("NONE", None)
    assert asked["GET /orders"] == ("JWT", "${aws_apigatewayv2_authorizer.authorizer.id}")
    assert asked["GET /orders/files/{proxy+}"] == (
        "CUSTOM",
        "${aws_apigatewayv2_authorizer.authorizer_own.id}",
    )


def test_lambda_authorizers_get_what_those_of_rest_apis_get(everything: Stack) -> None:
    own = everything.resources["aws_apigatewayv2_authorizer.authorizer_own"]
    theirs = everything.resources["aws_apigatewayv2_authorizer.authorizer_theirs"]

    assert own["authorizer_payload_format_version"] == "1.0"
    assert own["enable_simple_responses"] is False
    assert own["identity_sources"] == ["$request.header.X-Token"]
    assert own["authorizer_result_ttl_in_seconds"] == 60
    assert theirs["identity_sources"] == [
        "$request.header.Authorization",
        "$context.httpMethod",
        "$context.path",
    ]
    permission = everything.resources["aws_lambda_permission.authorizer_own"]
    assert permission["source_arn"].endswith("/authorizers/${aws_apigatewayv2_authorizer.authorizer_own.id}")
    assert set(everything.outputs["authorizer_secret_arns"]) == {"own"}


def test_preflight_requests_meet_no_authorizer(everything: Stack) -> None:
    keys = [it["route_key"] for it in everything.of_kind("aws_apigatewayv2_route").values()]

    assert not [key for key in keys if key.startswith(("OPTIONS ", "ANY "))]
    files = sorted(key.split()[0] for key in keys if key.endswith("/files/{proxy+}"))
    assert files == ["DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"]
    assert len(set(keys)) == len(keys)


def test_api_answers_pages_of_the_named_origin(everything: Stack) -> None:
    cors = everything.resources["aws_apigatewayv2_api.public"]["cors_configuration"]

    assert cors == {
        "allow_origins": ["https://app.example.com"],
        "allow_methods": ["GET", "POST", "PUT", "PATCH", "DELETE"],
        "allow_headers": ["Authorization", "Content-Type"],
        "max_age": 600,
        "allow_credentials": True,
    }


def test_stage_deploys_by_itself_with_its_limits(everything: Stack) -> None:
    stage = everything.resources["aws_apigatewayv2_stage.public"]

    assert (stage["name"], stage["auto_deploy"]) == ("live", True)
    assert stage["default_route_settings"] == {
        "detailed_metrics_enabled": True,
        "throttling_rate_limit": 100,
        "throttling_burst_limit": 50,
    }
    assert stage["route_settings"] == [
        {
            "route_key": "GET /orders",
            "detailed_metrics_enabled": True,
            "throttling_rate_limit": 9,
            "throttling_burst_limit": 3,
        }
    ]
    assert "aws_apigatewayv2_route.orders_get" in stage["depends_on"]


def test_metrics_alone_do_not_close_the_stage(synth: Synth, http: Document) -> None:
    http["observability"] = {"detailed_metrics": True}

    stage = synth(http)["gateway"].resources["aws_apigatewayv2_stage.public"]

    settings = stage["default_route_settings"]
    assert (settings["throttling_rate_limit"], settings["throttling_burst_limit"]) == (10000, 5000)


def test_stage_logs_what_an_http_api_knows(everything: Stack) -> None:
    stage = everything.resources["aws_apigatewayv2_stage.public"]

    assert stage["access_log_settings"]["destination_arn"] == "${aws_cloudwatch_log_group.public_access.arn}"
    assert json.loads(stage["access_log_settings"]["format"])["routeKey"] == "$context.routeKey"


def test_without_limits_and_logs_the_stage_has_no_settings(gateway: Stack) -> None:
    stage = gateway.resources["aws_apigatewayv2_stage.public"]

    assert not {"access_log_settings", "default_route_settings", "route_settings"} & set(stage)
    assert stage["depends_on"] == [
        "aws_apigatewayv2_route.orders_any",
        "aws_apigatewayv2_route.orders_any_proxy-plus",
    ]


def test_domain_leads_to_the_stage_and_is_the_only_way_in(everything: Stack) -> None:
    domain = everything.resources["aws_apigatewayv2_domain_name.public"]
    mapping = everything.resources["aws_apigatewayv2_api_mapping.public"]
    record = everything.resources["aws_route53_record.public_ipv4"]

    assert domain["domain_name_configuration"] == {
        "certificate_arn": "${aws_acm_certificate_validation.public.certificate_arn}",
        "endpoint_type": "REGIONAL",
        "security_policy": "TLS_1_2",
    }
    assert domain["mutual_tls_authentication"] == {"truststore_uri": "s3://trust/clients.pem"}
    assert mapping["api_mapping_key"] == "orders/v1"
    assert mapping["stage"] == "${aws_apigatewayv2_stage.public.name}"
    assert "target_domain_name" in record["alias"]["name"]
    assert everything.resources["aws_apigatewayv2_api.public"]["disable_execute_api_endpoint"] is True
    assert everything.outputs["public_url"] == "https://api.example.com/orders/v1"


def test_outputs_are_those_of_a_rest_api_but_for_the_apis_id(gateway: Stack) -> None:
    assert set(gateway.outputs) == {
        "public_url",
        "api_id",
        "stage_name",
        "api_id_header",
        "private_api_ids",
        "vpc_link_ids",
        "load_balancer_arns",
        "target_group_arns",
    }


def test_alarms_are_on_the_metrics_of_http_apis(everything: Stack) -> None:
    alarms = json.dumps(everything.of_kind("aws_cloudwatch_metric_alarm"))

    assert "ApiId" in alarms
    assert "5xx" in alarms
    assert "5XXError" not in alarms


@pytest.mark.parametrize("name", ["http", "furnished"])
def test_everything_is_valid(
    validate: Callable[..., Document], synth: Synth, request: pytest.FixtureRequest, name: str
) -> None:
    verdict = validate(synth(request.getfixturevalue(name)).outdir / "stacks" / "gateway")

    assert (verdict["valid"], verdict["diagnostics"]) == (True, [])


@pytest.fixture
def rest_over_version_2(document: Document) -> Document:
    """The article's topology with a link that the provider knows since 6.25.0."""
    document["minimum_aws_provider"] = "6.25.0"
    document["gateway"] |= {"vpc_link": "v2", "authorizer": "none"}
    return document


def test_rest_api_names_the_load_balancer_behind_a_link_of_version_2(
    synth: Synth, rest_over_version_2: Document
) -> None:
    gateway = synth(rest_over_version_2)["gateway"]

    assert "aws_api_gateway_vpc_link" not in gateway.document["resource"]
    for integration in gateway.of_kind("aws_api_gateway_integration").values():
        assert integration["connection_id"] == "${aws_apigatewayv2_vpc_link.orders.id}"
        assert integration["integration_target"] == "${aws_lb.orders.arn}"
    assert gateway.resources["aws_vpc_security_group_ingress_rule.orders_link"]
    assert "aws_api_gateway_integration.orders.integration_target" in gateway.triggers("public")


def test_constraint_on_the_provider_is_what_the_topology_asks_for(
    synth: Synth, rest_over_version_2: Document
) -> None:
    for stack in synth(rest_over_version_2).stacks.values():
        provider = stack.document["terraform"]["required_providers"]["aws"]
        assert provider["version"] == ">= 6.25.0, < 7.0.0"


def test_rest_api_over_version_1_names_no_load_balancer(synth: Synth, document: Document) -> None:
    gateway = synth(document)["gateway"]

    assert "integration_target" not in json.dumps(gateway.document)
    assert gateway.document["terraform"]["required_providers"]["aws"]["version"] == ">= 5.100.0, < 7.0.0"
