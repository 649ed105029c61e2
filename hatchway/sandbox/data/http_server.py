"""Serves HTTP/1.1 over TLS on one accepted connection, within API Gateway's limits.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
"""

import http.server
import socket
import ssl
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from hatchway.sandbox.data.gateway_responses import (
    API_CONFIGURATION_ERROR,
    REQUEST_TOO_LARGE,
    GatewayError,
    render,
)
from hatchway.sandbox.data.message import Answer, Request

__all__ = ["MAXIMUM_BODY_BYTES", "serve_http"]

MAXIMUM_BODY_BYTES = 10 * 1024 * 1024
MAXIMUM_HEADER_BYTES = 10240
_IDLE_SECONDS = 60
_DRAINED_BYTES = 4 * MAXIMUM_BODY_BYTES


def serve_http(
    connection: socket.socket,
    context: ssl.SSLContext | None,
    respond: Callable[[Request], Answer],
    report: Callable[[BaseException], None],
    accept: Callable[[ssl.SSLSocket], bool] = lambda _: True,
) -> None:
    """Answers requests on a connection until the caller closes it; without TLS where there is no context.

    What `respond` raises is reported and answered with 500; a `ConnectionError` of it ends the connection
    without an answer. So do a handshake that fails, and a TLS session that is not accepted.
    """
    connection.settimeout(_IDLE_SECONDS)
    served: socket.socket = connection
    try:
        if context is not None:
            served = tls = context.wrap_socket(connection, server_side=True)
            if not accept(tls):
                return
        _Handler(served, respond, report)
    except (ssl.SSLError, OSError):
        return  # the other side did not like the certificate, or went away: its own log says so
    finally:
        served.close()


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _IDLE_SECONDS
    wbufsize = -1  # one write for each answer, not one for its head and one for its body

    def __init__(
        self,
        connection: socket.socket,
        respond: Callable[[Request], Answer],
        report: Callable[[BaseException], None],
    ) -> None:
        self._respond = respond
        self._report = report
        super().__init__(connection, ("127.0.0.1", 0), None)  # type: ignore[arg-type] # there is no server object

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - http.server looks for do_GET, do_PUT, …
        if name.startswith("do_"):
            return self._handle
        raise AttributeError(name)

    def version_string(self) -> str:
        return ""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        pass  # the hop log has every request

    def _handle(self) -> None:
        path, _, query = self.path.partition("?")
        try:
            request = Request(
                method=self.command,
                path=path,
                query=query,
                headers=tuple((name, str(value)) for name, value in self.headers.items()),
                body=self._read_body(),
            )
            answer = self._respond(request)
        except ConnectionError:
            self.close_connection = True
            raise
        except GatewayError as error:
            self.close_connection = True
            answer = render(error)
        except Exception as error:  # noqa: BLE001 - reported, and answered as a failure
            self._report(error)
            answer = render(GatewayError(API_CONFIGURATION_ERROR, "the sandbox failed"))
        self._write(answer)

    def _read_body(self) -> bytes:
        if sum(len(n) + len(v) for n, v in self.headers.items()) > MAXIMUM_HEADER_BYTES:
            raise GatewayError(REQUEST_TOO_LARGE, "headers are longer than 10240 bytes")
        if "chunked" in (self.headers.get("Transfer-Encoding") or "").lower():
            return self._read_chunks()
        try:
            length = int(self.headers.get("Content-Length") or 0)
        except ValueError:
            length = 0
        if length > MAXIMUM_BODY_BYTES:
            self._drain(length)
            raise GatewayError(REQUEST_TOO_LARGE, f"the body has {length} bytes")
        return self.rfile.read(length) if length else b""

    def _drain(self, length: int) -> None:
        """Reads on, so that a caller who is still writing gets to read the answer; but not for ever."""
        left = min(length, _DRAINED_BYTES)
        while left > 0 and (read := len(self.rfile.read(min(left, 65536)))):
            left -= read

    def _read_chunks(self) -> bytes:
        body = b""
        while True:
            size = int(self.rfile.readline(1024).split(b";")[0].strip() or b"0", 16)
            if size == 0:
                while self.rfile.readline(1024).strip():
                    pass  # trailers
                return body
            if len(body) + size > MAXIMUM_BODY_BYTES:
                raise GatewayError(REQUEST_TOO_LARGE, "the body is longer than 10 MB")
            body += self.rfile.read(size)
            self.rfile.readline(8)

    def _write(self, answer: Answer) -> None:
        bodiless = answer.status in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
        self.send_response_only(answer.status)
        self.send_header("Date", self.date_time_string())
        for name, value in answer.headers:
            if name.lower() not in {"content-length", "transfer-encoding", "date"}:
                self.send_header(name, value)
        if not bodiless:
            self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Connection", "close" if self.close_connection else "keep-alive")
        self.end_headers()
        if self.command != "HEAD" and not bodiless:
            self.wfile.write(answer.body)
