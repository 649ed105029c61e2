"""Rules about services: where they are, how they are reached, and which path is theirs."""

from collections.abc import Iterator

from hatchway.topology.addresses import transit_network
from hatchway.topology.model import Topology
from hatchway.topology.problems import KeyPath, Misfit
from hatchway.topology.references import are_apart, reference
from hatchway.topology.shapes import usable


def account_is_known(topology: Topology, name: str) -> Iterator[Misfit]:
    """The service's account is declared."""
    path = ("services", name, "account")
    yield from reference(path, "an account", topology.services[name].account, topology.accounts)


def gateway_is_named_among_several(topology: Topology, name: str) -> Iterator[Misfit]:
    """A gateway without a name is every service's."""
    gateway = topology.services[name].gateway
    if gateway is not None and topology.view is None:
        yield Misfit(
            path=("services", name, "gateway"),
            message="is given, and the gateway has no name",
            got=gateway,
            fix="Remove it, or declare several under gateways, in place of gateway.",
        )


def account_is_in_the_gateways_region(topology: Topology, name: str) -> Iterator[Misfit]:
    """Every hop between the gateway and a private API is regional.

    https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html
    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html
    """
    service = topology.services[name]
    account = topology.accounts.get(service.account)
    gateway = topology.accounts.get(topology.gateway.account)
    if account is not None and gateway is not None and account.region != gateway.region:
        yield Misfit(
            path=("services", name, "account"),
            message=f"is in {account.region}, the gateway in {gateway.region}",
            got=service.account,
            fix=(
                "Endpoints and Transit Gateway reach nothing in another region: use accounts of one region, "
                f"or correct accounts.{service.account}.region."
            ),
        )


def endpoint_network_is_known(topology: Topology, name: str) -> Iterator[Misfit]:
    """The endpoint's network is declared, and given where there is no default."""
    endpoint = topology.services[name].endpoint
    path = _endpoint_path(name)
    if endpoint.network is not None:
        yield from reference(path, "a network", endpoint.network, topology.networks)
    elif endpoint.placement == "service":
        yield Misfit(
            path=path,
            message="is missing, and placement 'service' has no default for it",
            fix="Name a network of the service's account, or set endpoint.placement to 'gateway'.",
        )


def endpoint_is_in_its_account(topology: Topology, name: str) -> Iterator[Misfit]:
    """Placement says whose network it is: the service's, or the gateway's own."""
    service = topology.services[name]
    endpoint = service.endpoint
    network = None if endpoint.network is None else topology.networks.get(endpoint.network)
    if network is None:
        return
    if endpoint.placement == "service" and are_apart(topology, network.account, service.account):
        yield Misfit(
            path=_endpoint_path(name),
            message=f"is in account '{network.account}', not in the service's ('{service.account}')",
            got=endpoint.network,
            fix=(
                f"Name a network of account '{service.account}', or set "
                f"services.{name}.endpoint.placement to 'gateway' to have it beside the load balancers."
            ),
        )
    if endpoint.placement == "gateway" and endpoint.network != topology.gateway.network:
        yield Misfit(
            path=_endpoint_path(name),
            message=f"is not the gateway's network ('{topology.gateway.network}')",
            got=endpoint.network,
            fix="Placement 'gateway' puts the endpoint beside the load balancers: remove this key, or that.",
        )


def path_is_its_own(topology: Topology, name: str) -> Iterator[Misfit]:
    """A request has one service to go to."""
    path = topology.services[name].path
    for other, service in topology.services.items():
        if other == name:
            return
        if usable(service, lambda it: it.path) == path:
            yield Misfit(
                path=("services", name, "path"),
                message=f"is the path of services.{other} too",
                got=path,
                fix="Give each service a path of its own. One may lie under another: '/' and '/orders' do.",
            )
            return


def transit_is_there_when_needed(topology: Topology) -> Iterator[Misfit]:
    """An endpoint in another network than the load balancers' needs packets to get there."""
    if topology.transit is not None:
        return
    for name in topology.services:
        network = usable(name, lambda it: transit_network(topology, it))
        if network is not None:
            yield _missing_transit(topology, name, network)
            return


def _missing_transit(topology: Topology, service: str, network: str) -> Misfit:
    return Misfit(
        path=("transit",),
        message=(
            f"is missing, and services.{service}.endpoint is in network '{network}', away from the gateway's "
            f"('{topology.gateway.network}')"
        ),
        fix=(
            "Add transit.create.account to create a Transit Gateway, name one under transit.existing, say "
            "transit.routed: true where the networks reach each other already, or set endpoint.placement "
            "to 'gateway'."
        ),
    )


def _endpoint_path(name: str) -> KeyPath:
    return ("services", name, "endpoint", "network")
