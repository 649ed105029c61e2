"""Security groups and network ACLs.

https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html and
https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html
"""

from dataclasses import dataclass
from typing import Literal

from hatchway.sandbox.data.world import AclEntry, Address, Interface, Networks, Rule

__all__ = ["Passage", "acl_admits", "group_admits", "groups_admit_from"]

_ALL = "-1"
_TCP = ("tcp", "6")
Ports = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A connection at one of its ends: the interface there, the peer's address and the ports in question.

    `peer_interface` is given where the peer is known to be in the estate, for rules that name its group.
    """

    interface: Interface
    peer: Address
    ports: Ports
    peer_interface: Interface | None = None


def group_admits(networks: Networks, passage: Passage, way: Literal["ingress", "egress"]) -> bool:
    """Tells whether any security group of the interface lets the connection in or out."""
    if not passage.interface.is_filtered:
        return True
    groups = (networks.security_groups.get(key) for key in passage.interface.security_group_ids)
    return any(
        _rule_admits(networks, rule, passage)
        for group in groups
        if group is not None
        for rule in (group.ingress if way == "ingress" else group.egress)
    )


def groups_admit_from(networks: Networks, group_ids: tuple[str, ...], peer: Address, port: int) -> bool:
    """Tells whether any of the groups admits a peer that is in no VPC of the estate."""
    return any(
        _names(networks, rule, peer) and _covers(rule.protocol, rule.from_port, rule.to_port, (port, port))
        for group_id in group_ids
        if (group := networks.security_groups.get(group_id)) is not None
        for rule in group.ingress
    )


def acl_admits(entries: tuple[AclEntry, ...], peer: Address, ports: Ports, *, egress: bool) -> bool:
    """Tells whether an ACL lets all of the ports pass: the lowest-numbered rule that matches decides.

    For a range, a connection could take any port of it: one that is denied is enough for the answer no.
    """
    relevant = sorted(
        (e for e in entries if e.is_egress == egress and peer in e.network and e.protocol in (_ALL, *_TCP)),
        key=lambda entry: entry.number,
    )
    edges = {ports[0], ports[1]}
    for entry in relevant:
        if entry.from_port is not None and entry.to_port is not None and entry.protocol != _ALL:
            edges |= {entry.from_port - 1, entry.from_port, entry.to_port, entry.to_port + 1}
    return all(_first_decides(relevant, port) for port in edges if ports[0] <= port <= ports[1])


def _first_decides(entries: list[AclEntry], port: int) -> bool:
    for entry in entries:
        if _covers(entry.protocol, entry.from_port, entry.to_port, (port, port)):
            return entry.allows
    return False


def _rule_admits(networks: Networks, rule: Rule, passage: Passage) -> bool:
    if not _covers(rule.protocol, rule.from_port, rule.to_port, passage.ports):
        return False
    if rule.security_group_id is None:
        return _names(networks, rule, passage.peer)
    own_vpc = passage.interface.vpc_id
    peer = passage.peer_interface or _interface(networks, own_vpc, passage.peer)
    return (
        peer is not None
        and rule.security_group_id in peer.security_group_ids
        and _references_reach(networks, own_vpc, peer.vpc_id)
    )


def _names(networks: Networks, rule: Rule, peer: Address) -> bool:
    if rule.network is not None:
        return peer in rule.network
    entries = networks.prefix_lists.get(rule.prefix_list_id or "", ())
    return any(peer in entry for entry in entries)


def _references_reach(networks: Networks, own_vpc: str, peer_vpc: str) -> bool:
    """Whether a rule may name a group of the other VPC.

    In one VPC always, over active peering, and over a Transit Gateway only where both attachments have
    security group referencing on: https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html
    """
    if own_vpc == peer_vpc:
        return True
    if any(p.is_active and p.vpc_ids == {own_vpc, peer_vpc} for p in networks.peerings.values()):
        return True
    referencing = {a.vpc_id for a in networks.attachments.values() if a.references_security_groups}
    return {own_vpc, peer_vpc} <= referencing


def _interface(networks: Networks, vpc_id: str, address: Address) -> Interface | None:
    found = [i for i in networks.interfaces if i.vpc_id == vpc_id and i.address == address]
    return found[0] if found else None


def _covers(protocol: str, low: int | None, high: int | None, ports: Ports) -> bool:
    if protocol == _ALL:
        return True
    if protocol not in _TCP:
        return False
    return (low is None or low <= ports[0]) and (high is None or high == -1 or ports[1] <= high)
