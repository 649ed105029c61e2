"""Security groups: allow rules only, stateful, all groups of an interface together.

https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
"""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

from hatchway.route.network.model import Answer, GroupRule, SecurityGroup, covers
from hatchway.route.policy.matching import equals
from hatchway.route.symbols import Text
from hatchway.route.truth import Truth, all_of, any_of, truth

_TCP = frozenset({"tcp", "6", "-1", "all"})
_ALL = frozenset({"-1", "all"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """The other end of a connection."""

    network: IPv4Network | None
    """Its address, or the network the address will be in."""
    groups: tuple[Text, ...] = ()
    """Its security groups, for rules that name a group."""
    knows_groups: bool = True
    """Whether these are all of its groups."""
    groups_count: Truth = Truth.YES
    """Whether a rule that names a group works between the two networks."""


def admits(groups: Sequence[SecurityGroup], direction: str, peer: Peer, port: int) -> Answer:
    """Answer whether TCP to a port is let through.

    Args:
        groups: Every group of the interface.
        direction: `ingress` or `egress`.
        peer: The other end.
        port: Destination port.
    """
    rules = [rule for group in groups for rule in (group.ingress if direction == "ingress" else group.egress)]
    answers = [(rule, _admits(rule, peer, port)) for rule in rules]
    for wanted in (Truth.YES, Truth.MAYBE):
        for rule, answer in answers:
            if answer is wanted:
                return Answer(wanted, rule.subject, _reason(wanted, direction, peer.network, port))
    unseen = next((group for group in groups if not group.is_complete), None)
    if unseen is not None:
        return Answer(Truth.MAYBE, unseen.subject, f"the {direction} rules are not all in sight")
    subject = groups[0].subject if groups else ""
    return Answer(
        Truth.NO,
        subject,
        f"no {direction} rule lets tcp/{port} {_way(direction)} {_name(peer.network)} through",
    )


def _reason(wanted: Truth, direction: str, peer: IPv4Network | None, port: int) -> str:
    verb = "lets" if wanted is Truth.YES else "may let"
    return f"an {direction} rule {verb} tcp/{port} {_way(direction)} {_name(peer)} through"


def _way(direction: str) -> str:
    return "from" if direction == "ingress" else "to"


def _name(peer: IPv4Network | None) -> str:
    if peer is None:
        return "an address not known yet"
    return str(peer.network_address) if peer.prefixlen == peer.max_prefixlen else str(peer)


def _admits(rule: GroupRule, peer: Peer, port: int) -> Truth:
    if rule.protocol not in _TCP:
        return Truth.NO
    if rule.protocol in _ALL:
        fits = Truth.YES
    else:
        fits = Truth.MAYBE if rule.ports is None else truth(rule.ports[0] <= port <= rule.ports[1])
    by_network = any_of(covers(network, peer.network) for network in rule.networks)
    named = any_of(equals(one, other) for one in rule.groups for other in peer.groups)
    if rule.groups and not peer.knows_groups and named is Truth.NO:
        named = Truth.MAYBE
    by_group = all_of((named, peer.groups_count))
    return all_of((fits, any_of((by_network, by_group, truth(False) if rule.is_known else Truth.MAYBE))))
