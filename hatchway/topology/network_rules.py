"""Rules about networks and what connects them."""

from collections.abc import Iterator

from hatchway.topology.connections import connected_networks
from hatchway.topology.model import Topology
from hatchway.topology.problems import KeyPath, Misfit
from hatchway.topology.references import are_apart, reference
from hatchway.topology.shapes import usable
from hatchway.topology.subnet_rules import definition_path

_MOST_PEERINGS = 125
_CARRIERS = {
    "create": "Transit Gateway",
    "existing": "Transit Gateway",
    "peering": "VPC peering",
    "routed": "A VPC",
    None: "Transit Gateway",
}


def account_is_known(topology: Topology, name: str) -> Iterator[Misfit]:
    """The network's account is declared."""
    path = ("networks", name, "account")
    yield from reference(path, "an account", topology.networks[name].account, topology.accounts)


def vpc_has_one_name(topology: Topology, name: str) -> Iterator[Misfit]:
    """Two names for one VPC would attach it twice."""
    existing = topology.networks[name].existing
    if existing is None:
        return
    for other in _before(topology, name):
        another = usable(topology.networks[other], lambda it: it.existing)
        if another is not None and usable(another, lambda it: it.vpc_id) == existing.vpc_id:
            yield Misfit(
                path=("networks", name, "existing", "vpc_id"),
                message=f"is the id of networks.{other} too",
                got=existing.vpc_id,
                fix=f"Use one name for the network: write '{other}' wherever it is '{name}'.",
            )
            return


def range_is_apart_from_connected_networks(topology: Topology, name: str) -> Iterator[Misfit]:
    """Networks that packets cross between, and networks that one gateway reaches, do not overlap."""
    network = topology.networks[name]
    connected = connected_networks(topology)
    if name not in connected:
        return
    for other in _before(topology, name):
        taken = usable(topology.networks[other], lambda it: it.cidr)
        if other in connected and taken is not None and network.cidr.overlaps(taken):
            service = connected[name] or connected[other]
            yield Misfit(
                path=(*definition_path(name, network), "cidr"),
                message=f"overlaps networks.{other} ({taken})",
                got=str(network.cidr),
                fix=(
                    f"{_CARRIERS[_kind_of_transit(topology)]} does not route between overlapping networks. "
                    f"Choose another range, or set services.{service}.endpoint.placement to 'gateway', which "
                    "needs no transit."
                ),
            )


def gateway_network_is_the_gateways(topology: Topology) -> Iterator[Misfit]:
    """API, VPC link and load balancer are in one account, so the load balancers' network is too.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-private-integration.html
    """
    gateway = topology.gateway
    path = ("gateway", "network")
    yield from reference(path, "a network", gateway.network, topology.networks)
    network = topology.networks.get(gateway.network)
    if network is not None and are_apart(topology, network.account, gateway.account):
        yield Misfit(
            path=path,
            message=f"is in account '{network.account}', not in the gateway's ('{gateway.account}')",
            got=gateway.network,
            fix="Load balancers are in the account of the API: name a network of it, or change the account.",
        )


def peerings_are_within_the_quota(topology: Topology) -> Iterator[Misfit]:
    """A VPC has a limited number of peering connections; the limit given is the one AWS raises it to.

    https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
    """
    if _kind_of_transit(topology) != "peering":
        return
    count = len(connected_networks(topology)) - 1
    if count > _MOST_PEERINGS:
        yield Misfit(
            path=("transit", "peering"),
            message=f"would be {count} connections of networks.{topology.gateway.network}, "
            f"and AWS allows {_MOST_PEERINGS}",
            fix="Set transit.create.account to create a Transit Gateway, which takes thousands.",
        )


def transit_account_is_known(topology: Topology) -> Iterator[Misfit]:
    """The Transit Gateway's account is declared."""
    for path, account in _transit_accounts(topology):
        yield from reference(path, "an account", account, topology.accounts)


def transit_is_in_the_gateways_region(topology: Topology) -> Iterator[Misfit]:
    """A Transit Gateway takes attachments of VPCs in its own region.

    https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html
    """
    gateway = topology.accounts.get(topology.gateway.account)
    for path, name in _transit_accounts(topology):
        account = topology.accounts.get(name)
        if gateway is not None and account is not None and account.region != gateway.region:
            yield Misfit(
                path=path,
                message=f"is in {account.region}, the gateway in {gateway.region}",
                got=name,
                fix="A Transit Gateway connects networks of its own region: choose an account there.",
            )


def _transit_accounts(topology: Topology) -> Iterator[tuple[KeyPath, str]]:
    transit = topology.transit
    if transit is not None and transit.create is not None:
        yield ("transit", "create", "account"), transit.create.account
    if transit is not None and transit.existing is not None and transit.existing.account is not None:
        yield ("transit", "existing", "account"), transit.existing.account


def _kind_of_transit(topology: Topology) -> str | None:
    transit = topology.transit
    return None if transit is None else next((key for key in transit.choices if getattr(transit, key)), None)


def _before(topology: Topology, name: str) -> tuple[str, ...]:
    names = tuple(topology.networks)
    return names[: names.index(name)]
