"""One HTTP request that API Gateway sends itself, and what it makes of the answer's headers."""

import http.client
import socket
import ssl
import urllib.parse
from collections.abc import Callable

from hatchway.sandbox.data.gateway_responses import (
    API_CONFIGURATION_ERROR,
    INTEGRATION_FAILURE,
    INTEGRATION_TIMEOUT,
    GatewayError,
)
from hatchway.sandbox.data.message import Answer, Headers

__all__ = ["exchange", "secure"]

_HOP_BY_HOP = frozenset({"keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"})
_CONNECTIONS = frozenset({"connection", "content-length", "date", "server"})
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


def secure(
    connection: socket.socket, context: ssl.SSLContext, host: str, close: Callable[[socket.socket], None]
) -> ssl.SSLSocket:
    """Makes TLS on a connection; `close` is called with what has to be closed where that fails.

    Raises:
        GatewayError: the certificate does not fit, the other side went away, or time was up.
    """
    # The handshake is made apart, so that a connection that fails in it can still be closed.
    tls = context.wrap_socket(connection, server_hostname=host, do_handshake_on_connect=False)
    try:
        tls.do_handshake()
    except TimeoutError as error:
        close(tls)
        raise GatewayError(INTEGRATION_TIMEOUT, "no connection before the timeout") from error
    except ssl.SSLCertVerificationError as error:
        close(tls)
        raise GatewayError(API_CONFIGURATION_ERROR, f"{host}: {error.verify_message}") from error
    except OSError as error:
        close(tls)
        raise GatewayError(API_CONFIGURATION_ERROR, f"the connection was refused: {error}") from error
    return tls


def exchange(  # noqa: PLR0913 - what a request consists of
    connection: socket.socket,
    method: str,
    url: urllib.parse.SplitResult,
    headers: Headers,
    body: bytes,
    *,
    remaps: bool = True,
) -> Answer:
    """Sends a request on an open connection and reads the answer.

    `remaps` says whether headers that the caller's own API Gateway writes are kept under other names.

    Raises:
        GatewayError: the connection was lost, or time was up.
    """
    try:
        answer = _exchange(connection, method, url, headers, body)
    except TimeoutError as error:
        raise GatewayError(INTEGRATION_TIMEOUT, "no answer in time") from error
    except (OSError, http.client.HTTPException) as error:
        raise GatewayError(INTEGRATION_FAILURE, f"the connection was lost: {error}") from error
    renamed = _remapped(answer.headers) if remaps else _own(answer.headers)
    return Answer(status=answer.status, headers=renamed, body=answer.body)


def _remapped(headers: Headers) -> Headers:
    return tuple(
        (f"x-amzn-Remapped-{name}" if name.lower() in _REMAPPED else name, value) for name, value in headers
    )


def _own(headers: Headers) -> Headers:
    """Without what belongs to the connection; the rest as it came."""
    return tuple(pair for pair in headers if pair[0].lower() not in _CONNECTIONS)


def _exchange(
    opened: socket.socket, method: str, url: urllib.parse.SplitResult, headers: Headers, body: bytes
) -> Answer:
    connection = http.client.HTTPConnection(url.hostname or "")
    connection.sock = opened
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
    kept = tuple(pair for pair in response.getheaders() if pair[0].lower() not in _HOP_BY_HOP)
    return Answer(status=response.status, headers=kept, body=content)
