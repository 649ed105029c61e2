"""A service's path on the public API."""

from dataclasses import dataclass

from cdktf_cdktf_provider_aws.api_gateway_integration import ApiGatewayIntegration
from cdktf_cdktf_provider_aws.api_gateway_method import ApiGatewayMethod
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.deployed_stage import references
from constructs_lib.resource_tree import ResourceTree
from hatchway.topology.model import API_ID_HEADER

PROXY = "{proxy+}"
INTEGRATION_ARGUMENTS = (
    "resource_id",
    "http_method",
    "type",
    "integration_http_method",
    "connection_type",
    "connection_id",
    "uri",
    "request_parameters",
    "passthrough_behavior",
    "timeout_milliseconds",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """Who may call, and which private API they reach."""

    authorizer_id: str | None
    """Authorizer to ask; None lets everyone in."""
    passthrough: "Passthrough | None"
    """Set where the caller names the private API; None pins it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passthrough:
    """The caller names the private API in `x-apigw-api-id`."""

    request_validator_id: str
    """Validator that refuses requests without the header."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicRouteProps:
    """What `PublicRoute` needs."""

    provider: AwsProvider
    """Provider of the gateway's account."""
    rest_api_id: str
    """The public API."""
    resources: ResourceTree
    """Its resources; the route adds its own."""
    path: str
    """Path of the service, '/' for everything."""
    admission: Admission
    """Who may call."""
    vpc_link_id: str
    """Link to the service's load balancer."""
    private_api_id: str
    """Id of the private API."""
    private_api_url: str
    """URL of its stage, under the name that its certificate is for, without a slash at the end."""
    timeout_milliseconds: int
    """How long to wait for the private API."""


class PublicRoute(Construct):
    """Any method on a path and on everything below it, sent to a private API over a VPC link.

    Terraform: `aws_api_gateway_method` and `aws_api_gateway_integration`, twice, since `{proxy+}`
    does not match the path itself.
    The URI carries the private API's own host name: it becomes `Host` and the TLS server name, for
    which API Gateway has a certificate. Where packets go is the link's business alone.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-private-integration.html
    """

    def __init__(self, scope: Construct, id_: str, props: PublicRouteProps) -> None:
        super().__init__(scope, id_)
        self._props = props
        below = f"{props.path.rstrip('/')}/{PROXY}"
        self._definition = (
            *self._add(self, props.path, "", {}),
            *self._add(Construct(self, "proxy"), below, "{proxy}", {"path.proxy": "path.proxy"}),
        )

    @property
    def definition(self) -> tuple[str, ...]:
        """References to what the route consists of, for the redeployment trigger."""
        return self._definition

    def _add(self, scope: Construct, path: str, private_path: str, mapped: dict[str, str]) -> tuple[str, ...]:
        method, definition = self._add_method(scope, path, list(mapped.values()))
        integration = self._add_integration(scope, method, private_path, mapped)
        return (*definition, *references(integration, *INTEGRATION_ARGUMENTS))

    def _add_method(
        self, scope: Construct, path: str, required: list[str]
    ) -> tuple[ApiGatewayMethod, tuple[str, ...]]:
        props = self._props
        passthrough = props.admission.passthrough
        authorizer_id = props.admission.authorizer_id
        if passthrough is not None:
            required = [*required, f"header.{API_ID_HEADER}"]
        method = ApiGatewayMethod(
            scope,
            "Method",
            provider=props.provider,
            rest_api_id=props.rest_api_id,
            resource_id=props.resources.resource_id(path),
            http_method="ANY",
            authorization="NONE" if authorizer_id is None else "CUSTOM",
            authorizer_id=authorizer_id,
            request_parameters={f"method.request.{name}": True for name in required} or None,
            request_validator_id=None if passthrough is None else passthrough.request_validator_id,
        )
        optional = {
            "authorizer_id": authorizer_id is not None,
            "request_parameters": bool(required),
            "request_validator_id": passthrough is not None,
        }
        given = [argument for argument, is_given in optional.items() if is_given]
        return method, references(method, "resource_id", "http_method", "authorization", *given)

    def _add_integration(
        self, scope: Construct, method: ApiGatewayMethod, private_path: str, mapped: dict[str, str]
    ) -> ApiGatewayIntegration:
        props = self._props
        return ApiGatewayIntegration(
            scope,
            "Integration",
            provider=props.provider,
            rest_api_id=props.rest_api_id,
            resource_id=method.resource_id,
            http_method=method.http_method,
            type="HTTP_PROXY",
            integration_http_method="ANY",
            connection_type="VPC_LINK",
            connection_id=props.vpc_link_id,
            uri=f"{props.private_api_url}/{private_path}",
            request_parameters={
                **{f"integration.request.{key}": f"method.request.{value}" for key, value in mapped.items()},
                f"integration.request.header.{API_ID_HEADER}": self._api_id(),
            },
            passthrough_behavior="WHEN_NO_MATCH",
            timeout_milliseconds=props.timeout_milliseconds,
        )

    def _api_id(self) -> str:
        """Renders where the header's value comes from: the caller, or a constant in single quotes.

        https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-parameter-mapping.html
        """
        if self._props.admission.passthrough is not None:
            return f"method.request.header.{API_ID_HEADER}"
        return f"'{self._props.private_api_id}'"
