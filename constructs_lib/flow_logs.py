"""Flow logs of a network."""

import json
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.flow_log import FlowLog
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.log_group import LogGroup, LogGroupProps, LogSettings
from constructs_lib.names import prefix

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html; Terraform adds 26 characters.
ROLE_NAME_PREFIX_LIMIT = 38
AGGREGATION_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowLogsProps:
    """What `FlowLogs` needs."""

    provider: AwsProvider
    """Provider of the account of the VPC."""
    account_id: str
    """Id of that account."""
    vpc_id: str
    """The VPC."""
    display_name: str
    """Start of the names of what is created."""
    logs: LogSettings
    """How logs are kept."""


class FlowLogs(Construct):
    """Each connection of a VPC, accepted or rejected, once a minute.

    Terraform: `aws_flow_log`, `aws_iam_role`, `aws_iam_role_policy`, `aws_cloudwatch_log_group`.
    Only flow logs of this account may use the role, and only for this log group.
    https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
    """

    def __init__(self, scope: Construct, id_: str, props: FlowLogsProps) -> None:
        super().__init__(scope, id_)
        group = LogGroup(
            self,
            "LogGroup",
            LogGroupProps(
                provider=props.provider, name=f"/hatchway/flow/{props.display_name}", settings=props.logs
            ),
        )
        role = IamRole(
            self,
            "Role",
            provider=props.provider,
            name_prefix=prefix(f"{props.display_name}-flow-logs", ROLE_NAME_PREFIX_LIMIT),
            assume_role_policy=_render_trust(props.account_id),
        )
        policy = IamRolePolicy(
            self,
            "RolePolicy",
            provider=props.provider,
            name="flow-logs",
            role=role.id,
            policy=_render_permissions(group.arn),
        )
        FlowLog(
            self,
            "FlowLog",
            provider=props.provider,
            vpc_id=props.vpc_id,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=group.arn,
            iam_role_arn=role.arn,
            max_aggregation_interval=AGGREGATION_SECONDS,
            tags={"Name": props.display_name},
            depends_on=[policy],
        )


def _render_trust(account_id: str) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": account_id}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, sort_keys=True)


def _render_permissions(log_group_arn: str) -> str:
    actions = ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"]
    statements = [
        {"Effect": "Allow", "Action": actions, "Resource": f"{log_group_arn}:*"},
        {"Effect": "Allow", "Action": "logs:DescribeLogGroups", "Resource": "*"},
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, sort_keys=True)
