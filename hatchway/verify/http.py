"""Calls over the network: real TLS verification, bounded time and size, no redirects."""

import os
import ssl
import time
import urllib.request
from collections.abc import Mapping
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

from hatchway.errors import ToolError
from hatchway.verify.calling import Answer, Call, HostUnknownError, NoAnswer, Silence

__all__ = ["HttpCaller"]

_CONNECT_SECONDS = 10
_MAXIMUM_BODY_BYTES = 1024 * 1024
_CHUNK_BYTES = 16 * 1024


class HttpCaller:
    """Sends calls as the environment says: `HTTPS_PROXY`, `NO_PROXY`, `SSL_CERT_FILE` and `AWS_CA_BUNDLE`.

    Args:
        environ: The environment to read.
    """

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        self._environ = os.environ if environ is None else environ
        self._context = _context(self._environ)

    def call(self, request: Call, /) -> Answer | NoAnswer:
        """Send one request, follow no redirect, and return what came.

        Raises:
            ToolError: The public host, or the proxy on the way to it, cannot be reached or trusted.
        """
        started = time.monotonic()
        pool = self._pool(request.url)
        try:
            response = pool.request(
                request.method,
                request.url,
                headers=dict(request.headers),
                timeout=urllib3.Timeout(connect=_CONNECT_SECONDS, read=request.timeout_seconds),
                retries=False,
                redirect=False,
                preload_content=False,
                decode_content=False,
            )
            try:
                return _answer(response, started, started + request.timeout_seconds)
            finally:
                response.close()
        except ReadTimeoutError:
            return NoAnswer(reason=Silence.TIMEOUT, seconds=time.monotonic() - started)
        except NameResolutionError as error:
            raise HostUnknownError(_unreachable(request, error, self._environ)) from error
        except _UNREACHABLE as error:
            raise ToolError(_unreachable(request, error, self._environ)) from error
        except (HTTPError, OSError, ValueError):
            return NoAnswer(reason=Silence.BROKEN_OFF, seconds=time.monotonic() - started)
        finally:
            pool.clear()

    def _pool(self, url: str) -> urllib3.PoolManager:
        proxy = self._environ.get("https_proxy") or self._environ.get("HTTPS_PROXY")
        bypass = self._environ.get("no_proxy") or self._environ.get("NO_PROXY") or ""
        host = urlsplit(url).hostname or ""
        if not proxy or urllib.request.proxy_bypass_environment(host, {"no": bypass}):  # type: ignore[attr-defined]  # typeshed has it not
            return urllib3.PoolManager(ssl_context=self._context)
        return urllib3.ProxyManager(proxy, ssl_context=self._context)


_UNREACHABLE = (ConnectTimeoutError, NewConnectionError, ProxyError, SSLError)


def _context(environ: Mapping[str, str]) -> ssl.SSLContext:
    context = ssl.create_default_context()
    for name in ("SSL_CERT_FILE", "AWS_CA_BUNDLE"):
        path = environ.get(name)
        if not path:
            continue
        try:
            context.load_verify_locations(cafile=path)
        except (OSError, ssl.SSLError) as error:
            raise ToolError(f"{name}: cannot be read as certificates, got {path!r}.") from error
    return context


def _answer(response: urllib3.BaseHTTPResponse, started: float, deadline: float) -> Answer | NoAnswer:
    body = bytearray()
    while len(body) <= _MAXIMUM_BODY_BYTES:
        if time.monotonic() > deadline:
            return NoAnswer(reason=Silence.TOO_SLOW, seconds=time.monotonic() - started)
        # read1 gives what is there: read would wait for a whole chunk from a body that drips.
        chunk = response.read1(_CHUNK_BYTES)
        if not chunk:
            break
        body += chunk
    return Answer(
        status=response.status,
        headers={name.lower(): value for name, value in response.headers.items()},
        body=bytes(body[:_MAXIMUM_BODY_BYTES]),
        seconds=time.monotonic() - started,
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
