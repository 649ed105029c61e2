"""VPC peering across accounts."""

import ipaddress
from typing import Any

from moto.ec2.models import ec2_backends, vpc_peering_connections

from hatchway.sandbox.control.patching import around
from hatchway.sandbox.control.shared_view import SeenByOther

__all__ = ["install"]


def install() -> None:
    """Corrects moto's peering connections."""
    around(
        vpc_peering_connections.VPCPeeringConnectionBackend,
        "create_vpc_peering_connection",
        _both_sides_see_it_with_their_own_tags,
    )


def _both_sides_see_it_with_their_own_tags(
    original: Any, backend: Any, vpc: Any, peer_vpc: Any, *args: Any, **kwargs: Any
) -> Any:
    """Gives the accepter tags of its own, and fails a connection of overlapping networks.

    https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html#vpc-peering-limitations
    Goes when moto does both.
    """
    peering = original(backend, vpc, peer_vpc, *args, **kwargs)
    accepter = ec2_backends[peer_vpc.owner_id][peer_vpc.region]
    if accepter is not backend:
        seen: Any = SeenByOther(peering, accepter)
        accepter.vpc_pcxs[peering.id] = seen
    if _overlap(vpc, peer_vpc):
        peering._status.code = "failed"  # noqa: SLF001 - moto has no setter
        peering._status.message = "The VPCs have overlapping CIDR ranges"  # noqa: SLF001 - as above
    return peering


def _overlap(one: Any, other: Any) -> bool:
    return any(a.overlaps(b) for a in _networks(one) for b in _networks(other))


def _networks(vpc: Any) -> list[ipaddress.IPv4Network]:
    blocks = vpc.get_cidr_block_association_set()
    return [ipaddress.IPv4Network(item["cidr_block"]) for item in blocks]
