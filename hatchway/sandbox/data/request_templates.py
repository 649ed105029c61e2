"""Mapping templates (VTL): what a template can say, and how the body of an integration's request is made.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
"""

import base64
import json
import re
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import airspeed

from hatchway.sandbox.data.gateway_responses import (
    API_CONFIGURATION_ERROR,
    UNSUPPORTED_MEDIA_TYPE,
    GatewayError,
)
from hatchway.sandbox.data.mapping import Source
from hatchway.sandbox.data.world import Integration

__all__ = [
    "Rendered",
    "nested",
    "path_in",
    "render_response",
    "render_template",
    "request_body",
    "request_text",
]

_JSON = "application/json"
_OVERRIDE = re.compile(r"(\$context\.responseOverride\.header\.)([\w-]+)")
_HYPHEN = "_x2d_"


def request_body(integration: Integration, source: Source) -> bytes:
    """The body to send: as it came for a proxy integration, else by the template of its content type.

    Raises:
        GatewayError: no template fits, and the settings pass nothing on without one.
    """
    if integration.type == "HTTP_PROXY":
        return source.request.body
    return request_text(integration, source).encode()


def request_text(integration: Integration, source: Source) -> str:
    """The body of a request to an integration that is no proxy.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html

    Raises:
        GatewayError: no template fits, and the settings pass nothing on without one.
    """
    content_type = (source.request.header("Content-Type") or _JSON).split(";")[0].strip()
    body = source.request.body.decode("utf-8", "replace")
    template = integration.request_templates.get(content_type)
    if template is not None:
        return render_template(template, source, body)
    behavior = integration.passthrough_behavior
    if behavior == "NEVER" or (behavior == "WHEN_NO_TEMPLATES" and integration.request_templates):
        raise GatewayError(UNSUPPORTED_MEDIA_TYPE, f"no request template for {content_type!r}")
    return body


def render_template(template: str, source: Source, body: str) -> str:
    """Renders a template of a request."""
    return render_response(template, source, body).text


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """What a template has made: text, and what it set of the answer through `$context.responseOverride`."""

    text: str
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def render_response(template: str, source: Source, body: str) -> Rendered:
    """Renders a template for an answer with `body`.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-override-request-response-parameters.html

    Raises:
        GatewayError: the template overrides what the sandbox cannot.
    """
    if "$context.requestOverride" in template:
        raise GatewayError(API_CONFIGURATION_ERROR, "$context.requestOverride is not in the sandbox")
    override: dict[str, Any] = {"header": {}, "status": None}
    names: Mapping[str, object] = {
        "input": _Input(source, body),
        "context": {**nested(source.context), "responseOverride": override},
        "stageVariables": dict(source.stage_variables),
        "util": _Util(),
    }
    # The template engine takes the hyphens of a header's name for minus signs.
    prepared = _OVERRIDE.sub(lambda found: found[1] + found[2].replace("-", _HYPHEN), template)
    text = str(airspeed.Template(prepared).merge(names))
    headers = {name.replace(_HYPHEN, "-"): str(value) for name, value in override["header"].items()}
    status = override["status"]
    return Rendered(text=text, status=None if status is None else int(status), headers=headers)


def nested(flat: Mapping[str, str]) -> dict[str, Any]:
    """Makes `{"a": {"b": 1}}` of `{"a.b": 1}`."""
    made: dict[str, Any] = {}
    for key, value in flat.items():
        *parents, last = key.split(".")
        place = made
        for parent in parents:
            place = place.setdefault(parent, {})
        place[last] = value
    return made


def path_in(value: Any, expression: str) -> object:  # noqa: ANN401 - JSON is anything
    """The value at `$` or dotted names below it; other JSONPath is not in the sandbox."""
    for part in expression.removeprefix("$").strip(".").split("."):
        if part:
            value = value.get(part) if isinstance(value, dict) else None
    return value


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
        return path_in(json.loads(self.body or "null"), expression)

    def json(self, expression: str) -> str:
        return json.dumps(self.path(expression), separators=(",", ":"))


class _Util:
    """`$util` of a template. The names are AWS's."""

    def escapeJavaScript(self, text: object) -> str:  # noqa: N802 - AWS's name
        return json.dumps(str(text))[1:-1].replace("'", "\\'")

    def parseJson(self, text: str) -> object:  # noqa: N802 - AWS's name
        return json.loads(text)

    def urlEncode(self, text: str) -> str:  # noqa: N802 - AWS's name
        return urllib.parse.quote_plus(str(text))

    def urlDecode(self, text: str) -> str:  # noqa: N802 - AWS's name
        return urllib.parse.unquote_plus(str(text))

    def base64Encode(self, text: str) -> str:  # noqa: N802 - AWS's name
        return base64.b64encode(str(text).encode()).decode("ascii")

    def base64Decode(self, text: str) -> str:  # noqa: N802 - AWS's name
        return base64.b64decode(str(text)).decode("utf-8", "replace")
