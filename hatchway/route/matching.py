"""Which resource and method of a REST API a request meets.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-settings-method-request.html
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from hatchway.route.facts import Method

_NONE: Mapping[str, str] = MappingProxyType({})


class Match(NamedTuple):
    """The method a request meets, None when the path has no such method; and its path parameters."""

    method: Method | None
    values: Mapping[str, str]


class Router:
    """The routes of one API, found by the first segment of their path."""

    def __init__(self, methods: Sequence[Method]) -> None:
        self.methods = tuple(methods)
        self.routes = tuple(f"{method.http_method} {method.path}" for method in methods)
        self._by_path: dict[str, dict[str, Method]] = {}
        for method in methods:
            self._by_path.setdefault(method.path, {})[method.http_method] = method
        self._by_start: dict[str, list[str]] = {}
        for template in self._by_path:
            self._by_start.setdefault(_start(template), []).append(template)

    def match(self, http_method: str, path: str) -> Match:
        """Find what answers a request: literal segments first, then one parameter, then a greedy one."""
        best: tuple[tuple[int, ...], str, Mapping[str, str]] | None = None
        for start in {_start(path), "{"}:
            for template in self._by_start.get(start, ()):
                values = fits(template, path)
                if values is not None and (best is None or rank(template) < best[0]):
                    best = (rank(template), template, values)
        if best is None:
            return Match(None, _NONE)
        there = self._by_path[best[1]]
        return Match(there.get(http_method, there.get("ANY")), best[2])


def fits(template: str, path: str) -> Mapping[str, str] | None:
    """Return the path parameters with which a path fits a template; None when it does not."""
    values: dict[str, str] = {}
    wanted, given = _segments(template), _segments(path)
    for position, segment in enumerate(wanted):
        if segment.startswith("{") and segment.endswith("+}"):
            rest = given[position:]
            return values | {segment[1:-2]: "/".join(rest)} if rest else None
        if position >= len(given):
            return None
        if segment.startswith("{") and segment.endswith("}"):
            values[segment[1:-1]] = given[position]
        elif segment != given[position]:
            return None
    return values if len(wanted) == len(given) else None


def sample(template: str) -> str:
    """Return a path that fits a template: each parameter stands for itself."""
    return "/" + "/".join(segment.strip("{}+") for segment in _segments(template))


def filled(template: str, values: Mapping[str, str]) -> str | None:
    """Return the path a template makes of its parameters; None when one is missing."""
    segments = []
    for segment in _segments(template):
        name = segment.strip("{}+")
        if segment.startswith("{") and name not in values:
            return None
        segments.append(values[name] if segment.startswith("{") else segment)
    return "/" + "/".join(segments)


def _start(path: str) -> str:
    """Return the first segment, one sign for every parameter."""
    first = next(iter(_segments(path)), "")
    return "{" if first.startswith("{") else first


def _segments(path: str) -> list[str]:
    return [segment for segment in path.split("/") if segment]


def rank(template: str) -> tuple[int, ...]:
    """Return the order in which templates that fit are chosen: literal parts first, greedy ones last."""
    return tuple(
        2 if segment.endswith("+}") else 1 if segment.startswith("{") else 0
        for segment in _segments(template)
    )
