"""What a route of an HTTP API does with a request that was let in.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations.html
"""

import time
import urllib.parse

from hatchway.sandbox.data.exchange import exchange
from hatchway.sandbox.data.gateway_responses import GatewayError
from hatchway.sandbox.data.http_api.call import HttpCall
from hatchway.sandbox.data.http_api.errors import SERVER_ERROR, UNAVAILABLE, HttpApiError
from hatchway.sandbox.data.http_api.mapping import Outgoing, forwarded, outgoing
from hatchway.sandbox.data.http_api.routes import RouteMatch
from hatchway.sandbox.data.http_api.vpc_links import VpcLinksV2
from hatchway.sandbox.data.internet import Internet
from hatchway.sandbox.data.message import Answer, trace_id
from hatchway.sandbox.data.world import HttpIntegration

__all__ = ["HttpApiIntegrations"]

_LEAST_SECONDS = 1.0
_DEFAULT_STAGE = "$default"


class HttpApiIntegrations:
    """Sends requests to backends. `time_scale` shortens the integration's timeout."""

    def __init__(self, vpc_links: VpcLinksV2, internet: Internet, time_scale: float) -> None:
        self._vpc_links = vpc_links
        self._internet = internet
        self._time_scale = time_scale

    def answer(self, found: RouteMatch, call: HttpCall) -> Answer:
        """Returns what the backend answers.

        Raises:
            HttpApiError: nothing was answered.
        """
        integration = found.route.integration
        if integration is None or integration.type != "HTTP_PROXY":
            kind = "no" if integration is None else integration.type
            raise HttpApiError(SERVER_ERROR, f"{found.route.key} has {kind} integration that the sandbox has")
        target = _target(integration, found, call)
        request = outgoing(integration, found, call, target)
        seconds = integration.timeout_milliseconds / 1000
        limit = max(seconds * self._time_scale, min(seconds, _LEAST_SECONDS))
        call.trace.note("integration", "sent", f"{request.host}{request.path}", timeout_seconds=limit)
        try:
            return self._send(integration, request, call, time.monotonic() + limit)
        except GatewayError as error:
            raise HttpApiError(UNAVAILABLE, error.reason) from error

    def _send(
        self, integration: HttpIntegration, request: Outgoing, call: HttpCall, deadline: float
    ) -> Answer:
        scheme = urllib.parse.urlsplit(integration.uri).scheme
        if integration.connection_type == "VPC_LINK":
            connection = self._vpc_links.connect(integration, deadline, call.trace)
        else:
            url = urllib.parse.urlsplit(integration.uri)
            connection = self._internet.connect(url, max(deadline - time.monotonic(), 0.01))
        url = urllib.parse.SplitResult(scheme, request.host, request.path, request.query, "")
        method = call.request.method if integration.method == "ANY" else integration.method
        try:
            connection.settimeout(max(deadline - time.monotonic(), 0.01))
            return exchange(connection, method, url, request.headers, call.request.body, remaps=False)
        finally:
            self._vpc_links.close(connection)


def _target(integration: HttpIntegration, found: RouteMatch, call: HttpCall) -> Outgoing:
    """The request without mappings: a private backend gets the path with the stage, and the API's host."""
    address = call.caller.source_address
    host = call.request.header("Host") or ""
    headers = (
        *forwarded(call),
        ("Forwarded", f"by=127.0.0.1;for={address};host={host};proto=https"),
        ("Via", "HTTP/1.1 AmazonAPIGateway"),
        ("X-Amzn-Trace-Id", trace_id(call.request_id, call.began)),
        ("X-Forwarded-For", address),
        ("X-Forwarded-Port", "443"),
        ("X-Forwarded-Proto", "https"),
    )
    if integration.connection_type == "VPC_LINK":
        stage = "" if call.stage.name == _DEFAULT_STAGE else f"/{call.stage.name}"
        return Outgoing(path=stage + call.request.path, query=call.request.query, host=host, headers=headers)
    text = integration.uri
    for name, value in found.path_parameters.items():
        text = text.replace("{" + name + "}", urllib.parse.quote(value, safe="/:@!$&'()*+,;=-._~"))
    url = urllib.parse.urlsplit(text)
    query = "&".join(part for part in (url.query, call.request.query) if part)
    return Outgoing(path=url.path or "/", query=query, host=url.netloc, headers=headers)
