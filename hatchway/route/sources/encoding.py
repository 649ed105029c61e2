"""JSON text by what it says, also where parts of it are not known yet."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from hatchway.route.symbols import Symbol, Text


class _NotKnown:
    """What a call whose result cannot be told returns."""


_MOST = 100_000

NOT_KNOWN: Final = _NotKnown()


@dataclass(frozen=True, slots=True)
class Encoded:
    """JSON text by what it says."""

    value: Any


def decoded(value: Any) -> Any:  # noqa: ANN401 -- any JSON
    """Decode JSON whose strings may hold unknown parts; `NOT_KNOWN` when it is none."""
    if isinstance(value, Encoded):
        return value.value
    if isinstance(value, Mapping):
        return value
    if not isinstance(value, Text):
        return NOT_KNOWN
    text, marks = marked(value)
    try:
        return restored(json.loads(text), marks)
    except (ValueError, RecursionError):
        return NOT_KNOWN


def marked(text: Text) -> tuple[str, dict[str, Symbol]]:
    """Return text with a mark in place of each unknown part, and what the marks stand for."""
    marks: dict[str, Symbol] = {}
    return "".join(part if isinstance(part, str) else _mark(part, marks) for part in text.parts), marks


def rendered(value: Any) -> Text:  # noqa: ANN401 -- any value of the language
    """Write a value as JSON, whose strings may hold unknown parts."""
    if not is_small(value):
        return Text.of(Symbol("a very large document"))
    marks: dict[str, Symbol] = {}
    text = json.dumps(_plain(value, marks), separators=(",", ":"), ensure_ascii=False)
    return _unmarked(text, marks)


def is_small(value: Any) -> bool:  # noqa: ANN401 -- any value of the language
    """Whether a value can be written out: lists within lists may share their parts without end."""
    count, waiting = 0, [value]
    while waiting and count <= _MOST:
        one = waiting.pop()
        one = one.value if isinstance(one, Encoded) else one
        count += 1
        waiting += one.values() if isinstance(one, Mapping) else one if isinstance(one, list) else ()
    return count <= _MOST


def _unmarked(text: str, marks: Mapping[str, Symbol]) -> Text:
    pieces = text.replace("\ue001", "\ue001\ue002").replace("\ue000", "\ue002\ue000").split("\ue002")
    return Text.of(*(marks.get(piece, piece) for piece in pieces))


def _plain(value: Any, marks: dict[str, Symbol]) -> Any:  # noqa: ANN401 -- any value of the language
    if isinstance(value, Text):
        return "".join(part if isinstance(part, str) else _mark(part, marks) for part in value.parts)
    if isinstance(value, Mapping):
        return {str(key): _plain(one, marks) for key, one in sorted(value.items())}
    if isinstance(value, list):
        return [_plain(one, marks) for one in value]
    if isinstance(value, Encoded):
        return _plain(rendered(value.value), marks)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return _mark(Symbol(repr(value)), marks)


def _mark(symbol: Symbol, marks: dict[str, Symbol]) -> str:
    mark = f"\ue000{len(marks)}\ue001"
    marks[mark] = symbol
    return mark


def restored(value: Any, marks: Mapping[str, Symbol]) -> Any:  # noqa: ANN401 -- any JSON
    """Put the unknown parts back into a decoded value."""
    if isinstance(value, str):
        return _unmarked(value, marks)
    if isinstance(value, list):
        return [restored(one, marks) for one in value]
    if isinstance(value, dict):
        return {str(restored(str(key), marks)): restored(one, marks) for key, one in value.items()}
    return value
