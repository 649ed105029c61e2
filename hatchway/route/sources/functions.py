"""The functions of Terraform that pass values on; any other call is a value of its own.

https://developer.hashicorp.com/terraform/language/functions
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from hatchway.route.symbols import Symbol, Text


class _NotKnown:
    """What a call whose result cannot be told returns."""


NOT_KNOWN: Final = _NotKnown()


@dataclass(frozen=True, slots=True)
class Encoded:
    """JSON text by what it says."""

    value: Any


def call(name: str, arguments: Sequence[Any]) -> Any:  # noqa: ANN401 -- any value of the language
    """Call a function; `NOT_KNOWN` when its result cannot be told."""
    function = _FUNCTIONS.get(name)
    try:
        return NOT_KNOWN if function is None else function(*arguments)
    except (TypeError, ValueError, IndexError):
        return NOT_KNOWN


def decoded(value: Any) -> Any:  # noqa: ANN401 -- any JSON
    """Decode JSON whose strings may hold unknown parts; `NOT_KNOWN` when it is none."""
    if isinstance(value, Encoded):
        return value.value
    if isinstance(value, Mapping):
        return value
    if not isinstance(value, Text):
        return NOT_KNOWN
    marks: dict[str, Symbol] = {}
    text = "".join(part if isinstance(part, str) else _mark(part, marks) for part in value.parts)
    try:
        return _restored(json.loads(text), marks)
    except (ValueError, RecursionError):
        return NOT_KNOWN


def _mark(symbol: Symbol, marks: dict[str, Symbol]) -> str:
    mark = f"\ue000{len(marks)}\ue001"
    marks[mark] = symbol
    return mark


def _restored(value: Any, marks: Mapping[str, Symbol]) -> Any:  # noqa: ANN401 -- any JSON
    if isinstance(value, str):
        pieces = value.replace("\ue001", "\ue001\ue002").replace("\ue000", "\ue002\ue000").split("\ue002")
        return Text.of(*(marks.get(piece, piece) for piece in pieces))
    if isinstance(value, list):
        return [_restored(one, marks) for one in value]
    if isinstance(value, dict):
        return {str(_restored(key, marks)): _restored(one, marks) for key, one in value.items()}
    return value


def _same(value: Any) -> Any:  # noqa: ANN401 -- any value of the language
    return value


def _as_list(value: Any) -> list[Any]:  # noqa: ANN401 -- any value of the language
    if isinstance(value, list):
        return value
    raise TypeError


def _element(items: Any, index: Any) -> Any:  # noqa: ANN401 -- any value of the language
    return _as_list(items)[int(index) % len(items)]


def _concat(*lists: Any) -> list[Any]:  # noqa: ANN401 -- any value of the language
    return [one for items in lists for one in _as_list(items)]


def _join(separator: Text, items: Any) -> Text:  # noqa: ANN401 -- any value of the language
    parts: list[Text | str | Symbol] = []
    for one in _as_list(items):
        parts += [separator, one if isinstance(one, Text) else str(one)]
    return Text.of(*parts[1:])


def _format(pattern: Text, *values: Any) -> Text:  # noqa: ANN401 -- any value of the language
    if pattern.literal is None:
        raise TypeError
    pieces = pattern.literal.split("%s")
    if len(pieces) != len(values) + 1 or "%" in "".join(pieces):
        raise ValueError
    parts: list[Text | str | Symbol] = [pieces[0]]
    for value, piece in zip(values, pieces[1:], strict=True):
        parts += [value if isinstance(value, Text) else str(value), piece]
    return Text.of(*parts)


def _flatten(items: Any) -> list[Any]:  # noqa: ANN401 -- any value of the language
    return [leaf for one in _as_list(items) for leaf in (_flatten(one) if isinstance(one, list) else [one])]


def _one(items: Any) -> Any:  # noqa: ANN401 -- any value of the language
    return _as_list(items)[0]


def _replace(text: Text, old: Text, new: Text) -> Text:
    if old.literal is None or new.literal is None or old.literal.startswith("/"):
        raise ValueError
    return text.replace(old.literal, new.literal)


_FUNCTIONS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "jsonencode": Encoded,
        "tolist": _as_list,
        "toset": _as_list,
        "tomap": _same,
        "tostring": _same,
        "sensitive": _same,
        "nonsensitive": _same,
        "element": _element,
        "concat": _concat,
        "join": _join,
        "format": _format,
        "flatten": _flatten,
        "one": _one,
        "keys": lambda value: [Text.of(key) for key in sorted(value)],
        "values": lambda value: [value[key] for key in sorted(value)],
        "lower": lambda value: value.casefold(),
        "replace": _replace,
    }
)
