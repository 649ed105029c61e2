"""Rules about the routes of private APIs, and about the requests that check them."""

from collections.abc import Iterator

from hatchway.topology.model import Topology
from hatchway.topology.problems import KeyPath, Misfit
from hatchway.topology.shapes import usable


def routes_are_distinct(topology: Topology, name: str) -> Iterator[Misfit]:
    """A resource has one method of a name. ANY beside others is fine: it takes what they leave."""
    first: dict[tuple[str, str], int] = {}
    for index, route in enumerate(topology.services[name].api.declared_routes):
        key = usable(route, lambda it: (it.method, it.path))
        if key is not None and first.setdefault(key, index) != index:
            yield Misfit(
                path=(*_routes_path(name), index),
                message=f"is the route of {'.'.join(map(str, _routes_path(name)))}[{first[key]}] too",
                got=" ".join(key),
                fix="Keep one of the two.",
            )


def variables_of_one_place_have_one_name(topology: Topology, name: str) -> Iterator[Misfit]:
    """API Gateway refuses a second variable beside another, `{a}` beside `{b}` or `{a+}`.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-settings-method-request.html
    """
    variables: dict[str, str] = {}
    for index, route in enumerate(topology.services[name].api.declared_routes):
        parts = (usable(route, lambda it: it.path) or "/").split("/")
        for depth, part in enumerate(parts):
            parent = "/".join(parts[:depth]) or "/"
            if part.startswith("{") and variables.setdefault(parent, part) != part:
                yield Misfit(
                    path=(*_routes_path(name), index, "path"),
                    message=f"has {part} where another route has {variables[parent]}, under '{parent}'",
                    got=route.path,
                    fix=f"API Gateway takes one variable in one place: write {variables[parent]} in both.",
                )
                break


def checks_are_answered_by_the_service(topology: Topology, name: str) -> Iterator[Misfit]:
    """A check of a service is a request that the gateway sends to that service."""
    service = topology.services[name]
    for index, check in enumerate(service.checks):
        path = usable(check, lambda it: it.path.partition("?")[0])
        if path is None:
            continue
        place = ("services", name, "checks", index, "request")
        if not _lies_under(path, service.path):
            message = f"is not under services.{name}.path ('{service.path}')"
            fix = f"Write a path under '{service.path}', as a caller of the public API does."
            yield Misfit(path=place, message=message, got=check.request, fix=fix)
            continue
        owner, base = _owner(topology, path)
        if len(base) > len(service.path):
            message = f"goes to services.{owner} (path '{base}')"
            yield Misfit(
                path=place, message=message, got=check.request, fix=f"Move the check to services.{owner}."
            )


def _owner(topology: Topology, path: str) -> tuple[str, str]:
    """The service with the longest path that the request lies under, and that path."""
    owner, longest = "", ""
    for name, service in topology.services.items():
        base = usable(service, lambda it: it.path)
        if base is not None and _lies_under(path, base) and len(base) > len(longest):
            owner, longest = name, base
    return owner, longest


def _lies_under(path: str, base: str) -> bool:
    return base in ("/", path) or path.startswith(base + "/")


def _routes_path(name: str) -> KeyPath:
    return ("services", name, "api", "routes")
