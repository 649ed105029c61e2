"""Decides whether a TCP connection is made between two addresses of the estate, and if not, why.

Everything in VPCs that says no says it by silence: security groups, network ACLs, missing routes. So a
failed connection is a wait until someone gives up, unless the other side is there and refuses.
"""

from dataclasses import dataclass
from enum import Enum

from hatchway.sandbox.data.filters import Passage, acl_admits, group_admits
from hatchway.sandbox.data.transit import cross
from hatchway.sandbox.data.world import Address, Interface, Networks, Subnet

__all__ = ["EPHEMERAL_PORTS", "Outcome", "Verdict", "connect"]

# A network load balancer's node uses 1024-65535 as its own ports:
# https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports
EPHEMERAL_PORTS = (1024, 65535)


class Outcome(Enum):
    """What becomes of a connection attempt."""

    DELIVERED = "delivered"
    BLACKHOLED = "blackholed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The outcome with the steps taken; the last step is the reason of a failure.

    `hop` is where it failed: a security group belongs to what it is attached to, everything in between to
    the transit.
    """

    outcome: Outcome
    steps: tuple[str, ...]
    destination: Interface | None = None
    hop: str = "transit"

    @property
    def reason(self) -> str:
        """Where and why it ended."""
        return self.steps[-1]


class _Dropped(Exception):  # noqa: N818 - it is a packet's fate, not an error
    """A packet went no further."""

    def __init__(self, reason: str, hop: str = "transit") -> None:
        super().__init__(reason)
        self.hop = hop


def connect(networks: Networks, source: Interface, address: Address, port: int) -> Verdict:
    """Follows a connection attempt there and the answer back.

    Security groups are stateful: the answer passes them. Network ACLs and routes are not: the way back
    is judged like the way there, for the ephemeral ports.
    """
    steps: list[str] = []
    try:
        destination = _there(networks, source, address, port, steps)
        _back(networks, source, destination, steps)
    except _Dropped as dropped:
        return Verdict(outcome=Outcome.BLACKHOLED, steps=(*steps, str(dropped)), hop=dropped.hop)
    return Verdict(outcome=Outcome.DELIVERED, steps=tuple(steps), destination=destination)


def _there(networks: Networks, source: Interface, address: Address, port: int, steps: list[str]) -> Interface:
    ports = (port, port)
    if not group_admits(networks, Passage(interface=source, peer=address, ports=ports), "egress"):
        raise _Dropped(
            f"{_groups(source)} of {source.address} lets no tcp/{port} out to {address}", "load-balancer"
        )
    steps.append(f"{_groups(source)} lets tcp/{port} out")
    subnet = _subnet(networks, source.subnet_id)
    vpc_id = _carry(networks, subnet, address, steps)
    destination = _interface_at(networks, vpc_id, address)
    remote = _subnet(networks, destination.subnet_id)
    if remote.id != subnet.id:  # ACLs stand between subnets, not inside one
        _pass_acl(subnet, address, ports, steps, egress=True)
        _pass_acl(remote, source.address, ports, steps, egress=False)
    arrival = Passage(interface=destination, peer=source.address, ports=ports, peer_interface=source)
    if not group_admits(networks, arrival, "ingress"):
        raise _Dropped(
            f"{_groups(destination)} of {address} lets no tcp/{port} in from {source.address}", "endpoint"
        )
    steps.append(f"{_groups(destination)} lets tcp/{port} in")
    return destination


def _back(networks: Networks, source: Interface, destination: Interface, steps: list[str]) -> None:
    subnet, remote = _subnet(networks, source.subnet_id), _subnet(networks, destination.subnet_id)
    reached = _carry(networks, remote, source.address, steps)
    if reached != source.vpc_id:
        raise _Dropped(f"the answer to {source.address} goes to {reached}, not back to {source.vpc_id}")
    if remote.id != subnet.id:
        _pass_acl(remote, source.address, EPHEMERAL_PORTS, steps, egress=True)
        _pass_acl(subnet, destination.address, EPHEMERAL_PORTS, steps, egress=False)


def _carry(networks: Networks, subnet: Subnet, address: Address, steps: list[str]) -> str:
    """Follows routes from a subnet and returns the VPC where the packet arrives."""
    candidates = [route for route in subnet.routes if address in route.network]
    if not candidates:
        raise _Dropped(f"{subnet.route_table_id} of {subnet.id} has no route to {address}")
    route = max(candidates, key=lambda found: found.network.prefixlen)
    steps.append(f"{subnet.route_table_id}: {route.network} to {route.target}")
    if route.target == "local":
        return subnet.vpc_id
    if route.target.startswith("tgw-"):
        crossing = cross(networks, subnet, route.target, address)
        if crossing.vpc_id is None:
            raise _Dropped(crossing.reason)
        steps.append(crossing.reason)
        return crossing.vpc_id
    if route.target.startswith("pcx-"):
        return _over_peering(networks, subnet, route.target)
    raise _Dropped(
        f"{subnet.route_table_id} sends {address} to {route.target}, which leads to no private address"
    )


def _over_peering(networks: Networks, subnet: Subnet, peering_id: str) -> str:
    peering = networks.peerings.get(peering_id)
    if peering is None or not peering.is_active or subnet.vpc_id not in peering.vpc_ids:
        raise _Dropped(f"{peering_id} is not an active peering of {subnet.vpc_id}")
    return next(iter(peering.vpc_ids - {subnet.vpc_id}))


def _interface_at(networks: Networks, vpc_id: str, address: Address) -> Interface:
    for interface in networks.interfaces:
        if interface.vpc_id == vpc_id and interface.address == address:
            return interface
    raise _Dropped(f"nothing in {vpc_id} has the address {address}", "load-balancer")


def _pass_acl(
    subnet: Subnet, peer: Address, ports: tuple[int, int], steps: list[str], *, egress: bool
) -> None:
    if not acl_admits(subnet.acl, peer, ports, egress=egress):
        way = "out to" if egress else "in from"
        shown = str(ports[0]) if ports[0] == ports[1] else f"{ports[0]}-{ports[1]}"
        raise _Dropped(f"{subnet.acl_id} of {subnet.id} does not let tcp/{shown} {way} {peer}")
    steps.append(f"{subnet.acl_id} passes")


def _subnet(networks: Networks, subnet_id: str) -> Subnet:
    subnet = networks.subnets.get(subnet_id)
    if subnet is None:
        raise _Dropped(f"{subnet_id} no longer exists")
    return subnet


def _groups(interface: Interface) -> str:
    return ", ".join(interface.security_group_ids) or "no security group"
