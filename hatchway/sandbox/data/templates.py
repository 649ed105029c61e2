"""Mapping templates (VTL) and MOCK integrations.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html and
https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html
"""

import json
import re
from collections.abc import Mapping
from typing import Any

import airspeed

from hatchway.sandbox.data.gateway_responses import (
    API_CONFIGURATION_ERROR,
    UNSUPPORTED_MEDIA_TYPE,
    GatewayError,
)
from hatchway.sandbox.data.mapping import Source
from hatchway.sandbox.data.message import Answer
from hatchway.sandbox.data.world import Integration, IntegrationResponse, Method

__all__ = ["answer_mock"]

_JSON = "application/json"


class _Input:
    """`$input` of a template."""

    def __init__(self, source: Source, body: str) -> None:
        self._source = source
        self.body = body

    def params(self, name: str | None = None) -> object:
        groups = {
            "path": dict(self._source.path_parameters),
            "querystring": {k: v[-1] for k, v in self._source.request.query_values.items()},
            "header": {k: v[-1] for k, v in self._source.request.header_values.items()},
        }
        if name is None:
            return groups
        return next((group[name] for group in groups.values() if name in group), "")

    def path(self, expression: str) -> object:
        """Supports `$` and dotted names below it, which is what gateways in use here ask for."""
        value: Any = json.loads(self.body or "null")
        for part in expression.removeprefix("$").strip(".").split("."):
            if part:
                value = value.get(part) if isinstance(value, dict) else None
        return value

    def json(self, expression: str) -> str:
        return json.dumps(self.path(expression), separators=(",", ":"))


def answer_mock(method: Method, integration: Integration, source: Source) -> Answer:
    """Answers as a MOCK integration does: the request template names a status, which picks the response.

    Raises:
        GatewayError: what is deployed is not enough for an answer, which API Gateway says with 500.
    """
    body = _rendered_request(integration, source)
    status = _status_of(body)
    chosen = _choose(integration.responses, status)
    if chosen is None:
        raise GatewayError(API_CONFIGURATION_ERROR, f"no integration response matches status {status}")
    if chosen.status_code not in method.response_statuses:
        raise GatewayError(
            API_CONFIGURATION_ERROR, f"the method declares no response with status {chosen.status_code}"
        )
    content_type = next(iter(chosen.templates), _JSON)
    template = chosen.templates.get(content_type)
    text = _render(template, source, body) if template else ""
    headers = {"Content-Type": content_type}
    for name, value in chosen.parameters.items():
        if name.startswith("method.response.header.") and value.startswith("'"):
            headers[name.removeprefix("method.response.header.")] = value[1:-1]
    return Answer(status=chosen.status_code, headers=tuple(headers.items()), body=text.encode())


def _rendered_request(integration: Integration, source: Source) -> str:
    """Takes the template of the request's content type, else passes the body as the settings say."""
    content_type = (source.request.header("Content-Type") or _JSON).split(";")[0].strip()
    body = source.request.body.decode("utf-8", "replace")
    template = integration.request_templates.get(content_type)
    if template is not None:
        return _render(template, source, body)
    behavior = integration.passthrough_behavior
    if behavior == "NEVER" or (behavior == "WHEN_NO_TEMPLATES" and integration.request_templates):
        raise GatewayError(UNSUPPORTED_MEDIA_TYPE, f"no request template for {content_type!r}")
    return body


def _status_of(body: str) -> int:
    try:
        value = json.loads(body)["statusCode"]
        return int(value)
    except (ValueError, KeyError, TypeError) as error:
        raise GatewayError(
            API_CONFIGURATION_ERROR, f"the request template gives no statusCode, but {body[:80]!r}"
        ) from error


def _choose(responses: tuple[IntegrationResponse, ...], status: int) -> IntegrationResponse | None:
    """The response whose pattern matches the status, else the default one, which has no pattern."""
    for response in responses:
        if response.selection_pattern and re.fullmatch(response.selection_pattern, str(status)):
            return response
    return next((response for response in responses if not response.selection_pattern), None)


def _render(template: str, source: Source, body: str) -> str:
    names: Mapping[str, object] = {
        "input": _Input(source, body),
        "context": _nested(source.context),
        "stageVariables": dict(source.stage_variables),
    }
    return str(airspeed.Template(template).merge(names))


def _nested(flat: Mapping[str, str]) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for key, value in flat.items():
        *parents, last = key.split(".")
        place = nested
        for parent in parents:
            place = place.setdefault(parent, {})
        place[last] = value
    return nested
