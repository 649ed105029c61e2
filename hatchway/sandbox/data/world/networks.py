"""Everything that decides where a packet goes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hatchway.sandbox.data.world.values import Address, Network

__all__ = [
    "AclEntry",
    "Interface",
    "Networks",
    "Peering",
    "Route",
    "Rule",
    "SecurityGroup",
    "Subnet",
    "TransitAttachment",
    "TransitTable",
    "Vpc",
]


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
