"""How open routes become routes of an HTTP API."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hatchway.topology.open_routes import ANY, OpenRoute, open_routes

if TYPE_CHECKING:
    from hatchway.topology.model import Service, Topology

BUT_OPTIONS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")


def http_methods(topology: "Topology", service: "Service", route: OpenRoute) -> tuple[str, ...]:
    """Methods that an open route stands for.

    With CORS, ANY would catch the browser's OPTIONS too and ask its authorizer, while API Gateway answers
    OPTIONS itself only where no route has it. So ANY is written out without it there.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
    """
    if topology.gateway.cors is None or route.http_method != ANY:
        return (route.http_method,)
    taken = {other.http_method for other in open_routes(service) if other.path == route.path}
    return tuple(method for method in BUT_OPTIONS if method not in taken)


def route_keys(topology: "Topology") -> Iterator[str]:
    """The keys of all routes, such as 'GET /orders'."""
    for service in topology.services.values():
        for route in open_routes(service):
            for method in http_methods(topology, service, route):
                yield f"{method} {route.public_path}"
