"""What may be invoked through an `execute-api` VPC endpoint."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.vpc_endpoint_policy import VpcEndpointPolicy
from constructs import Construct


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecuteApiEndpointPolicyProps:
    """What `ExecuteApiEndpointPolicy` needs."""

    provider: AwsProvider
    """Provider of the account of the endpoint."""
    vpc_endpoint_id: str
    """The endpoint."""
    execution_arns: Sequence[str]
    """ARNs of the APIs that may be invoked through it, as policies name them."""


class ExecuteApiEndpointPolicy(Construct):
    """Lets only these APIs be invoked through an endpoint, whoever asks and whatever API is meant.

    Terraform: `aws_vpc_endpoint_policy`.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-vpc-endpoint-policies.html
    """

    def __init__(self, scope: Construct, id_: str, props: ExecuteApiEndpointPolicyProps) -> None:
        super().__init__(scope, id_)
        policy = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "InvokeTheseApis",
                    "Effect": "Allow",
                    "Principal": "*",
                    "Action": "execute-api:Invoke",
                    "Resource": [f"{arn}/*" for arn in props.execution_arns],
                }
            ],
        }
        VpcEndpointPolicy(
            self,
            "Policy",
            provider=props.provider,
            vpc_endpoint_id=props.vpc_endpoint_id,
            policy=json.dumps(policy, sort_keys=True),
        )
