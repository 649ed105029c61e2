"""A method of a private API that API Gateway answers by itself."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cdktf_cdktf_provider_aws.api_gateway_integration import ApiGatewayIntegration
from cdktf_cdktf_provider_aws.api_gateway_integration_response import ApiGatewayIntegrationResponse
from cdktf_cdktf_provider_aws.api_gateway_method_response import ApiGatewayMethodResponse
from constructs import Construct

from constructs_lib.deployed_stage import references
from constructs_lib.open_method import OpenMethod, OpenMethodProps

JSON = "application/json"
# Any model would do: API Gateway does not check responses. This one exists in each API.
RESPONSE_MODEL = "Empty"


@dataclass(frozen=True, slots=True, kw_only=True)
class MockRouteProps(OpenMethodProps):
    """What `MockRoute` needs."""

    status: int
    """HTTP status of the answer."""
    body: Any
    """Answered as JSON; nothing is answered for None."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Headers of the answer, with fixed values."""
    template: str | None = None
    """In place of a body, a template that API Gateway works out for each answer."""
    content_handling: str | None = None
    """CONVERT_TO_TEXT on an API where `*/*` is binary: MOCK reads no template there otherwise."""


class MockRoute(Construct):
    """A method with a fixed answer.

    Terraform: `aws_api_gateway_method`, `aws_api_gateway_integration`,
    `aws_api_gateway_method_response`, `aws_api_gateway_integration_response`.
    Takes requests without authorization: who gets here is settled by the endpoint and the resource
    policy. A body that is not JSON gets 415, since MOCK reads its status from a JSON template.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html
    """

    def __init__(self, scope: Construct, id_: str, props: MockRouteProps) -> None:
        super().__init__(scope, id_)
        method = OpenMethod(self, "Method", props)
        integration = ApiGatewayIntegration(
            self,
            "Integration",
            provider=props.provider,
            rest_api_id=props.rest_api_id,
            resource_id=props.resource_id,
            http_method=method.http_method,
            type="MOCK",
            request_templates={JSON: json.dumps({"statusCode": props.status})},
            passthrough_behavior="NEVER",
            content_handling=props.content_handling,
        )
        converted = [] if props.content_handling is None else ["content_handling"]
        self._definition = (
            *method.definition,
            *references(
                integration,
                "resource_id",
                "http_method",
                "type",
                "request_templates",
                "passthrough_behavior",
                *converted,
            ),
            *self._add_responses(props, method, integration),
        )

    @property
    def definition(self) -> tuple[str, ...]:
        """References to what the route consists of, for the redeployment trigger."""
        return self._definition

    def _add_responses(
        self, props: MockRouteProps, method: OpenMethod, integration: ApiGatewayIntegration
    ) -> tuple[str, ...]:
        answers = props.body is not None
        template = _render_body(props.body) if answers else props.template
        method_response = ApiGatewayMethodResponse(
            self,
            "MethodResponse",
            provider=props.provider,
            rest_api_id=props.rest_api_id,
            resource_id=props.resource_id,
            http_method=method.http_method,
            status_code=str(props.status),
            response_models={JSON: RESPONSE_MODEL} if answers else None,
            response_parameters={f"method.response.header.{name}": True for name in props.headers} or None,
        )
        integration_response = ApiGatewayIntegrationResponse(
            self,
            "IntegrationResponse",
            provider=props.provider,
            rest_api_id=props.rest_api_id,
            resource_id=props.resource_id,
            http_method=integration.http_method,
            status_code=method_response.status_code,
            response_templates=None if template is None else {JSON: template},
            response_parameters={
                f"method.response.header.{name}": f"'{value}'" for name, value in props.headers.items()
            }
            or None,
        )
        place = [
            "resource_id",
            "http_method",
            "status_code",
            *(["response_parameters"] if props.headers else []),
        ]
        return (
            *references(method_response, *place, *(["response_models"] if answers else [])),
            *references(integration_response, *place, *([] if template is None else ["response_templates"])),
        )


def _render_body(body: object) -> str:
    """Renders JSON that means the same to Velocity and Terraform as to the caller.

    Both give '$', '#' and '%' a meaning; JSON may spell them as escapes, and they occur only in strings.
    """
    text = json.dumps(body)
    for character in "$#%":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
