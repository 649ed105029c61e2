"""The public Regional REST API."""

from collections.abc import Sequence
from dataclasses import dataclass

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.api_gateway_request_validator import ApiGatewayRequestValidator
from cdktf_cdktf_provider_aws.api_gateway_rest_api import (
    ApiGatewayRestApi,
    ApiGatewayRestApiEndpointConfiguration,
)
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.deployed_stage import DeployedStage, DeployedStageProps, references
from constructs_lib.resource_tree import ResourceTree, ResourceTreeProps

VALIDATOR_ARGUMENTS = ("name", "validate_request_parameters", "validate_request_body")


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicRestApiProps:
    """What `PublicRestApi` needs."""

    provider: AwsProvider
    """Provider of the gateway's account."""
    name: str
    """Name of the API."""
    requires_parameters: bool
    """Whether methods can ask for a validator that refuses requests without required parameters."""


class PublicRestApi(Construct):
    """The one door: a Regional REST API without any method yet.

    Terraform: `aws_api_gateway_rest_api`, `aws_api_gateway_request_validator`, and those of
    `ResourceTree` and, once `deploy` is called, `DeployedStage`.
    """

    def __init__(self, scope: Construct, id_: str, props: PublicRestApiProps) -> None:
        super().__init__(scope, id_)
        self._props = props
        self._api = ApiGatewayRestApi(
            self,
            "RestApi",
            provider=props.provider,
            name=props.name,
            endpoint_configuration=ApiGatewayRestApiEndpointConfiguration(types=["REGIONAL"]),
        )
        self._validator = self._add_validator() if props.requires_parameters else None
        tree = ResourceTreeProps(
            provider=props.provider,
            rest_api_id=self._api.id,
            root_resource_id=self._api.root_resource_id,
        )
        self._resources = ResourceTree(self, "Resources", tree)

    @property
    def rest_api_id(self) -> str:
        """Id of the API."""
        return self._api.id

    @property
    def execution_arn(self) -> str:
        """ARN of the API as permissions name it."""
        return self._api.execution_arn

    @property
    def request_validator_id(self) -> str | None:
        """Id of the validator, if there is one."""
        return None if self._validator is None else self._validator.id

    @property
    def resources(self) -> ResourceTree:
        """Its resources."""
        return self._resources

    def deploy(
        self, stage_name: str, definition: Sequence[str], links: Sequence[ITerraformDependable]
    ) -> DeployedStage:
        """Deploys the API with these parts, its own resources and its validator; call it last.

        AWS deletes no VPC link that a stage still serves through: `links` go after the stage has moved.
        """
        validator = () if self._validator is None else references(self._validator, *VALIDATOR_ARGUMENTS)
        props = DeployedStageProps(
            provider=self._props.provider,
            rest_api_id=self._api.id,
            stage_name=stage_name,
            definition=(*self._resources.definition, *validator, *definition),
            serves_through=links,
        )
        return DeployedStage(self, "DeployedStage", props)

    def _add_validator(self) -> ApiGatewayRequestValidator:
        return ApiGatewayRequestValidator(
            self,
            "Validator",
            provider=self._props.provider,
            rest_api_id=self._api.id,
            name="parameters",
            validate_request_parameters=True,
            validate_request_body=False,
        )
