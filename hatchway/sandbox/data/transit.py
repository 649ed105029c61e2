"""The way of a packet through a Transit Gateway.

https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html: the attachment a packet comes
in by is associated with one route table; that table's most specific route names the attachment it leaves
by; of two equal prefixes the static route wins over the propagated one.
"""

from dataclasses import dataclass

from hatchway.sandbox.data.world import Address, Network, Networks, Subnet, TransitAttachment, TransitTable

__all__ = ["Crossing", "cross"]

_AVAILABLE = "available"


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """Where a packet came out, and how; `vpc_id` is None where it was dropped."""

    vpc_id: str | None
    reason: str


def cross(networks: Networks, subnet: Subnet, gateway_id: str, address: Address) -> Crossing:
    """Takes a packet from a subnet through a Transit Gateway to the VPC that its tables name."""
    entry = _attachment_of(networks, gateway_id, subnet.vpc_id)
    if entry is None:
        return _lost(f"{subnet.vpc_id} has no available attachment to {gateway_id}")
    if not _serves_zone(networks, entry, subnet.availability_zone):
        return _lost(f"{entry.id} has no subnet in {subnet.availability_zone}")
    table = networks.transit_tables.get(entry.associated_table_id or "")
    if table is None:
        return _lost(f"{entry.id} is associated with no route table")
    hop = _best_route(networks, table, address)
    if hop is None:
        return _lost(f"{table.id} has no route to {address}")
    network, attachment_id = hop
    leaving = networks.attachments.get(attachment_id or "")
    if leaving is None or leaving.state != _AVAILABLE:
        return _lost(f"{table.id} drops {network}: {attachment_id or 'blackhole'} is not available")
    return Crossing(vpc_id=leaving.vpc_id, reason=f"{gateway_id}: {table.id} sends {network} to {leaving.id}")


def _lost(reason: str) -> Crossing:
    return Crossing(vpc_id=None, reason=reason)


def _attachment_of(networks: Networks, gateway_id: str, vpc_id: str) -> TransitAttachment | None:
    for attachment in networks.attachments.values():
        belongs = (attachment.transit_gateway_id, attachment.vpc_id) == (gateway_id, vpc_id)
        if belongs and attachment.state == _AVAILABLE:
            return attachment
    return None


def _serves_zone(networks: Networks, attachment: TransitAttachment, zone: str) -> bool:
    """A zone's packets enter by the attachment's subnet in that zone, and by no other.

    https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html
    """
    subnets = (networks.subnets.get(subnet_id) for subnet_id in attachment.subnet_ids)
    return any(subnet is not None and subnet.availability_zone == zone for subnet in subnets)


def _best_route(
    networks: Networks, table: TransitTable, address: Address
) -> tuple[Network, str | None] | None:
    routes: dict[Network, str | None] = {}
    for attachment_id in sorted(table.propagating_attachment_ids):
        attachment = networks.attachments.get(attachment_id)
        vpc = networks.vpcs.get(attachment.vpc_id) if attachment else None
        if attachment is None or vpc is None or attachment.state != _AVAILABLE:
            continue
        for network in vpc.networks:
            routes.setdefault(network, attachment_id)
    routes |= table.static_routes
    matching = [network for network in routes if address in network]
    if not matching:
        return None
    best = max(matching, key=lambda network: network.prefixlen)
    return best, routes[best]
