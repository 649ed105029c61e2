"""One public API over real sockets: a test writes its methods, and calls it."""

import contextlib
import http.client
import io
import json
import socket
import textwrap
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from hatchway.sandbox.authority import Authority
from hatchway.sandbox.data import DataPlane
from hatchway.sandbox.data.world import ApiDefinition, Function, Method, Resource, RestApi, Stage

ACCOUNT = "111111111111"
API = "public0001"
HOST = f"{API}.execute-api.eu-west-1.amazonaws.com"
API_ARN = f"arn:aws:execute-api:eu-west-1:{ACCOUNT}:{API}"
FUNCTION_ARN = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:backend"
INVOKE = f"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{FUNCTION_ARN}/invocations"
SERVER_ERROR = {"message": "Internal server error"}


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as the caller gets it."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def seen(self) -> tuple[int, Any]:
        """Status and JSON body."""
        return self.status, self.json


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """The API's world, and a caller of it."""

    world: Any
    plane: DataPlane
    authority: Authority

    def deploy(self, *resources: Resource, api: Any = None, stage: Any = None, **definition: Any) -> None:
        """Deploys resources on the stage `live`."""
        made = ApiDefinition(resources=resources, **definition)
        deployed = Stage(name="live", deployment_id="d1", definition=made, **(stage or {}))
        self.world.apis[API] = RestApi(
            id=API, account_id=ACCOUNT, region="eu-west-1", stages={"live": deployed}, **(api or {})
        )

    def call(
        self,
        path: str = "/live/test",
        method: str = "GET",
        *,
        body: bytes = b"",
        host: str = HOST,
        context: Any = None,
        **headers: str,
    ) -> Reply:
        """Calls the API; `_` in a header's name stands for `-`."""
        sent = {key.replace("_", "-"): value for key, value in headers.items()}
        with (
            socket.create_connection(self.plane.edge_address(host), timeout=20) as raw,
            (context or self.authority.client_context()).wrap_socket(raw, server_hostname=host) as tls,
        ):
            connection = http.client.HTTPConnection(host)
            connection.sock = tls
            connection.request(method, path, body or None, sent)
            response = connection.getresponse()
            reply = Reply(response.status, dict(response.getheaders()), response.read())
            connection.close()
            return reply

    def reason(self) -> str:
        """Why the last request was refused."""
        hops: Any = self.plane.log.recent[-1]["hops"]
        return str(next(hop["reason"] for hop in hops if hop["outcome"] == "refused"))


def resource(method: Method, path: str = "/test") -> Resource:
    return Resource(id="r1", path=path, methods={method.http_method: method})


def function(code: str, source: str | None = f"{API_ARN}/*", **changes: Any) -> Function:
    """A function with a handler, which API Gateway may call from `source`."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("main.py", textwrap.dedent(code))
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "apigateway.amazonaws.com"},
        "Action": "lambda:InvokeFunction",
        "Resource": FUNCTION_ARN,
        "Condition": {"ArnLike": {"AWS:SourceArn": source}},
    }
    made: dict[str, Any] = {
        "arn": FUNCTION_ARN,
        "account_id": ACCOUNT,
        "region": "eu-west-1",
        "name": "backend",
        "role": f"arn:aws:iam::{ACCOUNT}:role/backend",
        "handler": "main.handler",
        "runtime": "python3.12",
        "timeout_seconds": 3,
        "memory_megabytes": 128,
        "environment": {},
        "code": packed.getvalue(),
        "digest": f"{abs(hash(code)):x}",
        "policy": {"Statement": [statement]} if source else None,
    }
    return Function(**(made | changes))


@contextlib.contextmanager
def local_server(status: int, answer: Callable[[str, str], Any]) -> Iterator[int]:
    """A server on this machine that answers GET with JSON made of the host and the path; gives its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(answer(self.headers["Host"], self.path)).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
