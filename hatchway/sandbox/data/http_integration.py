"""`HTTP_PROXY` and `HTTP` integrations: the request that API Gateway sends itself, over whatever way.

https://docs.aws.amazon.com/apigateway/latest/developerguide/setup-http-integrations.html
"""

import time
from dataclasses import replace

from hatchway.sandbox.data.exchange import exchange
from hatchway.sandbox.data.internet import Internet
from hatchway.sandbox.data.invocation import Invocation
from hatchway.sandbox.data.mapping import Source, integration_headers, integration_url, mapped_headers
from hatchway.sandbox.data.media_types import as_text_unless_binary
from hatchway.sandbox.data.message import Answer, Headers
from hatchway.sandbox.data.private_integration import VpcLinks
from hatchway.sandbox.data.request_templates import request_body
from hatchway.sandbox.data.world import Integration

__all__ = ["HttpIntegrations", "patience"]

# Time scaling shortens waiting, not the work that has to be done meanwhile.
_LEAST_SECONDS = 1.0


def patience(integration: Integration, time_scale: float) -> float:
    """How long an integration waits for its answer."""
    seconds = integration.timeout_milliseconds / 1000
    return max(seconds * time_scale, min(seconds, _LEAST_SECONDS))


class HttpIntegrations:
    """Sends requests to HTTP backends. `time_scale` shortens the integration's timeout."""

    def __init__(self, vpc_links: VpcLinks, internet: Internet, time_scale: float) -> None:
        self._vpc_links = vpc_links
        self._internet = internet
        self._time_scale = time_scale

    def send(self, integration: Integration, source: Source, invocation: Invocation) -> Answer:
        """Returns what the backend answers.

        Raises:
            GatewayError: nothing was answered.
        """
        url = integration_url(integration, source)
        limit = patience(integration, self._time_scale)
        deadline = time.monotonic() + limit
        trace, hop = invocation.trace, invocation.hops.integration
        trace.note(hop, "sent", f"{url.scheme}://{url.netloc}{url.path}", timeout_seconds=limit)
        if integration.connection_type == "VPC_LINK":
            connection = self._vpc_links.connect(integration, source, url, deadline, trace)
        else:
            connection = self._internet.connect(url, limit)
        try:
            connection.settimeout(max(deadline - time.monotonic(), 0.01))
            headers = self._headers(integration, source, invocation)
            body = request_body(integration, source)
            media_types = invocation.stage.definition.binary_media_types
            body = as_text_unless_binary(body, media_types, source.request.header("Content-Type"))
            answer = exchange(connection, _method(integration, source), url, headers, body)
            content_type = answer.header("Content-Type")
            return replace(answer, body=as_text_unless_binary(answer.body, media_types, content_type))
        finally:
            self._vpc_links.close(connection)

    def _headers(self, integration: Integration, source: Source, invocation: Invocation) -> Headers:
        proxied = integration.type == "HTTP_PROXY"
        passed = integration_headers(integration, source) if proxied else mapped_headers(integration, source)
        return (
            *passed,
            ("x-amzn-apigateway-api-id", invocation.api.id),
            ("X-Amzn-Trace-Id", source.context["xrayTraceId"]),
            ("X-Forwarded-For", source.context["identity.sourceIp"]),
            ("X-Forwarded-Port", "443"),
            ("X-Forwarded-Proto", "https"),
        )


def _method(integration: Integration, source: Source) -> str:
    return source.request.method if integration.http_method == "ANY" else integration.http_method
