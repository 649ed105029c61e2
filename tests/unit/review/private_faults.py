"""Faults of the private API and what is behind it. Each with the check that names it."""

from tests.unit.review.article import Change, F, S
from tests.unit.review.edits import POLICY, PRIVATE, deny_unless, function, second_api, triggers, uri

PRIVATES: dict[str, tuple[Change, str]] = {
    "private_api_is_regional": (
        lambda a: a.at(S, PRIVATE)["endpoint_configuration"].update(types=["REGIONAL"]),
        "HW802",
    ),
    "policy_names_another_endpoint": (
        lambda a: (
            a.add(S, "aws_vpc_endpoint.other", service_name="com.amazonaws.eu-west-1.s3", vpc_id="vpc-1"),
            deny_unless(a, "StringNotEquals", "aws:SourceVpce", ["${aws_vpc_endpoint.other.id}"]),
        ),
        "HW804",
    ),
    "policy_names_another_vpc": (
        lambda a: (
            a.stacks[F]["output"].update(edge={"value": "${aws_vpc.edge.id}"}),
            deny_unless(
                a,
                "StringNotEquals",
                "aws:SourceVpc",
                "${data.terraform_remote_state.foundation.outputs.edge}",
            ),
        ),
        "HW804",
    ),
    "policy_asks_for_an_organization": (
        lambda a: deny_unless(a, "StringNotEquals", "aws:PrincipalOrgID", "o-1"),
        "HW804",
    ),
    "policy_admits_addresses_of_the_far_vpc": (
        lambda a: deny_unless(a, "NotIpAddress", "aws:VpcSourceIp", "10.1.0.0/16"),
        "HW804",
    ),
    "policy_allows_another_stage": (
        lambda a: a.policy(S, POLICY, lambda p: p["Statement"][0].update(Resource="execute-api:/v2/*")),
        "HW804",
    ),
    "policy_allows_an_account_only": (
        lambda a: a.policy(
            S, POLICY, lambda p: p["Statement"][0].update(Principal={"AWS": "arn:aws:iam::111111111111:root"})
        ),
        "HW804",
    ),
    "policy_has_the_condition_the_wrong_way_round": (
        lambda a: deny_unless(a, "StringEquals", "aws:SourceVpce", ["${aws_vpc_endpoint.execute_api.id}"]),
        "HW804",
    ),
    "another_stage": (lambda a: uri(a, "/v1/", "/prod/"), "HW806"),
    "no_stage_in_the_uri": (lambda a: uri(a, "/v1/", "/"), "HW806"),
    "stage_serves_another_api": (
        lambda a: (
            second_api(a),
            a.add(S, "aws_api_gateway_deployment.other", rest_api_id="${aws_api_gateway_rest_api.other.id}"),
            a.set(S, "aws_api_gateway_stage.private", deployment_id="${aws_api_gateway_deployment.other.id}"),
        ),
        "HW807",
    ),
    "path_prefix_that_the_private_api_does_not_have": (lambda a: uri(a, "/v1/", "/v1/orders/"), "HW808"),
    "deployment_before_the_route": (
        lambda a: triggers(a, S, "private", "${sha1(aws_api_gateway_rest_api_policy.private.policy)}"),
        "HW809",
    ),
    "deployment_before_the_policy": (
        lambda a: a.put("aws_api_gateway_rest_api_policy.private.policy, ", "", S),
        "HW810",
    ),
    "private_route_wants_a_signature": (
        lambda a: a.set(S, "aws_api_gateway_method.private_get_test", authorization="AWS_IAM"),
        "HW811",
    ),
}

BACKENDS: dict[str, tuple[Change, str]] = {
    "no_request_template": (
        lambda a: a.set(S, "aws_api_gateway_integration.private_get_test", request_templates=None),
        "HW902",
    ),
    "no_integration_response": (
        lambda a: a.drop(S, "aws_api_gateway_integration_response.private_get_test"),
        "HW902",
    ),
    "function_without_permission": (
        lambda a: (
            function(a),
            a.set(
                S,
                "aws_api_gateway_integration.private_get_test",
                type="AWS_PROXY",
                integration_http_method="POST",
                uri="${aws_lambda_function.f.invoke_arn}",
            ),
        ),
        "HW903",
    ),
    "function_asked_with_get": (
        lambda a: (
            function(a),
            a.set(
                S,
                "aws_api_gateway_integration.private_get_test",
                type="AWS_PROXY",
                integration_http_method="GET",
                uri="${aws_lambda_function.f.invoke_arn}",
            ),
        ),
        "HW903",
    ),
}
