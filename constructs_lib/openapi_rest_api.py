"""The PRIVATE REST API of a service, made of an OpenAPI document."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.api_gateway_rest_api import (
    ApiGatewayRestApi,
    ApiGatewayRestApiEndpointConfiguration,
)
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.allowed_callers import AllowedCallers
from constructs_lib.deployed_stage import DeployedStage, DeployedStageProps, references
from constructs_lib.names import literal
from constructs_lib.rest_api_reference import RestApiReference
from constructs_lib.stage_observability import StageObservability

# Stands for the ARN of the API itself, which a document cannot know; API Gateway writes it out.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-create-attach.html
ANY_STAGE = "execute-api:/*"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenApiRestApiProps:
    """What `OpenApiRestApi` needs."""

    provider: AwsProvider
    """Provider of the account of the API."""
    name: str
    """Name of the API, whatever the document's title is."""
    vpc_endpoint_id: str
    """The endpoint that it is associated with."""
    callers: AllowedCallers
    """Who may call it."""
    stage_name: str
    """Name of its stage."""
    document: Mapping[str, object]
    """OpenAPI 3.0 with `x-amazon-apigateway-*` extensions, but without a policy of its own."""
    observability: StageObservability | None = None
    """What is logged, measured and traced; None for nothing."""


class OpenApiRestApi(Construct):
    """A REST API that answers requests from its allowed callers with what a document says.

    Terraform: `aws_api_gateway_rest_api`, and those of `DeployedStage`.
    Policy and endpoint are part of what is imported: an import replaces the whole definition, and
    would leave an API without its policy until the next resource sets it again. What functions the
    document names, it or their owner has to let API Gateway invoke.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
    """

    def __init__(self, scope: Construct, id_: str, props: OpenApiRestApiProps) -> None:
        super().__init__(scope, id_)
        self._api = ApiGatewayRestApi(
            self,
            "RestApi",
            provider=props.provider,
            name=props.name,
            body=_render_body(props),
            endpoint_configuration=ApiGatewayRestApiEndpointConfiguration(
                types=["PRIVATE"], vpc_endpoint_ids=[props.vpc_endpoint_id]
            ),
        )
        self._stage = DeployedStage(
            self,
            "DeployedStage",
            DeployedStageProps(
                provider=props.provider,
                rest_api_id=self._api.id,
                stage_name=props.stage_name,
                definition=references(self._api, "body"),
                observability=props.observability,
            ),
        )

    @property
    def reference(self) -> RestApiReference:
        """The API as others use it."""
        return RestApiReference(
            rest_api_id=self._api.id,
            execution_arn=self._api.execution_arn,
            stage_name=self._stage.stage_name,
        )


def _render_body(props: OpenApiRestApiProps) -> str:
    """Renders the document, as it is written, with what makes it the definition of this API."""
    escaped = json.loads(literal(json.dumps(dict(props.document))))
    ours = {
        "x-amazon-apigateway-policy": props.callers.policy(ANY_STAGE),
        "x-amazon-apigateway-endpoint-configuration": {"vpcEndpointIds": [props.vpc_endpoint_id]},
    }
    return json.dumps({**escaped, **ours}, sort_keys=True)
