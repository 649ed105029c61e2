"""The role that lets API Gateway write logs, in the settings of an account and region."""

import json
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.api_gateway_account import ApiGatewayAccount
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.names import prefix

ROLE_NAME_PREFIX_LIMIT = 38


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLogRoleProps:
    """What `AccountLogRole` needs."""

    provider: AwsProvider
    """Provider of the account."""
    partition: str
    """AWS partition of its region."""
    account_id: str
    """Id of the account."""
    display_name: str
    """Start of the role's name."""


class AccountLogRole(Construct):
    """What API Gateway needs before any stage of an account may write logs.

    Terraform: `aws_api_gateway_account`, `aws_iam_role`, `aws_iam_role_policy_attachment`.
    There is one such setting for account and region: two owners would take it from each other.
    Version 5 of the provider leaves the setting behind when it is destroyed, version 6 takes it out.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
    """

    def __init__(self, scope: Construct, id_: str, props: AccountLogRoleProps) -> None:
        super().__init__(scope, id_)
        role = IamRole(
            self,
            "Role",
            provider=props.provider,
            name_prefix=prefix(f"{props.display_name}-api-logs", ROLE_NAME_PREFIX_LIMIT),
            assume_role_policy=_render_trust(props.account_id),
        )
        attachment = IamRolePolicyAttachment(
            self,
            "Permissions",
            provider=props.provider,
            role=role.name,
            policy_arn=(
                f"arn:{props.partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
            ),
        )
        ApiGatewayAccount(
            self,
            "Account",
            provider=props.provider,
            cloudwatch_role_arn=role.arn,
            # API Gateway tries the role when it is set.
            depends_on=[attachment],
        )


def _render_trust(account_id: str) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "apigateway.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": account_id}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, sort_keys=True)
