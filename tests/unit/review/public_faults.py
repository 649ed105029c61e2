"""Faults of the public API: entry, authorizer, integration. Each with the check that names it."""

import json

from tests.unit.review.article import Change, G, S
from tests.unit.review.edits import (
    INTEGRATION,
    METHOD,
    PRIVATE,
    PRIVATE_ID,
    PUBLIC,
    second_api,
    triggers,
    uri,
    without_parameter,
)

ENTRY: dict[str, tuple[Change, str]] = {
    "public_api_is_private": (
        lambda a: a.set(G, PUBLIC, endpoint_configuration={"types": ["PRIVATE"]}),
        "HW101",
    ),
    "no_stage": (lambda a: a.drop(G, "aws_api_gateway_stage.public"), "HW102"),
    "no_greedy_route": (
        lambda a: a.drop(G, METHOD, INTEGRATION, "aws_api_gateway_resource.public_proxy-plus"),
        "HW103",
    ),
    "root_is_not_routed": (
        lambda a: (
            a.drop(G, "aws_api_gateway_method.orders", "aws_api_gateway_integration.orders"),
            a.set(
                S,
                "aws_api_gateway_method.private_get_test",
                resource_id="${" + PRIVATE + ".root_resource_id}",
            ),
            a.set(
                S,
                "aws_api_gateway_integration.private_get_test",
                resource_id="${" + PRIVATE + ".root_resource_id}",
            ),
        ),
        "HW103",
    ),
    "only_posts_are_routed": (
        lambda a: (a.set(G, METHOD, http_method="POST"), a.set(G, INTEGRATION, http_method="POST")),
        "HW103",
    ),
    "deployment_before_the_routes": (
        lambda a: triggers(a, G, "public", "${sha1(jsonencode([aws_api_gateway_vpc_link.orders.id]))}"),
        "HW104",
    ),
    "default_endpoint_disabled": (lambda a: a.set(G, PUBLIC, disable_execute_api_endpoint=True), "HW105"),
    "endpoint_condition_on_the_public_api": (
        lambda a: a.set(
            G,
            PUBLIC,
            policy=json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": "*",
                            "Action": "execute-api:Invoke",
                            "Resource": "*",
                        },
                        {
                            "Effect": "Deny",
                            "Principal": "*",
                            "Action": "execute-api:Invoke",
                            "Resource": "*",
                            "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}},
                        },
                    ],
                }
            ),
        ),
        "HW106",
    ),
}

AUTHORIZER: dict[str, tuple[Change, str]] = {
    "no_authorizer_id": (lambda a: a.set(G, METHOD, authorizer_id=None), "HW201"),
    "authorizer_of_another_type": (lambda a: a.set(G, METHOD, authorization="COGNITO_USER_POOLS"), "HW201"),
    "authorizer_of_another_api": (
        lambda a: (
            a.add(G, "aws_api_gateway_rest_api.other", name="other"),
            a.set(
                G, "aws_api_gateway_authorizer.authorizer", rest_api_id="${aws_api_gateway_rest_api.other.id}"
            ),
        ),
        "HW201",
    ),
    "no_user_pool": (
        lambda a: (
            a.set(G, METHOD, authorization="COGNITO_USER_POOLS"),
            a.set(G, "aws_api_gateway_authorizer.authorizer", type="COGNITO_USER_POOLS", authorizer_uri=None),
        ),
        "HW208",
    ),
    "no_permission": (lambda a: a.drop(G, "aws_lambda_permission.authorizer"), "HW202"),
    "permission_for_another_api": (
        lambda a: a.set(
            G, "aws_lambda_permission.authorizer", source_arn="${" + PUBLIC + ".execution_arn}/*/GET/x"
        ),
        "HW202",
    ),
    "permission_for_another_service": (
        lambda a: a.set(G, "aws_lambda_permission.authorizer", principal="events.amazonaws.com"),
        "HW202",
    ),
    "arn_in_place_of_invoke_arn": (
        lambda a: a.set(
            G, "aws_api_gateway_authorizer.authorizer", authorizer_uri="${aws_lambda_function.authorizer.arn}"
        ),
        "HW204",
    ),
    "caches_by_nothing": (
        lambda a: a.set(G, "aws_api_gateway_authorizer.authorizer", identity_source=""),
        "HW205",
    ),
}

INTEGRATIONS: dict[str, tuple[Change, str]] = {
    "over_the_internet": (lambda a: a.set(G, INTEGRATION, connection_type="INTERNET"), "HW301"),
    "no_connection_type": (lambda a: a.set(G, INTEGRATION, connection_type=None), "HW301"),
    "no_connection_id": (lambda a: a.set(G, INTEGRATION, connection_id=None), "HW301"),
    "no_integration_method": (lambda a: a.set(G, INTEGRATION, integration_http_method=None), "HW301"),
    "host_of_the_load_balancer": (
        lambda a: uri(a, PRIVATE_ID + ".execute-api.eu-west-1.amazonaws.com", "${aws_lb.orders.dns_name}"),
        "HW303",
    ),
    "host_of_the_endpoint_and_no_header": (
        lambda a: (
            uri(a, PRIVATE_ID + ".execute-api", "vpce-0aaa-bbbb.execute-api"),
            without_parameter(a, "integration.request.header.x-apigw-api-id"),
        ),
        "HW304",
    ),
    "path_not_mapped": (lambda a: without_parameter(a, "integration.request.path.proxy"), "HW305"),
    "header_of_another_api": (
        lambda a: (
            second_api(a),
            a.stacks[S]["output"].update(other={"value": "${aws_api_gateway_rest_api.other.id}"}),
            a.at(G, INTEGRATION)["request_parameters"].update(
                {
                    "integration.request.header.x-apigw-api-id": (
                        "'${data.terraform_remote_state.service-orders.outputs.other}'"
                    )
                }
            ),
        ),
        "HW306",
    ),
    "fixed_value_without_quotes": (
        lambda a: a.at(G, INTEGRATION)["request_parameters"].update(
            {"integration.request.header.x-team": "orders"}
        ),
        "HW314",
    ),
    "target_with_a_link_of_the_first_kind": (
        lambda a: a.set(G, INTEGRATION, integration_target="${aws_lb.orders.arn}"),
        "HW317",
    ),
    "parameter_not_declared": (lambda a: a.set(G, METHOD, request_parameters={}), "HW308"),
    "another_region": (lambda a: uri(a, "eu-west-1", "eu-central-1"), "HW310"),
    "host_names_an_endpoint_without_association": (
        lambda a: (
            a.stacks[S]["output"].update(ep={"value": "${aws_vpc_endpoint.execute_api.id}"}),
            uri(a, ".execute-api", "-${data.terraform_remote_state.service-orders.outputs.ep}.execute-api"),
            a.set(S, PRIVATE, endpoint_configuration={"types": ["PRIVATE"]}),
        ),
        "HW311",
    ),
}
