"""Rules about what services share, about endpoints that exist already, and about who may call."""

from collections.abc import Iterator

from hatchway.topology.addresses import endpoint_network, load_balancer_addresses
from hatchway.topology.bulkheads import bulkhead_of, bulkheads
from hatchway.topology.model import Endpoint, LoadBalancer, Topology
from hatchway.topology.problems import KeyPath, Misfit
from hatchway.topology.shapes import usable

_OF_ONE_SERVICE = frozenset({"allowed_api_ids"})


def services_that_share_say_the_same(topology: Topology, name: str) -> Iterator[Misfit]:
    """One endpoint and one load balancer have one description, whichever service one reads."""
    leader = bulkhead_of(topology, name).leader
    if leader == name:
        return
    service, first = topology.services[name], topology.services[leader]
    sections: tuple[tuple[str, Endpoint | LoadBalancer, Endpoint | LoadBalancer], ...] = (
        ("endpoint", service.endpoint, first.endpoint),
        ("load_balancer", service.load_balancer, first.load_balancer),
    )
    for section, one, other in sections:
        for key in type(one).model_fields:
            if key not in _OF_ONE_SERVICE and getattr(one, key) != getattr(other, key):
                yield Misfit(
                    path=("services", name, section, key),
                    message=f"is not that of services.{leader}, and they are shared (isolation: shared)",
                    fix=f"Write the same as services.{leader}.{section}.{key}, or set isolation to 'own'.",
                )


def existing_endpoint_is_in_an_existing_network(topology: Topology, name: str) -> Iterator[Misfit]:
    """An endpoint that exists has a network that exists, and addresses of its own."""
    endpoint = topology.services[name].endpoint
    if endpoint.existing is None:
        return
    network = topology.networks.get(endpoint_network(topology, name))
    if network is not None and network.create is not None:
        yield Misfit(
            path=_endpoint(name, "existing"),
            message=f"cannot be in networks.{endpoint_network(topology, name)}, which is created",
            got=endpoint.existing,
            fix="Name the endpoint's network as one that exists, or remove this key to create an endpoint.",
        )
    for key in ("addresses", "allowed_api_ids"):
        if getattr(endpoint, key):
            yield Misfit(
                path=_endpoint(name, key),
                message="is given, and the endpoint exists: Hatchway looks it up, and leaves it alone",
                fix="Remove it, or remove endpoint.existing to have an endpoint created.",
            )
    if topology.services[name].load_balancer.former_addresses:
        yield Misfit(
            path=("services", name, "load_balancer", "former_addresses"),
            message="is given, and the endpoint exists: its owner says whom it admits",
            fix="Remove it. The output endpoint_access_to_add says which addresses have to be admitted.",
        )


def existing_endpoint_has_one_bulkhead(topology: Topology, name: str) -> Iterator[Misfit]:
    """An endpoint that two services use is shared, so that it fails for both: they have to say so."""
    existing = topology.services[name].endpoint.existing
    if existing is None:
        return
    own = bulkhead_of(topology, name)
    for bulkhead in bulkheads(topology):
        if bulkhead == own:
            return
        other = usable(topology.services[bulkhead.leader], lambda it: it.endpoint.existing)
        if other == existing:
            yield Misfit(
                path=_endpoint(name, "existing"),
                message=f"is the endpoint of services.{bulkhead.leader} too",
                got=existing,
                fix="Set isolation to 'shared' for services of one account, or name an endpoint for each.",
            )
            return


def gateway_is_among_the_callers(topology: Topology, name: str) -> Iterator[Misfit]:
    """A restriction that leaves out the load balancer closes the path itself.

    The endpoint sees the load balancer's addresses, since client addresses are not preserved.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-aws-condition-keys.html
    """
    cidrs = topology.services[name].api.access.source_cidrs
    if not cidrs:
        return
    left_out = [
        address
        for address in load_balancer_addresses(topology, name).values()
        if not any(address in cidr for cidr in cidrs)
    ]
    if left_out:
        listed = ", ".join(f"{address}/32" for address in left_out)
        yield Misfit(
            path=("services", name, "api", "access", "source_cidrs"),
            message="leaves out the load balancer of the gateway, which is who calls",
            got=", ".join(map(str, cidrs)),
            fix=f"Add {listed}.",
        )


def access_is_for_an_api_of_hatchways(topology: Topology, name: str) -> Iterator[Misfit]:
    """Hatchway writes no policy of an API that it does not own."""
    api = topology.services[name].api
    if api.existing is None:
        return
    for key, is_given in (("name", api.name is not None), ("access", api.access != type(api.access)())):
        if is_given:
            yield Misfit(
                path=("services", name, "api", key),
                message="is given, and the API exists already: its owner decides",
                fix="Remove it. The output resource_policy_to_add says what its policy has to allow.",
            )


def _endpoint(name: str, key: str) -> KeyPath:
    return ("services", name, "endpoint", key)
