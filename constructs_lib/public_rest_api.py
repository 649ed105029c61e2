"""The public Regional REST API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cdktf import ITerraformDependable, Token
from cdktf_cdktf_provider_aws.api_gateway_request_validator import ApiGatewayRequestValidator
from cdktf_cdktf_provider_aws.api_gateway_rest_api import (
    ApiGatewayRestApi,
    ApiGatewayRestApiEndpointConfiguration,
)
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.deployed_stage import DeployedStage, DeployedStageProps, references
from constructs_lib.resource_tree import ResourceTree, ResourceTreeProps
from constructs_lib.stage_observability import StageObservability
from constructs_lib.stage_settings import Throttle

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
    binary_media_types: Sequence[str] = ()
    """Media types that are passed on byte by byte."""
    minimum_compression_bytes: int | None = None
    """Answers of at least this size are compressed for callers that ask; None for never."""
    closes_default_endpoint: bool = False
    """Whether the execute-api name is closed, since a domain leads to the API."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicStage:
    """How the stage of the API serves."""

    name: str
    """Name of the stage, as it appears in the URL."""
    canary_percent: int | None = None
    """Share of requests for a new deployment; None for all."""
    observability: StageObservability | None = None
    """What is logged, measured and traced; None for nothing."""
    throttling: Mapping[str, Throttle] = field(default_factory=dict)
    """Limits by method path; '*/*' is the whole stage."""


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
            **self._settings(),
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
    def name(self) -> str:
        """Name of the API, known up front."""
        return self._props.name

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
        self, stage: PublicStage, definition: Sequence[str], links: Sequence[ITerraformDependable]
    ) -> DeployedStage:
        """Deploys the API with these parts, its own resources and its validator; call it last.

        AWS deletes no VPC link that a stage still serves through: `links` go after the stage has moved.
        """
        validator = () if self._validator is None else references(self._validator, *VALIDATOR_ARGUMENTS)
        settings = references(self._api, *self._settings())
        props = DeployedStageProps(
            provider=self._props.provider,
            rest_api_id=self._api.id,
            stage_name=stage.name,
            definition=(*self._resources.definition, *settings, *validator, *definition),
            serves_through=links,
            canary_percent=stage.canary_percent,
            observability=stage.observability,
            throttling=stage.throttling,
        )
        return DeployedStage(self, "DeployedStage", props)

    def _settings(self) -> dict[str, Any]:
        """Arguments of the API that a deployment is a snapshot of, those that are set."""
        props = self._props
        settings: dict[str, Any] = {}
        if props.binary_media_types:
            settings["binary_media_types"] = list(props.binary_media_types)
        if props.minimum_compression_bytes is not None:
            # A number in quotes, since '' and not 0 turns it off.
            size = props.minimum_compression_bytes
            settings["minimum_compression_size"] = (
                Token.as_string(size) if Token.is_unresolved(size) else str(size)
            )
        if props.closes_default_endpoint:
            settings["disable_execute_api_endpoint"] = True
        return settings

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
