"""Who may make a request, as the topology declares it. Pure."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hatchway.route.matching import fits, rank
from hatchway.topology.open_routes import ANY, OpenRoute, open_routes

if TYPE_CHECKING:
    from hatchway.topology.model import Authorizer, Check, Gateway, Service

__all__ = ["Admission", "admission"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """What a request is asked for at the door.

    Attributes:
        authorizer: The authorizer that is asked; None lets everyone in.
        name: Its name under `gateway.authorizers`; None for `gateway.authorizer`.
        api_key: Whether an API key is asked for.
        reason: Why nobody is asked for anything, where that is so.
    """

    authorizer: "Authorizer | None"
    name: str | None = None
    api_key: bool = False
    reason: str = ""

    @property
    def is_open(self) -> bool:
        """Whether everyone is let in."""
        return self.authorizer is None and not self.api_key


def admission(gateway: "Gateway", service: "Service", check: "Check") -> Admission:
    """Return what a declared request is asked for, by the route that answers it."""
    route = _route(service, check.method, check.path.partition("?")[0])
    name = service.authorizer if route is None else route.authorizer
    api_key = service.api_key_required if route is None else route.api_key_required
    if name == "none":
        return Admission(authorizer=None, api_key=api_key, reason="its authorizer is 'none'")
    if name is not None:
        return Admission(authorizer=gateway.authorizers[name], name=name, api_key=api_key)
    if gateway.authorizer == "none":
        return Admission(authorizer=None, api_key=api_key, reason="gateway.authorizer is 'none'")
    return Admission(authorizer=gateway.authorizer, api_key=api_key)


def _route(service: "Service", method: str, path: str) -> OpenRoute | None:
    """The open route that API Gateway chooses; None where it has none."""
    fitting = [
        route
        for route in open_routes(service)
        if route.http_method in (method, ANY) and fits(route.public_path, path) is not None
    ]
    return min(fitting, key=lambda route: (rank(route.public_path), route.http_method == ANY), default=None)
