"""Network ACLs: numbered entries, first match decides, both directions asked.

https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html
"""

from ipaddress import IPv4Network

from hatchway.route.network.model import EPHEMERAL_PORTS, Acl, AclEntry, Answer, Place, covers, worst
from hatchway.route.truth import Truth

_TCP = frozenset({"tcp", "6", "-1", "all"})
_ALL = frozenset({"-1", "all"})


def passes(source: Place, target: Place, port: int) -> Answer:
    """Answer whether the ACLs at both ends let a connection and its answers through."""
    if source.subnet == target.subnet:
        return Answer(Truth.YES, source.subject, "no network ACL applies inside one subnet")
    asked = [
        (source.acl, True, target.network, (port, port)),
        (target.acl, False, source.network, (port, port)),
        (target.acl, True, source.network, EPHEMERAL_PORTS),
        (source.acl, False, target.network, EPHEMERAL_PORTS),
    ]
    answers = [
        admits(acl, is_egress=is_egress, peer=peer, ports=ports)
        for acl, is_egress, peer, ports in asked
        if acl
    ]
    return worst(
        answers, Answer(Truth.YES, source.subject, "the default network ACL lets everything through")
    )


def admits(acl: Acl, *, is_egress: bool, peer: IPv4Network | None, ports: tuple[int, int]) -> Answer:
    """Answer whether TCP with a peer is let through on every port of a range."""
    rest = [ports]
    doubt = False
    way = "outbound" if is_egress else "inbound"
    for entry in sorted(acl.entries, key=lambda entry: entry.number):
        if entry.is_egress != is_egress or entry.protocol not in _TCP:
            continue
        hit = covers(entry.network, peer)
        first, last = (0, 65535) if entry.protocol in _ALL else entry.ports
        touched = [span for span in rest if span[0] <= last and first <= span[1]]
        if hit is Truth.NO or not touched:
            continue
        if hit is Truth.MAYBE:
            doubt = True
            continue
        if not entry.allows:
            return _refusal(acl, entry, way, touched[0], doubt=doubt)
        rest = [piece for span in rest for piece in _without(span, first, last)]
        if not rest:
            verdict = Truth.MAYBE if doubt else Truth.YES
            return Answer(verdict, acl.subject, f"{way} entry {entry.number} lets it through")
    return _refusal(acl, None, way, rest[0], doubt=doubt)


def _refusal(acl: Acl, entry: AclEntry | None, way: str, span: tuple[int, int], *, doubt: bool) -> Answer:
    ports = str(span[0]) if span[0] == span[1] else f"{span[0]}-{span[1]}"
    who = f"{way} entry {entry.number}" if entry else f"the last {way} entry (*)"
    return Answer(Truth.MAYBE if doubt else Truth.NO, acl.subject, f"{who} denies tcp ports {ports}")


def _without(span: tuple[int, int], first: int, last: int) -> list[tuple[int, int]]:
    pieces = [(span[0], min(span[1], first - 1)), (max(span[0], last + 1), span[1])]
    return [piece for piece in pieces if piece[0] <= piece[1]]
