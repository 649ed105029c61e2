"""What stands at the public door: keys, limits, CORS, answers, domain, WAF, canary, streaming."""

import json
from collections.abc import Callable

import pytest

from hatchway.review import review
from hatchway.route.outcome import Verdict
from tests.synth.synthesized import Document, Stack, Synth, Synthesized

ZONE = "Z0123456789ABCDEFGHIJ"
CERTIFICATE = "arn:aws:acm:eu-west-1:111111111111:certificate/0a1b2c3d"
WEB_ACL = "arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/edge/0a1b2c3d"


@pytest.fixture
def furnished(document: Document) -> Document:
    """The article's topology with everything that a door can have."""
    document["gateway"] |= {
        "api_id_header": "pinned",
        "throttling": {"rate_per_second": 100, "burst": 50},
        "usage_plans": {
            "basic": {
                "api_keys": ["acme", "globex"],
                "throttling": {"rate_per_second": 5, "burst": 2},
                "quota": {"requests": 1000, "period": "DAY"},
            },
            "free": {"api_keys": ["everyone"]},
        },
        "cors": {"allow_origins": ["https://app.example.com"], "expose_headers": ["ETag"]},
        "gateway_responses": {
            "DEFAULT_5XX": {"headers": {"Cache-Control": "no-store"}},
            "UNAUTHORIZED": {"status": 401, "body": '{"message":$context.error.messageString}'},
        },
        "binary_media_types": ["image/png"],
        "minimum_compression_bytes": 1024,
        "domain": {
            "name": "api.example.com",
            "hosted_zone_id": ZONE,
            "base_path": "/v1",
            "mutual_tls": {"truststore_uri": "s3://trust/clients.pem", "truststore_version": "one"},
        },
        "web_acl": {
            "create": {
                "allowed_cidrs": ["203.0.113.0/24"],
                "blocked_cidrs": ["203.0.113.7/32"],
                "allowed_headers": ["X-Request-Id", "content-type"],
                "requests_per_five_minutes": 2000,
            }
        },
        "overwritten_request_headers": {"X-Forwarded-User": "nobody"},
        "canary_release": {"percent_traffic": 10},
    }
    document["services"]["orders"] |= {
        "path": "/orders",
        "load_balancer": {"deletion_protection": True},
        "routes": [
            {"path": "/", "methods": ["GET"], "throttling": {"rate_per_second": 9, "burst": 3}},
            {"path": "/{id}", "methods": ["GET", "PUT"], "api_key_required": True},
        ],
    }
    return document


@pytest.fixture
def gateway(synth: Synth, furnished: Document) -> Stack:
    return synth(furnished)["gateway"]


def test_trigger_has_everything_that_a_deployment_is_a_snapshot_of(gateway: Stack) -> None:
    settings = {
        f"aws_api_gateway_rest_api.public.{argument}"
        for argument in ("binary_media_types", "minimum_compression_size", "disable_execute_api_endpoint")
    }

    assert gateway.triggers("public") == gateway.snapshot | settings


def test_everything_is_valid(validate: Callable[..., Document], synth: Synth, furnished: Document) -> None:
    verdict = validate(synth(furnished).outdir / "stacks" / "gateway")

    assert (verdict["valid"], verdict["diagnostics"]) == (True, [])


def test_key_is_required_where_a_route_says_so(gateway: Stack) -> None:
    methods = gateway.of_kind("aws_api_gateway_method")

    required = {name for name, body in methods.items() if body.get("api_key_required")}
    assert required == {"orders_get_by-id", "orders_put_by-id"}


def test_each_key_belongs_to_its_plan_and_no_value_leaves_the_state(gateway: Stack) -> None:
    keys = {
        name: body["usage_plan_id"]
        for name, body in gateway.of_kind("aws_api_gateway_usage_plan_key").items()
    }
    assert keys == {
        "basic_acme": "${aws_api_gateway_usage_plan.basic.id}",
        "basic_globex": "${aws_api_gateway_usage_plan.basic.id}",
        "free_everyone": "${aws_api_gateway_usage_plan.free.id}",
    }
    assert all("value" not in body for body in gateway.of_kind("aws_api_gateway_api_key").values())
    assert gateway.outputs["api_key_ids"]["free"] == {
        "everyone": "${aws_api_gateway_api_key.free_everyone.id}"
    }
    assert ".value}" not in json.dumps(gateway.outputs)


def test_plan_has_the_limits_that_are_declared(gateway: Stack) -> None:
    basic = gateway.resources["aws_api_gateway_usage_plan.basic"]
    free = gateway.resources["aws_api_gateway_usage_plan.free"]

    assert basic["quota_settings"] == {"limit": 1000, "period": "DAY"}
    assert basic["throttle_settings"] == {"rate_limit": 5, "burst_limit": 2}
    assert basic["api_stages"][0]["stage"] == "${aws_api_gateway_stage.public.stage_name}"
    assert not {"quota_settings", "throttle_settings"} & set(free)


def test_stage_and_routes_have_their_limits(gateway: Stack) -> None:
    limits = {
        body["method_path"]: (
            body["settings"]["throttling_rate_limit"],
            body["settings"]["throttling_burst_limit"],
        )
        for body in gateway.of_kind("aws_api_gateway_method_settings").values()
    }
    assert limits == {"*/*": (100, 50), "~1orders/GET": (9, 3)}


def test_preflight_request_is_answered_to_everyone_on_each_open_path(gateway: Stack) -> None:
    preflight = {
        name: body
        for name, body in gateway.of_kind("aws_api_gateway_method").items()
        if body["http_method"] == "OPTIONS"
    }

    assert sorted(preflight) == ["public_cors_orders", "public_cors_orders_by-id"]
    assert {body["authorization"] for body in preflight.values()} == {"NONE"}
    answer = gateway.resources["aws_api_gateway_integration_response.public_cors_orders"]
    assert answer["response_parameters"] == {
        "method.response.header.Access-Control-Allow-Origin": "'https://app.example.com'",
        "method.response.header.Access-Control-Allow-Methods": "'GET,POST,PUT,PATCH,DELETE'",
        "method.response.header.Access-Control-Allow-Headers": "'Authorization,Content-Type'",
        "method.response.header.Access-Control-Max-Age": "'600'",
        "method.response.header.Access-Control-Expose-Headers": "'ETag'",
        "method.response.header.Vary": "'Origin'",
    }
    declared = gateway.resources["aws_api_gateway_method_response.public_cors_orders"]
    assert set(declared["response_parameters"]) == set(answer["response_parameters"])


def test_with_several_origins_only_a_listed_one_is_named(synth: Synth, furnished: Document) -> None:
    furnished["gateway"]["cors"]["allow_origins"] = ["https://a.example", "https://b.example"]

    gateway = synth(furnished)["gateway"].resources

    answer = gateway["aws_api_gateway_integration_response.public_cors_orders"]
    assert "method.response.header.Access-Control-Allow-Origin" not in answer["response_parameters"]
    template = answer["response_templates"]["application/json"]
    assert '#if($origin == "https://a.example" || $origin == "https://b.example")' in template
    assert "$context.responseOverride.header.Access-Control-Allow-Origin = $origin" in template


def test_credentials_are_confirmed_to_named_origins_only(synth: Synth, furnished: Document) -> None:
    cors = furnished["gateway"]["cors"]
    cors |= {"allow_origins": ["https://a.example", "https://b.example"], "allow_credentials": True}

    gateway = synth(furnished)["gateway"].resources

    answer = gateway["aws_api_gateway_integration_response.public_cors_orders"]["response_parameters"]
    assert answer["method.response.header.Access-Control-Allow-Credentials"] == "'true'"
    error = gateway["aws_api_gateway_gateway_response.default_4xx"]["response_parameters"]
    assert error == {
        "gatewayresponse.header.Access-Control-Allow-Origin": "method.request.header.Origin",
        "gatewayresponse.header.Vary": "'Origin'",
    }


def test_pages_can_read_every_error_that_the_gateway_gives(gateway: Stack) -> None:
    responses = gateway.of_kind("aws_api_gateway_gateway_response")

    origin = "gatewayresponse.header.Access-Control-Allow-Origin"
    assert {name: body["response_parameters"][origin] for name, body in responses.items()} == dict.fromkeys(
        ("default_4xx", "default_5xx", "unauthorized"), "'https://app.example.com'"
    )
    assert (
        responses["default_5xx"]["response_parameters"]["gatewayresponse.header.Cache-Control"]
        == "'no-store'"
    )
    assert responses["unauthorized"]["status_code"] == "401"
    assert responses["unauthorized"]["response_templates"] == {
        "application/json": '{"message":$context.error.messageString}'
    }


def test_without_cors_only_declared_answers_are_changed(synth: Synth, furnished: Document) -> None:
    del furnished["gateway"]["cors"]

    gateway = synth(furnished)["gateway"]

    assert sorted(gateway.of_kind("aws_api_gateway_gateway_response")) == ["default_5xx", "unauthorized"]
    methods = gateway.of_kind("aws_api_gateway_method").values()
    assert "OPTIONS" not in {body["http_method"] for body in methods}


def test_binary_types_and_compression_reach_the_api(gateway: Stack) -> None:
    api = gateway.resources["aws_api_gateway_rest_api.public"]

    assert api["binary_media_types"] == ["image/png"]
    assert api["minimum_compression_size"] == "1024"


def test_domain_is_the_only_way_in_and_the_public_url(gateway: Stack) -> None:
    domain = gateway.resources["aws_api_gateway_domain_name.public"]
    mapping = gateway.resources["aws_api_gateway_base_path_mapping.public"]

    assert gateway.resources["aws_api_gateway_rest_api.public"]["disable_execute_api_endpoint"] is True
    assert gateway.outputs["public_url"] == "https://api.example.com/v1"
    assert "execute_api_url" not in gateway.outputs
    assert domain["endpoint_configuration"] == {"types": ["REGIONAL"]}
    assert domain["security_policy"] == "TLS_1_2"
    assert domain["mutual_tls_authentication"] == {
        "truststore_uri": "s3://trust/clients.pem",
        "truststore_version": "one",
    }
    assert (mapping["base_path"], mapping["stage_name"]) == (
        "v1",
        "${aws_api_gateway_stage.public.stage_name}",
    )


def test_certificate_is_validated_in_the_zone_before_the_domain_uses_it(gateway: Stack) -> None:
    domain = gateway.resources["aws_api_gateway_domain_name.public"]
    record = gateway.resources["aws_route53_record.public_validation"]

    validated = "${aws_acm_certificate_validation.public.certificate_arn}"
    assert domain["regional_certificate_arn"] == validated
    assert record["zone_id"] == ZONE
    assert gateway.resources["aws_acm_certificate.public"]["lifecycle"] == {"create_before_destroy": True}


def test_records_for_both_families_point_at_the_domain(gateway: Stack) -> None:
    records = gateway.of_kind("aws_route53_record")

    assert {name: records[name]["type"] for name in ("public_ipv4", "public_ipv6")} == {
        "public_ipv4": "A",
        "public_ipv6": "AAAA",
    }
    assert records["public_ipv4"]["alias"]["name"] == (
        "${aws_api_gateway_domain_name.public.regional_domain_name}"
    )


def test_given_certificate_and_no_zone_make_no_record(synth: Synth, furnished: Document) -> None:
    furnished["gateway"]["domain"] = {
        "name": "api.example.com",
        "certificate_arn": CERTIFICATE,
        "disable_default_endpoint": False,
    }

    gateway = synth(furnished)["gateway"]

    assert not gateway.of_kind("aws_route53_record")
    assert not gateway.of_kind("aws_acm_certificate")
    assert gateway.resources["aws_api_gateway_domain_name.public"]["regional_certificate_arn"] == CERTIFICATE
    assert "disable_execute_api_endpoint" not in gateway.resources["aws_api_gateway_rest_api.public"]
    assert gateway.outputs["public_url"] == "https://api.example.com"
    assert gateway.outputs["execute_api_url"].endswith(".amazonaws.com/live")


def test_web_acl_has_its_rules_in_the_documented_order(gateway: Stack) -> None:
    rules = gateway.resources["aws_wafv2_web_acl.public"]["rule"]

    assert [rule["name"] for rule in rules] == [
        "from-elsewhere",
        "blocked",
        "endpoint-headers",
        "other-headers",
        "rate",
        "AWSManagedRulesCommonRuleSet",
        "AWSManagedRulesKnownBadInputsRuleSet",
    ]
    assert [rule["priority"] for rule in rules] == list(range(7))
    assert {"block" in rule.get("action", {}) for rule in rules[:5]} == {True}
    assert [rule["override_action"] for rule in rules[5:]] == [{"none": {}}] * 2


def test_web_acl_blocks_what_has_other_headers_than_those_allowed(gateway: Stack) -> None:
    rules = gateway.resources["aws_wafv2_web_acl.public"]["rule"]
    (statement,) = [rule["statement"] for rule in rules if rule["name"] == "other-headers"]
    headers = statement["regex_match_statement"]["field_to_match"]["headers"]

    assert (headers["match_scope"], headers["oversize_handling"]) == ("KEY", "MATCH")
    allowed = headers["match_pattern"]["excluded_headers"]
    assert {"Host", "X-Request-Id", "Authorization", "X-Api-Key", "Origin"} <= set(allowed)
    assert [name for name in allowed if name.lower() == "content-type"] == ["Content-Type"]
    assert "x-apigw-api-id" not in allowed


def test_overwritten_headers_are_fixed_on_every_open_path(gateway: Stack) -> None:
    open_paths = [
        body["request_parameters"]
        for body in gateway.of_kind("aws_api_gateway_integration").values()
        if body["type"] == "HTTP_PROXY"
    ]

    assert open_paths
    assert {sent["integration.request.header.X-Forwarded-User"] for sent in open_paths} == {"'nobody'"}


def test_web_acl_stands_before_the_stage(gateway: Stack) -> None:
    association = gateway.resources["aws_wafv2_web_acl_association.public"]

    assert association["resource_arn"] == "${aws_api_gateway_stage.public.arn}"
    assert association["web_acl_arn"] == "${aws_wafv2_web_acl.public.arn}"


def test_existing_web_acl_is_only_associated(synth: Synth, furnished: Document) -> None:
    furnished["gateway"]["web_acl"] = {"existing": WEB_ACL}

    gateway = synth(furnished)["gateway"]

    assert not gateway.of_kind("aws_wafv2_web_acl")
    assert gateway.resources["aws_wafv2_web_acl_association.public"]["web_acl_arn"] == WEB_ACL


def test_canary_leaves_the_deployment_that_is_there_as_it_is(gateway: Stack) -> None:
    stable = gateway.resources["aws_api_gateway_deployment.public"]
    canary = gateway.resources["aws_api_gateway_deployment.public_canary"]
    stage = gateway.resources["aws_api_gateway_stage.public"]

    assert stable["lifecycle"] == {"create_before_destroy": True, "ignore_changes": ["triggers"]}
    assert canary["lifecycle"] == {"create_before_destroy": True}
    assert canary["triggers"] == stable["triggers"]
    assert stage["deployment_id"] == "${aws_api_gateway_deployment.public.id}"
    assert stage["canary_settings"] == {
        "deployment_id": "${aws_api_gateway_deployment.public_canary.id}",
        "percent_traffic": 10,
    }


def test_deletion_protection_is_set_only_where_it_is_asked_for(gateway: Stack, article: Synthesized) -> None:
    assert "enable_deletion_protection" not in article["gateway"].resources["aws_lb.orders"]
    assert gateway.resources["aws_lb.orders"]["enable_deletion_protection"] is True


def test_streaming_is_emitted_only_where_it_is_asked_for(synth: Synth, furnished: Document) -> None:
    before = synth(furnished)["gateway"].resources["aws_api_gateway_integration.orders_get"]
    furnished["minimum_aws_provider"] = "6.25.0"
    del furnished["gateway"]["minimum_compression_bytes"]
    furnished["services"]["orders"]["response_streaming"] = True

    gateway = synth(furnished)["gateway"]

    assert "response_transfer_mode" not in before
    assert gateway.resources["aws_api_gateway_integration.orders_get"]["response_transfer_mode"] == "STREAM"
    assert "aws_api_gateway_integration.orders_get.response_transfer_mode" in gateway.triggers("public")


def test_new_load_balancer_is_complete_before_the_stage_moves_and_the_old_one_goes(
    article: Synthesized,
) -> None:
    gateway = article["gateway"].resources

    # A target group belongs to one load balancer, so a new one of these has a new one of those.
    assert gateway["aws_lb_target_group.orders"]["lifecycle"] == {
        "create_before_destroy": True,
        "replace_triggered_by": ["aws_lb.orders.arn"],
    }
    for address in ("aws_lb_listener.orders", "aws_lb_target_group_attachment.orders_a"):
        assert gateway[address]["lifecycle"] == {"create_before_destroy": True}
    assert gateway["aws_lb_listener.orders"]["depends_on"] == [
        "aws_lb_target_group_attachment.orders_a",
        "aws_lb_target_group_attachment.orders_b",
    ]


def test_endpoint_admits_former_addresses_after_the_rules_that_had_them_have_changed(
    synth: Synth, document: Document
) -> None:
    document["services"]["orders"]["load_balancer"] = {
        "addresses": {"a": "10.0.0.30", "b": "10.0.1.30"},
        "former_addresses": ["10.0.0.10", "10.0.1.10"],
    }

    rules = synth(document)["service-orders"].of_kind("aws_vpc_security_group_ingress_rule")

    assert {name: body["cidr_ipv4"] for name, body in rules.items()} == {
        "execute_api_from_a": "10.0.0.30/32",
        "execute_api_from_b": "10.0.1.30/32",
        "execute_api_from_former_10-0-0-10": "10.0.0.10/32",
        "execute_api_from_former_10-0-1-10": "10.0.1.10/32",
    }
    assert rules["execute_api_from_former_10-0-0-10"]["depends_on"] == [
        "aws_vpc_security_group_ingress_rule.execute_api_from_a",
        "aws_vpc_security_group_ingress_rule.execute_api_from_b",
    ]


def test_review_has_nothing_to_say_about_a_furnished_door(synth: Synth, furnished: Document) -> None:
    report = review([synth(furnished).outdir])

    assert (report.verdict, report.findings) == (Verdict.PASS, ())
