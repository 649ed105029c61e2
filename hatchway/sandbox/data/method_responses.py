"""How the answer of an integration that is no proxy becomes the method's answer.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-integration-settings-integration-response.html
"""

import json
import re
from collections.abc import Mapping

from hatchway.sandbox.data.gateway_responses import API_CONFIGURATION_ERROR, GatewayError
from hatchway.sandbox.data.mapping import Source
from hatchway.sandbox.data.message import Answer
from hatchway.sandbox.data.request_templates import path_in, render_response
from hatchway.sandbox.data.world import Integration, IntegrationResponse, Method

__all__ = ["method_answer"]

_JSON = "application/json"
_HEADER = "method.response.header."


def method_answer(
    method: Method, integration: Integration, source: Source, matched: str, answered: Answer
) -> Answer:
    """Makes the method's answer.

    Args:
        method: The method, whose declared responses are all that can be answered.
        integration: Its integration.
        source: What templates take their values from.
        matched: What selection patterns are compared with: a status, or a function's error.
        answered: What the integration answered.

    Raises:
        GatewayError: what is deployed is not enough for an answer, which API Gateway says with 500.
    """
    chosen = _choose(integration.responses, matched)
    if chosen is None:
        raise GatewayError(API_CONFIGURATION_ERROR, f"no integration response matches {matched!r}")
    if chosen.status_code not in method.response_statuses:
        raise GatewayError(
            API_CONFIGURATION_ERROR, f"the method declares no response with status {chosen.status_code}"
        )
    content_type = next(iter(chosen.templates), _JSON)
    template = chosen.templates.get(content_type)
    headers = {"Content-Type": content_type, **_headers(chosen.parameters, source, answered)}
    status, body = chosen.status_code, answered.body
    if template:
        rendered = render_response(template, source, body.decode("utf-8", "replace"))
        status, body = rendered.status or status, rendered.text.encode()
        headers |= rendered.headers
    return Answer(status=status, headers=tuple(headers.items()), body=body)


def _choose(responses: tuple[IntegrationResponse, ...], matched: str) -> IntegrationResponse | None:
    """The response whose pattern matches, else the default one, which has no pattern."""
    for response in responses:
        if response.selection_pattern and re.fullmatch(response.selection_pattern, matched, re.DOTALL):
            return response
    return next((response for response in responses if not response.selection_pattern), None)


def _headers(parameters: Mapping[str, str], source: Source, answered: Answer) -> dict[str, str]:
    mapped = {
        name.removeprefix(_HEADER): _value(expression, source, answered)
        for name, expression in parameters.items()
        if name.startswith(_HEADER)
    }
    return {name: value for name, value in mapped.items() if value is not None}


def _value(expression: str, source: Source, answered: Answer) -> str | None:
    if expression.startswith("'") and expression.endswith("'"):
        return expression[1:-1]
    place, _, name = expression.partition(".")
    if place == "context":
        return source.context.get(name)
    if place == "stageVariables":
        return source.stage_variables.get(name)
    if expression.startswith("integration.response.header."):
        return answered.header(expression.removeprefix("integration.response.header."))
    return _in_body(expression.removeprefix("integration.response.body"), answered.body)


def _in_body(path: str, body: bytes) -> str | None:
    try:
        found = path_in(json.loads(body), path)
    except ValueError:
        return None
    return found if found is None or isinstance(found, str) else json.dumps(found)
