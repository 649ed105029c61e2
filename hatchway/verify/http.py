"""Calls over the network: real TLS verification, bounded time and size, no redirects."""

import copy
import os
import ssl
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    ProxyError,
    ReadTimeoutError,
    SSLError,
)

from hatchway.errors import ToolError, UsageError
from hatchway.verify.calling import Answer, Call, HostUnknownError, NoAnswer, Silence
from hatchway.verify.connect_to import ConnectTo
from hatchway.verify.connections import TimedConnection, Watch
from hatchway.verify.old_tls import speaks_old_tls_alone

__all__ = ["HttpCaller"]

_HTTPS = 443
_CONNECT_SECONDS = 10
_MAXIMUM_BODY_BYTES = 1024 * 1024
_CHUNK_BYTES = 16 * 1024


class HttpCaller:
    """Sends calls as the environment says: `HTTPS_PROXY`, `NO_PROXY`, `SSL_CERT_FILE` and `AWS_CA_BUNDLE`.

    Args:
        environ: The environment to read.
        ca_file: Certificates to trust besides.
        connect_to: Where connections go instead.
        connect_seconds: How long a connection may take; a whole call may take that and its own limit.

    Attributes:
        connect_to: As given.

    Raises:
        UsageError: The certificates of `ca_file` cannot be read.
        ToolError: Those that the environment names cannot.
    """

    def __init__(
        self,
        environ: Mapping[str, str] | None = None,
        ca_file: Path | None = None,
        connect_to: ConnectTo | None = None,
        connect_seconds: float = _CONNECT_SECONDS,
    ) -> None:
        self._environ = os.environ if environ is None else environ
        self._ca_file = ca_file
        self._context = _context(self._environ, ca_file)
        self.connect_to = connect_to or ConnectTo()
        self._connect_seconds = connect_seconds

    def call(self, request: Call, /) -> Answer | NoAnswer:
        """Send one request, follow no redirect, and return what came.

        Raises:
            ToolError: The public host, or the proxy on the way to it, cannot be reached or trusted.
            UsageError: The call is to be connected elsewhere, and goes through a proxy.
        """
        with Watch(self._connect_seconds + request.timeout_seconds) as watch:
            try:
                return self._answer(request, watch)
            except ReadTimeoutError:
                return NoAnswer(reason=Silence.TIMEOUT, timing=watch.timing())
            except NameResolutionError as error:
                raise HostUnknownError(_unreachable(request, error, self._environ)) from error
            except _UNREACHABLE as error:
                raise ToolError(_unreachable(request, error, self._environ)) from error
            except (HTTPError, OSError, ValueError):
                reason = Silence.TOO_SLOW if watch.expired else Silence.BROKEN_OFF
                return NoAnswer(reason=reason, timing=watch.timing())

    def with_old_tls(self) -> "HttpCaller | None":
        """Return a caller that speaks TLS 1.0 and 1.1 and nothing later; None where OpenSSL does not."""
        context = _context(self._environ, self._ca_file)
        if not speaks_old_tls_alone(context):
            return None
        caller = copy.copy(self)
        caller._context = context  # noqa: SLF001 -- one of its own kind
        return caller

    def _answer(self, request: Call, watch: Watch) -> Answer | NoAnswer:
        with self._manager(request.url) as manager:
            return self._exchanged(self._pool(manager, request.url, watch), request, watch)

    def _pool(
        self, manager: urllib3.PoolManager, url: str, watch: object
    ) -> urllib3.connectionpool.HTTPConnectionPool:
        pool = manager.connection_from_url(url)
        pool.ConnectionCls = TimedConnection
        pool.conn_kw |= {"watch": watch, "connect_to": self.connect_to}
        return pool

    def _exchanged(
        self, pool: urllib3.connectionpool.HTTPConnectionPool, request: Call, watch: Watch
    ) -> Answer | NoAnswer:
        # The manager would take '..' out of the path, which some calls are about.
        response = pool.request(
            request.method,
            "/" + request.url.split("/", 3)[3],
            headers=dict(request.headers),
            timeout=urllib3.Timeout(connect=self._connect_seconds, read=request.timeout_seconds),
            retries=False,
            redirect=False,
            preload_content=False,
            decode_content=False,
        )
        try:
            return _read(response, watch, request.timeout_seconds)
        finally:
            response.close()

    def _manager(self, url: str) -> urllib3.PoolManager:
        proxy = self._environ.get("https_proxy") or self._environ.get("HTTPS_PROXY")
        bypass = self._environ.get("no_proxy") or self._environ.get("NO_PROXY") or ""
        parts = urlsplit(url)
        host = parts.hostname or ""
        if not proxy or urllib.request.proxy_bypass_environment(host, {"no": bypass}):  # type: ignore[attr-defined]  # typeshed has it not
            return urllib3.PoolManager(ssl_context=self._context)
        if self.connect_to.concerns(host, parts.port or _HTTPS):
            raise UsageError(
                f"--connect-to: {host} is called through the proxy that HTTPS_PROXY names, which connects "
                "where it wants to. Put the host into NO_PROXY."
            )
        return urllib3.ProxyManager(proxy, ssl_context=self._context)


_UNREACHABLE = (ConnectTimeoutError, NewConnectionError, ProxyError, SSLError)


def _context(environ: Mapping[str, str], ca_file: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    named = {name: environ.get(name) for name in ("SSL_CERT_FILE", "AWS_CA_BUNDLE")}
    for name, path in {**named, "--ca-file": None if ca_file is None else str(ca_file)}.items():
        if not path:
            continue
        try:
            context.load_verify_locations(cafile=path)
        except (OSError, ssl.SSLError) as error:
            kind = UsageError if name.startswith("-") else ToolError
            raise kind(f"{name}: cannot be read as certificates, got {path!r}.") from error
    return context


def _read(response: urllib3.BaseHTTPResponse, watch: Watch, deadline: float) -> Answer | NoAnswer:
    body = bytearray()
    while len(body) <= _MAXIMUM_BODY_BYTES:
        if watch.timing().total > deadline:
            return NoAnswer(reason=Silence.TOO_SLOW, timing=watch.timing())
        # read1 gives what is there: read would wait for a whole chunk from a body that drips.
        chunk = response.read1(_CHUNK_BYTES)
        if not chunk:
            break
        body += chunk
    return Answer(
        status=response.status,
        headers={name.lower(): value for name, value in response.headers.items()},
        body=bytes(body[:_MAXIMUM_BODY_BYTES]),
        timing=watch.timing(),
        truncated=len(body) > _MAXIMUM_BODY_BYTES,
    )


def _unreachable(request: Call, error: Exception, environ: Mapping[str, str]) -> str:
    host = urlsplit(request.url).hostname
    if isinstance(error, ProxyError):
        return (
            f"{host}: the proxy that HTTPS_PROXY names does not let the call through, got "
            f"{_reason(error)!r}. If it is a sandbox's, start it with 'hatchway sandbox up'."
        )
    if isinstance(error, SSLError):
        trusted = environ.get("SSL_CERT_FILE") or environ.get("AWS_CA_BUNDLE") or "the system's certificates"
        return (
            f"{host}: its certificate is not trusted, got {_reason(error)!r}. Trusted are {trusted}; "
            "set SSL_CERT_FILE if a proxy on the way signs its own."
        )
    return (
        f"{host}: cannot be reached from here, got {_reason(error)!r}. "
        "Check name resolution and whether HTTPS_PROXY has to be set."
    )


def _reason(error: BaseException) -> str:
    while isinstance(error, ProxyError) and isinstance(error.original_error, BaseException):
        error = error.original_error
    return str(error).rpartition("): ")[2] or type(error).__name__
