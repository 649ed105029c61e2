"""A deployed path on loopback: a public endpoint, and the topology and state that lead to it."""

import http.server
import json
import ssl
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import trustme

from tests.unit.verify.conftest import GOOD, PRIVATE, PUBLIC, declared, service

if TYPE_CHECKING:
    from collections.abc import Callable

HOST = "api.example.com"
TOKEN = "good-token"
Reply = tuple[int, str]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Otherwise head and body are two packets, and the second waits for the first to be acknowledged.
    wbufsize = -1
    server: "StandIn"

    def do_GET(self) -> None:
        status, body = self.server.reply(self)
        self.close_connection = self.close_connection or self.server.closes
        content = b"" if self.command == "HEAD" else body.encode()
        self.send_response_only(status)
        self.send_header("x-amzn-RequestId", "r")
        self.send_header("x-amzn-Remapped-Date", "now")
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(content)

    do_HEAD = do_OPTIONS = do_POST = do_GET  # noqa: N815 -- the names that the standard library calls

    def log_message(self, *_: Any) -> None:
        pass


class StandIn(http.server.ThreadingHTTPServer):
    """Answers as a deployed path in good order does.

    Attributes:
        admits: Decides by its Authorization header who may make a request.
        answer: Decides what a right request gets.
        closes: Whether each connection is closed after one answer.
    """

    daemon_threads = True
    request_queue_size = 512
    block_on_close = False

    def __init__(self, authority: trustme.CA) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(HOST, "*.execute-api.eu-west-1.amazonaws.com").configure_cert(context)
        self.admits: Callable[[str], bool] = lambda given: given == f"Bearer {TOKEN}"
        self.answer: Callable[[], Reply] = lambda: (200, GOOD)
        self.answered = 0
        self.connections = 0
        self.requests = 0
        self.closes = False
        self._context = context
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def finish_request(self, request: Any, address: Any) -> None:
        self.connections += 1
        with self._context.wrap_socket(request, server_side=True) as encrypted:
            super().finish_request(encrypted, address)

    def handle_error(self, *_: Any) -> None:
        """A client that goes away is none."""

    def close(self) -> None:
        self.shutdown()
        self.server_close()

    def reply(self, request: Handler) -> Reply:
        self.requests += 1
        if request.headers["Host"].split(":")[0] != HOST:
            return 403, '{"message":"Forbidden"}'
        parts = request.path.split("/")
        is_right = parts[:2] == ["", "live"] and parts[3:] == ["test"] and request.command == "GET"
        if not self.admits(request.headers["Authorization"] or ""):
            return 401, '{"message":"Unauthorized"}'
        if not is_right:
            return 403, '{"message":"Missing Authentication Token"}'
        self.answered += 1
        return self.answer()


def deployment(folder: Path, names: tuple[str, ...] = ("orders",), **expect: Any) -> Path:
    """Write a topology with these services, and its state beside it; return its path."""
    document = declared()
    document["state"] = {"local": {"directory": "state"}}
    document["services"] = {
        name: service(f"/{name}", checks=[_check(name, expect)])
        | {"isolation": "shared", "endpoint": {"network": "edge", "placement": "gateway"}}
        for name in names
    }
    path = folder / "hatchway.yaml"
    path.write_text(json.dumps(document))
    outputs = {
        "public_url": f"https://{HOST}/live",
        "rest_api_id": PUBLIC,
        "private_api_ids": dict.fromkeys(names, PRIVATE),
    }
    (folder / "state").mkdir()
    (folder / "state" / "gateway.tfstate").write_text(
        json.dumps({"version": 4, "outputs": {name: {"value": one} for name, one in outputs.items()}})
    )
    return path


def _check(name: str, expect: dict[str, Any]) -> dict[str, Any]:
    return {"request": f"GET /{name}/test", "expect": {"json": json.loads(GOOD), **expect}}
