"""The pinned addresses of load balancers and endpoints: what the file says, else the default.

Addresses are known before anything exists, so that targets and security group rules can be reviewed
at plan time and survive a replacement.
"""

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv4Network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hatchway.topology.model import Endpoint, Topology

LOAD_BALANCER_OFFSET = 10
ENDPOINT_OFFSET = 10
ENDPOINT_BESIDE_LOAD_BALANCER_OFFSET = 20


def load_balancer_addresses(topology: "Topology", service: str) -> dict[str, IPv4Address]:
    """Address of a service's load balancer in each subnet of the gateway's network, by subnet name."""
    network = topology.networks[topology.gateway.network]
    return fill(
        network.subnet_cidrs, topology.services[service].load_balancer.addresses, LOAD_BALANCER_OFFSET
    )


def endpoint_addresses(topology: "Topology", service: str) -> dict[str, IPv4Address]:
    """Address of a service's endpoint in each subnet of its network, by subnet name."""
    endpoint = topology.services[service].endpoint
    network = topology.networks[endpoint_network(topology, service)]
    return fill(network.subnet_cidrs, endpoint.addresses, endpoint_offset(endpoint))


def endpoint_network(topology: "Topology", service: str) -> str:
    """Name of the network of a service's endpoint: the one it declares, else the gateway's."""
    return topology.services[service].endpoint.network or topology.gateway.network


def endpoint_is_outside(topology: "Topology", service: str) -> bool:
    """Whether a service's endpoint is in another VPC than the load balancers."""
    return endpoint_network(topology, service) != topology.gateway.network


def transit_network(topology: "Topology", service: str) -> str | None:
    """Name of the network of a service's endpoint, if packets need transit to get there."""
    endpoint = topology.services[service].endpoint
    if endpoint.placement == "gateway" or endpoint.network in (None, topology.gateway.network):
        return None
    return endpoint.network


def endpoint_offset(endpoint: "Endpoint") -> int:
    """How far above the first address of a subnet an endpoint is put by default."""
    return ENDPOINT_BESIDE_LOAD_BALANCER_OFFSET if endpoint.placement == "gateway" else ENDPOINT_OFFSET


def fill(
    subnets: Mapping[str, IPv4Network], pinned: Mapping[str, IPv4Address], offset: int
) -> dict[str, IPv4Address]:
    """The pinned addresses, with the default in each subnet that has none."""
    return {name: pinned.get(name, cidr.network_address + offset) for name, cidr in subnets.items()}
