"""The addresses a load balancer forwards to, compared with the endpoint's."""

from collections.abc import Iterator
from ipaddress import IPv4Network

from hatchway.route.facts import Endpoint, Target, TargetGroup
from hatchway.route.symbols import Text
from hatchway.route.truth import Truth


def networks_of_targets(
    group: TargetGroup, endpoint: Endpoint | None
) -> Iterator[tuple[Target, IPv4Network | None]]:
    """Give each target with its address, or the subnet it lies in when it is looked up."""
    for target in group.targets:
        own = address_of(target.address)
        if own is None and endpoint is not None and is_endpoint(target, endpoint) is Truth.YES:
            # Whichever of the endpoint's addresses it is.
            yield from ((target, place.network) for place in endpoint.places)
        else:
            yield target, own


def address_of(text: Text) -> IPv4Network | None:
    """Read an address."""
    if text.literal is None:
        return None
    try:
        return IPv4Network(text.literal)
    except ValueError:
        return None


def is_endpoint(target: Target, endpoint: Endpoint) -> Truth:
    """Whether a target is an address of the endpoint."""
    sources = tuple(f"{one}." for one in (endpoint.subject, *endpoint.lookups))
    if any(symbol.name.startswith(sources) for symbol in target.address.symbols):
        return Truth.YES
    own = address_of(target.address)
    if own is None:
        return Truth.MAYBE
    networks = [place.network for place in endpoint.places]
    if any(network == own for network in networks):
        return Truth.YES
    if any(network is None or own.subnet_of(network) for network in networks):
        # Somewhere in the subnet, but the endpoint's address is not pinned.
        return Truth.MAYBE
    return Truth.NO
