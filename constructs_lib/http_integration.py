"""The way from the public HTTP API to a private API."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.apigatewayv2_integration import (
    Apigatewayv2Integration,
    Apigatewayv2IntegrationTlsConfig,
)
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from hatchway.topology.model import API_ID_HEADER

VARIABLE = re.compile(r"\{([^{}+]+)\+?\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpTarget:
    """The private API behind a route, and the way to it."""

    vpc_link_id: str
    """VPC link of version 2."""
    listener_arn: str
    """Listener of the load balancer behind it."""
    rest_api_id: str
    """Id of the private API."""
    host: str
    """Its host name, for which its certificate is."""
    base: str
    """Path on the host that the service's path leads to: '/', the stage and what is below it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpIntegrationProps:
    """What `HttpIntegration` needs."""

    provider: AwsProvider
    """Provider of the gateway's account."""
    api_id: str
    """The public API."""
    target: HttpTarget
    """Where requests go."""
    http_method: str
    """HTTP method, or ANY for that of the request."""
    private_path: str
    """Path below the target's base, without its first slash; {NAME} takes a path variable."""
    timeout_milliseconds: int
    """How long to wait for the private API."""
    removed_headers: Sequence[str] = ()
    """Headers of callers that are not handed on."""


class HttpIntegration(Construct):
    """Sends requests over a VPC link to one path of a private API.

    Terraform: `aws_apigatewayv2_integration`.
    The listener's ARN says where packets go. The private API is told by `x-apigw-api-id` and by `Host`, both
    set here whatever the caller sends; TLS is verified against the private API's own host name. Without
    `tls_config` API Gateway would speak plain HTTP, and without a path of its own it would send the public
    path with the name of the public stage before it.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-private.html
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
    """

    def __init__(self, scope: Construct, id_: str, props: HttpIntegrationProps) -> None:
        super().__init__(scope, id_)
        self._integration = Apigatewayv2Integration(
            self,
            "Integration",
            provider=props.provider,
            api_id=props.api_id,
            integration_type="HTTP_PROXY",
            integration_method=props.http_method,
            integration_uri=props.target.listener_arn,
            connection_type="VPC_LINK",
            connection_id=props.target.vpc_link_id,
            payload_format_version="1.0",
            request_parameters={
                "overwrite:path": _render_path(props.target.base, props.private_path),
                "overwrite:header.Host": props.target.host,
                f"overwrite:header.{API_ID_HEADER}": props.target.rest_api_id,
                # A removal takes a value too, which is not read.
                **{f"remove:header.{name}": "''" for name in props.removed_headers},
            },
            timeout_milliseconds=props.timeout_milliseconds,
            tls_config=Apigatewayv2IntegrationTlsConfig(server_name_to_verify=props.target.host),
        )

    @property
    def target(self) -> str:
        """The integration as routes name it."""
        return f"integrations/{self._integration.id}"


def _render_path(base: str, path: str) -> str:
    """The private path with the request's variables. A slash at the end is of the root of a stage alone."""
    if not path:
        return base
    mapped = VARIABLE.sub(r"$request.path.\1", path)
    return f"{base.rstrip('/')}/{mapped}"
