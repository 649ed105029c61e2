"""Where a private integration of an HTTP API leads: TLS name, stage and path, and the API named besides.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-private.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from hatchway.route.facts import Destination, Method
from hatchway.route.matching import filled
from hatchway.route.sources.destinations import named_by_host, under_execute_api
from hatchway.route.sources.operators import as_text
from hatchway.route.symbols import Symbol, Text

PATH = "overwrite:path"
_HEADERS = ("overwrite:header.x-apigw-api-id", "append:header.x-apigw-api-id")
_HOST = "overwrite:header.host"
_DEFAULT = "$default"
_VARIABLE = re.compile(
    r"\$\{?(?:request\.path(?:\.(?P<part>\w+))?|stageVariables\.(?P<stage>\w+)|(?P<other>(?:request|context)\.[\w.]+))\}?"
)


def http_destination(
    method: Method,
    values: Mapping[str, str],
    variables: Mapping[str, Any],
    *,
    stage: Text | None,
    port: int | None,
) -> Destination | None:
    """Read what a request with these path parameters becomes; without any, they stay in braces."""
    one = method.integration
    if one is None:
        return None
    path = _filled(_written(method, stage), method, values, variables)
    pieces = (path if path.startswith("/") else Text.of("/", path)).replace("//", "/").split("/", 2)
    host = _filled(one.parameters[_HOST], method, values, variables) if _HOST in one.parameters else None
    api, endpoint, region = named_by_host(host) if host is not None else (None, None, None)
    seen = one.server_name or Text.of("a load balancer without TLS")
    header = next((one.parameters[name] for name in _HEADERS if name in one.parameters), None)
    return Destination(
        scheme="https" if one.server_name is not None else "http",
        host=seen,
        port=port,
        stage=pieces[1] if len(pieces) > 1 and pieces[1].parts else None,
        path=Text.of("/", pieces[2] if len(pieces) > len(("", "stage")) else ""),
        host_api=api,
        host_endpoint=endpoint,
        header_api=None if header is None or _is_the_callers(header) else header,
        is_under_execute_api=None if one.server_name is None else under_execute_api(one.server_name),
        region=named_by_host(one.server_name)[2] if one.server_name is not None else region,
    )


def _written(method: Method, stage: Text | None) -> Text:
    """Return the path as it is written, else the request's own, which begins with a stage that has a name."""
    one = method.integration
    given = one.parameters.get(PATH) if one is not None else None
    if given is not None:
        return given
    if stage is None or stage.literal == _DEFAULT:
        return Text.of("$request.path")
    return Text.of("/", stage, "$request.path")


def _is_the_callers(header: Text) -> bool:
    return str(header).startswith(("$request.", "${request."))


def _filled(text: Text, method: Method, values: Mapping[str, str], variables: Mapping[str, Any]) -> Text:
    parts: list[str | Symbol | Text] = []
    for part in text.parts:
        parts += _replaced(part, method, values, variables) if isinstance(part, str) else (part,)
    return Text.of(*parts)


def _replaced(
    part: str, method: Method, values: Mapping[str, str], variables: Mapping[str, Any]
) -> Iterator[str | Symbol | Text]:
    at = 0
    for match in _VARIABLE.finditer(part):
        yield part[at : match.start()]
        yield _value(match, method, values, variables)
        at = match.end()
    yield part[at:]


def _value(
    match: re.Match[str], method: Method, values: Mapping[str, str], variables: Mapping[str, Any]
) -> str | Symbol | Text:
    if match["stage"]:
        return as_text(variables.get(match["stage"])) or Symbol(match.group())
    if match["other"]:
        return Symbol(match.group())
    if match["part"]:
        return values.get(match["part"], "{" + match["part"] + "}")
    return filled(method.path, values) or method.path.replace("+}", "}")
