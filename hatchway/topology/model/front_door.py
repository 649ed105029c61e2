"""What stands at the public door besides the authorizer: domain, WAF, throttling, CORS, answers."""

from typing import ClassVar, Literal

from pydantic import Field

from hatchway.topology.model.declared import Declared
from hatchway.topology.values import (
    AnyCidr,
    CertificateArn,
    HeaderName,
    HostedZoneId,
    HostName,
    Name,
    Origin,
    ResponseType,
    S3Uri,
    UrlPath,
    WebAclArn,
)

HttpMethod = Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]


class Throttling(Declared):
    """Limits on requests; what is over them is answered 429."""

    rate_per_second: int = Field(examples=[100], ge=1, le=10000, description="Steady rate.")
    burst: int = Field(examples=[200], ge=1, le=5000, description="Requests at once.")


class Quota(Declared):
    """How many requests an API key may send in a period."""

    requests: int = Field(examples=[100000], ge=1, description="Number of requests.")
    period: Literal["DAY", "WEEK", "MONTH"] = Field(
        examples=["MONTH"], default="MONTH", description="Period after which counting starts anew."
    )


class UsagePlan(Declared):
    """API keys and their limits. The values of the keys are made by AWS and never leave the account."""

    api_keys: tuple[Name, ...] = Field(
        examples=[["partner"]], min_length=1, strict=False, description="Names of the API keys."
    )
    throttling: Throttling | None = Field(default=None, description="Limits for each key.")
    quota: Quota | None = Field(default=None, description="Quota for each key.")


class MutualTls(Declared):
    """Callers have to show a client certificate."""

    truststore_uri: S3Uri = Field(
        examples=["s3://estate-truststore/clients.pem"], description="S3 URI of the certificate authorities."
    )
    truststore_version: str | None = Field(
        examples=["Qm1nV0xNZ1Z1"], default=None, description="Version of the S3 object."
    )


class Domain(Declared):
    """A custom domain name of the public API."""

    name: HostName = Field(examples=["api.example.com"], description="The domain name.")
    certificate_arn: CertificateArn | None = Field(
        examples=["arn:aws:acm:eu-west-1:111111111111:certificate/0a1b2c3d-0a1b-4c3d-8e5f-0a1b2c3d4e5f"],
        default=None,
        description=(
            "Certificate in the gateway's region. Default: one is requested and validated in the zone."
        ),
    )
    hosted_zone_id: HostedZoneId | None = Field(
        examples=["Z0123456789ABCDEFGHIJ"],
        default=None,
        description="Route 53 zone in the gateway's account for the records. Without it, records are yours.",
    )
    base_path: UrlPath = Field(
        examples=["/v1"], default="/", description="Path under which the API answers on this domain."
    )
    security_policy: Literal["TLS_1_2", "TLS_1_3"] = Field(
        examples=["TLS_1_2"],
        default="TLS_1_2",
        description=(
            "Oldest TLS version. TLS_1_2 accepts 1.3 as well; TLS_1_3 is refused until the provider can set "
            "the endpoint access mode that AWS asks for with it."
        ),
    )
    mutual_tls: MutualTls | None = Field(default=None, description="Ask callers for a certificate.")
    disable_default_endpoint: bool = Field(
        examples=[False],
        default=True,
        description="Whether the execute-api name is closed, so that nobody goes round the domain.",
    )


class WebAclToCreate(Declared):
    """A regional WAF web ACL with Hatchway's rules, in this order: address, header, rate, managed groups."""

    allowed_cidrs: tuple[AnyCidr, ...] = Field(
        examples=[["203.0.113.0/24"]],
        default=(),
        strict=False,
        description="If given, callers from elsewhere are blocked.",
    )
    blocked_cidrs: tuple[AnyCidr, ...] = Field(
        examples=[["198.51.100.0/24"]],
        default=(),
        strict=False,
        description="Callers from here are blocked.",
    )
    allowed_headers: tuple[HeaderName, ...] = Field(
        examples=[["Authorization", "Content-Type", "X-Request-Id"]],
        default=(),
        strict=False,
        description=(
            "If given, requests with other headers are blocked. Allowed besides: what HTTP clients and API "
            "Gateway add by themselves, and what authorizers, API keys, `cors` and `api_id_header` ask for."
        ),
    )
    requests_per_five_minutes: int | None = Field(
        examples=[2000],
        default=None,
        ge=100,
        le=2000000000,
        description="Most requests of one address in five minutes.",
    )
    managed_rule_groups: tuple[str, ...] = Field(
        examples=[["AWSManagedRulesCommonRuleSet"]],
        default=("AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet"),
        strict=False,
        description="AWS managed rule groups, by name.",
    )


class WebAcl(Declared):
    """The WAF web ACL in front of the public stage. Exactly one of the two. REST API only."""

    choices: ClassVar[tuple[str, ...]] = ("create", "existing")

    create: WebAclToCreate | None = Field(default=None, description="Create this web ACL.")
    existing: WebAclArn | None = Field(
        examples=[
            "arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/edge/0a1b2c3d-0a1b-4c3d-8e5f-0a1b2c3d4e5f"
        ],
        default=None,
        description="ARN of a regional web ACL.",
    )


class Cors(Declared):
    """Answers to browsers' preflight requests, and the headers that let pages read answers."""

    allow_origins: tuple[Origin, ...] = Field(
        examples=[["https://app.example.com"]],
        min_length=1,
        strict=False,
        description="Origins such as https://app.example.com, or '*' alone.",
    )
    allow_methods: tuple[HttpMethod, ...] = Field(
        examples=[["GET", "POST"]],
        default=("GET", "POST", "PUT", "PATCH", "DELETE"),
        strict=False,
        description="Methods that pages may use.",
    )
    allow_headers: tuple[HeaderName, ...] = Field(
        examples=[["Authorization", "Content-Type"]],
        default=("Authorization", "Content-Type"),
        strict=False,
        description="Request headers that pages may set.",
    )
    expose_headers: tuple[HeaderName, ...] = Field(
        examples=[["ETag"]],
        default=(),
        strict=False,
        description="Answer headers that pages may read.",
    )
    max_age_seconds: int = Field(
        examples=[600], default=600, ge=0, le=86400, description="How long browsers keep the answer."
    )
    allow_credentials: bool = Field(
        examples=[True], default=False, description="Whether cookies and credentials may be sent."
    )


class GatewayResponse(Declared):
    """What API Gateway itself answers, for one type of answer. REST API only."""

    status: int | None = Field(
        examples=[404], default=None, ge=400, le=599, description="HTTP status; otherwise AWS's."
    )
    headers: dict[HeaderName, str] = Field(
        examples=[{"Cache-Control": "no-store"}], default={}, description="Headers with fixed values."
    )
    body: str | None = Field(
        examples=['{"message":$context.error.messageString}'],
        default=None,
        description="Template of a JSON body; otherwise AWS's.",
    )


GatewayResponses = dict[ResponseType, GatewayResponse]


class CanaryRelease(Declared):
    """A new deployment that only a part of the traffic reaches; the one that is there keeps the rest.

    Remove the section to deploy for everyone. REST API only.
    """

    percent_traffic: int = Field(
        examples=[10], ge=1, le=99, description="Share of requests for the new deployment."
    )
