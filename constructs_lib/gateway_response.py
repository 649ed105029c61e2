"""What API Gateway itself answers."""

from collections.abc import Mapping
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.api_gateway_gateway_response import ApiGatewayGatewayResponse
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.deployed_stage import references
from constructs_lib.names import literal

JSON = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayResponseProps:
    """What `GatewayResponse` needs."""

    provider: AwsProvider
    """Provider of the account of the API."""
    rest_api_id: str
    """The API."""
    response_type: str
    """Type of answer, such as DEFAULT_4XX."""
    status: int | None = None
    """HTTP status; otherwise AWS's."""
    headers: Mapping[str, str]
    """Where the values of headers come from: a constant in single quotes, or part of the request."""
    body: str | None = None
    """Template of a JSON body; otherwise AWS's."""


class GatewayResponse(Construct):
    """An answer that no integration gives: errors, and what authorizers and WAF refuse.

    Terraform: `aws_api_gateway_gateway_response`.
    A type that is not set takes what DEFAULT_4XX or DEFAULT_5XX says.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html
    """

    def __init__(self, scope: Construct, id_: str, props: GatewayResponseProps) -> None:
        super().__init__(scope, id_)
        parameters = {
            f"gatewayresponse.header.{name}": literal(value) for name, value in props.headers.items()
        }
        response = ApiGatewayGatewayResponse(
            self,
            "Response",
            provider=props.provider,
            rest_api_id=props.rest_api_id,
            response_type=props.response_type,
            status_code=None if props.status is None else str(props.status),
            response_parameters=parameters or None,
            response_templates=None if props.body is None else {JSON: literal(props.body)},
        )
        optional = {
            "status_code": props.status is not None,
            "response_parameters": bool(parameters),
            "response_templates": props.body is not None,
        }
        given = [argument for argument, is_given in optional.items() if is_given]
        self._definition = references(response, "response_type", *given)

    @property
    def definition(self) -> tuple[str, ...]:
        """References to what a deployment is a snapshot of."""
        return self._definition
