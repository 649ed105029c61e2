"""Rules about what services open on the public API: `services.NAME.routes`."""

from collections.abc import Iterator

from hatchway.topology.model import Service, Topology
from hatchway.topology.open_routes import (
    has_to_be_closed,
    is_open_as_a_whole,
    joined,
    lies_under,
    open_routes,
    unlisted,
)
from hatchway.topology.problems import KeyPath, Misfit
from hatchway.topology.references import reference
from hatchway.topology.shapes import UnusableError, usable

EVERYONE = "none"
STREAMING_SINCE = (6, 25, 0)


def open_routes_are_distinct(topology: Topology, name: str) -> Iterator[Misfit]:
    """A resource has one method of a name; ANY beside others takes what they leave."""
    first: dict[tuple[str, str], int] = {}
    for index, route in enumerate(topology.services[name].routes):
        path, methods = usable(route, lambda it: it.path), usable(route, lambda it: it.methods)
        for method in methods or ():
            key = (method, str(path))
            if path is None or first.setdefault(key, index) == index:
                continue
            yield Misfit(
                path=(*_path(name), index),
                message=f"opens what services.{name}.routes[{first[key]}] opens too",
                got=" ".join(key),
                fix="Keep one of the two.",
            )
        if methods is not None and len(set(methods)) < len(methods):
            yield Misfit(
                path=(*_path(name), index, "methods"), message="names a method twice", got=list(methods)
            )


def open_routes_are_the_services_own(topology: Topology, name: str) -> Iterator[Misfit]:
    """The longest path wins: what lies under another service's path is that service's."""
    service = topology.services[name]
    for index, route in enumerate(service.routes):
        path = usable(route, lambda it: joined(service.path, it.path))
        for other, theirs in topology.services.items():
            base = usable(theirs, lambda it: it.path)
            if path is None or base is None or other == name or len(base) <= len(service.path):
                continue
            if lies_under(path, base):
                yield Misfit(
                    path=(*_path(name), index, "path"),
                    message=f"lies under the path of services.{other} ('{base}'), which has it then",
                    got=route.path,
                    fix=f"List the route under services.{other}, or give that service another path.",
                )


def variables_of_the_public_api_have_one_name(topology: Topology) -> Iterator[Misfit]:
    """API Gateway takes one variable in one place, whichever services its routes are of.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-settings-method-request.html
    """
    variables: dict[str, tuple[str, str]] = {}
    for name in topology.services:
        for place, path in _public_paths(topology, name):
            parts = path.split("/")
            for depth, part in enumerate(parts):
                parent = "/".join(parts[:depth]) or "/"
                other, variable = variables.setdefault(parent, (name, part)) if "{" in part else (name, part)
                if variable != part:
                    yield Misfit(
                        path=place,
                        message=f"has {part} where services.{other} has {variable}, under '{parent}'",
                        got=path,
                        fix=f"API Gateway takes one variable in one place: write {variable} in both.",
                    )
                    break


def authorizers_of_routes_are_known(topology: Topology, name: str) -> Iterator[Misfit]:
    """A service and its routes name authorizers that are declared, or 'none'."""
    service = topology.services[name]
    declared = [*topology.gateway.authorizers, EVERYONE]
    named: list[tuple[KeyPath, str | None]] = [
        (("services", name, "authorizer"), usable(service, lambda it: it.authorizer)),
        *(
            ((*_path(name), index, "authorizer"), usable(route, lambda it: it.authorizer))
            for index, route in enumerate(service.routes)
        ),
    ]
    for path, authorizer in named:
        if authorizer is not None:
            yield from reference(path, "an authorizer", authorizer, declared)


def keys_can_be_had_where_they_are_required(topology: Topology, name: str) -> Iterator[Misfit]:
    """A required API key is one of a usage plan; without any plan nobody can have one.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
    """
    if topology.gateway.usage_plans:
        return
    service = topology.services[name]
    required: list[tuple[KeyPath, bool | None]] = [
        (("services", name, "api_key_required"), usable(service, lambda it: it.api_key_required)),
        *(
            ((*_path(name), index, "api_key_required"), usable(route, lambda it: it.api_key_required))
            for index, route in enumerate(service.routes)
        ),
    ]
    for path, is_required in required:
        if is_required:
            yield Misfit(
                path=path,
                message="is true, and no usage plan has keys",
                got=True,
                fix="Declare a plan under gateway.usage_plans, or remove this key.",
            )
            return


def streaming_has_the_provider_it_needs(topology: Topology, name: str) -> Iterator[Misfit]:
    """Streaming is an argument of provider 6.25.0, and encodes nothing.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html
    """
    if not topology.services[name].response_streaming:
        return
    path = ("services", name, "response_streaming")
    if tuple(map(int, topology.minimum_aws_provider.split("."))) < STREAMING_SINCE:
        yield Misfit(
            path=path,
            message=f"needs provider 6.25.0, and minimum_aws_provider is {topology.minimum_aws_provider}",
            got=True,
            fix='Set minimum_aws_provider: "6.25.0".',
        )
    if topology.gateway.minimum_compression_bytes is not None:
        yield Misfit(
            path=path,
            message="does not go with gateway.minimum_compression_bytes: API Gateway compresses no stream",
            got=True,
            fix="Remove one of the two; the private API may compress by itself.",
        )


def _public_paths(topology: Topology, name: str) -> list[tuple[KeyPath, str]]:
    """Where a path on the public API is declared, and the path; closed ones included."""
    try:
        service = topology.services[name]
        routes = open_routes(service)
        if is_open_as_a_whole(service):
            return [(("services", name, "path"), route.public_path) for route in routes]
        declared = enumerate(service.routes)
        places = [(*_path(name), index, "path") for index, route in declared for _ in route.methods]
        listed = [(place, route.public_path) for place, route in zip(places, routes, strict=True)]
        return [*listed, *_closed_paths(topology, name, service)]
    except UnusableError:
        return []


def _closed_paths(topology: Topology, name: str, service: Service) -> list[tuple[KeyPath, str]]:
    if not has_to_be_closed(topology, name):
        return []
    listed = [(route.http_method, route.path) for route in open_routes(service)]
    return [(("services", name, "path"), joined(service.path, path)) for path in unlisted(listed)]


def _path(name: str) -> KeyPath:
    return ("services", name, "routes")
