"""Connections between hops inside this process, and what each end may know of the other.

A hop dials the next over a real loopback socket. The address a packet would have had in its VPC cannot be
on loopback, so the dialling end registers it under its local port, and the accepting end claims it. A
connection that no hop registered is a stranger's and is refused.
"""

import socket
import struct
import threading
from dataclasses import dataclass

from hatchway.sandbox.data.message import Trace

__all__ = ["Flow", "Flows", "reset"]

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """The source address as the next hop sees it, and the trace of the request it belongs to."""

    source_address: str
    trace: Trace
    is_private_link: bool = False


class Flows:
    """All registered connections of one data plane."""

    def __init__(self) -> None:
        self._by_port: dict[int, Flow] = {}
        self._lock = threading.Lock()

    def dial(self, address: tuple[str, int], flow: Flow, timeout: float) -> socket.socket:
        """Connects to a hop. Call `forget` with the local port when the connection is closed.

        Raises:
            OSError: the hop refused, or did not accept in time.
        """
        connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            connection.settimeout(timeout)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.bind((LOOPBACK, 0))
            port: int = connection.getsockname()[1]
            with self._lock:
                self._by_port[port] = flow
            connection.connect(address)
        except OSError:
            self.hang_up(connection)
            raise
        return connection

    def claim(self, port: int) -> Flow | None:
        """The flow that the hop at this local port registered."""
        with self._lock:
            return self._by_port.get(port)

    def hang_up(self, connection: socket.socket) -> None:
        """Closes a connection made by `dial`."""
        try:
            port = connection.getsockname()[1]
        except OSError:
            port = 0
        with self._lock:
            self._by_port.pop(port, None)
        connection.close()


def reset(connection: socket.socket) -> None:
    """Closes a connection with a TCP reset instead of an orderly end."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
