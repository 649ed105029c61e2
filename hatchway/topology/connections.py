"""Which networks packets have to cross between."""

from hatchway.topology.addresses import transit_network
from hatchway.topology.model import Topology
from hatchway.topology.shapes import usable


def connected_networks(topology: Topology) -> dict[str, str | None]:
    """Networks that transit connects, each with the first service whose endpoint is in it.

    The gateway's network has `None`; it is there only if some endpoint is in another network.
    Services whose placement is not usable are left out.
    """
    connected: dict[str, str | None] = {}
    for service in topology.services:
        network = usable(service, lambda it: transit_network(topology, it))
        if network is not None:
            connected.setdefault(topology.gateway.network, None)
            connected.setdefault(network, service)
    return connected
