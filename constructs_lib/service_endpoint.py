"""The endpoint of a bulkhead, as the topology declares it."""

from typing import TYPE_CHECKING

from constructs import Construct

from constructs_lib.endpoint_alarms import EndpointAlarms, EndpointAlarmsProps
from constructs_lib.execute_api_endpoint import (
    EndpointReference,
    ExecuteApiEndpoint,
    ExecuteApiEndpointProps,
)
from constructs_lib.existing_endpoint import ExistingEndpoint, ExistingEndpointProps
from hatchway.topology import endpoint_addresses, endpoint_network, load_balancer_addresses, told_topics
from hatchway.topology.partition import execute_api_service_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from constructs_lib.network import NetworkReference
    from constructs_lib.stack import HatchwayStack
    from hatchway.topology.bulkheads import Bulkhead

ENDPOINT = "execute_api"


def add_endpoint(
    stack: "HatchwayStack", bulkhead: "Bulkhead", networks: "Mapping[str, NetworkReference]"
) -> EndpointReference:
    """Adds the endpoint of a bulkhead to a stack: one of Hatchway's, or the look-up of an existing one."""
    topology = stack.topology
    network = networks[endpoint_network(topology, bulkhead.leader)]
    provider = stack.provider(network.account)
    existing = topology.services[bulkhead.leader].endpoint.existing
    if existing is not None:
        look_up = ExistingEndpointProps(provider=provider, vpc_endpoint_id=existing, network=network)
        return ExistingEndpoint(stack, ENDPOINT, look_up).reference
    props = ExecuteApiEndpointProps(
        provider=provider,
        network=network,
        service_name=execute_api_service_name(topology.accounts[network.account].region),
        addresses=endpoint_addresses(topology, bulkhead.leader),
        client_addresses=load_balancer_addresses(topology, bulkhead.leader),
        former_client_addresses=topology.services[bulkhead.leader].load_balancer.former_addresses,
        display_name=f"{topology.name}-{bulkhead.display_name}-execute-api",
    )
    reference = ExecuteApiEndpoint(stack, ENDPOINT, props).reference
    alarms = None if topology.observability is None else topology.observability.alarms
    if alarms is not None:
        watched = EndpointAlarmsProps(
            provider=provider,
            name=props.display_name,
            vpc_endpoint_id=reference.vpc_endpoint_id,
            vpc_id=network.vpc_id,
            service_name=props.service_name,
            topic_arns=told_topics(topology),
        )
        EndpointAlarms(Construct(stack, "Watch"), ENDPOINT, watched)
    return reference
