"""VPC route tables, longest prefix first.

https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html
"""

from ipaddress import IPv4Network
from typing import NamedTuple

from hatchway.route.network.model import Answer, Place, Route, TargetKind
from hatchway.route.policy.matching import equals
from hatchway.route.truth import Truth


class Choice(NamedTuple):
    """The route a packet takes, if one can be told, and why."""

    answer: Answer
    route: Route | None


def choose(place: Place, destination: IPv4Network | None) -> Choice:
    """Choose the route from a place to every address of a destination."""
    table = place.table
    if table is None:
        return Choice(
            Answer(Truth.MAYBE, place.subject, "the route table of the subnet is not in sight"), None
        )
    covering, doubtful = table.by_destination.split(destination)
    best = max(covering, key=_length, default=None)
    longer = [route for route in doubtful if not _shadowed(route, best)]
    if any(not _same_target(route, best) for route in longer):
        return Choice(Answer(Truth.MAYBE, table.subject, f"a route to {destination} is not known yet"), None)
    if best is None and not table.is_complete:
        return Choice(Answer(Truth.MAYBE, table.subject, "the routes are not all in sight"), None)
    if best is None:
        return Choice(
            Answer(Truth.NO, table.subject, f"no route leads to {destination or 'the other end'}"), None
        )
    return Choice(Answer(Truth.YES, best.subject, f"{best.destination} leads to the {best.kind}"), best)


def is_local(place: Place, other: Place) -> Truth:
    """Whether both are in one VPC, so that its local route connects them."""
    if place.vpc is None or other.vpc is None:
        return Truth.YES if place.subnet == other.subnet else Truth.MAYBE
    return equals(place.vpc.id, other.vpc.id)


def _length(route: Route) -> int:
    return route.destination.prefixlen if route.destination else 0


def _shadowed(route: Route, best: Route | None) -> bool:
    """Whether a route that may cover the destination loses to one that does."""
    return best is not None and route.destination is not None and _length(route) < _length(best)


def _same_target(route: Route, best: Route | None) -> bool:
    return (
        best is not None
        and route.kind is best.kind
        and route.kind is not TargetKind.OTHER
        and (equals(route.target, best.target) is Truth.YES)
    )
