"""What is known about the nine hops of one request, whatever source it was read from.

A value is `Known`, or `Unknown` with the reason. Text may hold symbols: references whose values are not
known yet but which are equal to themselves. `None` is an argument that is not given.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from hatchway.route.network.model import Place, SecurityGroup, Transit
from hatchway.route.policy import Policy
from hatchway.route.symbols import Text

if TYPE_CHECKING:
    from hatchway.route.live import Live

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Known(Generic[T]):
    """A value that was read."""

    value: T


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that could not be read, and why."""

    reason: str


Fact = Known[T] | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """The account and region of a resource."""

    account: Text
    region: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedPolicy:
    """A policy document and the resource that carries it."""

    subject: str
    address: str
    policy: Fact[Policy]


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """A REST API, public or private."""

    subject: str
    id: Text
    execution_arn: Text
    location: Location
    endpoint_types: Fact[tuple[str, ...]]
    endpoint_ids: tuple[Text, ...]
    """Endpoints it is associated with."""
    policies: tuple[AttachedPolicy, ...]
    disables_default_endpoint: bool = False
    has_domain: bool = False
    has_body: bool = False
    """Routes come from an OpenAPI document that could not be read."""
    is_http: bool = False
    """An HTTP API in place of a REST API."""
    access_mode: str | None = None
    """`STRICT` where the name in TLS has to be the one in Host."""
    domain_stages: tuple[tuple[str, Text], ...] = ()
    """Mappings of domain names, with the stage they lead to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """A snapshot of an API: what it waits for, and what makes Terraform take a new one."""

    subject: str
    api: Text | None
    follows: frozenset[str]
    """Addresses that exist before it."""
    hashes: frozenset[str] | None
    """Addresses in its triggers; None when they hash something else."""
    create_before_destroy: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """How many requests a second may pass, or at once; for some routes, or for all."""

    subject: str
    route: str
    """`path/METHOD` as in method settings, `*/*` for every one."""
    rate: Fact[int]
    burst: Fact[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A stage, and the deployment it serves; None when that is not in sight."""

    subject: str
    name: Text
    deployment_id: Text | None
    deployment: Deployment | None
    usage_plans: tuple[str, ...] = ()
    limits: tuple["Limit", ...] = ()
    blocked_by: tuple[str, ...] = ()
    """Web ACLs in front of it that let nothing through."""
    deploys_itself: bool = False
    """Every change is deployed at once, as HTTP APIs can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LambdaPermission:
    """What one permission lets whom invoke."""

    subject: str
    function: Text | None
    principal: Text | None
    source_arn: Text | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A Lambda function named by an invocation ARN; None for one that is not in sight."""

    subject: str
    names: tuple[Text, ...]
    permissions: tuple[LambdaPermission, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorizer:
    """An authorizer of a REST API."""

    subject: str
    address: str
    id: Text
    api: Text | None
    type: str
    uri: Text | None
    function: Function | None
    identity_source: str | None
    cache_seconds: Fact[int]
    has_credentials: bool
    has_user_pools: bool
    issuer: Text | None = None
    audience: tuple[Text, ...] = ()
    payload_format: str | None = None
    is_http: bool = False
    """Of an HTTP API."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Integration:
    """What a method does with a request."""

    subject: str
    address: str
    type: str
    http_method: str | None
    connection_type: str
    connection_id: Text | None
    uri: Text | None
    parameters: dict[str, Text]
    parameters_are_open: bool = False
    """There may be more of them, not known yet."""
    request_templates: dict[str, Text]
    timeout_milliseconds: Fact[int]
    skips_tls_verification: bool
    has_credentials: bool
    function: Function | None
    responses: tuple[str, ...] = ()
    """Status codes of its integration responses, `?` for one that is not known."""
    target: Text | None = None
    """Where a VPC link of the second kind leads: a load balancer, or a listener for an HTTP API."""
    server_name: Text | None = None
    """The name an HTTP API asks for in TLS and verifies."""
    is_http_api: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One method of one resource."""

    subject: str
    address: str
    path: str
    http_method: str
    authorization: str
    authorizer_id: Text | None
    authorizer: Authorizer | None
    needs_api_key: bool
    parameters: dict[str, bool]
    integration: Integration | None
    responses: tuple[str, ...] = ()
    owners: frozenset[str] = frozenset()
    """Addresses a deployment has to wait for: method, integration, responses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A VPC link. One of the second kind has interfaces of its own, and the integration says where to."""

    subject: str
    id: Text
    location: Location
    target_arns: tuple[Text, ...]
    create_before_destroy: bool
    is_v2: bool = False
    places: tuple[Place, ...] = ()
    groups: tuple[SecurityGroup, ...] = ()
    group_ids: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One registered address."""

    subject: str
    address: Text
    port: Fact[int]
    availability_zone: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetGroup:
    """A target group."""

    subject: str
    id: Text
    protocol: str
    port: Fact[int]
    target_type: str
    preserves_client_ip: Fact[bool]
    proxy_protocol: bool
    cross_zone: str | None
    vpc: Text | None
    health: dict[str, str]
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """A listener and the group it forwards to."""

    subject: str
    port: Fact[int]
    protocol: str
    action: str
    group: TargetGroup | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Balancer:
    """A load balancer."""

    subject: str
    arn: Text
    type: str
    is_internal: bool
    location: Location
    nodes: tuple[Place, ...]
    group_ids: tuple[Text, ...]
    groups: tuple[SecurityGroup, ...]
    enforces_private_link_rules: str | None
    cross_zone: Fact[bool]
    listeners: tuple[Listener, ...]
    endpoint_services: tuple[str, ...] = ()
    """Endpoint services that use it too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An interface endpoint."""

    subject: str
    id: Text
    type: str
    service_name: Text | None
    location: Location
    vpc: Text | None
    places: tuple[Place, ...]
    group_ids: tuple[Text, ...]
    groups: tuple[SecurityGroup, ...]
    group_vpcs: tuple[tuple[str, Text], ...]
    private_dns: bool
    policies: tuple[AttachedPolicy, ...]
    has_pinned_addresses: bool
    mismatched_subnets: tuple[str, ...] = ()
    """Subnets that have a pinned address but are not the endpoint's, or the other way round."""
    lookups: tuple[str, ...] = ()
    """Data sources that read its interfaces."""
    namesakes: tuple[str, ...] = ()
    """Other endpoints of the service with private DNS in the same VPC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The public API and what of it the request meets."""

    api: Api
    stages: tuple[Stage, ...]
    method: Method | None
    routes: tuple[str, ...]
    """`METHOD /path` of every route, to tell what there is when none fits."""
    values: dict[str, str] = field(default_factory=dict)
    """Path parameters of the request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where the integration's uri leads: host, then stage and path of the private API."""

    scheme: str | None
    host: Text
    port: int | None
    stage: Text | None
    path: Text
    host_api: Text | None
    """The API the host names, None when it names none."""
    host_endpoint: Text | None
    """The endpoint the host names besides, in the alias form."""
    header_api: Text | None
    """The API a fixed header names."""
    is_under_execute_api: bool | None
    """None when the host is not known."""
    region: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Private:
    """The private API and what of it the request meets."""

    api: Api
    stage: Stage | None
    stage_names: tuple[str, ...]
    method: Method | None
    routes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A private API that is called through the same endpoint."""

    api: Api
    stage_names: tuple[Text, ...]
    routes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteFacts:
    """One request on one route. `None` for a hop that could not be found in what was given."""

    service: str
    http_method: str
    path: str
    entry: Entry
    destination: Destination | None
    link: Link | None
    balancer: Balancer | None
    endpoint: Endpoint | None
    private: Private | None
    transit: Transit
    overlaps: tuple[str, ...] = ()
    unshared: tuple[str, ...] = ()
    """Attachments whose account the Transit Gateway is not shared with."""
    neighbours: tuple[Neighbour, ...] = ()
    """Private APIs that are called through the endpoint, that of the request among them."""
    unread: tuple[tuple[str, str], ...] = ()
    """Modules that were not read, with the reason: whatever is missing may be declared there."""
    live: "Live | None" = None
    """What only a deployed path has; None before it is deployed."""
