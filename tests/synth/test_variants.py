"""What other topologies than the article's change, and what they leave alone."""

import json

import pytest

from tests.synth.synthesized import Document, Synth, Synthesized

KEPT_APART = ["aws_lb", "aws_lb_target_group", "aws_api_gateway_vpc_link", "aws_security_group"]


def test_pinned_gateway_sets_the_header_whatever_the_caller_sends(synth: Synth, document: Document) -> None:
    document["gateway"]["api_id_header"] = "pinned"

    gateway = synth(document)["gateway"]

    for integration in gateway.of_kind("aws_api_gateway_integration").values():
        value = integration["request_parameters"]["integration.request.header.x-apigw-api-id"]
        assert value == (
            "'${data.terraform_remote_state.service-orders.outputs."
            "cross-stack-output-aws_api_gateway_rest_api-private-id}'"
        )
    for method in gateway.of_kind("aws_api_gateway_method").values():
        assert "method.request.header.x-apigw-api-id" not in method.get("request_parameters", {})
        assert "request_validator_id" not in method
    assert not gateway.of_kind("aws_api_gateway_request_validator")


@pytest.mark.parametrize("api_id_header", ["pinned", "passthrough"])
@pytest.mark.parametrize("authorizer", ["none", {"lambda": {}}])
def test_trigger_is_complete_however_the_gateway_is_set(
    synth: Synth, two_services: Document, api_id_header: str, authorizer: object
) -> None:
    two_services["gateway"].update(api_id_header=api_id_header, authorizer=authorizer)

    synthesized = synth(two_services)

    assert synthesized["gateway"].triggers("public") == synthesized["gateway"].snapshot
    assert synthesized["service-billing"].triggers("private") == synthesized["service-billing"].snapshot


def test_names_of_networks_and_services_are_the_users_own(synth: Synth, document: Document) -> None:
    document["networks"]["transit"] = document["networks"].pop("edge")
    document["gateway"]["network"] = "transit"
    document["services"]["authorizer"] = document["services"].pop("orders")

    synthesized = synth(document)

    assert "aws_vpc.transit" in synthesized["foundation"].addresses
    assert "aws_lb.authorizer" in synthesized["gateway"].addresses


def test_without_authorizer_nothing_of_it_is_left(synth: Synth, document: Document) -> None:
    document["gateway"]["authorizer"] = "none"

    gateway = synth(document)["gateway"]

    kinds = set(gateway.document["resource"])
    assert not {kind for kind in kinds if kind.startswith(("aws_lambda", "aws_iam", "aws_secretsmanager"))}
    assert "aws_api_gateway_authorizer" not in kinds
    assert {method["authorization"] for method in gateway.of_kind("aws_api_gateway_method").values()} == {
        "NONE"
    }
    assert "clients_secret_arn" not in gateway.outputs


def test_authorizer_settings_reach_function_and_authorizer(synth: Synth, document: Document) -> None:
    document["gateway"]["authorizer"] = {
        "lambda": {"result_ttl_seconds": 0, "timeout_seconds": 7, "memory_megabytes": 512}
    }

    gateway = synth(document)["gateway"].resources

    assert gateway["aws_api_gateway_authorizer.authorizer"]["authorizer_result_ttl_in_seconds"] == 0
    assert gateway["aws_lambda_function.authorizer"]["timeout"] == 7
    assert gateway["aws_lambda_function.authorizer"]["memory_size"] == 512


def test_listed_apis_are_let_through_the_endpoint_as_well(synth: Synth, document: Document) -> None:
    document["services"]["orders"]["endpoint"]["allowed_api_ids"] = ["abcdefghij"]

    policy = synth(document)["service-orders"].policy("aws_vpc_endpoint_policy.execute_api")

    assert policy["Statement"][0]["Resource"] == [
        "${aws_api_gateway_rest_api.private.execution_arn}/*",
        "arn:aws:execute-api:eu-west-1:222222222222:abcdefghij/*",
    ]


def test_addresses_of_the_users_choice_reach_every_rule_and_target(synth: Synth, document: Document) -> None:
    document["services"]["orders"]["endpoint"]["addresses"] = {"a": "10.1.0.77"}
    document["services"]["orders"]["load_balancer"] = {"addresses": {"b": "10.0.1.99"}}

    synthesized = synth(document)

    service, gateway = synthesized["service-orders"], synthesized["gateway"]
    endpoint = ["10.1.0.77", "10.1.1.10"]
    balancer = ["10.0.0.10", "10.0.1.99"]
    configuration = service.resources["aws_vpc_endpoint.execute_api"]["subnet_configuration"]
    ingress = service.of_kind("aws_vpc_security_group_ingress_rule").values()
    mapping = gateway.resources["aws_lb.orders"]["subnet_mapping"]
    egress = gateway.of_kind("aws_vpc_security_group_egress_rule").values()
    targets = gateway.of_kind("aws_lb_target_group_attachment").values()
    assert [entry["ipv4"] for entry in configuration] == endpoint
    assert [target["target_id"] for target in targets] == endpoint
    assert [rule["cidr_ipv4"] for rule in egress] == [f"{address}/32" for address in endpoint]
    assert [entry["private_ipv4_address"] for entry in mapping] == balancer
    assert [rule["cidr_ipv4"] for rule in ingress] == [f"{address}/32" for address in balancer]
    assert service.outputs["vpc_endpoint_addresses"] == endpoint


def test_endpoint_beside_the_load_balancer_needs_no_transit(synth: Synth, document: Document) -> None:
    document["services"]["orders"]["endpoint"] = {"placement": "gateway"}
    del document["transit"]
    del document["networks"]["orders"]

    synthesized = synth(document)

    service, gateway = synthesized["service-orders"].resources, synthesized["gateway"]
    assert service["aws_vpc_endpoint.execute_api"]["provider"] == "aws.edge"
    assert service["aws_vpc_endpoint_policy.execute_api"]["provider"] == "aws.edge"
    assert service["aws_api_gateway_rest_api.private"]["provider"] == "aws.orders"
    targets = gateway.of_kind("aws_lb_target_group_attachment").values()
    assert [target["target_id"] for target in targets] == ["10.0.0.20", "10.0.1.20"]
    assert all("availability_zone" not in target for target in targets)
    assert not [address for address in synthesized["foundation"].addresses if "transit" in address]


def test_existing_networks_and_transit_get_attachments_and_routes_only(
    synth: Synth, existing: Document
) -> None:
    foundation = synth(existing)["foundation"]

    assert foundation.addresses == [
        "aws_ec2_transit_gateway_vpc_attachment.edge",
        "aws_ec2_transit_gateway_vpc_attachment.orders",
        "aws_ec2_transit_gateway_vpc_attachment_accepter.orders",
        "aws_route.edge_to_orders_rtb-eeeeeeea",
        "aws_route.edge_to_orders_rtb-eeeeeeeb",
        "aws_route.orders_to_edge_rtb-0000000a",
        "aws_route.orders_to_edge_rtb-0000000b",
    ]
    attachment = foundation.resources["aws_ec2_transit_gateway_vpc_attachment.orders"]
    assert attachment["transit_gateway_id"] == "tgw-12345678"
    assert attachment["vpc_id"] == "vpc-00000000"
    assert attachment["subnet_ids"] == ["subnet-0000000a", "subnet-0000000b"]
    assert foundation.outputs["vpc_ids"] == {"edge": "vpc-eeeeeeee", "orders": "vpc-00000000"}


def test_gateway_that_accepts_by_itself_needs_no_accepter(synth: Synth, existing: Document) -> None:
    del existing["transit"]["existing"]["account"]

    foundation = synth(existing)["foundation"]

    assert not foundation.of_kind("aws_ec2_transit_gateway_vpc_attachment_accepter")
    assert foundation.of_kind("aws_route")["orders_to_edge_rtb-0000000a"]["depends_on"] == [
        "aws_ec2_transit_gateway_vpc_attachment.orders"
    ]


def test_existing_subnet_without_route_table_is_left_to_its_owner(synth: Synth, existing: Document) -> None:
    for subnet in existing["networks"]["orders"]["existing"]["subnets"].values():
        del subnet["route_table_id"]

    routes = synth(existing)["foundation"].of_kind("aws_route")

    assert {route["provider"] for route in routes.values()} == {"aws.edge"}


def test_networks_that_reach_each_other_already_leave_nothing_to_create(
    synth: Synth, existing: Document
) -> None:
    existing["transit"] = {"routed": True}

    synthesized = synth(existing)

    assert list(synthesized.manifest["stacks"]) == ["gateway", "service-orders"]
    assert synthesized.manifest["stacks"]["gateway"]["dependencies"] == ["service-orders"]
    assert "data.terraform_remote_state.foundation" not in synthesized["gateway"].addresses
    assert synthesized["gateway"].resources["aws_lb_target_group.orders"]["vpc_id"] == "vpc-eeeeeeee"


def test_within_an_organization_shares_need_no_acceptance(synth: Synth, document: Document) -> None:
    document["transit"]["create"]["within_organization"] = True

    foundation = synth(document)["foundation"]

    assert not foundation.of_kind("aws_ram_resource_share_accepter")
    assert foundation.resources["aws_ram_resource_share.transit"]["allow_external_principals"] is False
    assert foundation.resources["aws_ec2_transit_gateway_vpc_attachment.orders"]["depends_on"] == [
        "aws_ram_resource_association.transit",
        "aws_ram_principal_association.transit_orders",
    ]


def test_one_account_needs_no_share_and_accepts_from_nobody(synth: Synth, document: Document) -> None:
    document["networks"]["orders"]["account"] = "edge"
    document["services"]["orders"]["account"] = "edge"
    del document["accounts"]["orders"]

    foundation = synth(document)["foundation"]

    assert not [kind for kind in foundation.document["resource"] if kind.startswith("aws_ram")]
    assert not foundation.of_kind("aws_ec2_transit_gateway_vpc_attachment_accepter")
    attachment = foundation.resources["aws_ec2_transit_gateway_vpc_attachment.orders"]
    assert attachment["transit_gateway_default_route_table_association"] is False


def test_services_cannot_reach_each_other(synth: Synth, two_services: Document) -> None:
    foundation = synth(two_services)["foundation"]

    assert sorted(foundation.of_kind("aws_route")) == [
        "billing_to_edge",
        "edge_to_billing",
        "edge_to_orders",
        "orders_to_edge",
    ]
    propagations = foundation.of_kind("aws_ec2_transit_gateway_route_table_propagation")
    associations = foundation.of_kind("aws_ec2_transit_gateway_route_table_association")
    announced = {
        name: body["transit_gateway_route_table_id"] for name, body in propagations.items() if name != "edge"
    }
    used = {
        name: body["transit_gateway_route_table_id"] for name, body in associations.items() if name != "edge"
    }
    assert set(announced.values()).isdisjoint(used.values())


@pytest.mark.parametrize("kind", KEPT_APART)
def test_each_service_has_its_own(synth: Synth, two_services: Document, kind: str) -> None:
    assert sorted(synth(two_services)["gateway"].of_kind(kind)) == ["billing", "orders"]


def test_names_do_not_stand_in_the_way_of_a_replacement_that_is_made_first(article: Synthesized) -> None:
    for kind in ("aws_lb", "aws_lb_target_group", "aws_security_group", "aws_iam_role"):
        for body in article["gateway"].of_kind(kind).values():
            assert "name" not in body
            assert body["name_prefix"].endswith("-")


def test_changed_address_replaces_the_load_balancer_and_an_added_one_does_not(article: Synthesized) -> None:
    gateway = article["gateway"]

    # Terraform takes a change of these for a reason to replace, and their creation for none.
    # https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#replace_triggered_by
    assert {name: body["input"] for name, body in gateway.of_kind("terraform_data").items()} == {
        "orders_a": "10.0.0.10",
        "orders_b": "10.0.1.10",
    }
    assert gateway.resources["aws_lb.orders"]["lifecycle"] == {
        "replace_triggered_by": ["terraform_data.orders_a", "terraform_data.orders_b"]
    }


@pytest.mark.parametrize("service", ["a", "price-list-for-the-shop1", "internal"])
def test_names_keep_within_the_limits_of_aws(synth: Synth, document: Document, service: str) -> None:
    document["name"] = "a-name-of-24-characters1"
    document["services"] = {service: document["services"]["orders"]}

    gateway = synth(document)["gateway"].resources

    # Terraform adds 26 characters to a prefix.
    assert len(gateway[f"aws_lb.{service}"]["name_prefix"]) <= 32 - 26
    assert len(gateway[f"aws_lb_target_group.{service}"]["name_prefix"]) <= 32 - 26
    assert not gateway[f"aws_lb.{service}"]["name_prefix"].startswith("internal-")
    assert len(gateway["aws_iam_role.authorizer"]["name_prefix"]) <= 64 - 26
    assert len(gateway["aws_lambda_function.authorizer"]["function_name"]) <= 64


def test_second_service_changes_nothing_of_the_first(
    synth: Synth, article: Synthesized, two_services: Document
) -> None:
    both = synth(two_services)

    assert both["service-orders"].text == article["service-orders"].text
    for stack in ("foundation", "gateway"):
        assert set(article[stack].addresses) <= set(both[stack].addresses)
        moved = {
            address
            for address, body in article[stack].resources.items()
            if both[stack].resources[address] != body
        }
        # What is added to an API has to be deployed, and served.
        assert moved <= {"aws_api_gateway_deployment.public", "aws_api_gateway_stage.public"}


def test_nested_path_gets_its_resources_and_keeps_the_rest_for_the_private_api(
    synth: Synth, two_services: Document
) -> None:
    gateway = synth(two_services)["gateway"]

    parts = {
        name: (body["parent_id"], body["path_part"])
        for name, body in gateway.of_kind("aws_api_gateway_resource").items()
    }
    assert parts == {
        "public_billing": ("${aws_api_gateway_rest_api.public.root_resource_id}", "billing"),
        "public_billing_v2": ("${aws_api_gateway_resource.public_billing.id}", "v2"),
        "public_billing_v2_proxy-plus": ("${aws_api_gateway_resource.public_billing_v2.id}", "{proxy+}"),
        "public_proxy-plus": ("${aws_api_gateway_rest_api.public.root_resource_id}", "{proxy+}"),
    }
    uris = {name: body["uri"] for name, body in gateway.of_kind("aws_api_gateway_integration").items()}
    assert uris["billing"].endswith("/v1/")
    assert uris["billing_proxy"].endswith("/v1/{proxy}")


def test_routes_with_a_common_start_share_its_resource(synth: Synth, document: Document) -> None:
    mock = {"status": 200}
    document["services"]["orders"]["api"]["routes"] = [
        {"method": "GET", "path": "/", "mock": mock},
        {"method": "GET", "path": "/orders/{id}", "mock": mock},
        {"method": "DELETE", "path": "/orders/{id}", "mock": mock},
        {"method": "ANY", "path": "/orders/{id}/lines/{rest+}", "mock": mock},
    ]

    service = synth(document)["service-orders"]

    assert sorted(service.of_kind("aws_api_gateway_resource")) == [
        "private_orders",
        "private_orders_by-id",
        "private_orders_by-id_lines",
        "private_orders_by-id_lines_rest-plus",
    ]
    assert sorted(service.of_kind("aws_api_gateway_method")) == [
        "private_any_orders_by-id_lines_rest-plus",
        "private_delete_orders_by-id",
        "private_get",
        "private_get_orders_by-id",
    ]


def test_mock_without_a_body_answers_none(synth: Synth, two_services: Document) -> None:
    service = synth(two_services)["service-billing"]

    response = service.resources["aws_api_gateway_integration_response.private_any_proxy-plus"]
    assert response["status_code"] == "${aws_api_gateway_method_response.private_any_proxy-plus.status_code}"
    assert "response_templates" not in response
    assert service.resources["aws_api_gateway_integration.private_any_proxy-plus"]["request_templates"] == {
        "application/json": '{"statusCode": 204}'
    }


def test_body_means_to_velocity_and_terraform_what_it_says(synth: Synth, document: Document) -> None:
    body = {"price": "$5", "note": "${x} %{y} #set($a = 1) \\$z"}
    document["services"]["orders"]["api"]["routes"][0]["mock"]["body"] = body

    response = synth(document)["service-orders"].resources[
        "aws_api_gateway_integration_response.private_get_test"
    ]

    text = response["response_templates"]["application/json"]
    assert not set("$#%") & set(text)
    assert json.loads(text) == body


def test_china_has_its_own_names(synth: Synth, document: Document) -> None:
    for account in document["accounts"].values():
        account["region"] = "cn-north-1"
        account["deploy_role"] = account["deploy_role"].replace("arn:aws:", "arn:aws-cn:")
    for network in document["networks"].values():
        for index, subnet in enumerate(network["create"]["subnets"].values(), 1):
            subnet["availability_zone_id"] = f"cnn1-az{index}"
    document["services"]["orders"]["endpoint"]["allowed_api_ids"] = ["abcdefghij"]

    synthesized = synth(document)

    service = synthesized["service-orders"]
    endpoint = service.resources["aws_vpc_endpoint.execute_api"]
    assert endpoint["service_name"] == "cn.com.amazonaws.cn-north-1.execute-api"
    policy = service.policy("aws_vpc_endpoint_policy.execute_api")
    assert policy["Statement"][0]["Resource"][1].startswith("arn:aws-cn:execute-api:cn-north-1:")
    assert ".execute-api.cn-north-1.amazonaws.com.cn/" in synthesized["gateway"].outputs["public_url"]
