"""HTTP APIs as they are deployed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hatchway.sandbox.data.world.callers import Throttle
from hatchway.sandbox.data.world.networks import Interface

__all__ = [
    "Cors",
    "HttpApi",
    "HttpAuthorizer",
    "HttpDefinition",
    "HttpIntegration",
    "HttpRoute",
    "HttpStage",
    "VpcLinkV2",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpIntegration:
    """What a route does with a request."""

    type: str
    uri: str
    method: str = "ANY"
    connection_type: str = "INTERNET"
    connection_id: str | None = None
    request_parameters: Mapping[str, str] = field(default_factory=dict)
    payload_format_version: str = "1.0"
    timeout_milliseconds: int = 30000
    server_name_to_verify: str | None = None
    credentials: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAuthorizer:
    """A JWT or a Lambda (REQUEST) authorizer."""

    id: str
    type: str
    identity_sources: tuple[str, ...] = ()
    issuer: str = ""
    audience: tuple[str, ...] = ()
    uri: str = ""
    payload_format_version: str = "2.0"
    has_simple_responses: bool = False
    result_ttl_seconds: int = 0
    credentials: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRoute:
    """A route: `GET /path/{variable}`, `ANY /path/{proxy+}` or `$default`."""

    key: str
    authorization_type: str = "NONE"
    authorizer_id: str | None = None
    scopes: tuple[str, ...] = ()
    integration: HttpIntegration | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cors:
    """What API Gateway answers to preflight requests, and writes into other answers."""

    allow_origins: tuple[str, ...] = ()
    allow_methods: tuple[str, ...] = ()
    allow_headers: tuple[str, ...] = ()
    expose_headers: tuple[str, ...] = ()
    max_age_seconds: int | None = None
    allow_credentials: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpDefinition:
    """Routes and authorizers at one moment."""

    routes: tuple[HttpRoute, ...]
    authorizers: Mapping[str, HttpAuthorizer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpStage:
    """A stage: what its deployment froze, or what the API is now where it deploys by itself."""

    name: str
    definition: HttpDefinition
    variables: Mapping[str, str] = field(default_factory=dict)
    throttle: Throttle | None = None
    route_throttles: Mapping[str, Throttle] = field(default_factory=dict)
    access_log_arn: str | None = None
    access_log_format: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpApi:
    """An HTTP API with its stages."""

    id: str
    account_id: str
    region: str
    default_endpoint_disabled: bool = False
    cors: Cors | None = None
    stages: Mapping[str, HttpStage] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class VpcLinkV2:
    """A VPC link of version 2: network interfaces of its own in the subnets it was given."""

    id: str
    account_id: str
    status: str
    interfaces: tuple[Interface, ...]
