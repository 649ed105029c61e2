"""The section `gateway`."""

from typing import Literal

from pydantic import Field

from hatchway.topology.model.authorizers import Authorizer, LambdaAuthorizer
from hatchway.topology.model.declared import Declared
from hatchway.topology.model.front_door import (
    CanaryRelease,
    Cors,
    Domain,
    GatewayResponse,
    Throttling,
    UsagePlan,
    WebAcl,
)
from hatchway.topology.model.networks import Transit
from hatchway.topology.values import (
    AuthorizerName,
    HeaderName,
    HeaderValue,
    MediaType,
    Name,
    ResponseType,
    StageName,
)

RaisableQuota = Literal["resources", "routes", "authorizers", "vpc_links", "usage_plans"]


class Gateway(Declared):
    """The public Regional API: the one door."""

    account: Name = Field(
        examples=["edge"], description="Account of the API, the VPC links and the load balancers."
    )
    network: Name = Field(examples=["edge"], description="Network of the load balancers.")
    kind: Literal["rest", "http"] = Field(
        examples=["rest"],
        default="rest",
        description="'rest': a REST API. 'http': an HTTP API, which always uses VPC links of version 2.",
    )
    vpc_link: Literal["v1", "v2"] | None = Field(
        examples=["v1"],
        default=None,
        description=(
            "Version of the VPC links. Default: v1 for a REST API, v2 for an HTTP API. A REST API takes v2 "
            "with `minimum_aws_provider` 6.25.0 or later."
        ),
    )
    name: Name | None = Field(
        examples=["public-gateway"],
        default=None,
        description="Name of the API. Default: the topology's name and '-gateway'.",
    )
    stage: StageName = Field(examples=["live"], default="live", description="Stage of the public API.")
    api_id_header: Literal["pinned", "passthrough"] = Field(
        examples=["pinned"],
        default="pinned",
        description=(
            "'pinned': the gateway sets x-apigw-api-id, whatever the caller sends. 'passthrough': the caller "
            "has to send it, and endpoint policies let only the listed APIs through."
        ),
    )
    authorizer: Authorizer | Literal["none"] = Field(
        examples=[{"lambda": {"result_ttl_seconds": 60}}],
        default=Authorizer.model_validate({"lambda": LambdaAuthorizer()}),
        description=(
            "Who may enter where a service or route names no other; 'none' for everyone. Default: Hatchway's "
            "Lambda authorizer."
        ),
    )
    authorizers: dict[AuthorizerName, Authorizer] = Field(
        examples=[{"partners": {"iam": {}}}],
        default={},
        description="More authorizers, by the name that services and routes use.",
    )
    removed_request_headers: tuple[HeaderName, ...] = Field(
        examples=[["X-Debug", "X-Forwarded-User"]],
        default=(),
        strict=False,
        description=(
            "Headers of callers that private APIs do not get. Default: they get all, but for x-apigw-api-id, "
            "which is the gateway's own (unless `api_id_header` is 'passthrough'). HTTP API only."
        ),
    )
    overwritten_request_headers: dict[HeaderName, HeaderValue] = Field(
        examples=[{"X-Forwarded-User": "nobody"}],
        default={},
        description=(
            "Headers of which private APIs get this value, whatever callers send and also if they send none. "
            "REST API only."
        ),
    )
    domain: Domain | None = Field(default=None, description="A custom domain name.")
    web_acl: WebAcl | None = Field(default=None, description="A WAF web ACL.")
    throttling: Throttling | None = Field(default=None, description="Limits for the whole stage.")
    usage_plans: dict[Name, UsagePlan] = Field(
        default={}, description="API keys, by usage plan. REST API only."
    )
    cors: Cors | None = Field(default=None, description="Let pages of other origins call.")
    gateway_responses: dict[ResponseType, GatewayResponse] = Field(
        examples=[{"DEFAULT_5XX": {"headers": {"Cache-Control": "no-store"}}}],
        default={},
        description="Answers of API Gateway itself, by type. REST API only.",
    )
    binary_media_types: tuple[MediaType, ...] = Field(
        examples=[["application/octet-stream"]],
        default=(),
        strict=False,
        description="Media types that are passed on byte by byte; '*/*' for all. REST API only.",
    )
    minimum_compression_bytes: int | None = Field(
        examples=[1024],
        default=None,
        ge=0,
        le=10485760,
        description="Answers of at least this size are compressed for callers that ask. REST API only.",
    )
    canary_release: CanaryRelease | None = Field(
        default=None, description="Send a part of the traffic to the new deployment. REST API only."
    )
    raised_quotas: dict[RaisableQuota, int] = Field(
        examples=[{"resources": 600}],
        default={},
        description=(
            "Quotas of API Gateway that AWS has raised for you. Default: those of AWS, 300 resources (HTTP "
            "API: routes) and 10 authorizers per API, 20 VPC links (10 of version 2) and 300 usage plans "
            "per region."
        ),
    )


class NamedGateway(Gateway):
    """One of several gateways: every key of `gateway`, and these."""

    transit: Transit | None = Field(
        default=None,
        description="How this gateway's networks reach each other. Default: the topology's `transit`.",
    )
