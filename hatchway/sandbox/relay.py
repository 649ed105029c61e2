"""What happens inside a connection through the front: HTTP to the control plane, or bytes both ways."""

import logging
import re
import socket
import ssl
import threading
from email.message import Message
from http.server import BaseHTTPRequestHandler
from socketserver import BaseServer
from typing import Protocol

from hatchway.sandbox.control.plane import Answer

__all__ = ["IDLE_SECONDS", "ControlHandler", "Responder", "splice"]

_log = logging.getLogger(__name__)

IDLE_SECONDS = 120.0
"""How long a connection on which nothing happens is kept."""

_BODY_LIMIT = 512 * 1024 * 1024
_CHUNK = 65536
_NO_BODY = frozenset({204, 304})


class Responder(Protocol):
    """Who answers the calls to the control plane."""

    def respond(self, method: str, host: str, target: str, headers: Message, body: bytes) -> Answer:
        """Answers one call; never raises."""
        ...


class ControlHandler(BaseHTTPRequestHandler):
    """Speaks HTTP/1.1 with keep-alive inside the TLS connection, and asks the control plane."""

    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    # Head and body leave together. After a quick answer the AWS SDK for Go can close its connection between
    # the two; it then repeats a call that was carried out, and gets "already exists". What came with the head
    # it reads all the same. https://github.com/aws/aws-sdk-go-v2/issues/2737
    wbufsize = _CHUNK

    def __init__(
        self,
        tls: ssl.SSLSocket,
        client: tuple[str, int],
        server: BaseServer,
        hostname: str,
        control: Responder,
    ) -> None:
        self._hostname = hostname
        self._control = control
        # Answers every request of the connection before it returns.
        super().__init__(tls, client, server)

    def _relay(self) -> None:
        body = self._read_body()
        if body is None:
            return
        # The name that was asked for, not the Host header: TLS was terminated for that one only.
        answer = self._control.respond(self.command, self._hostname, self.path, self.headers, body)
        _log.info("%s %s%s %d", self.command, self._hostname, self.path.split("?", 1)[0], answer.status)
        self._write(answer)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = _relay  # noqa: N815 - http.server's

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        """Logs for the debugger only; each call has its own line already."""
        _log.debug(format, *args)

    def _write(self, answer: Answer) -> None:
        self.send_response_only(answer.status)
        names = {name.lower() for name, _ in answer.headers}
        for name, value in answer.headers:
            # A HEAD answer tells the length of the body it does not carry; any other is counted here.
            if name.lower() != "content-length" or self.command == "HEAD":
                self.send_header(name, value)
        bodiless = self.command == "HEAD" or answer.status in _NO_BODY
        if answer.status not in _NO_BODY and not (self.command == "HEAD" and "content-length" in names):
            self.send_header("Content-Length", str(len(answer.body)))
        if "date" not in names:
            self.send_header("Date", self.date_time_string())
        self.end_headers()
        if not bodiless:
            self.wfile.write(answer.body)
        self.wfile.flush()

    def _read_body(self) -> bytes | None:
        """Reads the body, or answers and returns None if there is no telling where it ends."""
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self._read_chunks()
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > _BODY_LIMIT:
            self.send_error(400, "Bad Content-Length")
            return None
        return self.rfile.read(int(length))

    def _read_chunks(self) -> bytes | None:
        body = bytearray()
        while True:
            size = self.rfile.readline(1024).split(b";", 1)[0].strip()
            if not re.fullmatch(rb"[0-9a-fA-F]{1,8}", size) or len(body) + int(size, 16) > _BODY_LIMIT:
                self.send_error(400, "Bad chunk")
                return None
            if int(size, 16) == 0:
                break
            body += self.rfile.read(int(size, 16))
            self.rfile.readline(8)
        while self.rfile.readline(_CHUNK).strip():
            pass
        return bytes(body)


def splice(one: socket.socket, other: socket.socket) -> None:
    """Copies bytes both ways until both directions have ended; an end of one direction is passed on."""
    for connection in (one, other):
        connection.settimeout(IDLE_SECONDS)
    back = threading.Thread(target=_copy, args=(other, one), daemon=True)
    back.start()
    _copy(one, other)
    back.join()


def _copy(source: socket.socket, sink: socket.socket) -> None:
    try:
        while block := source.recv(_CHUNK):
            sink.sendall(block)
    except OSError as error:
        _log.info("a tunnel broke: %s: %s", type(error).__name__, error)
        # Half a request is worth nothing to the other side: end both directions.
        _shut(source, socket.SHUT_RDWR)
    _shut(sink, socket.SHUT_WR)


def _shut(connection: socket.socket, how: int) -> None:
    try:
        connection.shutdown(how)
    except OSError as error:
        # The other side was first, as a rule.
        _log.debug("nothing to shut: %s", error)
