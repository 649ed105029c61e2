"""The section `services`: private APIs, what stands behind them, and how the gateway reaches them."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from hatchway.topology.model.declared import Declared
from hatchway.topology.model.front_door import Throttling
from hatchway.topology.model.functions import LambdaFunction
from hatchway.topology.model.verification import Check
from hatchway.topology.values import (
    Address,
    ApiId,
    AuthorizerName,
    Cidr,
    HttpUrl,
    Method,
    Name,
    RelativePath,
    RoutePath,
    StageName,
    SubnetName,
    UrlPath,
    VpcEndpointId,
    VpcId,
)


class LoadBalancer(Declared):
    """The internal network load balancer in front of a service's endpoint."""

    addresses: dict[SubnetName, Address] = Field(
        examples=[{"a": "10.0.0.11", "b": "10.0.1.11"}],
        default={},
        description=(
            "Pinned address per subnet of the gateway's network. Default: in each subnet, the address ten "
            "above its first."
        ),
    )
    former_addresses: tuple[Address, ...] = Field(
        examples=[["10.0.0.10", "10.0.1.10"]],
        default=(),
        strict=False,
        description=(
            "Addresses that the endpoint still admits while the load balancer moves to others. Remove them "
            "in the next deployment."
        ),
    )
    deletion_protection: bool = Field(
        examples=[True],
        default=False,
        description="Whether AWS refuses to delete the load balancer until this is false again.",
    )


class Endpoint(Declared):
    """The execute-api interface VPC endpoint of a service."""

    network: Name | None = Field(
        examples=["orders"],
        default=None,
        description="Network of the endpoint. Default: the gateway's for placement 'gateway'; else required.",
    )
    placement: Literal["service", "gateway"] = Field(
        examples=["service"],
        default="service",
        description=(
            "'service': in the service's account, over transit. 'gateway': in the gateway's network."
        ),
    )
    addresses: dict[SubnetName, Address] = Field(
        examples=[{"a": "10.1.0.10", "b": "10.1.1.10"}],
        default={},
        description=(
            "Pinned address per subnet of the endpoint's network. Default: in each subnet, the address ten "
            "above its first (twenty above for placement 'gateway', where the load balancers live too)."
        ),
    )
    existing: VpcEndpointId | None = Field(
        examples=["vpce-0a1b2c3d"],
        default=None,
        description=(
            "Endpoint that exists already, with a network interface in every subnet of `network`. Hatchway "
            "looks its addresses up, and leaves its policy and security groups alone."
        ),
    )
    allowed_api_ids: tuple[ApiId, ...] = Field(
        examples=[["a1b2c3d4e5"]],
        default=(),
        strict=False,
        description="Private APIs beside the service's own that may be reached through this endpoint.",
    )


class MockResponse(Declared):
    """A fixed answer of API Gateway itself (MOCK integration)."""

    status: int = Field(examples=[200], default=200, ge=200, le=599, description="HTTP status.")
    body: Any = Field(
        examples=[{"response": "integration-successful"}],
        default=None,
        description="Answered as JSON; nothing is answered for null.",
    )


class HttpBackend(Declared):
    """A web server that API Gateway reaches over the internet (HTTP_PROXY integration)."""

    url: HttpUrl = Field(
        examples=["https://backend.example.com/items/{id}"],
        description="URL; {NAME} takes the path variable of the same name in the route's path.",
    )
    timeout_milliseconds: int = Field(
        examples=[10000], default=29000, ge=50, le=29000, description="How long the private API waits."
    )


class ApiRoute(Declared):
    """A method of the private API, and what answers. Exactly one of the three."""

    choices: ClassVar[tuple[str, ...]] = ("mock", "lambda", "http")

    method: Method = Field(examples=["GET"], description="HTTP method, or ANY.")
    path: RoutePath = Field(
        examples=["/items/{id}"], description="Resource path on the private API, without the stage."
    )
    mock: MockResponse | None = Field(default=None, description="A fixed response.")
    lambda_: LambdaFunction | None = Field(
        default=None, alias="lambda", description="A Lambda function, which receives the whole request."
    )
    http: HttpBackend | None = Field(default=None, description="A web server.")


class ExistingApi(Declared):
    """A private REST API that exists already. Its policy has to let the service's endpoint in."""

    rest_api_id: ApiId = Field(examples=["a1b2c3d4e5"], description="Id of the private API.")


class PrivateApiAccess(Declared):
    """Who may call the private API, besides the service's own endpoint."""

    endpoint_ids: tuple[VpcEndpointId, ...] = Field(
        examples=[["vpce-0a1b2c3d"]],
        default=(),
        strict=False,
        description="Other endpoints through which it may be called.",
    )
    vpc_ids: tuple[VpcId, ...] = Field(
        examples=[["vpc-0a1b2c3d"]],
        default=(),
        strict=False,
        description="If given, callers have to be in one of these VPCs too (`aws:SourceVpc`).",
    )
    source_cidrs: tuple[Cidr, ...] = Field(
        examples=[["10.0.0.0/24"]],
        default=(),
        strict=False,
        description=(
            "If given, callers have to have one of these addresses too (`aws:VpcSourceIp`): those of the "
            "load balancer, as the endpoint sees them."
        ),
    )


class PrivateApi(Declared):
    """The PRIVATE REST API of a service. Exactly one of `routes`, `openapi` and `existing`."""

    choices: ClassVar[tuple[str, ...]] = ("routes", "openapi", "existing")

    name: Name | None = Field(
        examples=["orders-private"],
        default=None,
        description="Name of the REST API. Default: topology and service name.",
    )
    stage: StageName = Field(examples=["v1"], default="v1", description="Stage of the private API.")
    base_path: UrlPath = Field(
        examples=["/internal"],
        default="/",
        description="Path on the private API that the service's public path leads to.",
    )
    routes: tuple[ApiRoute, ...] | None = Field(
        default=None, min_length=1, strict=False, description="Its methods."
    )
    openapi: RelativePath | None = Field(
        examples=["orders.openapi.yaml"],
        default=None,
        description=(
            "OpenAPI 3 document (YAML or JSON), beside the topology's file; `x-amazon-apigateway-*` "
            "extensions are kept."
        ),
    )
    existing: ExistingApi | None = Field(default=None, description="An API that Hatchway does not own.")
    access: PrivateApiAccess = Field(default=PrivateApiAccess(), description="Who else may call it.")

    @property
    def declared_routes(self) -> tuple[ApiRoute, ...]:
        """The methods written out under `routes`; none where the API comes from elsewhere."""
        return self.routes or ()


class PublicRoute(Declared):
    """A path of a service that is open on the public API."""

    path: RoutePath = Field(
        examples=["/items/{id}"], description="Path below the service's; '/{proxy+}' for all below."
    )
    methods: tuple[Method, ...] = Field(
        examples=[["GET", "POST"]],
        default=("ANY",),
        min_length=1,
        strict=False,
        description="HTTP methods, or ANY.",
    )
    authorizer: AuthorizerName | None = Field(
        examples=["partners"],
        default=None,
        description="Name under `gateway.authorizers`, or 'none'. Default: the service's.",
    )
    api_key_required: bool | None = Field(
        examples=[True], default=None, description="Whether callers need an API key. Default: the service's."
    )
    throttling: Throttling | None = Field(default=None, description="Limits for each method of this route.")
    integration_timeout_milliseconds: int | None = Field(
        examples=[5000],
        default=None,
        ge=50,
        le=300000,
        description="How long the gateway waits. Default: the service's.",
    )


class Service(Declared):
    """A private API, and how the gateway reaches it."""

    account: Name = Field(examples=["orders"], description="Account of the private API.")
    gateway: Name | None = Field(
        examples=["eu"], default=None, description="Name under `gateways`; needed where there are several."
    )
    path: UrlPath = Field(
        examples=["/orders"],
        description="Path on the public API under which the service answers; '/' for everything.",
    )
    routes: tuple[PublicRoute, ...] = Field(
        default=(),
        strict=False,
        description="What of it is open. Default: any method on the path and on everything below.",
    )
    isolation: Literal["own", "shared"] = Field(
        examples=["own"],
        default="own",
        description=(
            "'own': an endpoint, a load balancer and a VPC link of its own. 'shared': one set for all "
            "services of the account that say so."
        ),
    )
    authorizer: AuthorizerName | None = Field(
        examples=["partners"],
        default=None,
        description="Name under `gateway.authorizers`, or 'none'. Default: `gateway.authorizer`.",
    )
    api_key_required: bool = Field(
        examples=[True], default=False, description="Whether callers need an API key of a usage plan."
    )
    endpoint: Endpoint = Field(description="The execute-api VPC endpoint.")
    load_balancer: LoadBalancer = Field(
        default=LoadBalancer(), description="The load balancer in front of the endpoint."
    )
    integration_timeout_milliseconds: int = Field(
        examples=[10000],
        default=29000,
        ge=50,
        le=300000,
        description="How long the gateway waits. Above 29000 the account needs a raised quota.",
    )
    response_streaming: bool = Field(
        examples=[True],
        default=False,
        description="Pass answers on as they come. Needs `minimum_aws_provider` 6.25.0 or later.",
    )
    api: PrivateApi = Field(description="The private API.")
    checks: tuple[Check, ...] = Field(
        default=(), strict=False, description="Requests that `hatchway verify` sends."
    )
