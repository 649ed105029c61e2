"""Condition blocks of policies.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

import ipaddress
import re
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["UnsupportedPolicyError", "holds"]


class UnsupportedPolicyError(Exception):
    """The sandbox cannot judge this policy, and so must not let anything pass by it."""


def _like(expected: str, actual: str) -> bool:
    parts = (".*" if c == "*" else "." if c == "?" else re.escape(c) for c in expected)
    return re.fullmatch("".join(parts), actual, re.DOTALL) is not None


def _same_text(expected: str, actual: str) -> bool:
    return expected == actual


def _same_text_any_case(expected: str, actual: str) -> bool:
    return expected.casefold() == actual.casefold()


def _in_network(expected: str, actual: str) -> bool:
    return ipaddress.ip_address(actual) in ipaddress.ip_network(expected, strict=False)


_POSITIVE: Mapping[str, Callable[[str, str], bool]] = {
    "StringEquals": _same_text,
    "StringEqualsIgnoreCase": _same_text_any_case,
    "StringLike": _like,
    "ArnEquals": _like,
    "ArnLike": _like,
    "IpAddress": _in_network,
    "Bool": _same_text_any_case,
}
_NEGATIVE: Mapping[str, Callable[[str, str], bool]] = {
    "StringNotEquals": _same_text,
    "StringNotEqualsIgnoreCase": _same_text_any_case,
    "StringNotLike": _like,
    "ArnNotEquals": _like,
    "ArnNotLike": _like,
    "NotIpAddress": _in_network,
}


def holds(condition: Mapping[str, Any], context: Mapping[str, str]) -> bool:
    """Tells whether all operators and keys of a condition block hold for the request's context.

    Raises:
        UnsupportedPolicyError: an operator that is not known here.
    """
    results = [
        _one(operator, key, [str(v) for v in (values if isinstance(values, list) else [values])], context)
        for operator, keys in condition.items()
        for key, values in keys.items()
    ]
    return all(results)


def _one(operator: str, key: str, expected: list[str], context: Mapping[str, str]) -> bool:
    # Every key in use here has one value, so a set operator changes only what an absent key means.
    name = operator
    for_all = name.startswith("ForAllValues:")
    name = name.removeprefix("ForAllValues:").removeprefix("ForAnyValue:")
    if_exists = name.endswith("IfExists")
    name = name.removesuffix("IfExists")
    actual = context.get(key.lower())
    if name == "Null":
        return any((actual is None) == (value.lower() == "true") for value in expected)
    if name not in _POSITIVE and name not in _NEGATIVE:
        raise UnsupportedPolicyError(f"condition operator {operator!r} is not known to the sandbox")
    if actual is None:
        # An absent key satisfies a negated operator and fails a plain one.
        return if_exists or for_all or (name in _NEGATIVE and not operator.startswith("ForAnyValue:"))
    if name in _POSITIVE:
        return any(_POSITIVE[name](value, actual) for value in expected)
    return not any(_NEGATIVE[name](value, actual) for value in expected)
