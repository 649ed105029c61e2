"""What the data plane needs to know of a deployed estate, as frozen values.

The data plane asks a `World` and never looks behind it: in the sandbox it is answered from the control
plane's records, in unit tests from values written by hand.
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

Address = ipaddress.IPv4Address
Network = ipaddress.IPv4Network
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrationResponse:
    """How an integration's answer becomes a method's answer."""

    status_code: int
    selection_pattern: str | None = None
    templates: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Integration:
    """What a method does with a request."""

    type: str
    uri: str = ""
    http_method: str = "ANY"
    connection_type: str = "INTERNET"
    connection_id: str | None = None
    request_parameters: Mapping[str, str] = field(default_factory=dict)
    request_templates: Mapping[str, str] = field(default_factory=dict)
    passthrough_behavior: str = "WHEN_NO_MATCH"
    timeout_milliseconds: int = 29000
    responses: tuple[IntegrationResponse, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A method of a resource, as deployed."""

    http_method: str
    authorization_type: str = "NONE"
    authorizer_id: str | None = None
    api_key_required: bool = False
    request_parameters: Mapping[str, bool] = field(default_factory=dict)
    validates_parameters: bool = False
    response_statuses: frozenset[int] = frozenset()
    integration: Integration | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A path of an API with its methods by HTTP method (`ANY` included)."""

    id: str
    path: str
    methods: Mapping[str, Method] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorizer:
    """A Lambda authorizer."""

    id: str
    type: str
    uri: str
    identity_sources: tuple[str, ...] = ()
    identity_validation_expression: str | None = None
    result_ttl_seconds: int = 300
    credentials: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayResponse:
    """An API's own form of an error that API Gateway answers itself."""

    type: str
    status_code: int | None = None
    templates: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiDefinition:
    """A whole API at the moment of a deployment. Later edits do not reach it."""

    resources: tuple[Resource, ...]
    authorizers: Mapping[str, Authorizer] = field(default_factory=dict)
    policy: Document | None = None
    gateway_responses: Mapping[str, GatewayResponse] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A stage, and the definition its deployment froze."""

    name: str
    deployment_id: str
    definition: ApiDefinition
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestApi:
    """What of a REST API takes effect without a deployment."""

    id: str
    account_id: str
    region: str
    is_private: bool = False
    vpc_endpoint_ids: frozenset[str] = frozenset()
    default_endpoint_disabled: bool = False
    stages: Mapping[str, Stage] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class VpcLink:
    """A VPC link of REST APIs."""

    id: str
    account_id: str
    status: str
    target_arns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """Something with an address in a subnet.

    Only a network load balancer's node can be without security groups: then nothing is filtered.
    """

    vpc_id: str
    subnet_id: str
    address: Address
    security_group_ids: tuple[str, ...] = ()
    is_filtered: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """A load balancer's listener: a port, and the target group behind it."""

    port: int
    protocol: str
    target_group_arn: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadBalancer:
    """A network load balancer with one node (interface) for each enabled zone."""

    arn: str
    account_id: str
    vpc_id: str
    state: str
    nodes: tuple[Interface, ...]
    listeners: tuple[Listener, ...]
    enforces_rules_on_private_link: bool = True
    crosses_zones: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A registered address and port."""

    address: str
    port: int
    availability_zone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetGroup:
    """Where a listener sends connections, and how targets prove that they are well."""

    arn: str
    vpc_id: str
    protocol: str
    target_type: str
    targets: tuple[Target, ...]
    preserves_client_address: bool = False
    crosses_zones: bool | None = None
    health_protocol: str = "TCP"
    health_port: str = "traffic-port"
    health_path: str = "/"
    health_matcher: str = "200-399"
    health_timeout_seconds: float = 10
    load_balancer_arns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An interface VPC endpoint for execute-api."""

    id: str
    account_id: str
    region: str
    vpc_id: str
    state: str
    interfaces: tuple[Interface, ...]
    policy: Document | None
    private_dns_enabled: bool = False

    @property
    def has_default_policy(self) -> bool:
        """True where the policy allows everything to everyone, which AWS treats as no policy."""
        return self.policy is None or _is_full_access(self.policy)


def _is_full_access(policy: Document) -> bool:
    statements = policy.get("Statement", [])
    statements = [statements] if isinstance(statements, Mapping) else statements
    everyone = ("*", {"AWS": "*"}, {"AWS": ["*"]})
    return any(
        s.get("Effect") == "Allow"
        and s.get("Principal") in everyone
        and s.get("Action") in ("*", ["*"])
        and s.get("Resource") in ("*", ["*"])
        and not s.get("Condition")
        for s in statements
    ) and all(s.get("Effect") == "Allow" for s in statements)


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A Lambda function with its code, ready to be run."""

    arn: str
    account_id: str
    region: str
    name: str
    role: str
    handler: str
    runtime: str
    timeout_seconds: float
    memory_megabytes: int
    environment: Mapping[str, str]
    code: bytes
    digest: str
    policy: Document | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of a security group, for TCP or all traffic: exactly one of the three sources."""

    protocol: str
    from_port: int | None = None
    to_port: int | None = None
    network: Network | None = None
    security_group_id: str | None = None
    prefix_list_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityGroup:
    """A security group. It only allows; what no rule admits is dropped."""

    id: str
    vpc_id: str
    ingress: tuple[Rule, ...] = ()
    egress: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AclEntry:
    """One numbered rule of a network ACL."""

    number: int
    allows: bool
    is_egress: bool
    protocol: str
    network: Network
    from_port: int | None = None
    to_port: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One route: where packets for `network` go."""

    network: Network
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subnet:
    """A subnet with the route table and the network ACL that are in effect for it."""

    id: str
    vpc_id: str
    network: Network
    availability_zone: str
    routes: tuple[Route, ...]
    acl: tuple[AclEntry, ...]
    route_table_id: str = ""
    acl_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vpc:
    """A VPC and its address ranges."""

    id: str
    account_id: str
    networks: tuple[Network, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitAttachment:
    """A VPC's attachment to a Transit Gateway."""

    id: str
    transit_gateway_id: str
    vpc_id: str
    state: str
    subnet_ids: tuple[str, ...]
    associated_table_id: str | None = None
    references_security_groups: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitTable:
    """A Transit Gateway route table."""

    id: str
    transit_gateway_id: str
    static_routes: Mapping[Network, str | None] = field(default_factory=dict)  # None: a blackhole
    propagating_attachment_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Peering:
    """A VPC peering connection."""

    id: str
    vpc_ids: frozenset[str]
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Networks:
    """Everything that decides where a packet goes, in all accounts, at one moment."""

    vpcs: Mapping[str, Vpc] = field(default_factory=dict)
    subnets: Mapping[str, Subnet] = field(default_factory=dict)
    security_groups: Mapping[str, SecurityGroup] = field(default_factory=dict)
    prefix_lists: Mapping[str, tuple[Network, ...]] = field(default_factory=dict)
    interfaces: tuple[Interface, ...] = ()
    attachments: Mapping[str, TransitAttachment] = field(default_factory=dict)
    transit_tables: Mapping[str, TransitTable] = field(default_factory=dict)
    peerings: Mapping[str, Peering] = field(default_factory=dict)


class World(Protocol):
    """The estate as it is deployed now. Every call answers afresh."""

    def rest_api(self, api_id: str) -> RestApi | None:
        """The REST API with this id, in whichever account it is."""

    def vpc_link(self, link_id: str) -> VpcLink | None:
        """The VPC link with this id."""

    def load_balancer(self, arn: str) -> LoadBalancer | None:
        """The network load balancer with this ARN."""

    def target_group(self, arn: str) -> TargetGroup | None:
        """The target group with this ARN."""

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All execute-api interface endpoints."""

    def function(self, arn: str) -> Function | None:
        """The Lambda function with this ARN."""

    def networks(self) -> Networks:
        """Everything that decides where packets go."""

    def role_credentials(self, role_arn: str) -> Mapping[str, str]:
        """Temporary credentials of a role, as environment variables."""
