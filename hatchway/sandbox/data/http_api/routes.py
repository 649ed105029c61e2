"""Which route of an HTTP API a request takes.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html: a full match comes
before a greedy one, a method before `ANY`, and `$default` takes what is left.
"""

import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass

from hatchway.sandbox.data.resources import fit, parts_of
from hatchway.sandbox.data.world import HttpDefinition, HttpRoute

__all__ = ["RouteMatch", "find_route"]

_DEFAULT = "$default"


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteMatch:
    """The route that answers, and the values of its path variables, decoded."""

    route: HttpRoute
    path_parameters: Mapping[str, str]


def find_route(definition: HttpDefinition, http_method: str, path: str) -> RouteMatch | None:
    """Returns the route for a request, or None where there is none."""
    found: list[tuple[tuple[int, ...], int, HttpRoute, dict[str, str]]] = []
    for route in definition.routes:
        method, _, pattern = route.key.partition(" ")
        fitted = fit(parts_of(pattern), parts_of(path)) if pattern else None
        if fitted is not None and method in {http_method, "ANY"}:
            rank, values = fitted
            found.append((rank, int(method == "ANY"), route, values))
    if found:
        _, _, route, values = min(found, key=lambda candidate: candidate[:2])
        return RouteMatch(route=route, path_parameters=values)
    default = next((route for route in definition.routes if route.key == _DEFAULT), None)
    if default is None:
        return None
    rest = urllib.parse.unquote(path.lstrip("/"))
    return RouteMatch(route=default, path_parameters={"proxy": rest} if rest else {})
