"""Availability Zones, which a subnet may give by name or by id."""

import re

from hatchway.route.policy.matching import equals
from hatchway.route.symbols import Text
from hatchway.route.truth import Truth

# https://docs.aws.amazon.com/ram/latest/userguide/working-with-az-ids.html
_ID = re.compile(r"[a-z0-9-]+-az\d+")


def same_zone(one: Text | None, other: Text | None) -> Truth:
    """Whether two zones are the same; which name an id has differs from account to account."""
    if one is None or other is None:
        return Truth.MAYBE
    if one.literal and other.literal and _is_id(one.literal) != _is_id(other.literal):
        return Truth.MAYBE
    return equals(one, other)


def _is_id(zone: str) -> bool:
    return _ID.fullmatch(zone) is not None
