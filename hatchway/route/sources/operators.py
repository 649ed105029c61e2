"""Operators and access to parts, where what they are applied to is known."""

import operator
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from hatchway.route.policy.matching import equals
from hatchway.route.sources.encoding import NOT_KNOWN, Encoded, rendered
from hatchway.route.symbols import Symbol, Text
from hatchway.route.truth import Truth


class _Marker:
    """What a look-up returns that found no value."""


MISSING: Final = _Marker()
"""The value is known and has no such part."""
ELSEWHERE: Final = _Marker()
"""The parts of the value are known to somebody else."""


def as_text(value: Any) -> Text | None:  # noqa: ANN401 -- any value of the language
    """A scalar as text, the way Terraform converts it."""
    if isinstance(value, Text):
        return value
    if isinstance(value, bool):
        return Text.of(str(value).lower())
    if isinstance(value, float) and value.is_integer():
        return Text.of(str(int(value)))
    if isinstance(value, str | int | float):
        return Text.of(str(value))
    return rendered(value.value) if isinstance(value, Encoded) else None


def as_step(value: Any) -> str | int | None:  # noqa: ANN401 -- any value of the language
    """An index, when it is known."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    text = as_text(value)
    return text.literal if text is not None else None


def truth_of(value: Any) -> bool | None:  # noqa: ANN401 -- any value of the language
    """A condition; None when it is not known."""
    if isinstance(value, bool):
        return value
    literal = value.literal if isinstance(value, Text) else None
    return {"true": True, "false": False}.get(literal or "")


def pairs(value: Any, *, indexed: bool = False) -> list[tuple[Any, Any]] | None:  # noqa: ANN401 -- any value
    """Keys and values to repeat over; None when they are not known. Of a set, both are the element."""
    if isinstance(value, Mapping):
        return [(Text.of(str(key)), one) for key, one in value.items()]
    if isinstance(value, list):
        return (
            list(enumerate(value)) if indexed else [(_element(one, at), one) for at, one in enumerate(value)]
        )
    return None


def _element(value: Any, at: int) -> Any:  # noqa: ANN401 -- any value of the language
    return value if isinstance(value, Text) else at


def splat(value: Any) -> Any:  # noqa: ANN401 -- any value of the language
    """What `[*]` goes over: a list, or a list of the only value."""
    if isinstance(value, Text) and value.literal is None:
        return NOT_KNOWN
    if value is None:
        return []
    if isinstance(value, Mapping) and value and all(part(one, "*") is ELSEWHERE for one in value.values()):
        # A plan writes the instances of `for_each` in this way; in a configuration it is an error.
        return list(value.values())
    return value if isinstance(value, list) else [value]


def part(value: Any, step: str | int) -> Any:  # noqa: ANN401 -- any value of the language
    """One step into a value."""
    if isinstance(value, Mapping):
        return value.get(str(step), MISSING)
    if isinstance(value, list):
        at = int(step) if str(step).isdecimal() else -1
        return value[at] if 0 <= at < len(value) else MISSING
    if isinstance(value, Text):
        symbol = value.symbol
        # Text that is not known stands for whatever has such a part.
        return MISSING if symbol is None else Text.of(Symbol(f"{symbol.name}.{step}", fresh=symbol.fresh))
    return MISSING if value is None or isinstance(value, bool | int | float) else ELSEWHERE


def operated(sign: str, left: Any, right: Any) -> Any:  # noqa: ANN401 -- any value of the language
    """Apply an operator; `NOT_KNOWN` when the result cannot be told."""
    if sign in {"&&", "||", "!"}:
        return _logical(sign, left, right)
    if sign in {"==", "!="}:
        same = equal(left, right)
        return NOT_KNOWN if same is Truth.MAYBE else (same is Truth.YES) is (sign == "==")
    one, other = _number(left), _number(right)
    if sign == "-" and left is None:
        return NOT_KNOWN if other is None else -other
    if one is None or other is None or (sign in "/%" and other == 0):
        return NOT_KNOWN
    found = _ARITHMETIC[sign](one, other)
    return int(found) if isinstance(found, float) and found.is_integer() else found


_ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = MappingProxyType(
    {
        "+": operator.add,
        "-": operator.sub,
        "*": operator.mul,
        "/": operator.truediv,
        "%": operator.mod,
        "<": operator.lt,
        ">": operator.gt,
        "<=": operator.le,
        ">=": operator.ge,
    }
)


def _logical(sign: str, left: Any, right: Any) -> Any:  # noqa: ANN401 -- any value of the language
    one, other = truth_of(left), truth_of(right)
    if sign == "!":
        return NOT_KNOWN if other is None else not other
    decisive = sign == "||"
    if decisive in (one, other):
        return decisive
    return NOT_KNOWN if None in (one, other) else not decisive


def _number(value: Any) -> float | None:  # noqa: ANN401 -- any value of the language
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    literal = value.literal if isinstance(value, Text) else None
    try:
        return None if literal is None else int(literal) if literal.isdecimal() else float(literal)
    except ValueError:
        return None


def equal(left: Any, right: Any) -> Truth:  # noqa: ANN401 -- any value of the language
    """Whether two values are equal."""
    if left is None or right is None:
        other = right if left is None else left
        open_ = isinstance(other, Text) and other.symbol is not None and not other.symbol.is_unique
        return Truth.MAYBE if open_ else Truth.YES if other is None else Truth.NO
    if isinstance(left, Text) and isinstance(right, Text):
        return equals(left, right)
    if left == right:
        return Truth.YES
    return Truth.MAYBE if has_symbols(left) or has_symbols(right) else Truth.NO


def has_symbols(value: Any) -> bool:  # noqa: ANN401 -- any value of the language
    """Whether a part of a value is not known."""
    if isinstance(value, Text):
        return bool(value.symbols)
    if isinstance(value, Mapping):
        return any(map(has_symbols, value.values()))
    if isinstance(value, list):
        return any(map(has_symbols, value))
    return not (value is None or isinstance(value, bool | int | float))
