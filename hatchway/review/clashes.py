"""Replacements that AWS refuses: what is made first has a name or an address of what it replaces."""

from collections.abc import Iterator, Mapping
from typing import Any

from hatchway.review.plan_json import listed, mapping
from hatchway.route.check_ids import CheckId

__all__ = ["CLASHES", "clash"]

CLASHES = CheckId(
    id="HW013",
    hop=None,
    title="What is made before the old one goes shares no fixed name or address with it.",
    # InvalidIPAddress.InUse; names are said to be unique in CreateLoadBalancer and CreateTargetGroup.
    source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html",
)

_NAMES = {"aws_lb", "aws_lb_target_group"}
"""Types whose names are unique in an account and region."""
_ADDRESSES = {
    "aws_lb": ("subnet_mapping", "private_ipv4_address"),
    "aws_vpc_endpoint": ("subnet_configuration", "ipv4"),
}
"""The block that pins addresses, and the argument in it."""


def clash(kind: str, change: Mapping[str, Any]) -> str:
    """Return the argument that old and new have in common and only one can have; empty if none is known."""
    before, after = mapping(change.get("before")), mapping(change.get("after"))
    name = before.get("name")
    if kind in _NAMES and name and name == after.get("name"):
        return "name"
    shared = {*_pinned(kind, before)} & {*_pinned(kind, after)}
    # Which one is left to the plan: it may be marked as sensitive.
    return ".".join(_ADDRESSES[kind]) if shared else ""


def _pinned(kind: str, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Give pinned addresses with their subnet. One whose subnet is not known may be in another network."""
    block, argument = _ADDRESSES.get(kind, ("", ""))
    for one in listed(values.get(block)):
        subnet, address = one.get("subnet_id"), one.get(argument)
        if subnet and address:
            yield str(subnet), str(address)
