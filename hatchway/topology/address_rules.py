"""Rules about pinned addresses: inside their subnets, not AWS's own, and nobody else's."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from itertools import chain

from hatchway.topology.addresses import LOAD_BALANCER_OFFSET, endpoint_offset
from hatchway.topology.bulkheads import bulkheads
from hatchway.topology.model import Topology
from hatchway.topology.network_rules import gateway_network_is_the_gateways
from hatchway.topology.problems import KeyPath, Misfit
from hatchway.topology.references import reference
from hatchway.topology.service_rules import endpoint_is_in_its_account
from hatchway.topology.shapes import usable
from hatchway.topology.subnet_rules import SMALLEST_PREFIX

# https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
RESERVED_AT_START = 4


@dataclass(frozen=True, slots=True)
class _Component:
    """A load balancer or an endpoint, with its addresses."""

    path: tuple[str, str, str]
    network: str
    subnets: Mapping[str, IPv4Network]
    pinned: Mapping[str, IPv4Address]
    offset: int

    @property
    def addresses_path(self) -> KeyPath:
        return (*self.path, "addresses")

    @property
    def name(self) -> str:
        return ".".join(self.path)

    def address(self, subnet: str) -> IPv4Address:
        if subnet in self.pinned:
            return self.pinned[subnet]
        return self.subnets[subnet].network_address + self.offset

    def is_free_of_aws(self, subnet: str) -> bool:
        """Whether the address is in the subnet, and not one that AWS reserves."""
        cidr, address = self.subnets[subnet], self.address(subnet)
        start = cidr.network_address + RESERVED_AT_START
        return start <= address < cidr.broadcast_address


class Taken:
    """Who has which address, by network and subnet."""

    def __init__(self) -> None:
        self._owners: dict[tuple[str, str], dict[IPv4Address, str]] = {}

    def take(self, component: _Component, subnet: str) -> None:
        """The first to take an address has it."""
        if component.is_free_of_aws(subnet):
            owners = self._owners.setdefault((component.network, subnet), {})
            owners.setdefault(component.address(subnet), component.name)

    def owner(self, component: _Component, subnet: str) -> str | None:
        """Who has the address of a component in a subnet; `None` for an address nobody can have."""
        return self._owners.get((component.network, subnet), {}).get(component.address(subnet))

    def free(self, component: _Component, subnet: str) -> str:
        """An address that nobody has, and that is proposed once."""
        owners = self._owners.setdefault((component.network, subnet), {})
        cidr = component.subnets[subnet]
        first, end = int(cidr.network_address), int(cidr.broadcast_address)
        preferred = range(first + component.offset, end)
        rest = range(first + RESERVED_AT_START, min(first + component.offset, end))
        for number in chain(preferred, rest):
            address = IPv4Address(number)
            if address not in owners:
                owners[address] = component.name
                return str(address)
        return "one in a larger subnet"


def addresses_are_usable(topology: Topology) -> Iterator[Misfit]:
    """Load balancers and endpoints have addresses that can be had, and that nobody else has."""
    components = [
        component
        for bulkhead in bulkheads(topology)
        for component in (
            usable(bulkhead.leader, lambda it: _load_balancer(topology, it)),
            usable(bulkhead.leader, lambda it: _endpoint(topology, it)),
        )
        if component is not None
    ]
    taken = Taken()
    for component in components:
        for subnet in component.subnets:
            taken.take(component, subnet)
    for component in components:
        yield from _unknown_subnets(component)
        yield from _unfit(component, taken)
        yield from _shared(component, taken)


def _unknown_subnets(component: _Component) -> Iterator[Misfit]:
    kind = f"a subnet of networks.{component.network}"
    for subnet in component.pinned:
        yield from reference((*component.addresses_path, subnet), kind, subnet, component.subnets)


def _unfit(component: _Component, taken: Taken) -> Iterator[Misfit]:
    for subnet, cidr in component.subnets.items():
        if cidr.prefixlen > SMALLEST_PREFIX or component.is_free_of_aws(subnet):
            continue
        address = component.address(subnet)
        where = f"subnet '{subnet}' of networks.{component.network} ({cidr})"
        other = f"such as {taken.free(component, subnet)}"
        if subnet not in component.pinned:
            message, fix = (
                f"is not given, and the default {address} is outside {where}",
                f"Name one in it, {other}.",
            )
        elif address in cidr:
            message = f"is an address that AWS keeps for itself in {where}"
            fix = f"The first four and the last of a subnet are AWS's: choose another, {other}."
        else:
            message, fix = f"is outside {where}", f"Choose an address in it, {other}."
        got = str(address) if subnet in component.pinned else None
        yield Misfit(path=(*component.addresses_path, subnet), message=message, got=got, fix=fix)


def _shared(component: _Component, taken: Taken) -> Iterator[Misfit]:
    defaults: dict[str, list[str]] = {}
    for subnet in component.subnets:
        owner = taken.owner(component, subnet)
        if owner in (component.name, None):
            continue
        if subnet not in component.pinned:
            defaults.setdefault(owner, []).append(subnet)
            continue
        yield Misfit(
            path=(*component.addresses_path, subnet),
            message=f"is the address of {owner} too",
            got=str(component.address(subnet)),
            fix=f"Choose another, such as {taken.free(component, subnet)}.",
        )
    for owner, subnets in defaults.items():
        shared = ", ".join(f"{subnet}: {component.address(subnet)}" for subnet in subnets)
        free = ", ".join(f"{subnet}: {taken.free(component, subnet)}" for subnet in subnets)
        yield Misfit(
            path=component.addresses_path,
            message=f"has the defaults ({shared}) that {owner} has too",
            fix=f"Set {component.name}.addresses, for example to {{{free}}}.",
        )


def _load_balancer(topology: Topology, service: str) -> _Component | None:
    if any(gateway_network_is_the_gateways(topology)):
        return None
    pinned = topology.services[service].load_balancer.addresses
    path = ("services", service, "load_balancer")
    return _component(topology, path, topology.gateway.network, pinned, LOAD_BALANCER_OFFSET)


def _endpoint(topology: Topology, service: str) -> _Component | None:
    if any(endpoint_is_in_its_account(topology, service)):
        return None
    endpoint = topology.services[service].endpoint
    if endpoint.existing is not None:
        return None
    network = endpoint.network
    if network is None and endpoint.placement == "gateway":
        network = topology.gateway.network
    path = ("services", service, "endpoint")
    return _component(topology, path, network, endpoint.addresses, endpoint_offset(endpoint))


def _component(
    topology: Topology,
    path: tuple[str, str, str],
    network: str | None,
    pinned: Mapping[str, IPv4Address],
    offset: int,
) -> _Component | None:
    """`None` where the network is not known; like a wrong one, that is reported elsewhere."""
    if network is None or network not in topology.networks:
        return None
    return _Component(path, network, topology.networks[network].subnet_cidrs, pinned, offset)
