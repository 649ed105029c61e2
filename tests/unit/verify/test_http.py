import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trustme

from hatchway.errors import ToolError
from hatchway.verify.calling import Answer, Call, HostUnknownError, NoAnswer, Silence
from hatchway.verify.http import HttpCaller

Handler = Callable[[ssl.SSLSocket], None]


class Server:
    """A TLS server on loopback that says to each client what the test wants."""

    def __init__(self, authority: trustme.CA, name: str = "localhost") -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(name).configure_cert(context)
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._listener.settimeout(0.05)
        self._stopped = threading.Event()
        self.requests: list[bytes] = []
        self.handler: Handler = lambda client: client.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        )
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
            plain.settimeout(5)
            with plain:
                try:
                    with self._context.wrap_socket(plain, server_side=True) as client:
                        self.requests.append(client.recv(65536))
                        self.handler(client)
                except OSError:
                    continue


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA(key_type=trustme.KeyType.ECDSA)


@pytest.fixture
def server(authority: trustme.CA) -> Iterator[Server]:
    running = Server(authority)
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
    other = Server(authority, "elsewhere.example")
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
