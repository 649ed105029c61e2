"""The PRIVATE REST API of a service."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.api_gateway_rest_api import (
    ApiGatewayRestApi,
    ApiGatewayRestApiEndpointConfiguration,
)
from cdktf_cdktf_provider_aws.api_gateway_rest_api_policy import ApiGatewayRestApiPolicy
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.deployed_stage import DeployedStage, DeployedStageProps
from constructs_lib.mock_route import MockRoute, MockRouteProps
from constructs_lib.names import path_slug
from constructs_lib.resource_tree import ResourceTree, ResourceTreeProps
from hatchway.topology.model import ApiRoute


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateRestApiProps:
    """What `PrivateRestApi` needs."""

    provider: AwsProvider
    """Provider of the account of the API."""
    name: str
    """Name of the API."""
    vpc_endpoint_id: str
    """The one endpoint that requests may come through."""
    stage_name: str
    """Name of its stage."""
    routes: Sequence[ApiRoute]
    """Its methods."""


class PrivateRestApi(Construct):
    """A REST API that answers requests from one VPC endpoint, and none else.

    Terraform: `aws_api_gateway_rest_api`, `aws_api_gateway_rest_api_policy`, and those of
    `ResourceTree`, `MockRoute` and `DeployedStage`.
    """

    def __init__(self, scope: Construct, id_: str, props: PrivateRestApiProps) -> None:
        super().__init__(scope, id_)
        self._api = ApiGatewayRestApi(
            self,
            "RestApi",
            provider=props.provider,
            name=props.name,
            endpoint_configuration=ApiGatewayRestApiEndpointConfiguration(
                types=["PRIVATE"], vpc_endpoint_ids=[props.vpc_endpoint_id]
            ),
        )
        policy = ApiGatewayRestApiPolicy(
            self,
            "Policy",
            provider=props.provider,
            rest_api_id=self._api.id,
            policy=_render_policy(self._api.execution_arn, props.vpc_endpoint_id),
        )
        self._stage = DeployedStage(
            self,
            "DeployedStage",
            DeployedStageProps(
                provider=props.provider,
                rest_api_id=self._api.id,
                stage_name=props.stage_name,
                definition=(policy.policy, *self._add_routes(props)),
            ),
        )

    @property
    def rest_api_id(self) -> str:
        """Id of the API: the value of `x-apigw-api-id`."""
        return self._api.id

    @property
    def execution_arn(self) -> str:
        """ARN of the API as policies name it."""
        return self._api.execution_arn

    @property
    def stage_name(self) -> str:
        """Name of the stage, as a reference."""
        return self._stage.stage_name

    def _add_routes(self, props: PrivateRestApiProps) -> tuple[str, ...]:
        tree = ResourceTree(
            self,
            "Resources",
            ResourceTreeProps(
                provider=props.provider,
                rest_api_id=self._api.id,
                root_resource_id=self._api.root_resource_id,
            ),
        )
        definition: list[str] = []
        for route in props.routes:
            address = "_".join(filter(None, (route.method.lower(), path_slug(route.path))))
            mock = MockRouteProps(
                provider=props.provider,
                rest_api_id=self._api.id,
                resource_id=tree.resource_id(route.path),
                http_method=route.method,
                status=route.mock.status,
                body=route.mock.body,
            )
            definition += MockRoute(self, address, mock).definition
        return (*tree.definition, *definition)


def _render_policy(execution_arn: str, vpc_endpoint_id: str) -> str:
    """Renders: everyone may invoke, unless the request came another way than this endpoint.

    Keys are sorted and ARNs are complete, which is how AWS gives the policy back: anything else
    would be a difference, and so a redeployment, on each plan.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html
    """
    statement = {"Principal": "*", "Action": "execute-api:Invoke", "Resource": f"{execution_arn}/*"}
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {**statement, "Sid": "Invoke", "Effect": "Allow"},
            {
                **statement,
                "Sid": "OnlyThroughTheEndpoint",
                "Effect": "Deny",
                "Condition": {"StringNotEquals": {"aws:SourceVpce": [vpc_endpoint_id]}},
            },
        ],
    }
    return json.dumps(policy, sort_keys=True)
