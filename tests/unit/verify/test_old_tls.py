"""Old TLS against real servers: one that takes it, one that does not."""

import ssl
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from hatchway.errors import ToolError
from hatchway.verify.calling import Answer, Call
from hatchway.verify.http import HttpCaller
from tests.unit.verify.servers import Server, certificate


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA(key_type=trustme.KeyType.ECDSA)


@pytest.fixture
def context(authority: trustme.CA) -> ssl.SSLContext:
    return certificate(authority)


@pytest.fixture
def server(context: ssl.SSLContext) -> Iterator[Server]:
    running = Server(context)
    yield running
    running.close()


@pytest.fixture
def old(authority: trustme.CA, tmp_path: Path) -> HttpCaller:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    caller = HttpCaller({}, ca_file=tmp_path / "ca.pem").with_old_tls()
    if caller is None:
        pytest.skip("this machine's OpenSSL speaks nothing older than TLS 1.2")
    return caller


def to(server: Server) -> Call:
    return Call(method="GET", url=f"https://localhost:{server.port}/", timeout_seconds=2)


def test_a_server_that_takes_old_versions_answers(
    old: HttpCaller, context: ssl.SSLContext, server: Server
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    assert isinstance(old.call(to(server)), Answer)


def test_a_server_that_does_not_is_not_even_asked(
    old: HttpCaller, context: ssl.SSLContext, server: Server
) -> None:
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises(ToolError):
        old.call(to(server))
    assert server.requests == []


def test_later_versions_are_not_offered(old: HttpCaller, context: ssl.SSLContext, server: Server) -> None:
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    with pytest.raises(ToolError):
        old.call(to(server))
