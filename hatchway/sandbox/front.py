"""The one door of the sandbox: an HTTPS proxy on loopback that knows AWS host names and nothing else."""

import logging
import re
import socket
import ssl
import threading
from collections.abc import Callable
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast

from hatchway.sandbox.authority import Authority
from hatchway.sandbox.relay import IDLE_SECONDS, ControlHandler, Responder, splice

__all__ = ["Front", "Side", "side_of"]

_log = logging.getLogger(__name__)

Address = tuple[str, int]
_Request = socket.socket | tuple[bytes, socket.socket]


class Side(Enum):
    """What answers for a host name."""

    DATA = "data plane"
    CONTROL = "control plane"
    REFUSED = "refused"


def side_of(hostname: str) -> Side:
    """Tells what answers for a host name.

    The names that callers use for a deployed API belong to the data plane; names of a VPC endpoint
    (`*.vpce.amazonaws.com`) resolve only inside a VPC, which a caller of the front is not in.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-call-api.html
    """
    name = hostname.lower().rstrip(".")
    if name.endswith(".vpce.amazonaws.com"):
        return Side.REFUSED
    if re.fullmatch(r"[a-z0-9-]+\.execute-api\.[a-z0-9-]+\.amazonaws\.com", name):
        return Side.DATA
    if name.endswith((".amazonaws.com", ".api.aws")):
        return Side.CONTROL
    return Side.REFUSED


class Front:
    """An HTTPS proxy that takes `CONNECT` to AWS host names and refuses everything else.

    Binds loopback only. Each connection has its own thread; an idle one is closed after two minutes.
    """

    def __init__(
        self,
        authority: Authority,
        control: Responder,
        edge_address: Callable[[str], Address],
        port: int = 0,
        *,
        is_public: Callable[[str], bool] = lambda _: False,
    ) -> None:
        """Binds the port; `is_public` tells whether a name that is not AWS's is one of a deployed API.

        Raises:
            OSError: The port is in use.
        """
        self._server = _FrontServer(authority, control, edge_address, port)
        self._server.is_public = is_public
        self._thread = threading.Thread(target=self._server.serve_forever, name="front", daemon=True)

    @property
    def port(self) -> int:
        """Port on loopback."""
        return int(self._server.server_address[1])

    def start(self) -> None:
        """Starts to accept connections."""
        self._thread.start()

    def stop(self) -> None:
        """Stops accepting, and closes every connection that is open."""
        self._server.shutdown()
        self._server.server_close()
        self._server.close_connections()
        self._thread.join(timeout=5)


class _FrontServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(
        self, authority: Authority, control: Responder, edge_address: Callable[[str], Address], port: int
    ) -> None:
        self.authority = authority
        self.control = control
        self.edge_address = edge_address
        self.is_public: Callable[[str], bool] = lambda _: False
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        super().__init__(("127.0.0.1", port), _FrontHandler)

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 - socketserver's
        # A client that goes away in the middle is no news; the default prints a traceback.
        _log.debug("connection from %s failed", client_address, exc_info=True)

    def process_request(self, request: _Request, client_address: Address) -> None:
        with self._open_lock:
            self._open.add(cast("socket.socket", request))
        super().process_request(request, client_address)

    def shutdown_request(self, request: _Request) -> None:
        with self._open_lock:
            self._open.discard(cast("socket.socket", request))
        super().shutdown_request(request)

    def close_connections(self) -> None:
        with self._open_lock:
            connections = tuple(self._open)
        for connection in connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError as error:
                _log.debug("was closed already: %s", error)


class _FrontHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "hatchway-sandbox"
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    server: _FrontServer

    def do_CONNECT(self) -> None:
        hostname, _, port = self.path.rpartition(":")
        side = side_of(hostname)
        if side is Side.REFUSED and self.server.is_public(hostname):
            side = Side.DATA
        self.close_connection = True
        if port != "443" or side is Side.REFUSED:
            self._refuse(
                f"The sandbox answers for AWS names and deployed APIs on port 443 only, not for {self.path}."
            )
        elif side is Side.DATA:
            self._tunnel(hostname)
        else:
            self._terminate(hostname)

    def do_GET(self) -> None:
        self._refuse("The sandbox is an HTTPS proxy: it takes CONNECT to AWS names and nothing else.")

    do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_GET  # noqa: N815 - as above

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        _log.debug(format, *args)

    def _refuse(self, sentence: str) -> None:
        _log.info("refused: %s", sentence)
        self._reply_in_text(403, sentence)

    def _reply_in_text(self, status: int, sentence: str) -> None:
        body = f"{sentence}\n".encode()
        # Clients show the reason phrase of a refused CONNECT, and rarely its body.
        self.send_response(status, sentence)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.close_connection = True

    def _established(self) -> None:
        self.send_response_only(200, "Connection Established")
        self.end_headers()

    def _tunnel(self, hostname: str) -> None:
        try:
            upstream = socket.create_connection(self.server.edge_address(hostname), timeout=10)
        except OSError as error:
            self._reply_in_text(502, f"The sandbox's data plane does not answer for {hostname}: {error}.")
            return
        with upstream:
            self._established()
            splice(self.connection, upstream)

    def _terminate(self, hostname: str) -> None:
        context = self.server.authority.server_context(hostname)
        self._established()
        try:
            tls = context.wrap_socket(self.connection, server_side=True)
        except (OSError, ssl.SSLError) as error:
            _log.info("TLS handshake for %s failed: %s", hostname, error)
            return
        # wrap_socket has taken the descriptor over: what the server closes at the end is this one.
        with tls:
            with self.server._open_lock:  # noqa: SLF001 - both classes are this module's
                self.server._open.add(tls)  # noqa: SLF001 - as above
            try:
                ControlHandler(tls, self.client_address, self.server, hostname, self.server.control)
            except OSError as error:
                _log.info("connection for %s ended: %s: %s", hostname, type(error).__name__, error)
            finally:
                with self.server._open_lock:  # noqa: SLF001 - as above
                    self.server._open.discard(tls)  # noqa: SLF001 - as above
