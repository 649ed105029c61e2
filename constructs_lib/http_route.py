"""A method of a private API that a web server answers."""

import re
from dataclasses import dataclass

from cdktf import Token
from cdktf_cdktf_provider_aws.api_gateway_integration import ApiGatewayIntegration
from constructs import Construct

from constructs_lib.deployed_stage import references
from constructs_lib.names import literal
from constructs_lib.open_method import OpenMethod, OpenMethodProps

VARIABLE = re.compile(r"\{([^{}+]+)\+?\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRouteProps(OpenMethodProps):
    """What `HttpRoute` needs."""

    path: str
    """Path of the resource, with its variables."""
    url: str
    """Where requests go; `{NAME}` takes the path variable of that name."""
    timeout_milliseconds: int
    """How long to wait for an answer."""


class HttpRoute(Construct):
    """A method that hands the whole request to a web server, and its answer back.

    Terraform: `aws_api_gateway_method`, `aws_api_gateway_integration`.
    API Gateway sends the request over the internet. Takes requests without authorization: who gets
    here is settled by the endpoint and the resource policy.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/setup-http-integrations.html
    """

    def __init__(self, scope: Construct, id_: str, props: HttpRouteProps) -> None:
        super().__init__(scope, id_)
        variables = [name for name in VARIABLE.findall(props.path) if f"{{{name}}}" in props.url]
        method = OpenMethod(self, "Method", props, variables)
        integration = ApiGatewayIntegration(
            self,
            "Integration",
            provider=props.provider,
            rest_api_id=props.rest_api_id,
            resource_id=props.resource_id,
            http_method=method.http_method,
            type="HTTP_PROXY",
            integration_http_method=props.http_method,
            uri=props.url if Token.is_unresolved(props.url) else literal(props.url),
            request_parameters={
                f"integration.request.path.{name}": f"method.request.path.{name}" for name in variables
            }
            or None,
            timeout_milliseconds=props.timeout_milliseconds,
        )
        mapped = ["request_parameters"] if variables else []
        arguments = ("resource_id", "http_method", "type", "integration_http_method", "uri")
        self._definition = (
            *method.definition,
            *references(integration, *arguments, "timeout_milliseconds", *mapped),
        )

    @property
    def definition(self) -> tuple[str, ...]:
        """References to what the route consists of, for the redeployment trigger."""
        return self._definition
