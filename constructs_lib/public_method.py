"""A method of the public API, sent to a private API over a VPC link."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cdktf_cdktf_provider_aws.api_gateway_integration import ApiGatewayIntegration
from cdktf_cdktf_provider_aws.api_gateway_method import ApiGatewayMethod
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.admission import Admission
from constructs_lib.deployed_stage import references
from hatchway.topology.model import API_ID_HEADER

ANY = "ANY"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateTarget:
    """The private API behind a method, and the way to it."""

    vpc_link_id: str
    """Link to the service's load balancer."""
    rest_api_id: str
    """Id of the private API."""
    url: str
    """URL that the service's path leads to, under the name that its certificate is for."""
    streams: bool = False
    """Whether answers are passed on as they come; provider 6.25.0 or later."""
    load_balancer_arn: str | None = None
    """Load balancer behind a VPC link of version 2; provider 6.25.0 or later. None for version 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicMethodProps:
    """What `PublicMethod` needs."""

    provider: AwsProvider
    """Provider of the gateway's account."""
    rest_api_id: str
    """The public API."""
    resource_id: str
    """Resource of the path."""
    target: PrivateTarget
    """Where requests go."""
    private_path: str
    """Path on the private API, without its first slash; {NAME} takes a path parameter."""
    admission: Admission
    """Who may call."""
    timeout_milliseconds: int
    """How long to wait for the private API."""
    http_method: str = ANY
    """HTTP method, or ANY."""
    path_parameters: Sequence[str] = ()
    """Names of the variables in the path, without braces."""
    api_key_required: bool = False
    """Whether callers need an API key of a usage plan."""
    overwritten_headers: Mapping[str, str] = field(default_factory=dict)
    """Headers that the private API gets with these values, whatever the caller sends."""
    request_validator_id: str | None = None
    """Set where the caller names the private API in `x-apigw-api-id`: the validator that refuses requests
    without the header. None pins the header to the private API."""


class PublicMethod(Construct):
    """One method of the public API that is answered by a private API.

    Terraform: `aws_api_gateway_method` and `aws_api_gateway_integration`.
    The URI carries the private API's own host name: it becomes `Host` and the TLS server name, for
    which API Gateway has a certificate. Where packets go is the link's business alone.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-private-integration.html
    """

    def __init__(self, scope: Construct, id_: str, props: PublicMethodProps) -> None:
        super().__init__(scope, id_)
        self._props = props
        method = self._add_method()
        self._definition = (*self._method_references(method), *self._add_integration(method))

    @property
    def definition(self) -> tuple[str, ...]:
        """References to what the method consists of, for the redeployment trigger."""
        return self._definition

    def _required(self) -> list[str]:
        path = [f"path.{name}" for name in self._props.path_parameters]
        chosen = self._props.request_validator_id is not None
        return [*path, f"header.{API_ID_HEADER}"] if chosen else path

    def _add_method(self) -> ApiGatewayMethod:
        props = self._props
        return ApiGatewayMethod(
            self,
            "Method",
            provider=props.provider,
            rest_api_id=props.rest_api_id,
            resource_id=props.resource_id,
            http_method=props.http_method,
            authorization=props.admission.authorization,
            authorizer_id=props.admission.authorizer_id,
            authorization_scopes=list(props.admission.scopes) or None,
            api_key_required=True if props.api_key_required else None,
            request_parameters={f"method.request.{name}": True for name in self._required()} or None,
            request_validator_id=props.request_validator_id,
        )

    def _method_references(self, method: ApiGatewayMethod) -> tuple[str, ...]:
        props = self._props
        optional = {
            "authorizer_id": props.admission.authorizer_id is not None,
            "authorization_scopes": bool(props.admission.scopes),
            "api_key_required": props.api_key_required,
            "request_parameters": bool(self._required()),
            "request_validator_id": props.request_validator_id is not None,
        }
        given = [argument for argument, is_given in optional.items() if is_given]
        return references(method, "resource_id", "http_method", "authorization", *given)

    def _uri(self) -> str:
        """The private URL. A slash at the end belongs to the root of a stage alone."""
        url, path = self._props.target.url, self._props.private_path
        return f"{url.rstrip('/')}/{path}" if path else url

    def _add_integration(self, method: ApiGatewayMethod) -> tuple[str, ...]:
        props = self._props
        integration = ApiGatewayIntegration(
            self,
            "Integration",
            provider=props.provider,
            rest_api_id=props.rest_api_id,
            resource_id=method.resource_id,
            http_method=method.http_method,
            type="HTTP_PROXY",
            integration_http_method=props.http_method,
            connection_type="VPC_LINK",
            connection_id=props.target.vpc_link_id,
            uri=self._uri(),
            request_parameters=self._sent(),
            passthrough_behavior="WHEN_NO_MATCH",
            timeout_milliseconds=props.timeout_milliseconds,
            response_transfer_mode="STREAM" if props.target.streams else None,
            integration_target=props.target.load_balancer_arn,
        )
        streaming = ["response_transfer_mode"] if props.target.streams else []
        target = [] if props.target.load_balancer_arn is None else ["integration_target"]
        return references(integration, *_INTEGRATION_ARGUMENTS, *streaming, *target)

    def _sent(self) -> dict[str, str]:
        """What the private API is sent, by the place it goes to."""
        sent = {
            f"integration.request.path.{name}": f"method.request.path.{name}"
            for name in self._props.path_parameters
        }
        fixed = {
            f"integration.request.header.{name}": f"'{value}'"
            for name, value in self._props.overwritten_headers.items()
        }
        return {**sent, **fixed, f"integration.request.header.{API_ID_HEADER}": self._api_id()}

    def _api_id(self) -> str:
        """Renders where the header's value comes from: the caller, or a constant in single quotes.

        https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-parameter-mapping.html
        """
        if self._props.request_validator_id is not None:
            return f"method.request.header.{API_ID_HEADER}"
        return f"'{self._props.target.rest_api_id}'"


_INTEGRATION_ARGUMENTS = (
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
