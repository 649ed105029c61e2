"""The table of what Terraform needs for each kind of resource."""

import json
import re

import pytest

from constructs_lib.deploy_permissions import GRANTS
from constructs_lib.deploy_policy import LARGEST_POLICY, Scope, UnknownKindError, render_policies
from tests.emitted import emitted

SCOPE = Scope(topology="article", account_id="111111111111", region="eu-west-1")


def statements(*kinds: str) -> list[dict[str, object]]:
    return [each for policy in render_policies(kinds, SCOPE) for each in json.loads(policy)["Statement"]]


def test_every_kind_of_resource_that_is_emitted_is_in_the_table() -> None:
    assert emitted() - set(GRANTS) == set()


def test_a_kind_that_is_not_in_the_table_is_an_error_and_not_a_role_that_cannot_deploy() -> None:
    with pytest.raises(UnknownKindError, match="says nothing about aws_sqs_queue"):
        render_policies(["aws_lb", "aws_sqs_queue"], SCOPE)


def test_what_is_not_of_aws_needs_nothing() -> None:
    assert render_policies(["terraform_data", "terraform_remote_state"], SCOPE) == []


def test_each_policy_is_within_the_limit_and_nothing_is_lost_between_them() -> None:
    policies = render_policies(GRANTS, SCOPE)

    assert len(policies) <= 10
    assert max(len(policy) for policy in policies) <= LARGEST_POLICY
    allowed = {action for each in statements(*GRANTS) for action in each["Action"]}
    assert allowed == {action for grants in GRANTS.values() for each in grants for action in each.actions}


def test_no_action_is_a_pattern() -> None:
    assert [action for each in statements(*GRANTS) for action in each["Action"] if "*" in action] == []


def test_changes_are_restricted_to_resources_wherever_aws_can() -> None:
    reads = re.compile(r"\w+:(Describe|List|Get)\w*")
    everywhere = {
        action
        for each in statements(*GRANTS)
        if each["Resource"] == ["*"]
        for action in each["Action"]
        if not reads.fullmatch(action)
    }

    assert everywhere == {
        "acm:RequestCertificate",
        "apigateway:AddCertificateToDomain",
        "ec2:CreateVpcEndpointServiceConfiguration",
        "ec2:DeleteVpcEndpointServiceConfigurations",
        "ec2:ModifyVpcEndpointServicePermissions",
        "lambda:DeleteLayerVersion",
        "lambda:PublishLayerVersion",
        "logs:CreateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:PutResourcePolicy",
        "logs:UpdateLogDelivery",
        "ram:CreateResourceShare",
    }


def test_roles_can_be_handed_only_to_the_services_that_use_them() -> None:
    passed = [each for each in statements(*GRANTS) if each["Action"] == ["iam:PassRole"]]

    services = {each["Condition"]["StringEquals"]["iam:PassedToService"] for each in passed}
    assert services == {"apigateway.amazonaws.com", "lambda.amazonaws.com", "vpc-flow-logs.amazonaws.com"}
    assert {resource for each in passed for resource in each["Resource"]} == {
        "arn:aws:iam::111111111111:role/article-*"
    }


def test_a_role_cannot_touch_roles_of_another_estate() -> None:
    arns = {
        resource
        for each in statements(*GRANTS)
        if any(action.startswith("iam:") for action in each["Action"])
        for resource in each["Resource"]
    }

    assert all("/article-*" in arn or "/aws-service-role/" in arn for arn in arns)


def test_arns_are_of_the_partition_of_the_region() -> None:
    scope = Scope(topology="article", account_id="111111111111", region="us-gov-west-1")

    text = "".join(render_policies(GRANTS, scope))

    assert "arn:aws-us-gov:" in text
    assert "arn:aws:" not in text
