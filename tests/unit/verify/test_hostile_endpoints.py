"""A public endpoint that does its worst: the verdict is right, in bounded time and memory."""

import dataclasses
import gzip
import json
import ssl
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from hatchway.errors import ToolError
from hatchway.route.hop import Hop
from hatchway.route.outcome import Verdict
from hatchway.route.report import Report
from hatchway.topology.model import Topology
from hatchway.verify.calling import Answer, Call, NoAnswer
from hatchway.verify.http import HttpCaller
from hatchway.verify.keyring import Keyring
from hatchway.verify.verification import Verification
from hatchway.verify.waiting import Patience
from tests.unit.verify.conftest import GOOD, PRIVATE, PUBLIC
from tests.unit.verify.servers import Handler, Server, certificate

Make = Callable[..., Topology]
SECONDS = 0.4
MANY_BYTES = 20 * 1024 * 1024
MARKS = ("x-amzn-RequestId: r", "x-amzn-Remapped-Date: now")


def says(status: str, body: str | bytes = b"", *headers: str) -> bytes:
    content = body.encode() if isinstance(body, str) else body
    lines = (f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(content)}", *MARKS, "", "")
    return "\r\n".join(lines).encode() + content


OK = says("200 OK", GOOD)


def sends(*parts: bytes) -> Handler:
    def handler(client: ssl.SSLSocket) -> None:
        for part in parts:
            client.sendall(part)

    return handler


def drips(before: bytes, drop: bytes = b".") -> Handler:
    def handler(client: ssl.SSLSocket) -> None:
        client.sendall(before)
        while True:
            client.sendall(drop)
            time.sleep(0.02)

    return handler


def pours(before: bytes, flood: bytes) -> Handler:
    def handler(client: ssl.SSLSocket) -> None:
        client.sendall(before)
        while True:
            client.sendall(flood)

    return handler


def sleeps(_client: ssl.SSLSocket) -> None:
    time.sleep(SECONDS * 4)


def resets(client: ssl.SSLSocket) -> None:
    client.unwrap().close()


class Hurried:
    """Sends calls with little time for each, so that the tests take little."""

    def __init__(self, caller: HttpCaller, port: int) -> None:
        self._caller = caller
        self._port = port

    def call(self, request: Call, /) -> Answer | NoAnswer:
        if not request.url.startswith(f"https://localhost:{self._port}/"):
            raise ToolError("the private API cannot be reached from here")
        return self._caller.call(dataclasses.replace(request, timeout_seconds=SECONDS))


class States:
    """The state of a gateway whose public host is on loopback."""

    def __init__(self, port: int) -> None:
        self._outputs = {
            "public_url": f"https://localhost:{port}/live",
            "rest_api_id": PUBLIC,
            "private_api_ids": {"orders": PRIVATE},
        }

    def read(self, stack: str, /) -> bytes | None:
        del stack
        outputs = {name: {"value": value} for name, value in self._outputs.items()}
        return json.dumps({"version": 4, "outputs": outputs}).encode()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA(key_type=trustme.KeyType.ECDSA)


@pytest.fixture(scope="module")
def trust(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return {"SSL_CERT_FILE": str(path)}


@pytest.fixture
def server(authority: trustme.CA) -> Iterator[Server]:
    running = Server(certificate(authority), at_once=True)
    yield running
    running.close()


@pytest.fixture
def verify(topology: Make, server: Server, trust: dict[str, str]) -> Callable[..., Report]:
    def run(patience: float = 0, environ: dict[str, str] = trust, port: int = server.port) -> Report:
        caller = HttpCaller(environ, connect_seconds=SECONDS)
        return Verification(
            topology=topology(authorizer="none"),
            states=States(port),
            caller=Hurried(caller, port),
            keyring=Keyring({}),
            patience=Patience(patience),
        ).run()

    return run


@dataclasses.dataclass(frozen=True)
class Expected:
    """What has to be said of the one declared request."""

    answered: str
    verdict: Verdict = Verdict.FAIL
    broken: Hop | None = None


WORST: dict[str, tuple[Handler, Expected]] = {
    "never answers": (sleeps, Expected("no answer in time")),
    "resets": (resets, Expected("the connection broke off")),
    "answers garbage": (sends(b"\x00\xff garbage\r\n\r\n"), Expected("the connection broke off")),
    "answers another protocol": (sends(b"SSH-2.0-OpenSSH_9.2\r\n"), Expected("the connection broke off")),
    "status that is no number": (sends(b"HTTP/1.1 OK\r\n\r\n"), Expected("the connection broke off")),
    "header that drips": (drips(b"HTTP/1.1 200 OK\r\nX-Slow: "), Expected("the answer did not end in time")),
    "body that drips": (
        drips(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n"),
        Expected("the answer did not end in time"),
    ),
    "endless headers": (
        pours(b"HTTP/1.1 200 OK\r\n", b"X-More: " + b"x" * 1000 + b"\r\n"),
        Expected("the connection broke off"),
    ),
    "endless header line": (
        pours(b"HTTP/1.1 200 OK\r\nX: ", b"x" * 65536),
        Expected("the connection broke off"),
    ),
    "endless body": (
        pours(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", b"x" * 65536),
        Expected("200 xxxx"),
    ),
    "endless chunks": (
        pours(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"400\r\n" + b"x" * 1024 + b"\r\n"),
        Expected("200 xxxx"),
    ),
    "chunk of a size that is none": (
        sends(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        Expected("the connection broke off"),
    ),
    "body cut short": (
        sends(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + GOOD.encode()),
        Expected("the connection broke off"),
    ),
    "length that is none": (
        sends(b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nnot it"),
        Expected("200 not it"),
    ),
    "compressed bomb": (
        sends(says("200 OK", gzip.compress(b"\0" * MANY_BYTES), "Content-Encoding: gzip")),
        Expected("200 "),
    ),
    "redirect loop": (
        sends(says("302 Found", "", "Location: https://localhost/live/test")),
        Expected("answered 302"),
    ),
    "429": (
        sends(says("429 Too Many Requests", '{"message":"Too Many Requests"}')),
        Expected("answered 429"),
    ),
    "503": (sends(says("503 Service Unavailable", "{}")), Expected("answered 503")),
    "json that nests without end": (sends(says("200 OK", "[" * 100_000)), Expected("200 [[[")),
    "text that drives a terminal": (
        sends(says("200 OK", "\x1b[2J\x1b]0;owned\x07")),
        Expected("200 "),
    ),
}


@pytest.mark.parametrize("name", WORST)
def test_the_worst_is_told_in_bounded_time_and_memory(
    server: Server, verify: Callable[..., Report], name: str
) -> None:
    server.handler, expected = WORST[name]
    tracemalloc.start()
    started = time.monotonic()
    report = verify()
    took = time.monotonic() - started
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    (route,) = report.routes
    observed = [check.observed for hop in route.hops for check in hop.checks]
    said = " ".join([*observed, *(one.message for one in report.findings)])
    assert report.verdict is expected.verdict
    assert route.broken_hop is expected.broken
    assert expected.answered in said
    # One declared request and what has to be refused of it; each is given up after its own time.
    assert took < 12 * 2 * SECONDS + 3
    assert peak < MANY_BYTES / 2


def test_what_has_to_be_refused_is_not_asked_of_a_host_that_is_silent(
    server: Server, verify: Callable[..., Report]
) -> None:
    server.handler = sleeps
    report = verify()
    observed = {check.id: check.observed for hop in report.routes[0].hops for check in hop.checks}
    assert observed["HW291"] == "gateway.authorizer is 'none'"
    assert len(server.requests) == 1


def test_a_burst_of_errors_is_waited_out(server: Server, verify: Callable[..., Report]) -> None:
    lock, bad = threading.Lock(), iter([says("503 Service Unavailable", "{}")] * 3)

    def burst(client: ssl.SSLSocket) -> None:
        with lock:
            answer = next(bad, OK)
        client.sendall(answer)

    server.handler = burst
    (route,) = verify(patience=20).routes
    assert route.answer.value == "pass"


def test_errors_that_do_not_end_are_waited_for_no_longer_than_was_said(
    server: Server, verify: Callable[..., Report]
) -> None:
    server.handler = sends(says("503 Service Unavailable", "{}"))
    started = time.monotonic()
    assert verify(patience=1).verdict is Verdict.FAIL
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("name", ["elsewhere.example", "*.localhost"])
def test_a_certificate_for_another_name_is_no_verdict_and_said(
    verify: Callable[..., Report], authority: trustme.CA, name: str
) -> None:
    other = Server(certificate(authority, name), at_once=True)
    with pytest.raises(ToolError, match="localhost: its certificate is not trusted"):
        verify(port=other.port)
    other.close()


def test_a_certificate_that_is_over_is_no_verdict_and_said(
    verify: Callable[..., Report], authority: trustme.CA
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    yesterday = datetime.now(tz=UTC) - timedelta(days=1)
    authority.issue_cert("localhost", not_after=yesterday).configure_cert(context)
    other = Server(context, at_once=True)
    with pytest.raises(ToolError, match="certificate has expired"):
        verify(port=other.port)
    other.close()


def test_an_authority_that_nobody_knows_is_no_verdict_and_said(verify: Callable[..., Report]) -> None:
    with pytest.raises(ToolError, match="localhost: its certificate is not trusted"):
        verify(environ={})
