import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from hatchway.errors import ToolError, UsageError
from hatchway.verify.calling import Answer, Call, HostUnknownError, NoAnswer, Silence
from hatchway.verify.connect_to import read_connect_to
from hatchway.verify.http import HttpCaller
from tests.unit.verify.servers import OK, Handler, Server, certificate


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA(key_type=trustme.KeyType.ECDSA)


@pytest.fixture
def server(authority: trustme.CA) -> Iterator[Server]:
    running = Server(certificate(authority))
    yield running
    running.close()


@pytest.fixture
def trust(authority: trustme.CA, tmp_path: Path) -> dict[str, str]:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return {"SSL_CERT_FILE": str(path)}


def call(port: int, **more: object) -> Call:
    return Call(method="GET", url=f"https://localhost:{port}/live/test", **more)  # type: ignore[arg-type]


def says(text: str) -> Handler:
    return lambda client: client.sendall(text.replace("\n", "\r\n").encode())


def test_brings_back_status_headers_and_body(server: Server, trust: dict[str, str]) -> None:
    server.handler = says('HTTP/1.1 403 Forbidden\nX-Amzn-ErrorType: F\nContent-Length: 12\n\n{"message":1}')
    got = HttpCaller(trust).call(call(server.port, headers={"x-apigw-api-id": "abc"}))
    assert isinstance(got, Answer)
    assert (got.status, got.headers["x-amzn-errortype"], got.body) == (403, "F", b'{"message":1')
    assert b"x-apigw-api-id: abc" in server.requests[0]


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "AWS_CA_BUNDLE"])
def test_trusts_the_certificates_that_the_environment_names(
    server: Server, trust: dict[str, str], name: str
) -> None:
    assert isinstance(HttpCaller({name: trust["SSL_CERT_FILE"]}).call(call(server.port)), Answer)


def test_does_not_trust_anybody_else(server: Server) -> None:
    with pytest.raises(ToolError, match="localhost: its certificate is not trusted"):
        HttpCaller({}).call(call(server.port))


def test_does_not_trust_a_certificate_for_another_name(authority: trustme.CA, trust: dict[str, str]) -> None:
    other = Server(certificate(authority, "elsewhere.example"))
    with pytest.raises(ToolError, match=r"certificate is not trusted.*localhost"):
        HttpCaller(trust).call(call(other.port))
    other.close()


@pytest.mark.parametrize("content", ["", "garbage"])
def test_a_certificate_file_that_cannot_be_used_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "ca.pem"
    path.write_text(content)
    with pytest.raises(ToolError, match="AWS_CA_BUNDLE: cannot be read as certificates"):
        HttpCaller({"AWS_CA_BUNDLE": str(path)})


def test_follows_no_redirect(server: Server, trust: dict[str, str]) -> None:
    server.handler = says("HTTP/1.1 302 Found\nLocation: https://localhost:1/\nContent-Length: 0\n\n")
    got = HttpCaller(trust).call(call(server.port))
    assert isinstance(got, Answer)
    assert got.status == 302
    assert len(server.requests) == 1


def test_a_slow_answer_is_silence_after_the_time_that_was_given(
    server: Server, trust: dict[str, str]
) -> None:
    server.handler = lambda _client: time.sleep(1)
    got = HttpCaller(trust).call(call(server.port, timeout_seconds=0.3))
    assert isinstance(got, NoAnswer)
    assert got.reason is Silence.TIMEOUT


def test_a_body_that_drips_is_given_up(server: Server, trust: dict[str, str]) -> None:
    def drip(client: ssl.SSLSocket) -> None:
        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
        for _ in range(100):
            client.sendall(b".")
            time.sleep(0.05)

    server.handler = drip
    started = time.monotonic()
    got = HttpCaller(trust).call(call(server.port, timeout_seconds=0.5))
    assert isinstance(got, NoAnswer)
    assert got.reason is Silence.TOO_SLOW
    assert time.monotonic() - started < 3


def test_an_endless_body_is_cut(server: Server, trust: dict[str, str]) -> None:
    def pour(client: ssl.SSLSocket) -> None:
        client.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        while True:
            client.sendall(b"x" * 65536)

    server.handler = pour
    got = HttpCaller(trust).call(call(server.port))
    assert isinstance(got, Answer)
    assert got.truncated
    assert len(got.body) == 1024 * 1024


@pytest.mark.parametrize("text", ["", "not http at all\n\n", "HTTP/1.1 twohundred OK\n\n"])
def test_an_answer_that_is_no_http_is_silence(server: Server, trust: dict[str, str], text: str) -> None:
    server.handler = says(text)
    got = HttpCaller(trust).call(call(server.port))
    assert isinstance(got, NoAnswer)
    assert got.reason is Silence.BROKEN_OFF


def test_a_body_that_breaks_off_is_silence(server: Server, trust: dict[str, str]) -> None:
    server.handler = says("HTTP/1.1 200 OK\nContent-Length: 100\n\nhalf")
    got = HttpCaller(trust).call(call(server.port, timeout_seconds=2))
    assert isinstance(got, NoAnswer)


def test_a_port_that_nobody_listens_on_is_a_failed_tool() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(ToolError, match=r"localhost: cannot be reached from here, got .*refused"):
        HttpCaller({}).call(call(port))


def test_a_proxy_that_is_not_there_is_named(trust: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environ = {**trust, "HTTPS_PROXY": f"http://127.0.0.1:{port}"}
    with pytest.raises(ToolError, match=r"the proxy that HTTPS_PROXY names does not let the call through"):
        HttpCaller(environ).call(call(443))


def test_a_host_that_no_proxy_names_is_called_directly(server: Server, trust: dict[str, str]) -> None:
    environ = {**trust, "HTTPS_PROXY": "http://127.0.0.1:1", "NO_PROXY": "localhost"}
    assert isinstance(HttpCaller(environ).call(call(server.port)), Answer)


def test_a_name_that_does_not_exist_is_told_apart() -> None:
    with pytest.raises(HostUnknownError, match=r"nowhere\.invalid: cannot be reached"):
        HttpCaller({}).call(Call(method="GET", url="https://nowhere.invalid/"))


def test_a_header_that_drips_is_given_up(server: Server, trust: dict[str, str]) -> None:
    def drip(client: ssl.SSLSocket) -> None:
        client.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        for _ in range(200):
            client.sendall(b".")
            time.sleep(0.05)

    server.handler = drip
    got = HttpCaller(trust, connect_seconds=0.3).call(call(server.port, timeout_seconds=0.3))
    assert isinstance(got, NoAnswer)
    assert got.reason is Silence.TOO_SLOW
    assert got.timing.total < 3


def test_a_handshake_that_never_ends_is_silence_before_tls(trust: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        got = HttpCaller(trust, connect_seconds=0.3).call(call(port, timeout_seconds=0.3))
    assert isinstance(got, NoAnswer)
    assert got.timing.connect is not None
    assert got.timing.tls is None
    assert got.timing.total < 3


def test_says_where_the_time_went(server: Server, trust: dict[str, str]) -> None:
    def late(client: ssl.SSLSocket) -> None:
        time.sleep(0.2)
        client.sendall(OK[:-1])
        time.sleep(0.1)
        client.sendall(OK[-1:])

    server.handler = late
    timing = HttpCaller(trust).call(call(server.port)).timing
    assert timing.first_byte is not None
    assert timing.first_byte >= 0.2
    assert timing.total >= 0.3
    others = [timing.resolve, timing.connect, timing.tls]
    assert all(part is not None and part >= 0 for part in others)
    assert sum(part or 0 for part in others) + timing.first_byte <= timing.total - 0.09


def test_a_call_that_got_no_answer_says_how_far_it_came(server: Server, trust: dict[str, str]) -> None:
    server.handler = lambda _client: time.sleep(1)
    timing = HttpCaller(trust).call(call(server.port, timeout_seconds=0.2)).timing
    assert timing.tls is not None
    assert timing.first_byte is None
    assert timing.total >= 0.2


def test_connects_elsewhere_and_asks_for_the_name_all_the_same(
    authority: trustme.CA, trust: dict[str, str]
) -> None:
    there = Server(certificate(authority, "api.example.com"))
    detour = read_connect_to([f"api.example.com:443:127.0.0.1:{there.port}"])
    got = HttpCaller(trust, connect_to=detour).call(Call(method="GET", url="https://api.example.com/x"))
    there.close()
    assert isinstance(got, Answer)
    assert b"host: api.example.com\r\n" in there.requests[0].lower()


def test_a_detour_does_not_make_a_certificate_for_another_name_right(
    server: Server, trust: dict[str, str]
) -> None:
    detour = read_connect_to([f"::127.0.0.1:{server.port}"])
    with pytest.raises(ToolError, match=r"api\.example\.com: its certificate is not trusted"):
        HttpCaller(trust, connect_to=detour).call(Call(method="GET", url="https://api.example.com/"))


def test_a_detour_and_a_proxy_exclude_each_other(trust: dict[str, str]) -> None:
    environ = {**trust, "HTTPS_PROXY": "http://127.0.0.1:1"}
    caller = HttpCaller(environ, connect_to=read_connect_to(["localhost::127.0.0.1:1"]))
    with pytest.raises(UsageError, match="--connect-to: localhost is called through the proxy"):
        caller.call(call(443))


def test_trusts_the_certificates_of_a_file_that_is_named(server: Server, trust: dict[str, str]) -> None:
    caller = HttpCaller({}, ca_file=Path(trust["SSL_CERT_FILE"]))
    assert isinstance(caller.call(call(server.port)), Answer)


def test_a_named_file_that_holds_no_certificates_is_a_wrong_option(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("garbage")
    with pytest.raises(UsageError, match="--ca-file: cannot be read as certificates"):
        HttpCaller({}, ca_file=tmp_path / "ca.pem")


@pytest.mark.parametrize("path", ["//test", "/a/../test", "/a/%2e%2e/test", "/a/..%2ftest", "/./test?b=1"])
def test_a_path_is_sent_as_it_is_written(server: Server, trust: dict[str, str], path: str) -> None:
    HttpCaller(trust).call(Call(method="GET", url=f"https://localhost:{server.port}{path}"))
    assert server.requests[0].split()[1].decode().lower() == path
