"""Rules inside one network: sizes, subnets and zones."""

from collections.abc import Iterator
from ipaddress import IPv4Network

from hatchway.topology.model import Network, Topology
from hatchway.topology.problems import KeyPath, Misfit
from hatchway.topology.shapes import usable
from hatchway.topology.zones import zone_prefix

# https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
# https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
LARGEST_PREFIX = 16
SMALLEST_PREFIX = 28


def ranges_have_a_size_that_aws_accepts(topology: Topology, name: str) -> Iterator[Misfit]:
    """VPCs and subnets are /16 to /28."""
    network = topology.networks[name]
    path = definition_path(name, network)
    ranges: dict[KeyPath, IPv4Network | None] = {(*path, "cidr"): usable(network, lambda it: it.cidr)}
    ranges |= {_subnet_path(path, subnet): cidr for subnet, cidr in _subnets(network)}
    for place, cidr in ranges.items():
        if cidr is not None and not LARGEST_PREFIX <= cidr.prefixlen <= SMALLEST_PREFIX:
            yield Misfit(
                path=place,
                message=f"has {_count(cidr)}, AWS takes /{LARGEST_PREFIX} to /{SMALLEST_PREFIX}",
                got=str(cidr),
                fix="Choose a range of another size.",
            )


def subnets_are_inside_the_network(topology: Topology, name: str) -> Iterator[Misfit]:
    """A subnet is part of its VPC's range."""
    network = topology.networks[name]
    path = definition_path(name, network)
    for subnet, cidr in _subnets(network):
        if not cidr.subnet_of(network.cidr):
            yield Misfit(
                path=_subnet_path(path, subnet),
                message=f"is outside its network ({network.cidr})",
                got=str(cidr),
                fix=f"Choose a part of {network.cidr}, or a larger {'.'.join(path)}.cidr.",
            )


def subnets_do_not_overlap(topology: Topology, name: str) -> Iterator[Misfit]:
    """AWS refuses overlapping subnets of one VPC."""
    network = topology.networks[name]
    path = definition_path(name, network)
    before: dict[str, IPv4Network] = {}
    for subnet, cidr in _subnets(network):
        for other, taken in before.items():
            if cidr.overlaps(taken):
                yield Misfit(
                    path=_subnet_path(path, subnet),
                    message=f"overlaps subnet '{other}' ({taken})",
                    got=str(cidr),
                    fix="Choose ranges that are apart.",
                )
                break
        before[subnet] = cidr


def subnets_are_distinct(topology: Topology, name: str) -> Iterator[Misfit]:
    """One existing subnet has one name."""
    existing = topology.networks[name].existing
    if existing is None:
        return
    names: dict[str, str] = {}
    for subnet, definition in existing.subnets.items():
        subnet_id = usable(definition, lambda it: it.subnet_id)
        if subnet_id is None:
            continue
        if subnet_id in names:
            yield Misfit(
                path=("networks", name, "existing", "subnets", subnet, "subnet_id"),
                message=f"is the id of subnet '{names[subnet_id]}' too",
                got=subnet_id,
                fix="Name each subnet once.",
            )
        names.setdefault(subnet_id, subnet)


def zones_are_in_the_region(topology: Topology, name: str) -> Iterator[Misfit]:
    """A zone id begins with a short form of its region."""
    network = topology.networks[name]
    account = topology.accounts.get(network.account)
    prefix = None if account is None else zone_prefix(account.region)
    if account is None or prefix is None:
        return
    for subnet, zone in _zones(network):
        if not zone.startswith(prefix + "-"):
            yield Misfit(
                path=_zone_path(name, network, subnet),
                message=f"is not in {account.region}, the region of accounts.{network.account}",
                got=zone,
                fix=f"Zone ids of {account.region} begin with '{prefix}-'.",
            )


def zones_are_distinct(topology: Topology, name: str) -> Iterator[Misfit]:
    """A load balancer, and an endpoint, takes one subnet per zone, and uses all subnets of its network.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/create-network-load-balancer.html
    https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
    """
    network = topology.networks[name]
    names: dict[str, str] = {}
    for subnet, zone in _zones(network):
        if zone in names:
            yield Misfit(
                path=_zone_path(name, network, subnet),
                message=f"is the zone of subnet '{names[zone]}' too",
                got=zone,
                fix="Load balancers and endpoints take one subnet per zone: choose another, or remove one.",
            )
        names.setdefault(zone, subnet)


def definition_path(name: str, network: Network) -> tuple[str, str, str]:
    """Key path of what describes a network: its `create` or its `existing` section."""
    return ("networks", name, "create" if network.create is not None else "existing")


def _count(cidr: IPv4Network) -> str:
    return f"{cidr.num_addresses} address" + ("" if cidr.num_addresses == 1 else "es")


def _subnets(network: Network) -> Iterator[tuple[str, IPv4Network]]:
    for name, subnet in network.definition.subnets.items():
        cidr = usable(subnet, lambda it: it.cidr)
        if cidr is not None:
            yield name, cidr


def _zones(network: Network) -> Iterator[tuple[str, str]]:
    for name, subnet in network.definition.subnets.items():
        zone = usable(subnet, lambda it: it.availability_zone_id)
        if zone is not None:
            yield name, zone


def _subnet_path(path: tuple[str, str, str], subnet: str) -> KeyPath:
    return (*path, "subnets", subnet, "cidr")


def _zone_path(name: str, network: Network, subnet: str) -> KeyPath:
    return (*definition_path(name, network), "subnets", subnet, "availability_zone_id")
