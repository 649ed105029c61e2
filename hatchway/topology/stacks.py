"""The Terraform stacks of a topology: their names, their order, and where their state is."""

from typing import TYPE_CHECKING

from hatchway.topology.addresses import transit_network

if TYPE_CHECKING:
    from hatchway.topology.model import Topology

FOUNDATION = "foundation"
GATEWAY = "gateway"
SERVICE_PREFIX = "service-"


def service_stack(service: str) -> str:
    """Name of the stack of a service."""
    return SERVICE_PREFIX + service


def has_foundation(topology: "Topology") -> bool:
    """Whether there is anything for the foundation to create: networks, a Transit Gateway, attachments."""
    if any(network.create is not None for network in topology.networks.values()):
        return True
    if topology.transit is None or topology.transit.routed:
        return False
    crossed = any(transit_network(topology, service) is not None for service in topology.services)
    return topology.transit.create is not None or crossed


def stacks(topology: "Topology") -> tuple[str, ...]:
    """Names of all stacks, each after the ones it depends on."""
    services = tuple(service_stack(name) for name in topology.services)
    return ((FOUNDATION,) if has_foundation(topology) else ()) + services + (GATEWAY,)


def state_key(topology: "Topology", stack: str) -> str:
    """Key of a stack's state object in the state bucket."""
    return f"{topology.state.key_prefix}/{stack}.tfstate"
