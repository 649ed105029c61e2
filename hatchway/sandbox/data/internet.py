"""What answers for host names on the internet, which the sandbox does not reach.

Three kinds of names have an answer: the APIs' own public names; names that RFC 2606 and RFC 6761 set aside
for documents and tests, which a built-in backend answers by telling what it got; and names that were mapped
to an address on loopback when the sandbox was started. Any other name does not resolve.
"""

import base64
import http.client
import json
import re
import socket
import threading
import urllib.parse
from collections.abc import Callable, Mapping

from hatchway.sandbox.authority import Authority
from hatchway.sandbox.data.exchange import secure
from hatchway.sandbox.data.flows import LOOPBACK
from hatchway.sandbox.data.gateway_responses import (
    API_CONFIGURATION_ERROR,
    INTEGRATION_FAILURE,
    INTEGRATION_TIMEOUT,
    GatewayError,
)
from hatchway.sandbox.data.http_server import serve_http
from hatchway.sandbox.data.listening import Listening
from hatchway.sandbox.data.message import Answer, Request
from hatchway.sandbox.data.private_integration import port_of

__all__ = ["Internet", "is_reserved"]

_PORTS = {"https": 443, "http": 80}
_RESERVED = re.compile(r"(?:.+\.)?(?:example\.(?:com|net|org)|example|test)")
_FORWARD_SECONDS = 60.0
_NOT_COPIED = frozenset({"connection", "content-length", "transfer-encoding", "keep-alive"})


def is_reserved(hostname: str) -> bool:
    """Tells whether a name is set aside for documents and tests.

    https://www.rfc-editor.org/rfc/rfc2606
    """
    return _RESERVED.fullmatch(hostname.lower().rstrip(".")) is not None


class Internet:
    """Opens connections to host names as the internet would.

    `backends` maps names to ports on loopback; `edge` gives the address of a public API's name, or None;
    `publish` gives what the built-in server has under a host's path instead of an echo.
    """

    def __init__(
        self,
        authority: Authority,
        backends: Mapping[str, int],
        edge: Callable[[str], tuple[str, int] | None],
        report: Callable[[str, BaseException], None],
        publish: Callable[[str, str], Mapping[str, object] | None] = lambda _host, _path: None,
    ) -> None:
        self._publish = publish
        self._authority = authority
        self._context = authority.client_context()
        self._backends = backends
        self._edge = edge
        self._report = report
        self._listeners: dict[tuple[str, str], Listening] = {}
        self._lock = threading.Lock()

    def connect(self, url: urllib.parse.SplitResult, seconds: float) -> socket.socket:
        """Returns a connection to the host of a URL, with TLS where the URL says so.

        Raises:
            GatewayError: the name does not resolve, nothing accepts, or the certificate does not fit.
        """
        try:
            connection = socket.create_connection(self._address(url), timeout=seconds)
        except TimeoutError as error:
            raise GatewayError(INTEGRATION_TIMEOUT, "no connection before the timeout") from error
        except OSError as error:
            raise GatewayError(INTEGRATION_FAILURE, f"{url.netloc} refused the connection") from error
        if url.scheme != "https":
            return connection
        return secure(connection, self._context, url.hostname or "", lambda tls: tls.close())

    def stop(self) -> None:
        """Stops all listeners and cuts their connections."""
        with self._lock:
            listeners, self._listeners = list(self._listeners.values()), {}
        for listener in listeners:
            listener.stop()

    def _address(self, url: urllib.parse.SplitResult) -> tuple[str, int]:
        """Where connections to a host go.

        A name that does not resolve is answered as a fault of the configuration, with 500; AWS does not write
        it down.
        """
        host = (url.hostname or "").lower()
        edge = self._edge(host)
        if edge is not None:
            return edge
        if host not in self._backends and not is_reserved(host):
            raise GatewayError(
                API_CONFIGURATION_ERROR,
                f"{host!r} does not resolve: the sandbox has no internet (see --backend)",
            )
        if port_of(url) != _PORTS[url.scheme]:
            raise ConnectionRefusedError(f"{host} listens on {_PORTS[url.scheme]} alone")
        return self._listening(host, url.scheme)

    def _listening(self, host: str, scheme: str) -> tuple[str, int]:
        port = self._backends.get(host)

        def respond(request: Request) -> Answer:
            if port is not None:
                return _forward(port, request)
            published = self._publish(host, request.path) if request.method == "GET" else None
            return _echo(request) if published is None else _json(published)

        def serve(connection: socket.socket, _peer: int) -> None:
            context = self._authority.server_context(host) if scheme == "https" else None
            serve_http(connection, context, respond, lambda error: self._report(host, error))

        with self._lock:
            listener = self._listeners.get((host, scheme))
            if listener is None:
                listener = self._listeners[host, scheme] = Listening(host, serve, self._report)
        return listener.address


def _echo(request: Request) -> Answer:
    """Tells what was received: method, path, query, headers and body."""
    told: dict[str, object] = {
        "method": request.method,
        "path": request.path,
        "query": request.query_values,
        "headers": {name: values[-1] for name, values in request.header_values.items()},
    }
    try:
        told["body"] = request.body.decode("utf-8")
    except UnicodeDecodeError:
        told["body_base64"] = base64.b64encode(request.body).decode("ascii")
    return _json(told)


def _json(value: Mapping[str, object]) -> Answer:
    headers = (("Content-Type", "application/json"),)
    return Answer(status=200, headers=headers, body=json.dumps(value).encode())


def _forward(port: int, request: Request) -> Answer:
    """Hands a request to a server on loopback, in plain HTTP, with the name it was sent to.

    Raises:
        ConnectionError: nothing answers there; whoever called sees a lost connection.
    """
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=_FORWARD_SECONDS)
    target = request.path + (f"?{request.query}" if request.query else "")
    try:
        connection.putrequest(request.method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in request.headers:
            if name.lower() not in _NOT_COPIED:
                connection.putheader(name, value)
        if request.body:
            connection.putheader("Content-Length", str(len(request.body)))
        connection.endheaders(request.body or None)
        response = connection.getresponse()
        headers = tuple(pair for pair in response.getheaders() if pair[0].lower() not in _NOT_COPIED)
        return Answer(status=response.status, headers=headers, body=response.read())
    except (OSError, http.client.HTTPException) as error:
        raise ConnectionAbortedError(f"127.0.0.1:{port}: {error}") from error
    finally:
        connection.close()
