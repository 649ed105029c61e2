"""Loopback listeners that serve each connection in its own thread and can be stopped completely."""

import socket
import threading
from collections.abc import Callable

from hatchway.sandbox.data.flows import LOOPBACK

__all__ = ["Listening"]

_ACCEPT_POLL_SECONDS = 0.5


class Listening:
    """A listener on an ephemeral loopback port.

    `serve` is called in a new thread with each connection and its peer's port; the connection is closed
    when it returns. What `serve` raises goes to `report`.
    """

    def __init__(
        self,
        name: str,
        serve: Callable[[socket.socket, int], None],
        report: Callable[[str, BaseException], None],
    ) -> None:
        self._name = name
        self._serve = serve
        self._report = report
        self._socket = socket.create_server((LOOPBACK, 0), backlog=128)
        self._socket.settimeout(_ACCEPT_POLL_SECONDS)
        self._stopped = threading.Event()
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.address: tuple[str, int] = self._socket.getsockname()
        self._thread = threading.Thread(target=self._accept, name=name, daemon=True)
        self._thread.start()

    @property
    def is_stopped(self) -> bool:
        """True once `stop` was called: long waits in `serve` look at it."""
        return self._stopped.is_set()

    def stop(self) -> None:
        """Stops listening and cuts what is open."""
        self._stopped.set()
        _cut(self._socket)  # wakes `accept` at once, where the system lets it
        self._socket.close()
        with self._lock:
            remaining = list(self._open)
        for connection in remaining:
            _cut(connection)
        self._thread.join(timeout=2)

    def _accept(self) -> None:
        while not self._stopped.is_set():
            try:
                connection, peer = self._socket.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            connection.settimeout(None)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(
                target=self._run, args=(connection, peer[1]), name=self._name, daemon=True
            ).start()

    def _run(self, connection: socket.socket, port: int) -> None:
        # TLS takes the connection's descriptor over; a second one stays good for cutting it.
        handle = connection.dup()
        with self._lock:
            self._open.add(handle)
        try:
            self._serve(connection, port)
        except Exception as error:  # noqa: BLE001 - a thread's last line: reported, never lost
            if not self._stopped.is_set():
                self._report(self._name, error)
        finally:
            with self._lock:
                self._open.discard(handle)
            handle.close()
            connection.close()


def _cut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
