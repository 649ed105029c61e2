"""TLS servers on loopback that say to each client what a test wants, however bad."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable

import trustme

Handler = Callable[[ssl.SSLSocket], None]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Server:
    """A TLS server for one client after the other, or for each at once.

    Args:
        context: Its certificate.
        at_once: Whether clients are served at once.
    """

    def __init__(self, context: ssl.SSLContext, *, at_once: bool = False) -> None:
        self._context = context
        self._at_once = at_once
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port: int = self._listener.getsockname()[1]
        self._listener.settimeout(0.05)
        self._stopped = threading.Event()
        self.requests: list[bytes] = []
        self.handler: Handler = lambda client: client.sendall(OK)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._stopped.set()
        self._thread.join(5)
        self._listener.close()

    def _serve(self) -> None:
        while not self._stopped.is_set():
            try:
                plain, _ = self._listener.accept()
            except TimeoutError:
                continue
            if self._at_once:
                threading.Thread(target=self._answer, args=(plain,), daemon=True).start()
            else:
                self._answer(plain)

    def _answer(self, plain: socket.socket) -> None:
        plain.settimeout(5)
        with (
            plain,
            contextlib.suppress(OSError),
            self._context.wrap_socket(plain, server_side=True) as client,
        ):
            self.requests.append(client.recv(65536))
            self.handler(client)


def certificate(authority: trustme.CA, name: str = "localhost") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context
