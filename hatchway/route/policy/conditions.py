"""Condition operators, three-valued.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from ipaddress import IPv4Network, IPv6Network, ip_network
from operator import eq, ge, gt, le, lt
from types import MappingProxyType
from typing import Any

from hatchway.route.policy import matching
from hatchway.route.policy.context import PolicyRequest
from hatchway.route.policy.model import Condition
from hatchway.route.symbols import Text
from hatchway.route.truth import Truth, all_of, any_of, truth

Compare = Callable[[Text, Text], Truth]
"""From a value of the policy and one of the request."""


def holds(condition: Condition, request: PolicyRequest) -> Truth:
    """Whether one condition is met by the request."""
    quantifier, _, rest = condition.operator.rpartition(":")
    name = rest.removesuffix("IfExists")
    values = request.key(condition.key)
    if name == "Null":
        return _null(condition, values)
    compare, negated = _OPERATORS.get(name, (None, False))
    if (
        compare is None
        or quantifier not in _QUANTIFIERS
        or any("${" in str(part) for part in _literals(condition))
    ):
        # An operator we do not know, or a policy variable such as ${aws:username}.
        return Truth.MAYBE
    if values is None:
        return Truth.MAYBE
    if not values:
        return _missing(quantifier, negated=negated, if_exists=rest != name)
    each = (_one(compare, condition, value, negated=negated) for value in values)
    return any_of(each) if quantifier == "ForAnyValue" else all_of(each)


_QUANTIFIERS = frozenset({"", "ForAnyValue", "ForAllValues"})


def _literals(condition: Condition) -> list[str]:
    return [part for value in condition.values for part in value.parts if isinstance(part, str)]


def _missing(quantifier: str, *, negated: bool, if_exists: bool) -> Truth:
    """What an operator answers when the request does not carry the key."""
    if quantifier == "ForAllValues" or if_exists:
        return Truth.YES
    return truth(negated and quantifier == "")


def _one(compare: Compare, condition: Condition, value: Text, *, negated: bool) -> Truth:
    found = any_of(compare(pattern, value) for pattern in condition.values)
    return ~found if negated else found


def _null(condition: Condition, values: tuple[Text, ...] | None) -> Truth:
    if values is None or len(condition.values) != 1:
        return Truth.MAYBE
    wanted = condition.values[0].casefold().literal
    if wanted not in {"true", "false"}:
        return Truth.MAYBE
    return truth((not values) == (wanted == "true"))


def _ignoring_case(pattern: Text, value: Text) -> Truth:
    return matching.equals(pattern.casefold(), value.casefold())


def _boolean(pattern: Text, value: Text) -> Truth:
    return matching.equals(pattern.casefold(), value.casefold())


def _address(pattern: Text, value: Text) -> Truth:
    """Whether an address, or every address the value may be, lies in the policy's range."""
    if pattern == value:
        return Truth.YES
    wanted, given = _network(pattern), _network(value)
    if wanted is None or given is None:
        return Truth.MAYBE
    if isinstance(wanted, IPv4Network) != isinstance(given, IPv4Network):
        return Truth.NO
    if _within(given, wanted):
        return Truth.YES
    return truth(wanted.overlaps(given)) if not wanted.overlaps(given) else Truth.MAYBE


def _within(inner: IPv4Network | IPv6Network, outer: IPv4Network | IPv6Network) -> bool:
    return inner.network_address in outer and inner.broadcast_address in outer


def _network(text: Text) -> IPv4Network | IPv6Network | None:
    if text.literal is None:
        return None
    try:
        return ip_network(text.literal, strict=False)
    except ValueError:
        return None


def _ordered(read: Callable[[str], Any], compare: Callable[[Any, Any], bool]) -> Compare:
    def judge(pattern: Text, value: Text) -> Truth:
        if pattern.literal is None or value.literal is None:
            return Truth.MAYBE
        try:
            return truth(compare(read(value.literal), read(pattern.literal)))
        except ValueError:
            return Truth.MAYBE

    return judge


def _date(text: str) -> datetime:
    if text.replace(".", "", 1).isdigit():
        return datetime.fromtimestamp(float(text), UTC)
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _orders(prefix: str, read: Callable[[str], Any]) -> dict[str, tuple[Compare, bool]]:
    comparisons = {"LessThan": lt, "LessThanEquals": le, "GreaterThan": gt, "GreaterThanEquals": ge}
    return {
        f"{prefix}Equals": (_ordered(read, eq), False),
        f"{prefix}NotEquals": (_ordered(read, eq), True),
    } | {f"{prefix}{name}": (_ordered(read, compare), False) for name, compare in comparisons.items()}


_OPERATORS: Mapping[str, tuple[Compare, bool]] = MappingProxyType(
    {
        "StringEquals": (matching.equals, False),
        "StringNotEquals": (matching.equals, True),
        "StringEqualsIgnoreCase": (_ignoring_case, False),
        "StringNotEqualsIgnoreCase": (_ignoring_case, True),
        "StringLike": (matching.matches, False),
        "StringNotLike": (matching.matches, True),
        "ArnEquals": (matching.matches_arn, False),
        "ArnNotEquals": (matching.matches_arn, True),
        "ArnLike": (matching.matches_arn, False),
        "ArnNotLike": (matching.matches_arn, True),
        "IpAddress": (_address, False),
        "NotIpAddress": (_address, True),
        "Bool": (_boolean, False),
        "BinaryEquals": (matching.equals, False),
    }
    | _orders("Numeric", float)
    | _orders("Date", _date)
)
