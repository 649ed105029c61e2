"""Connections that say where the time of a call goes, and that end when it is up."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from urllib3.connection import HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.response import HTTPResponse
from urllib3.util.connection import create_connection

from hatchway.route.timing import Timing
from hatchway.verify.alarms import Alarms
from hatchway.verify.connect_to import ConnectTo

__all__ = ["TimedConnection", "Watch"]

_ALARMS = Alarms()


class Watch:
    """Times one call, and breaks its connection off at the deadline, whatever the other side does.

    A time limit of a socket begins anew with each byte that comes: an answer whose header drips would never
    end. Use it as a context manager around the call.

    Args:
        seconds: How long the whole call may take.
        clock: Tells the time.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._started = clock()
        self._parts: dict[str, float] = {}
        self._handle: socket.socket | None = None
        self._lock = threading.Lock()
        self._seconds = seconds
        self._alarm = 0
        self.expired = False

    def __enter__(self) -> Self:
        """Start the countdown."""
        self._alarm = _ALARMS.set(self._seconds, self._expire)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the countdown, and let the connection go."""
        _ALARMS.take_back(self._alarm)
        with self._lock:
            if self._handle is not None:
                self._handle.close()
            self._handle = None

    def guard(self, connected: socket.socket) -> None:
        """Take note of the connection to break off.

        A handle of its own: TLS takes the socket over, and with it the one that was given here.
        """
        with self._lock:
            if self._handle is not None:
                # Of a connection that was kept, and that the host had closed.
                self._handle.close()
            self._handle = connected.dup()
        if self.expired:
            self._expire()

    @contextlib.contextmanager
    def part(self, name: str) -> Any:  # noqa: ANN401 -- what contextmanager makes of it has no name
        """Time a part of the call, if it comes to its end."""
        before, inside = self._clock(), sum(self._parts.values())
        yield
        # Parts may lie within each other: each has its own time only.
        self._parts[name] = self._clock() - before - (sum(self._parts.values()) - inside)

    def timing(self) -> Timing:
        """Return what was timed so far."""
        return Timing(total=self._clock() - self._started, **self._parts)

    def _expire(self) -> None:
        self.expired = True
        with self._lock:
            if self._handle is not None:
                with contextlib.suppress(OSError):
                    self._handle.shutdown(socket.SHUT_RDWR)


class TimedConnection(HTTPSConnection):
    """A connection that a `Watch` times, and that goes where `ConnectTo` says."""

    def __init__(self, *given: Any, watch: Watch, connect_to: ConnectTo, **more: Any) -> None:  # noqa: ANN401 -- a pool's own
        super().__init__(*given, **more)
        self._watch = watch
        self._connect_to = connect_to

    def connect(self) -> None:
        """Connect, and do the TLS handshake."""
        with self._watch.part("tls"):
            super().connect()

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # urllib3 answers with its own kind
        """Return the answer once its status and headers are there."""
        with self._watch.part("first_byte"):
            return super().getresponse()

    def _new_conn(self) -> socket.socket:
        host, port = self._connect_to.of(self._dns_host, self.port)
        try:
            with self._watch.part("resolve"):
                found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            with self._watch.part("connect"):
                connected = self._to_one_of([entry[4] for entry in found])
        except socket.gaierror as error:
            raise NameResolutionError(host, self, error) from error
        except TimeoutError as error:
            raise ConnectTimeoutError(self, f"{host} took no connection within {self.timeout} s") from error
        except OSError as error:
            raise NewConnectionError(self, f"Failed to establish a new connection: {error}") from error
        self._watch.guard(connected)
        return connected

    def _to_one_of(self, addresses: list[Any]) -> socket.socket:
        *others, last = addresses
        for address in others:
            with contextlib.suppress(OSError):
                return self._to(address)
        return self._to(last)

    def _to(self, address: Any) -> socket.socket:  # noqa: ANN401 -- differs by address family
        return create_connection(
            address[:2], self.timeout, source_address=self.source_address, socket_options=self.socket_options
        )
