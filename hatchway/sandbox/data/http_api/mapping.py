"""Parameter mappings of HTTP APIs: what is changed in a request before it goes to the backend.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
"""

import re
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass

from hatchway.sandbox.data.http_api.call import HttpCall
from hatchway.sandbox.data.http_api.errors import SERVER_ERROR, HttpApiError
from hatchway.sandbox.data.http_api.routes import RouteMatch
from hatchway.sandbox.data.mapping import NOT_FORWARDED
from hatchway.sandbox.data.message import Headers
from hatchway.sandbox.data.world import HttpIntegration

__all__ = ["Outgoing", "forwarded", "outgoing", "value_of"]

_VARIABLE = re.compile(r"\$\{([\w.-]+)\}|\$((?:request|context|stageVariables)\.[\w.-]+)")
_SAFE = "/:@!$&'()*+,;=-._~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A request as it goes to the backend."""

    path: str
    query: str
    host: str
    headers: Headers


def outgoing(integration: HttpIntegration, found: RouteMatch, call: HttpCall, target: Outgoing) -> Outgoing:
    """Applies an integration's mappings to the request that would be sent without them.

    Raises:
        HttpApiError: a mapping that is not known.
    """
    path, headers = target.path, list(target.headers)
    query = urllib.parse.parse_qsl(target.query, keep_blank_values=True)
    host = target.host
    for destination, expression in integration.request_parameters.items():
        action, _, place = destination.partition(":")
        value = _rendered(expression, found, call, is_path=place == "path")
        kind, _, name = place.partition(".")
        if (action, place) == ("overwrite", "path"):
            path = value
        elif kind == "header" and name.lower() == "host" and action == "overwrite":
            host = value
        elif kind == "header":
            headers = _changed(headers, action, (name, value), folds=True)
        elif kind == "querystring":
            query = _changed(query, action, (name, value), folds=False)
        else:
            raise HttpApiError(SERVER_ERROR, f"mapping {destination!r} is not in the sandbox")
    return Outgoing(
        path=path if path.startswith("/") else f"/{path}",
        query=urllib.parse.urlencode(query) if query else "",
        host=host,
        headers=tuple(headers),
    )


def _changed(
    pairs: list[tuple[str, str]], action: str, pair: tuple[str, str], *, folds: bool
) -> list[tuple[str, str]]:
    """Removes, overwrites or appends a pair; `folds` says that upper and lower case are the same."""

    def folded(text: str) -> str:
        return text.lower() if folds else text

    others = [other for other in pairs if folded(other[0]) != folded(pair[0])]
    match action:
        case "remove":
            return others
        case "overwrite":
            return [*others, pair]
        case "append":
            return [*pairs, pair]
    raise HttpApiError(SERVER_ERROR, f"mapping action {action!r} is not one")


def _rendered(expression: str, found: RouteMatch, call: HttpCall, *, is_path: bool) -> str:
    def replace(variable: re.Match[str]) -> str:
        name = variable[1] or variable[2]
        value = value_of(name, call, found.path_parameters) or ""
        return urllib.parse.quote(value, safe=_SAFE) if is_path else value

    return _VARIABLE.sub(replace, expression)


def value_of(name: str, call: HttpCall, path_parameters: Mapping[str, str]) -> str | None:
    """The value of `request.header.x`, `request.querystring.x`, `request.path[.x]`, `context.x`, …."""
    if name == "request.path":
        return call.request.path
    kind, _, rest = name.partition(".")
    place, _, key = rest.partition(".")
    match (kind, place):
        case ("request", "header"):
            values = [value for given, value in call.request.headers if given.lower() == key.lower()]
            return ",".join(values) if values else None
        case ("request", "querystring"):
            found = call.request.query_values.get(key)
            return ",".join(found) if found else None
        case ("request", "path"):
            return path_parameters.get(key)
    if kind == "context":
        return call.context().get(rest)
    return call.stage.variables.get(rest) if kind == "stageVariables" else None


def forwarded(call: HttpCall) -> Headers:
    """The caller's headers without those of its own connection."""
    return tuple(pair for pair in call.request.headers if pair[0].lower() not in NOT_FORWARDED)
