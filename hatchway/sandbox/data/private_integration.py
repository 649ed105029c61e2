"""`HTTP_PROXY` integrations over a VPC link: the request that API Gateway sends itself.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-private-integration.html

How failures look to the caller: a link or a load balancer that does not work, a connection that is
refused, and a certificate that does not fit are 500 "Internal server error"
(https://repost.aws/knowledge-center/api-gateway-500-error-vpc); silence until the integration's time is up
is 504 "Endpoint request timed out"; a connection lost after the request was sent is 504 "Network error
communicating with endpoint" (INTEGRATION_FAILURE). The first page also names closed security groups as a
reason for 500; that a silent drop shows as a timeout is our reading of how TCP works.
"""

import http.client
import ssl
import time
import urllib.parse
from collections.abc import Callable

from hatchway.sandbox.data.fabric import Fabric
from hatchway.sandbox.data.flows import Flow
from hatchway.sandbox.data.gateway_responses import (
    API_CONFIGURATION_ERROR,
    INTEGRATION_FAILURE,
    INTEGRATION_TIMEOUT,
    GatewayError,
)
from hatchway.sandbox.data.invocation import Invocation
from hatchway.sandbox.data.mapping import Source, integration_headers, integration_url, with_stage_variables
from hatchway.sandbox.data.message import Answer, Headers, Trace
from hatchway.sandbox.data.world import Integration, LoadBalancer, World

__all__ = ["PRIVATE_LINK_CLIENT", "PrivateIntegrations"]

# API Gateway's side of a VPC link has an address in a VPC of AWS's own, which no user can know. It stands
# for an address that only a rule for everyone admits; 240.0.0.0/4 is in no VPC.
PRIVATE_LINK_CLIENT = "240.0.0.1"
# Time scaling shortens waiting, not the work that has to be done meanwhile.
_LEAST_SECONDS = 1.0
_HOP_BY_HOP = frozenset({"keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"})
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html; that the
# request ids of a second API Gateway are among the remapped headers was seen in answers, not read there.
_REMAPPED = frozenset(
    {
        "connection",
        "content-length",
        "date",
        "server",
        "www-authenticate",
        "x-amzn-requestid",
        "x-amz-apigw-id",
    }
)


class PrivateIntegrations:
    """Sends requests through VPC links. `time_scale` shortens the integration's timeout."""

    def __init__(
        self, world: World, fabric: Fabric, client_context: Callable[[], ssl.SSLContext], time_scale: float
    ) -> None:
        self._world = world
        self._fabric = fabric
        self._context = client_context()
        self._time_scale = time_scale
        self._turn = 0

    def send(self, integration: Integration, source: Source, invocation: Invocation) -> Answer:
        """Returns what the host behind the VPC link answers.

        Raises:
            GatewayError: nothing was answered.
        """
        if integration.connection_type != "VPC_LINK":
            raise GatewayError(API_CONFIGURATION_ERROR, "only VPC_LINK integrations are in the sandbox")
        url = integration_url(integration, source)
        trace = invocation.trace
        seconds = integration.timeout_milliseconds / 1000
        limit = max(seconds * self._time_scale, min(seconds, _LEAST_SECONDS))
        deadline = time.monotonic() + limit
        port = url.port or (443 if url.scheme == "https" else 80)
        headers = (
            *integration_headers(integration, source),
            ("x-amzn-apigateway-api-id", invocation.api.id),
            ("X-Forwarded-For", source.context["identity.sourceIp"]),
            ("X-Forwarded-Port", "443"),
            ("X-Forwarded-Proto", "https"),
        )
        trace.note("integration", "sent", f"{url.scheme}://{url.netloc}{url.path}", timeout_seconds=limit)
        load_balancer = self._load_balancer(integration, source, trace)
        http_method = integration.http_method
        method = source.request.method if http_method == "ANY" else http_method
        connection = self._connect(load_balancer, port, url, deadline, trace)
        try:
            return _exchange(connection, method, url, headers, source.request.body)
        except TimeoutError as error:
            raise GatewayError(INTEGRATION_TIMEOUT, f"no answer in {limit:g} s") from error
        except (OSError, http.client.HTTPException) as error:
            raise GatewayError(INTEGRATION_FAILURE, f"the connection was lost: {error}") from error
        finally:
            if connection.sock is not None:
                self._fabric.flows.hang_up(connection.sock)

    def _load_balancer(self, integration: Integration, source: Source, trace: Trace) -> LoadBalancer:
        link_id = with_stage_variables(integration.connection_id or "", source.stage_variables)
        link = self._world.vpc_link(link_id)
        if link is None or link.status != "AVAILABLE":
            status = link.status if link else "deleted"
            raise GatewayError(API_CONFIGURATION_ERROR, f"VPC link {link_id!r} is {status}", hop="vpc-link")
        arn = link.target_arns[0]
        load_balancer = self._world.load_balancer(arn)
        if load_balancer is None or load_balancer.state != "active" or not load_balancer.nodes:
            raise GatewayError(API_CONFIGURATION_ERROR, f"{arn} is not active", hop="vpc-link")
        trace.note("vpc-link", "passed", f"{link_id} to {arn}")
        return load_balancer

    def _connect(
        self,
        load_balancer: LoadBalancer,
        port: int,
        url: urllib.parse.SplitResult,
        deadline: float,
        trace: Trace,
    ) -> http.client.HTTPConnection:
        self._turn += 1
        node = load_balancer.nodes[self._turn % len(load_balancer.nodes)]
        address = self._fabric.node(load_balancer, node, port)
        flow = Flow(source_address=PRIVATE_LINK_CLIENT, trace=trace, is_private_link=True)
        host = url.hostname or ""
        connection = http.client.HTTPConnection(host, port)
        left = deadline - time.monotonic()
        try:
            connection.sock = self._fabric.flows.dial(address, flow, left)
            if url.scheme == "https":
                # The handshake is made apart, so that a connection that fails in it can still be closed.
                tls = self._context.wrap_socket(
                    connection.sock, server_hostname=host, do_handshake_on_connect=False
                )
                connection.sock = tls
                tls.do_handshake()
            connection.sock.settimeout(max(deadline - time.monotonic(), 0.01))
        except TimeoutError as error:
            self._close(connection)
            raise GatewayError(INTEGRATION_TIMEOUT, "no connection before the timeout") from error
        except ssl.SSLCertVerificationError as error:
            self._close(connection)
            raise GatewayError(API_CONFIGURATION_ERROR, f"{host}: {error.verify_message}") from error
        except OSError as error:
            self._close(connection)
            raise GatewayError(API_CONFIGURATION_ERROR, f"the connection was refused: {error}") from error
        return connection

    def _close(self, connection: http.client.HTTPConnection) -> None:
        if connection.sock is not None:
            self._fabric.flows.hang_up(connection.sock)


def _exchange(
    connection: http.client.HTTPConnection,
    method: str,
    url: urllib.parse.SplitResult,
    headers: Headers,
    body: bytes,
) -> Answer:
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
    connection.putheader("Host", url.netloc)
    for name, value in headers:
        connection.putheader(name, value)
    if body or method in {"POST", "PUT", "PATCH"}:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body or None)
    response = connection.getresponse()
    content = response.read()
    kept: list[tuple[str, str]] = []
    for name, value in response.getheaders():
        if name.lower() in _REMAPPED:
            kept.append((f"x-amzn-Remapped-{name}", value))
        elif name.lower() not in _HOP_BY_HOP:
            kept.append((name, value))
    return Answer(status=response.status, headers=tuple(kept), body=content)
