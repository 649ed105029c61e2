"""A network load balancer's node: a TCP forwarder that never sees plain text.

https://docs.aws.amazon.com/elasticloadbalancing/latest/network/introduction.html. Who connects through a VPC
link is filtered by the load balancer's inbound rules only where that is switched on:
https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
"""

import ipaddress
import selectors
import socket
from collections.abc import Callable

from hatchway.sandbox.data.fabric import Fabric, Serve
from hatchway.sandbox.data.filters import groups_admit_from
from hatchway.sandbox.data.flows import Flow, reset
from hatchway.sandbox.data.health import TargetHealth, candidates
from hatchway.sandbox.data.network import Outcome, connect
from hatchway.sandbox.data.world import Interface, LoadBalancer, Target, TargetGroup, World

__all__ = ["Nodes"]

_CONNECT_SECONDS = 5.0
_POLL_SECONDS = 0.25
_CHUNK = 65536

Health = Callable[[LoadBalancer, TargetGroup, Target], TargetHealth]


class Nodes:
    """Serves connections to nodes of load balancers, by what is deployed when each connection comes."""

    def __init__(self, world: World, fabric: Fabric, health: Health) -> None:
        self._world = world
        self._fabric = fabric
        self._health = health
        self._turn = 0

    def serve(self, arn: str, node: Interface, port: int) -> Serve:
        """Returns what serves one port of one node."""

        def forward(connection: socket.socket, peer_port: int, stopped: Callable[[], bool]) -> None:
            flow = self._fabric.flows.claim(peer_port)
            if flow is None:
                reset(connection)
                return
            self._forward(arn, node, port, connection, flow, stopped)

        return forward

    def _forward(  # noqa: PLR0913, PLR0917 - both ends of a connection
        self,
        arn: str,
        node: Interface,
        port: int,
        connection: socket.socket,
        flow: Flow,
        stopped: Callable[[], bool],
    ) -> None:
        load_balancer = self._world.load_balancer(arn)
        if load_balancer is None or node not in load_balancer.nodes:
            flow.trace.note("load-balancer", "refused", f"{arn} has no node {node.address}")
            reset(connection)
            return
        if not self._admits(load_balancer, flow, port):
            flow.trace.note("load-balancer", "dropped", "inbound rules do not admit the VPC link")
            _hold(connection, stopped)
            return
        chosen = self._choose(load_balancer, node, port, flow)
        if chosen is None:
            reset(connection)
            return
        group, target = chosen
        if group.preserves_client_address and not self._is_local(load_balancer, target):
            flow.trace.note(
                "load-balancer",
                "dropped",
                f"{target.address} answers to a preserved client address, not to the node",
            )
            _hold(connection, stopped)
            return
        if group.sends_proxy_header:
            # TLS does not begin with it: the endpoint hangs up.
            flow.trace.note("load-balancer", "refused", f"{group.arn} sends a PROXY header before TLS")
            reset(connection)
            return
        self._pass_on(node, target, connection, flow, stopped)

    def _admits(self, load_balancer: LoadBalancer, flow: Flow, port: int) -> bool:
        groups = load_balancer.nodes[0].security_group_ids
        if not flow.is_private_link or not groups or not load_balancer.enforces_rules_on_private_link:
            return True
        peer = ipaddress.IPv4Address(flow.source_address)
        return groups_admit_from(self._world.networks(), groups, peer, port)

    def _choose(
        self, load_balancer: LoadBalancer, node: Interface, port: int, flow: Flow
    ) -> tuple[TargetGroup, Target] | None:
        listener = next((found for found in load_balancer.listeners if found.port == port), None)
        group = self._world.target_group(listener.target_group_arn or "") if listener else None
        if listener is None or group is None:
            flow.trace.note("load-balancer", "refused", f"no listener with targets on port {port}")
            return None
        networks = self._world.networks()
        targets = candidates(
            networks, load_balancer, group, node, lambda target: self._health(load_balancer, group, target)
        )
        if not targets:
            flow.trace.note("load-balancer", "refused", f"{group.arn} has no target for {node.address}")
            return None
        self._turn += 1
        target = targets[self._turn % len(targets)]
        flow.trace.note("load-balancer", "passed", f"node {node.address} to {target.address}:{target.port}")
        return group, target

    def _is_local(self, load_balancer: LoadBalancer, target: Target) -> bool:
        vpc = self._world.networks().vpcs.get(load_balancer.vpc_id)
        address = ipaddress.IPv4Address(target.address)
        return vpc is not None and any(address in network for network in vpc.networks)

    def _pass_on(
        self,
        node: Interface,
        target: Target,
        connection: socket.socket,
        flow: Flow,
        stopped: Callable[[], bool],
    ) -> None:
        address = ipaddress.IPv4Address(target.address)
        verdict = connect(self._world.networks(), node, address, target.port)
        if verdict.outcome is not Outcome.DELIVERED or verdict.destination is None:
            flow.trace.note(verdict.hop, "dropped", verdict.reason, steps=list(verdict.steps))
            _hold(connection, stopped)
            return
        flow.trace.note("transit", "passed", f"{node.address} to {address}", steps=list(verdict.steps))
        listening = self._fabric.interface(verdict.destination, target.port)
        if listening is None:
            flow.trace.note("load-balancer", "refused", f"nothing listens on {address}:{target.port}")
            reset(connection)
            return
        onward = Flow(source_address=str(node.address), trace=flow.trace)
        remote = self._fabric.flows.dial(listening, onward, _CONNECT_SECONDS)
        try:
            remote.settimeout(None)
            _pump(connection, remote, stopped)
        finally:
            self._fabric.flows.hang_up(remote)


def _hold(connection: socket.socket, stopped: Callable[[], bool]) -> None:
    """Keeps a connection open in silence, as packets that are dropped do, until the other side gives up."""
    connection.settimeout(_POLL_SECONDS)
    while not stopped():
        try:
            if not connection.recv(_CHUNK):
                return
        except TimeoutError:
            continue
        except OSError:
            return


def _pump(one: socket.socket, other: socket.socket, stopped: Callable[[], bool]) -> None:
    """Carries bytes both ways until both sides have said all they have."""
    with selectors.DefaultSelector() as selector:
        selector.register(one, selectors.EVENT_READ, other)
        selector.register(other, selectors.EVENT_READ, one)
        while selector.get_map() and not stopped():
            for key, _ in selector.select(_POLL_SECONDS):
                source: socket.socket = key.fileobj  # type: ignore[assignment] # only sockets were registered
                if not _carry(source, key.data):
                    selector.unregister(source)


def _carry(source: socket.socket, sink: socket.socket) -> bool:
    """Passes on what has come; at the end of one direction tells the other side so."""
    try:
        chunk = source.recv(_CHUNK)
        if chunk:
            sink.sendall(chunk)
            return True
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
    return False
