"""Connections that are kept: fewer handshakes, the same verdict, and deadlines on the right connection."""

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import trustme

from hatchway.route.outcome import Verdict
from hatchway.topology import load_views
from hatchway.verify.calling import Answer, Call, NoAnswer, Silence
from hatchway.verify.connect_to import read_connect_to
from hatchway.verify.http import HttpCaller
from hatchway.verify.kept import KeptCaller
from hatchway.verify.verifier import Verifier
from tests.unit.verify.servers import Server
from tests.unit.verify.standing_in import TOKEN, StandIn, deployment

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
HOSTS = ("one.example.com", "two.example.com")
ToPort = Callable[[int], HttpCaller]


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA(key_type=trustme.KeyType.ECDSA)


@pytest.fixture
def to_port(authority: trustme.CA, tmp_path: Path) -> ToPort:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return lambda port: HttpCaller({}, tmp_path / "ca.pem", read_connect_to([f"::127.0.0.1:{port}"]), 0.3)


@pytest.fixture
def endpoint(authority: trustme.CA) -> Iterator[StandIn]:
    with closing(StandIn(authority)) as running:
        yield running


@pytest.fixture
def server(authority: trustme.CA) -> Iterator[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*HOSTS).configure_cert(context)
    with closing(Server(context, at_once=True)) as running:
        yield running


def verifier(endpoint: StandIn, to_port: ToPort, folder: Path) -> Verifier:
    views = load_views(deployment(folder))
    caller = to_port(endpoint.server_address[1])
    return Verifier(views=views, caller=caller, calls_only=True, environ={"HATCHWAY_TOKEN": TOKEN})


def test_calls_that_must_be_refused_share_a_connection(
    endpoint: StandIn, to_port: ToPort, tmp_path: Path
) -> None:
    report = verifier(endpoint, to_port, tmp_path).run()
    assert report.verdict is Verdict.PASS, report.findings
    # The declared call, what must be refused by each of two hosts, the method that is not listed, old TLS.
    assert endpoint.connections <= 5
    assert endpoint.requests >= 2 * endpoint.connections


def test_an_endpoint_that_keeps_no_connection_gets_the_same_verdict(
    endpoint: StandIn, to_port: ToPort, tmp_path: Path
) -> None:
    endpoint.closes = True
    report = verifier(endpoint, to_port, tmp_path).run()
    assert report.verdict is Verdict.PASS, report.findings
    assert endpoint.connections >= endpoint.requests


def call(host: str, path: str = "/") -> Call:
    return Call(method="GET", url=f"https://{host}{path}", headers=(), timeout_seconds=0.3)


def answers_until_it_drips(client: ssl.SSLSocket) -> None:
    client.sendall(OK)
    while request := client.recv(65536):
        while b"/drip" in request:
            client.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: " if b"/drip" in request else b".")
            time.sleep(0.02)
        client.sendall(OK)


def test_each_host_has_its_own_connection_and_deadline(server: Server, to_port: ToPort) -> None:
    server.handler = answers_until_it_drips
    one, two = HOSTS
    with closing(KeptCaller.of(to_port(server.port))) as kept:
        for host in (one, two, one, two):
            assert isinstance(kept.call(call(host)), Answer)
        assert len(server.requests) == 2
        began = time.monotonic()
        slow = kept.call(call(one, "/drip"))
        assert isinstance(slow, NoAnswer)
        assert slow.reason is Silence.TOO_SLOW
        assert time.monotonic() - began < 3
        assert isinstance(kept.call(call(two)), Answer)
        assert len(server.requests) == 2


def test_a_connection_that_the_host_closed_is_made_anew(server: Server, to_port: ToPort) -> None:
    with closing(KeptCaller.of(to_port(server.port))) as kept:
        assert [type(kept.call(call(HOSTS[0]))) for _ in range(3)] == [Answer, Answer, Answer]
    assert len(server.requests) == 3
