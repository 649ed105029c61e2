"""What is open on the public API: routes as declared, with what a route inherits filled in."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hatchway.topology.model import PublicRoute, Service, Throttling, Topology

ANY = "ANY"
PROXY = "/{proxy+}"
VARIABLE = re.compile(r"\{([^{}+]+)\+?\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRoute:
    """One method on one path.

    Attributes:
        http_method: HTTP method, or ANY.
        path: Path below the service's; '/' for that itself.
        public_path: Path on the public API.
        authorizer: Name of an authorizer, 'none', or `None` for the gateway's default.
        api_key_required: Whether callers need an API key.
        throttling: Limits of this method.
        timeout_milliseconds: How long the gateway waits.
    """

    http_method: str
    path: str
    public_path: str
    authorizer: str | None
    api_key_required: bool
    throttling: "Throttling | None"
    timeout_milliseconds: int

    @property
    def method_path(self) -> str:
        """How a stage's settings name the method: each slash of the path is written `~1`, the first too.

        https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html
        https://github.com/hashicorp/terraform-provider-aws/issues/9738
        """
        return f"{self.public_path.replace('/', '~1')}/{self.http_method}"


def open_routes(service: "Service") -> tuple[OpenRoute, ...]:
    """What is open of a service: what it lists, else any method on its path and on all below it."""
    listed = [_open(service, route, method) for route in service.routes for method in route.methods]
    return tuple(listed) or tuple(_open_whole(service, path) for path in ("/", PROXY))


def is_open_as_a_whole(service: "Service") -> bool:
    """Whether a service lists no routes, so that everything of it is open."""
    return not service.routes


def has_to_be_closed(topology: "Topology", name: str) -> bool:
    """Whether a service lists its routes and lies below another, which would answer the rest."""
    service = topology.services[name]
    above = (other.path for other in topology.services.values() if other is not service)
    return not is_open_as_a_whole(service) and any(lies_under(service.path, path) for path in above)


def lies_under(path: str, base: str) -> bool:
    """Whether a path is another one, or below it."""
    return base in ("/", path) or path.startswith(base + "/")


def joined(base: str, path: str) -> str:
    """A path below another: '/' below '/orders' is '/orders'."""
    return f"{base.rstrip('/')}{path if path != '/' else ''}" or "/"


def unlisted(routes: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Paths on which ANY method has to be refused, so that nothing above answers what is not listed.

    API Gateway sends a request to the resource that fits best, which may be a greedy one of another
    service. A greedy path closes everything; where a variable stands no greedy one may stand beside it,
    so the variable is closed instead, and what is below it.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-settings-method-request.html

    Args:
        routes: Method and path of each listed route.
    """
    listed = list(routes)
    variables: dict[str, str] = {}
    for _, path in listed:
        for found in VARIABLE.finditer(path):
            variables.setdefault(path[: found.start()].rstrip("/") or "/", path[: found.end()])
    closed, place = [], "/"
    while True:
        if (ANY, place) not in listed:
            closed.append(place)
        if place.endswith("+}"):
            return tuple(closed)
        place = variables.get(place, joined(place, PROXY))


def resources(paths: Iterable[str]) -> frozenset[str]:
    """The paths of the resources that an API needs for some paths, '/' aside, which is always there."""
    return frozenset(
        "/".join(parts[:depth])
        for parts in (path.split("/") for path in paths)
        for depth in range(2, len(parts) + 1)
        if parts[1]
    )


def _open(service: "Service", route: "PublicRoute", method: str) -> OpenRoute:
    timeout = route.integration_timeout_milliseconds
    key = route.api_key_required
    return OpenRoute(
        http_method=method,
        path=route.path,
        public_path=joined(service.path, route.path),
        authorizer=route.authorizer or service.authorizer,
        api_key_required=service.api_key_required if key is None else key,
        throttling=route.throttling,
        timeout_milliseconds=service.integration_timeout_milliseconds if timeout is None else timeout,
    )


def _open_whole(service: "Service", path: str) -> OpenRoute:
    return OpenRoute(
        http_method=ANY,
        path=path,
        public_path=joined(service.path, path),
        authorizer=service.authorizer,
        api_key_required=service.api_key_required,
        throttling=None,
        timeout_milliseconds=service.integration_timeout_milliseconds,
    )
