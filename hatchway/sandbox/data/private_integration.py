"""The way of an integration through a VPC link.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-private-integration.html

How failures look to the caller: a link or a load balancer that does not work, a connection that is
refused, and a certificate that does not fit are 500 "Internal server error"
(https://repost.aws/knowledge-center/api-gateway-500-error-vpc); silence until the integration's time is up
is 504 "Endpoint request timed out"; a connection lost after the request was sent is 504 "Network error
communicating with endpoint" (INTEGRATION_FAILURE). The first page also names closed security groups as a
reason for 500; that a silent drop shows as a timeout is our reading of how TCP works.
"""

import socket
import ssl
import time
import urllib.parse

from hatchway.sandbox.data.exchange import secure
from hatchway.sandbox.data.fabric import Fabric
from hatchway.sandbox.data.flows import Flow
from hatchway.sandbox.data.gateway_responses import API_CONFIGURATION_ERROR, INTEGRATION_TIMEOUT, GatewayError
from hatchway.sandbox.data.mapping import Source, with_stage_variables
from hatchway.sandbox.data.message import Trace
from hatchway.sandbox.data.world import Integration, LoadBalancer, World

__all__ = ["PRIVATE_LINK_CLIENT", "VpcLinks", "port_of"]

# API Gateway's side of a VPC link has an address in a VPC of AWS's own, which no user can know. It stands
# for an address that only a rule for everyone admits; 240.0.0.0/4 is in no VPC.
PRIVATE_LINK_CLIENT = "240.0.0.1"


def port_of(url: urllib.parse.SplitResult) -> int:
    """The port that a URL names, or the one of its scheme."""
    return url.port or (443 if url.scheme == "https" else 80)


class VpcLinks:
    """Opens connections through VPC links."""

    def __init__(self, world: World, fabric: Fabric, context: ssl.SSLContext) -> None:
        self._world = world
        self._fabric = fabric
        self._context = context
        self._turn = 0

    def connect(
        self,
        integration: Integration,
        source: Source,
        url: urllib.parse.SplitResult,
        deadline: float,
        trace: Trace,
    ) -> socket.socket:
        """Returns a connection to the host behind the link, with TLS where the URL says so.

        Raises:
            GatewayError: there is none to be had.
        """
        load_balancer = self._load_balancer(integration, source, trace)
        self._turn += 1
        node = load_balancer.nodes[self._turn % len(load_balancer.nodes)]
        address = self._fabric.node(load_balancer, node, port_of(url))
        flow = Flow(source_address=PRIVATE_LINK_CLIENT, trace=trace, is_private_link=True)
        try:
            connection = self._fabric.flows.dial(address, flow, max(deadline - time.monotonic(), 0.01))
        except TimeoutError as error:
            raise GatewayError(INTEGRATION_TIMEOUT, "no connection before the timeout") from error
        except OSError as error:
            raise GatewayError(API_CONFIGURATION_ERROR, f"the connection was refused: {error}") from error
        if url.scheme != "https":
            return connection
        return secure(connection, self._context, url.hostname or "", self.close)

    def close(self, connection: socket.socket) -> None:
        """Closes a connection made by `connect`."""
        self._fabric.flows.hang_up(connection)

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
