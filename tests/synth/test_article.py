"""The article's path, as Terraform will build it."""

import pytest

from tests.synth.synthesized import Synthesized

ORDERS_API = (
    "data.terraform_remote_state.service-orders.outputs."
    "cross-stack-output-aws_api_gateway_rest_api-private-id"
)


def test_stacks_are_foundation_then_service_then_gateway(article: Synthesized) -> None:
    dependencies = {name: sorted(entry["dependencies"]) for name, entry in article.manifest["stacks"].items()}

    assert dependencies == {
        "foundation": [],
        "service-orders": ["foundation"],
        "gateway": ["foundation", "service-orders"],
    }


def test_networks_have_no_way_to_the_internet(article: Synthesized) -> None:
    kinds = set(article["foundation"].document["resource"])

    assert not kinds & {"aws_internet_gateway", "aws_nat_gateway", "aws_egress_only_internet_gateway"}


def test_zones_are_named_by_id_since_names_differ_between_accounts(article: Synthesized) -> None:
    subnets = article["foundation"].of_kind("aws_subnet")

    assert {name: subnet["availability_zone_id"] for name, subnet in subnets.items()} == {
        "edge_a": "euw1-az1",
        "edge_b": "euw1-az2",
        "orders_a": "euw1-az1",
        "orders_b": "euw1-az2",
    }


def test_routes_lead_both_ways_and_wait_for_the_attachment(article: Synthesized) -> None:
    routes = article["foundation"].of_kind("aws_route")

    assert {
        name: (route["destination_cidr_block"], route["provider"], route["depends_on"])
        for name, route in routes.items()
    } == {
        "edge_to_orders": (
            "10.1.0.0/16",
            "aws.edge",
            ["aws_ec2_transit_gateway_vpc_attachment.edge"],
        ),
        "orders_to_edge": (
            "10.0.0.0/16",
            "aws.orders",
            ["aws_ec2_transit_gateway_vpc_attachment_accepter.orders"],
        ),
    }


def test_transit_gateway_routes_nothing_by_itself(article: Synthesized) -> None:
    gateway = article["foundation"].resources["aws_ec2_transit_gateway.transit"]

    assert gateway["default_route_table_association"] == "disable"
    assert gateway["default_route_table_propagation"] == "disable"
    assert gateway["auto_accept_shared_attachments"] == "disable"


def test_hub_and_spoke_learn_of_each_other_and_of_nobody_else(article: Synthesized) -> None:
    foundation = article["foundation"]
    hub = "${aws_ec2_transit_gateway_route_table.transit_hub.id}"
    spoke = "${aws_ec2_transit_gateway_route_table.transit_spoke.id}"

    def tables(kind: str):
        return {
            name: body["transit_gateway_route_table_id"] for name, body in foundation.of_kind(kind).items()
        }

    assert tables("aws_ec2_transit_gateway_route_table_association") == {"edge": hub, "orders": spoke}
    assert tables("aws_ec2_transit_gateway_route_table_propagation") == {"edge": spoke, "orders": hub}


def test_share_is_offered_by_the_owner_and_accepted_by_the_other_account(article: Synthesized) -> None:
    foundation = article["foundation"].resources

    assert foundation["aws_ram_principal_association.transit_orders"]["principal"] == "222222222222"
    assert foundation["aws_ram_principal_association.transit_orders"]["provider"] == "aws.edge"
    assert foundation["aws_ram_resource_share_accepter.transit_orders"]["provider"] == "aws.orders"
    assert foundation["aws_ram_resource_share.transit"]["allow_external_principals"] is True
    assert foundation["aws_ec2_transit_gateway_vpc_attachment.orders"]["depends_on"] == [
        "aws_ram_resource_association.transit",
        "aws_ram_resource_share_accepter.transit_orders",
    ]


def test_endpoint_has_pinned_addresses_in_the_subnets_it_lists(article: Synthesized) -> None:
    endpoint = article["service-orders"].resources["aws_vpc_endpoint.execute_api"]

    assert [entry["ipv4"] for entry in endpoint["subnet_configuration"]] == ["10.1.0.10", "10.1.1.10"]
    assert [entry["subnet_id"] for entry in endpoint["subnet_configuration"]] == endpoint["subnet_ids"]
    assert endpoint["service_name"] == "com.amazonaws.eu-west-1.execute-api"
    assert endpoint["private_dns_enabled"] is False


def test_endpoint_admits_the_load_balancer_only(article: Synthesized) -> None:
    rules = article["service-orders"].of_kind("aws_vpc_security_group_ingress_rule")

    assert sorted(
        (rule["cidr_ipv4"], rule["ip_protocol"], rule["from_port"], rule["to_port"])
        for rule in rules.values()
    ) == [("10.0.0.10/32", "tcp", 443, 443), ("10.0.1.10/32", "tcp", 443, 443)]
    assert not article["service-orders"].of_kind("aws_vpc_security_group_egress_rule")


def test_endpoint_policy_names_the_api_and_no_other(article: Synthesized) -> None:
    policy = article["service-orders"].policy("aws_vpc_endpoint_policy.execute_api")

    assert [
        (statement["Effect"], statement["Action"], statement["Resource"]) for statement in policy["Statement"]
    ] == [
        (
            "Allow",
            "execute-api:Invoke",
            ["${aws_api_gateway_rest_api.private.execution_arn}/*"],
        )
    ]


def test_private_api_is_associated_with_the_endpoint(article: Synthesized) -> None:
    api = article["service-orders"].resources["aws_api_gateway_rest_api.private"]

    assert api["endpoint_configuration"] == {
        "types": ["PRIVATE"],
        "vpc_endpoint_ids": ["${aws_vpc_endpoint.execute_api.id}"],
    }
    assert "policy" not in api


def test_resource_policy_denies_whoever_comes_another_way(article: Synthesized) -> None:
    allow, deny = article["service-orders"].policy("aws_api_gateway_rest_api_policy.private")["Statement"]

    assert allow["Effect"] == "Allow"
    assert "Condition" not in allow
    assert deny["Effect"] == "Deny"
    assert deny["Condition"] == {
        "StringNotEquals": {"aws:SourceVpce": ["${aws_vpc_endpoint.execute_api.id}"]}
    }
    assert allow["Resource"] == deny["Resource"] == "${aws_api_gateway_rest_api.private.execution_arn}/*"


def test_mock_answers_the_articles_body(article: Synthesized) -> None:
    orders = article["service-orders"].resources

    assert orders["aws_api_gateway_method.private_get_test"]["http_method"] == "GET"
    assert orders["aws_api_gateway_integration.private_get_test"]["request_templates"] == {
        "application/json": '{"statusCode": 200}'
    }
    assert orders["aws_api_gateway_integration_response.private_get_test"]["response_templates"] == {
        "application/json": '{"response": "integration-successful"}'
    }


@pytest.mark.parametrize(("stack", "api"), [("service-orders", "private"), ("gateway", "public")])
def test_whatever_a_deployment_is_a_snapshot_of_triggers_the_next(
    article: Synthesized, stack: str, api: str
) -> None:
    deployment = article[stack].resources[f"aws_api_gateway_deployment.{api}"]

    assert article[stack].triggers(api) == article[stack].snapshot
    assert deployment["lifecycle"] == {"create_before_destroy": True}


def test_policy_triggers_as_aws_gives_it_back(article: Synthesized) -> None:
    assert "aws_api_gateway_rest_api_policy.private.policy" in article["service-orders"].triggers("private")


def test_every_method_of_the_public_api_goes_through_the_link_to_the_private_host(
    article: Synthesized,
) -> None:
    integrations = article["gateway"].of_kind("aws_api_gateway_integration")

    assert {name: body["uri"] for name, body in integrations.items()} == {
        "orders": f"https://${{{ORDERS_API}}}.execute-api.eu-west-1.amazonaws.com/v1/",
        "orders_proxy": f"https://${{{ORDERS_API}}}.execute-api.eu-west-1.amazonaws.com/v1/{{proxy}}",
    }
    for body in integrations.values():
        assert body["type"] == "HTTP_PROXY"
        assert body["connection_type"] == "VPC_LINK"
        assert body["connection_id"] == "${aws_api_gateway_vpc_link.orders.id}"
        assert body["timeout_milliseconds"] == 29000
    assert (
        integrations["orders_proxy"]["request_parameters"]["integration.request.path.proxy"]
        == "method.request.path.proxy"
    )


def test_the_path_itself_and_what_is_below_it_are_both_methods(article: Synthesized) -> None:
    gateway = article["gateway"]
    methods = gateway.of_kind("aws_api_gateway_method")

    assert methods["orders"]["resource_id"] == "${aws_api_gateway_rest_api.public.root_resource_id}"
    assert methods["orders_proxy"]["resource_id"] == "${aws_api_gateway_resource.public_proxy-plus.id}"
    assert gateway.resources["aws_api_gateway_resource.public_proxy-plus"]["path_part"] == "{proxy+}"
    assert {method["http_method"] for method in methods.values()} == {"ANY"}


def test_passthrough_requires_the_header_and_forwards_it(article: Synthesized) -> None:
    gateway = article["gateway"]

    for method in gateway.of_kind("aws_api_gateway_method").values():
        assert method["request_parameters"]["method.request.header.x-apigw-api-id"] is True
        assert method["request_validator_id"] == "${aws_api_gateway_request_validator.public.id}"
    for integration in gateway.of_kind("aws_api_gateway_integration").values():
        assert (
            integration["request_parameters"]["integration.request.header.x-apigw-api-id"]
            == "method.request.header.x-apigw-api-id"
        )
    validator = gateway.resources["aws_api_gateway_request_validator.public"]
    assert validator["validate_request_parameters"] is True


def test_every_method_asks_the_authorizer(article: Synthesized) -> None:
    methods = article["gateway"].of_kind("aws_api_gateway_method").values()

    assert {(method["authorization"], method["authorizer_id"]) for method in methods} == {
        ("CUSTOM", "${aws_api_gateway_authorizer.authorizer.id}")
    }


def test_authorizer_is_keyed_by_the_token(article: Synthesized) -> None:
    authorizer = article["gateway"].resources["aws_api_gateway_authorizer.authorizer"]

    assert authorizer["type"] == "REQUEST"
    assert authorizer["identity_source"] == "method.request.header.Authorization"
    assert authorizer["authorizer_result_ttl_in_seconds"] == 300
    assert authorizer["authorizer_uri"] == "${aws_lambda_function.authorizer.invoke_arn}"


def test_only_the_authorizer_may_invoke_the_function(article: Synthesized) -> None:
    permission = article["gateway"].resources["aws_lambda_permission.authorizer"]

    assert permission["principal"] == "apigateway.amazonaws.com"
    assert permission["source_arn"] == (
        "${aws_api_gateway_rest_api.public.execution_arn}/authorizers/"
        "${aws_api_gateway_authorizer.authorizer.id}"
    )


def test_function_may_read_its_secret_and_write_its_log_and_nothing_else(article: Synthesized) -> None:
    policy = article["gateway"].policy("aws_iam_role_policy.authorizer")

    assert [(statement["Action"], statement["Resource"]) for statement in policy["Statement"]] == [
        ("secretsmanager:GetSecretValue", "${aws_secretsmanager_secret.authorizer.arn}"),
        (
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            "${aws_cloudwatch_log_group.authorizer.arn}:*",
        ),
    ]


def test_secret_is_created_without_a_value(article: Synthesized) -> None:
    assert "aws_secretsmanager_secret_version" not in article["gateway"].document["resource"]


def test_load_balancer_has_pinned_addresses_and_a_security_group_from_the_start(article: Synthesized) -> None:
    load_balancer = article["gateway"].resources["aws_lb.orders"]

    assert [entry["private_ipv4_address"] for entry in load_balancer["subnet_mapping"]] == [
        "10.0.0.10",
        "10.0.1.10",
    ]
    assert load_balancer["internal"] is True
    assert load_balancer["security_groups"] == ["${aws_security_group.orders.id}"]
    assert load_balancer["enforce_security_group_inbound_rules_on_private_link_traffic"] == "off"
    assert load_balancer["enable_cross_zone_load_balancing"] is True


def test_load_balancer_reaches_the_endpoint_and_admits_nobody(article: Synthesized) -> None:
    gateway = article["gateway"]
    rules = gateway.of_kind("aws_vpc_security_group_egress_rule")

    assert sorted(
        (rule["cidr_ipv4"], rule["ip_protocol"], rule["from_port"], rule["to_port"])
        for rule in rules.values()
    ) == [("10.1.0.10/32", "tcp", 443, 443), ("10.1.1.10/32", "tcp", 443, 443)]
    assert not gateway.of_kind("aws_vpc_security_group_ingress_rule")


def test_targets_are_the_endpoints_addresses_outside_the_vpc(article: Synthesized) -> None:
    targets = article["gateway"].of_kind("aws_lb_target_group_attachment").values()

    assert [(target["target_id"], target["port"], target["availability_zone"]) for target in targets] == [
        ("10.1.0.10", 443, "all"),
        ("10.1.1.10", 443, "all"),
    ]


def test_tls_passes_through_the_load_balancer(article: Synthesized) -> None:
    gateway = article["gateway"].resources

    assert gateway["aws_lb_listener.orders"]["protocol"] == "TCP"
    assert gateway["aws_lb_listener.orders"]["port"] == 443
    group = gateway["aws_lb_target_group.orders"]
    assert (group["target_type"], group["protocol"], group["port"]) == ("ip", "TCP", 443)
    assert group["preserve_client_ip"] == "false"


def test_health_is_asked_over_https_in_less_time_than_between_two_checks(article: Synthesized) -> None:
    check = article["gateway"].resources["aws_lb_target_group.orders"]["health_check"]

    assert (check["protocol"], check["port"], check["path"], check["matcher"]) == (
        "HTTPS",
        "443",
        "/ping",
        "200",
    )
    assert check["timeout"] < check["interval"]


def test_stage_lets_go_of_a_replaced_link_before_the_link_is_deleted(article: Synthesized) -> None:
    gateway = article["gateway"].resources

    assert gateway["aws_api_gateway_stage.public"]["depends_on"] == [
        "aws_api_gateway_vpc_link.orders",
        "aws_lb_listener.orders",
    ]
    assert gateway["aws_api_gateway_vpc_link.orders"]["lifecycle"] == {"create_before_destroy": True}


def test_outputs_are_what_the_verifier_reads(article: Synthesized) -> None:
    assert article["foundation"].outputs == {
        "transit_gateway_id": "${aws_ec2_transit_gateway.transit.id}",
        "vpc_ids": {"edge": "${aws_vpc.edge.id}", "orders": "${aws_vpc.orders.id}"},
    }
    assert article["service-orders"].outputs == {
        "invoke_url": "https://${aws_api_gateway_rest_api.private.id}.execute-api.eu-west-1.amazonaws.com/v1",
        "rest_api_id": "${aws_api_gateway_rest_api.private.id}",
        "stage_name": "${aws_api_gateway_stage.private.stage_name}",
        "vpc_endpoint_addresses": ["10.1.0.10", "10.1.1.10"],
        "vpc_endpoint_id": "${aws_vpc_endpoint.execute_api.id}",
    }
    assert article["gateway"].outputs == {
        "api_id_header": "x-apigw-api-id",
        "clients_secret_arn": "${aws_secretsmanager_secret.authorizer.arn}",
        "load_balancer_arns": {"orders": "${aws_lb.orders.arn}"},
        "private_api_ids": {"orders": f"${{{ORDERS_API}}}"},
        "public_url": "https://${aws_api_gateway_rest_api.public.id}.execute-api.eu-west-1.amazonaws.com/live",
        "rest_api_id": "${aws_api_gateway_rest_api.public.id}",
        "stage_name": "${aws_api_gateway_stage.public.stage_name}",
        "target_group_arns": {"orders": "${aws_lb_target_group.orders.arn}"},
        "vpc_link_ids": {"orders": "${aws_api_gateway_vpc_link.orders.id}"},
    }
