"""Networks as data: what Terraform declares, ids compared as text, addresses as networks.

`None` in place of a network is a network that is not known yet.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from ipaddress import IPv4Network

from hatchway.route.network.prefixes import Prefixes
from hatchway.route.symbols import Text
from hatchway.route.truth import Truth

ANY_PORT = (0, 65535)
EPHEMERAL_PORTS = (1024, 65535)
"""What a load balancer may connect from.

https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether something lets the packet through, and what decides it."""

    truth: Truth
    element: str
    """Terraform address of what decides."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRule:
    """One rule of a security group, in one direction. Exactly one of the three peers is meant."""

    subject: str
    protocol: str
    ports: tuple[int, int] | None
    """None when the ports are not known."""
    networks: tuple[IPv4Network | None, ...] = ()
    groups: tuple[Text, ...] = ()
    is_known: bool = True
    """False when the rule names a peer that cannot be read, such as a prefix list declared elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityGroup:
    """A security group; not complete when rules may exist that are not in sight."""

    id: Text
    subject: str
    ingress: tuple[GroupRule, ...] = ()
    egress: tuple[GroupRule, ...] = ()
    is_complete: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AclEntry:
    """One numbered entry of a network ACL."""

    number: int
    is_egress: bool
    allows: bool
    protocol: str
    ports: tuple[int, int]
    network: IPv4Network | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Acl:
    """A network ACL that is not the VPC's default one."""

    subject: str
    entries: tuple[AclEntry, ...]


class TargetKind(StrEnum):
    """What a route leads to."""

    LOCAL = "local"
    TRANSIT_GATEWAY = "transit gateway"
    PEERING = "peering connection"
    INTERNET = "internet"
    OTHER = "something else"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One entry of a VPC route table."""

    subject: str
    destination: IPv4Network | None
    kind: TargetKind
    target: Text


@dataclass(frozen=True, kw_only=True)
class RouteTable:
    """A VPC route table; not complete when routes may exist that are not in sight."""

    subject: str
    routes: tuple[Route, ...]
    is_complete: bool = True

    @cached_property
    def by_destination(self) -> Prefixes[Route]:
        """The routes, to look a destination up."""
        return Prefixes(self.routes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vpc:
    """A VPC and its address ranges, None when they are not known."""

    id: Text
    subject: str
    cidrs: tuple[IPv4Network, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where one network interface is: an address, or the network it will be in, and its subnet."""

    network: IPv4Network | None
    subnet: Text
    subject: str
    vpc: Vpc | None
    zone: Text | None = None
    subnet_network: IPv4Network | None = None
    table: RouteTable | None = None
    """None when the subnet's route table is not in sight."""
    acl: Acl | None = None
    """None for the VPC's default ACL, which lets everything through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A VPC's attachment to a Transit Gateway."""

    id: Text
    subject: str
    gateway: Text
    vpc: Text
    zones: tuple[Text, ...] | None
    """Zones of its subnets, None when one is not known."""
    is_accepted: Truth = Truth.YES
    references_groups: bool = False
    associates_by_default: Truth = Truth.YES
    propagates_by_default: Truth = Truth.YES


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayRoute:
    """A static route in a Transit Gateway route table; no attachment is a blackhole."""

    subject: str
    table: Text
    destination: IPv4Network | None
    attachment: Text | None


@dataclass(frozen=True, slots=True)
class GatewayLink:
    """An association or a propagation: an attachment and a Transit Gateway route table."""

    attachment: Text
    table: Text
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """A Transit Gateway; not in sight when it was declared elsewhere."""

    id: Text
    subject: str
    is_in_sight: bool
    default_table: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Peering:
    """A peering connection between two VPCs."""

    id: Text
    subject: str
    vpcs: tuple[Text, Text]
    is_accepted: Truth


@dataclass(frozen=True, kw_only=True)
class Transit:
    """Everything between VPCs."""

    vpcs: tuple[Vpc, ...] = ()
    gateways: tuple[Gateway, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    routes: tuple[GatewayRoute, ...] = ()
    associations: tuple[GatewayLink, ...] = ()
    propagations: tuple[GatewayLink, ...] = ()
    peerings: tuple[Peering, ...] = ()

    @cached_property
    def attached(self) -> Mapping[tuple[Text, Text], Attachment]:
        """The first attachment by its VPC and its gateway."""
        return {(one.vpc, one.gateway): one for one in reversed(self.attachments)}

    @cached_property
    def associated(self) -> Mapping[Text, Text]:
        """The first table that an attachment is associated with, by the attachment."""
        return {link.attachment: link.table for link in reversed(self.associations)}

    @cached_property
    def propagated(self) -> AbstractSet[tuple[Text, Text]]:
        """Attachments with each table that their networks are propagated to."""
        return {(link.attachment, link.table) for link in self.propagations}

    @cached_property
    def tables(self) -> dict[tuple[Text, Text], Prefixes[GatewayRoute]]:
        """Where `crossing` keeps the routes of a gateway's table, once it has gathered them."""
        return {}


def worst(answers: Iterable[Answer], otherwise: Answer) -> Answer:
    """Return the answer that decides a question every part of which has to hold."""
    return min(answers, key=lambda answer: answer.truth.value, default=otherwise)


def covers(network: IPv4Network | None, inner: IPv4Network | None) -> Truth:
    """Whether every address of `inner` lies in a network."""
    if network is None or inner is None:
        return Truth.YES if network is not None and network.prefixlen == 0 else Truth.MAYBE
    if inner.subnet_of(network):
        return Truth.YES
    return Truth.MAYBE if network.overlaps(inner) else Truth.NO
