"""The public HTTP API."""

from dataclasses import dataclass

from cdktf_cdktf_provider_aws.apigatewayv2_api import Apigatewayv2Api, Apigatewayv2ApiCorsConfiguration
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.cors_preflight import CorsPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpApiProps:
    """What `HttpApi` needs."""

    provider: AwsProvider
    """Provider of the gateway's account."""
    name: str
    """Name of the API."""
    cors: CorsPolicy | None = None
    """What pages of other origins may do; None leaves them nothing."""
    closes_default_endpoint: bool = False
    """Whether the execute-api name is closed, since a domain leads to the API."""


class HttpApi(Construct):
    """The one door: an HTTP API without any route yet.

    Terraform: `aws_apigatewayv2_api`.
    With CORS, API Gateway answers preflight requests itself and writes the headers into other answers; what
    private APIs answer about CORS is lost.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
    """

    def __init__(self, scope: Construct, id_: str, props: HttpApiProps) -> None:
        super().__init__(scope, id_)
        self._api = Apigatewayv2Api(
            self,
            "HttpApi",
            provider=props.provider,
            name=props.name,
            protocol_type="HTTP",
            cors_configuration=None if props.cors is None else _render_cors(props.cors),
            disable_execute_api_endpoint=True if props.closes_default_endpoint else None,
        )

    @property
    def api_id(self) -> str:
        """Id of the API."""
        return self._api.id

    @property
    def execution_arn(self) -> str:
        """ARN of the API as permissions name it."""
        return self._api.execution_arn


def _render_cors(cors: CorsPolicy) -> Apigatewayv2ApiCorsConfiguration:
    return Apigatewayv2ApiCorsConfiguration(
        allow_origins=list(cors.allow_origins),
        allow_methods=list(cors.allow_methods),
        allow_headers=list(cors.allow_headers),
        expose_headers=list(cors.expose_headers) or None,
        max_age=cors.max_age_seconds,
        allow_credentials=True if cors.allow_credentials else None,
    )
