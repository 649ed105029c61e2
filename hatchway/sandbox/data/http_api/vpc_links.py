"""The way of an integration through a VPC link of version 2.

Such a link has network interfaces in the VPC, so that its packets are judged like anybody's: by security
groups, routes and network ACLs on the way to a node of the load balancer.
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vpc-links.html
"""

import socket
import ssl
import threading
import time

from hatchway.sandbox.data.exchange import secure
from hatchway.sandbox.data.fabric import Fabric
from hatchway.sandbox.data.flows import Flow
from hatchway.sandbox.data.gateway_responses import GatewayError
from hatchway.sandbox.data.http_api.errors import UNAVAILABLE, HttpApiError
from hatchway.sandbox.data.message import Trace
from hatchway.sandbox.data.network import Outcome, connect
from hatchway.sandbox.data.world import HttpIntegration, Interface, Listener, LoadBalancer, World

__all__ = ["VpcLinksV2"]

_HOPS = {"load-balancer": "vpc-link", "endpoint": "load-balancer", "transit": "vpc-link"}


class VpcLinksV2:
    """Opens connections through VPC links of version 2."""

    def __init__(self, world: World, fabric: Fabric, context: ssl.SSLContext) -> None:
        self._world = world
        self._fabric = fabric
        self._context = context
        self._turn = 0

    def connect(self, integration: HttpIntegration, deadline: float, trace: Trace) -> socket.socket:
        """Returns a connection to the load balancer's listener, with TLS where the integration says so.

        Raises:
            HttpApiError: there is none to be had.
        """
        interface = self._interface(integration, trace)
        balancer, listener = self._listener(integration)
        self._turn += 1
        node = balancer.nodes[self._turn % len(balancer.nodes)]
        self._cross(interface, node, listener, deadline, trace)
        address = self._fabric.node(balancer, node, listener.port)
        flow = Flow(source_address=str(interface.address), trace=trace)
        left = max(deadline - time.monotonic(), 0.01)
        try:
            connection = self._fabric.flows.dial(address, flow, left)
        except OSError as error:
            raise HttpApiError(UNAVAILABLE, f"the connection was refused: {error}") from error
        if integration.server_name_to_verify is None:
            return connection
        try:
            return secure(connection, self._context, integration.server_name_to_verify, self.close)
        except GatewayError as error:
            raise HttpApiError(UNAVAILABLE, error.reason) from error

    def close(self, connection: socket.socket) -> None:
        """Closes a connection made by `connect`."""
        self._fabric.flows.hang_up(connection)

    def _interface(self, integration: HttpIntegration, trace: Trace) -> Interface:
        link = self._world.vpc_link_v2(integration.connection_id or "")
        if link is None or link.status != "AVAILABLE" or not link.interfaces:
            state = link.status if link else "deleted"
            raise HttpApiError(
                UNAVAILABLE, f"VPC link {integration.connection_id!r} is {state}", hop="vpc-link"
            )
        trace.note("vpc-link", "passed", f"{link.id} to {integration.uri}")
        return link.interfaces[self._turn % len(link.interfaces)]

    def _listener(self, integration: HttpIntegration) -> tuple[LoadBalancer, Listener]:
        found = self._world.listener(integration.uri)
        if found is None or found[0].state != "active" or not found[0].nodes:
            raise HttpApiError(
                UNAVAILABLE, f"{integration.uri} is no listener that works", hop="load-balancer"
            )
        return found

    def _cross(
        self, interface: Interface, node: Interface, listener: Listener, deadline: float, trace: Trace
    ) -> None:
        verdict = connect(self._world.networks(), interface, node.address, listener.port)
        if verdict.outcome is Outcome.DELIVERED:
            return
        hop = _HOPS[verdict.hop]
        trace.note(hop, "dropped", verdict.reason, steps=list(verdict.steps))
        # Whatever drops packets says nothing: the caller waits until the integration's time is up.
        threading.Event().wait(max(deadline - time.monotonic(), 0))
        raise HttpApiError(UNAVAILABLE, verdict.reason, hop=hop)
