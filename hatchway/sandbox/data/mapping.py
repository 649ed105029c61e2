"""Maps a method's request to an integration's request.

https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
"""

import re
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass

from hatchway.sandbox.data.gateway_responses import API_CONFIGURATION_ERROR, GatewayError
from hatchway.sandbox.data.message import Headers, Request
from hatchway.sandbox.data.world import Integration

__all__ = [
    "NOT_FORWARDED",
    "Source",
    "integration_headers",
    "integration_url",
    "mapped_headers",
    "method_parameter",
    "with_stage_variables",
]

# RFC 9110, 7.6.1, and what API Gateway makes itself from the integration's uri and body.
NOT_FORWARDED = frozenset(
    {
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)


# Answered with 500, where LocalStack recorded what AWS does:
# https://github.com/localstack/localstack/blob/main/tests/aws/services/apigateway/test_apigateway_integrations.snapshot.json
NOT_MAPPED = frozenset({"content-length", "transfer-encoding"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where mapping expressions take their values from."""

    request: Request
    path_parameters: Mapping[str, str]
    stage_variables: Mapping[str, str]
    context: Mapping[str, str]


def method_parameter(expression: str, source: Source) -> str | None:
    """The value of `method.request.…`, `stageVariables.…`, `context.…` or a `'static'`; None where absent.

    Raises:
        GatewayError: the expression is not one that is supported.
    """
    if expression.startswith("'") and expression.endswith("'"):
        return expression[1:-1]
    place, _, name = expression.rpartition(".")
    if place in {"method.request.header", "method.request.multivalueheader"}:
        return source.request.header(name)
    if place in {"method.request.querystring", "method.request.multivaluequerystring"}:
        values = source.request.query_values.get(name)
        return values[-1] if values else None
    if place == "method.request.path":
        return source.path_parameters.get(name)
    if place == "stageVariables":
        return source.stage_variables.get(name)
    if expression.startswith("context."):
        return source.context.get(expression.removeprefix("context."))
    raise GatewayError(API_CONFIGURATION_ERROR, f"mapping {expression!r} is not supported by the sandbox")


def with_stage_variables(text: str, variables: Mapping[str, str]) -> str:
    """Replaces `${stageVariables.name}`; an unknown variable becomes nothing, as in API Gateway."""
    return re.sub(r"\$\{stageVariables\.(\w+)\}", lambda found: variables.get(found[1], ""), text)


def integration_url(integration: Integration, source: Source) -> urllib.parse.SplitResult:
    """The integration's uri with its path parameters, and the caller's query plus the mapped ones."""
    text = with_stage_variables(integration.uri, source.stage_variables)
    for target, expression in integration.request_parameters.items():
        if target.startswith("integration.request.path."):
            value = method_parameter(expression, source) or ""
            name = target.removeprefix("integration.request.path.")
            text = text.replace("{" + name + "}", urllib.parse.quote(value, safe="/:@!$&'()*+,;=-._~"))
    if re.search(r"\{\w+\+?\}", text):
        raise GatewayError(API_CONFIGURATION_ERROR, f"uri {text!r} has a parameter that nothing is mapped to")
    url = urllib.parse.urlsplit(text)
    passed = source.request.query if integration.type == "HTTP_PROXY" else ""
    query = [part for part in (url.query, passed, _mapped_query(integration, source)) if part]
    return url._replace(query="&".join(query))


def _mapped_query(integration: Integration, source: Source) -> str:
    prefix = "integration.request.querystring."
    pairs = [
        (target.removeprefix(prefix), method_parameter(expression, source))
        for target, expression in integration.request_parameters.items()
        if target.startswith(prefix)
    ]
    return urllib.parse.urlencode([(name, value) for name, value in pairs if value is not None])


def integration_headers(integration: Integration, source: Source) -> Headers:
    """The caller's headers without those of its own connection; a mapped header replaces the caller's."""
    mapped = mapped_headers(integration, source)
    replaced = {name.lower() for name in _destinations(integration)} | NOT_FORWARDED
    passed = [(name, value) for name, value in source.request.headers if name.lower() not in replaced]
    return (*passed, *mapped)


def mapped_headers(integration: Integration, source: Source) -> Headers:
    """The headers that the integration sets itself.

    Raises:
        GatewayError: one of them is API Gateway's own.
    """
    failing = NOT_MAPPED & {name.lower() for name in _destinations(integration)}
    if failing:
        raise GatewayError(API_CONFIGURATION_ERROR, f"{min(failing)} cannot be mapped")
    mapped = {
        name: method_parameter(expression, source) for name, expression in _destinations(integration).items()
    }
    # An empty value takes a header away: an HTTP header without a value carries nothing.
    return tuple((name, value) for name, value in mapped.items() if value)


def _destinations(integration: Integration) -> dict[str, str]:
    prefix = "integration.request.header."
    return {
        target.removeprefix(prefix): expression
        for target, expression in integration.request_parameters.items()
        if target.startswith(prefix)
    }
