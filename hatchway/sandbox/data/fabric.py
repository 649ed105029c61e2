"""The real listeners behind the addresses of the estate.

A load balancer's node and an endpoint's network interface each get a listener on loopback when the first
connection to them is made, and lose it when they are gone from the estate.
"""

import socket
import threading
from collections.abc import Callable

from hatchway.sandbox.data.flows import Flows
from hatchway.sandbox.data.health import something_listens
from hatchway.sandbox.data.hop_log import HopLog
from hatchway.sandbox.data.listening import Listening
from hatchway.sandbox.data.world import Endpoint, Interface, LoadBalancer, World

__all__ = ["Fabric"]

Serve = Callable[[socket.socket, int, Callable[[], bool]], None]


class Fabric:
    """Finds the loopback address of a node or an interface, starting its listener where needed."""

    def __init__(self, world: World, log: HopLog) -> None:
        self.flows = Flows()
        self._world = world
        self._log = log
        self._listeners: dict[object, Listening] = {}
        self._lock = threading.Lock()
        self.serve_node: Callable[[str, Interface, int], Serve] | None = None
        self.serve_endpoint: Callable[[str, Interface], Serve] | None = None

    def node(self, load_balancer: LoadBalancer, node: Interface, port: int) -> tuple[str, int]:
        """Where connections to a port of a load balancer's node go."""
        if self.serve_node is None:
            raise RuntimeError("the fabric has no server for nodes")
        key = ("node", load_balancer.arn, node.address, port)
        return self._listening(key, self.serve_node(load_balancer.arn, node, port))

    def interface(self, destination: Interface, port: int) -> tuple[str, int] | None:
        """Where connections to an address go; None where nothing listens on that port."""
        endpoint = self._endpoint_of(destination)
        if endpoint is None or not self.listens(destination, port) or self.serve_endpoint is None:
            return None
        key = ("endpoint", endpoint.id, destination.address)
        return self._listening(key, self.serve_endpoint(endpoint.id, destination))

    def listens(self, destination: Interface, port: int) -> bool:
        """Tells whether something accepts connections at an address and port."""
        return something_listens(self._world.endpoints(), destination, port)

    def stop(self) -> None:
        """Stops all listeners and cuts their connections."""
        with self._lock:
            listeners, self._listeners = list(self._listeners.values()), {}
        for listener in listeners:
            listener.stop()

    def sweep(self) -> None:
        """Stops the listeners of what is no longer deployed."""
        alive = {endpoint.id for endpoint in self._world.endpoints()}
        with self._lock:
            gone = [
                key
                for key in self._listeners
                if isinstance(key, tuple)
                and (
                    (key[0] == "endpoint" and key[1] not in alive)
                    or (key[0] == "node" and self._world.load_balancer(key[1]) is None)
                )
            ]
            listeners = [self._listeners.pop(key) for key in gone]
        for listener in listeners:
            listener.stop()

    def _endpoint_of(self, destination: Interface) -> Endpoint | None:
        available = (e for e in self._world.endpoints() if e.state == "available")
        for endpoint in available:
            for interface in endpoint.interfaces:
                if (interface.vpc_id, interface.address) == (destination.vpc_id, destination.address):
                    return endpoint
        return None

    def _listening(self, key: object, serve: Serve) -> tuple[str, int]:
        with self._lock:
            listener = self._listeners.get(key)
            if listener is None:

                def run(connection: socket.socket, port: int) -> None:
                    serve(connection, port, lambda: created.is_stopped)

                created = Listening(str(key), run, self._log.failure)
                listener = self._listeners[key] = created
        return listener.address
