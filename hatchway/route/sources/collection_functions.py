"""Terraform's functions on lists, sets and maps.

https://developer.hashicorp.com/terraform/language/functions
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from math import prod
from types import MappingProxyType
from typing import Any

from hatchway.route.sources.encoding import NOT_KNOWN
from hatchway.route.sources.operators import as_text, equal, has_symbols
from hatchway.route.symbols import Text
from hatchway.route.truth import Truth

Value = Any
_MOST = 5000


def _same(value: Value) -> Value:
    return value


def _list(value: Value) -> list[Value]:
    if isinstance(value, list):
        return value
    raise TypeError


def _map(value: Value) -> Mapping[str, Value]:
    if isinstance(value, Mapping):
        return value
    raise TypeError


def _is_open(value: Value) -> bool:
    """Whether a value may turn out to be anything, null included."""
    return isinstance(value, Text) and value.symbol is not None and not value.symbol.is_unique


def _distinct(items: Value) -> list[Value]:
    found: list[Value] = []
    for one in _list(items):
        if one not in found:
            found.append(one)
    return found


def _set(items: Value) -> list[Value]:
    found = [as_text(one) if as_text(one) is not None else one for one in _distinct(items)]
    return found if any(map(has_symbols, found)) else sorted(found, key=str)


def _element(items: Value, index: Value) -> Value:
    return _list(items)[int(index) % len(items)]


def _concat(*lists: Value) -> list[Value]:
    if sum(len(_list(items)) for items in lists) > _MOST:
        raise ValueError
    return [one for items in lists for one in items]


def _flatten(items: Value) -> list[Value]:
    return [leaf for one in _list(items) for leaf in (_flatten(one) if isinstance(one, list) else [one])]


def _one(items: Value) -> Value:
    found = _list(items)
    if len(found) > 1:
        raise ValueError
    return found[0] if found else None


def _merge(*maps: Value) -> dict[str, Value]:
    return {key: value for one in maps if one is not None for key, value in _map(one).items()}


def _lookup(source: Value, key: Value, *default: Value) -> Value:
    literal = as_text(key)
    if literal is None or literal.literal is None:
        return NOT_KNOWN
    found = _map(source)
    return found[literal.literal] if literal.literal in found else default[0]


def _contains(items: Value, wanted: Value) -> Value:
    answers = [equal(one, wanted) for one in _list(items)]
    if Truth.YES in answers:
        return True
    return NOT_KNOWN if Truth.MAYBE in answers else False


def _coalesce(*values: Value) -> Value:
    for value in values:
        if _is_open(value):
            return NOT_KNOWN
        if value is not None and value != Text.of(""):
            return value
    raise ValueError


def _coalesce_list(*values: Value) -> Value:
    for value in values:
        if isinstance(value, list) and value:
            return value
        if value is not None and not isinstance(value, list):
            return NOT_KNOWN
    raise ValueError


def _compact(items: Value) -> Value:
    found = _list(items)
    if any(map(_is_open, found)):
        return NOT_KNOWN
    return [one for one in found if one is not None and one != Text.of("")]


def _length(value: Value) -> Value:
    if isinstance(value, list | Mapping):
        return len(value)
    literal = value.literal if isinstance(value, Text) else None
    return NOT_KNOWN if literal is None else len(literal)


def _zip_map(keys: Value, values: Value) -> dict[str, Value]:
    return {str(as_text(key)): value for key, value in zip(_list(keys), _list(values), strict=True)}


def _range(*limits: Value) -> list[int]:
    found = list(range(*(int(str(one)) for one in limits)))
    if len(found) > _MOST:
        raise ValueError
    return found


def _product(*lists: Value) -> list[list[Value]]:
    if prod(len(_list(items)) for items in lists) > _MOST:
        raise ValueError
    return [list(one) for one in product(*map(_list, lists))]


def _sort(items: Value) -> list[Value]:
    if has_symbols(items):
        raise ValueError
    return sorted(_list(items), key=str)


def _slice(items: Value, start: Value, end: Value) -> list[Value]:
    return _list(items)[int(start) : int(end)]


def _transpose(value: Value) -> dict[str, list[Value]]:
    found: dict[str, list[Value]] = {}
    for key, items in _map(value).items():
        for one in _list(items):
            found.setdefault(str(as_text(one)), []).append(Text.of(key))
    return found


def _chunks(items: Value, size: Value) -> Iterator[list[Value]]:
    found, width = _list(items), int(size)
    yield from (found[at : at + width] for at in range(0, len(found), width))


def _set_operation(keep: Callable[[int, int], bool]) -> Callable[..., list[Value]]:
    """Make a function on sets out of in how many of them an element has to be."""

    def called(*sets: Value) -> list[Value]:
        if any(has_symbols(one) for one in sets):
            raise ValueError
        every = _distinct(_concat(*sets))
        return [one for one in every if keep(sum(one in members for members in sets), len(sets))]

    return called


def _subtract(left: Value, right: Value) -> list[Value]:
    if has_symbols(left) or has_symbols(right):
        raise ValueError
    return [one for one in _list(left) if one not in _list(right)]


COLLECTION_FUNCTIONS: Mapping[str, Callable[..., Value]] = MappingProxyType(
    {
        "tolist": _list,
        "toset": _set,
        "tomap": _same,
        "sensitive": _same,
        "nonsensitive": _same,
        "element": _element,
        "concat": _concat,
        "flatten": _flatten,
        "one": _one,
        "merge": _merge,
        "lookup": _lookup,
        "contains": _contains,
        "coalesce": _coalesce,
        "coalescelist": _coalesce_list,
        "compact": _compact,
        "distinct": _distinct,
        "length": _length,
        "zipmap": _zip_map,
        "range": _range,
        "reverse": lambda items: list(reversed(_list(items))),
        "setproduct": _product,
        "setunion": lambda *sets: _set(_concat(*sets)),
        "setintersection": _set_operation(lambda count, width: count == width),
        "setsubtract": _subtract,
        "slice": _slice,
        "sort": _sort,
        "chunklist": lambda items, size: list(_chunks(items, size)),
        "transpose": _transpose,
        "index": lambda items, wanted: _list(items).index(wanted),
        "keys": lambda value: [Text.of(key) for key in sorted(_map(value))],
        "values": lambda value: [value[key] for key in sorted(_map(value))],
        "alltrue": lambda items: (
            NOT_KNOWN if has_symbols(items) else all(str(one).lower() == "true" for one in items)
        ),
        "anytrue": lambda items: (
            NOT_KNOWN if has_symbols(items) else any(str(one).lower() == "true" for one in items)
        ),
    }
)
