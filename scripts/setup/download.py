"""Fetching a file of known content: it is resumed when cut off, and kept only if its digest is right."""

import hashlib
import http.client
import time
import urllib.error
import urllib.request
from pathlib import Path

from hatchway.errors import ToolError

ATTEMPTS = 3
SECONDS_PER_READ = 60
_CHUNK = 1 << 20
_OK = 200
_PARTIAL = 206
_RANGE_NOT_SATISFIABLE = 416


class _CutOffError(Exception):
    """The connection ended before the file did."""


def fetch(address: str, target: Path, sha256: str, *, pause: float = 1.0) -> None:
    """Put the file at `address` into `target`, which then has exactly this digest.

    What arrives is kept in `target` + `.part`, and the next call goes on from there, also in another process.
    The digest comes from the repository, so it does not matter whom the bytes came from.

    Raises:
        ToolError: It is not there, does not arrive whole, or is another file than the one asked for.
    """
    if not address.startswith(("https://", "http://")):
        raise ToolError(f"downloads: needs an http or https address, got {address!r}.")
    part = target.with_name(f"{target.name}.part")
    part.parent.mkdir(parents=True, exist_ok=True)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            _continue(address, part)
            break
        except (_CutOffError, OSError, http.client.HTTPException) as error:
            if isinstance(error, urllib.error.HTTPError) or attempt == ATTEMPTS:
                raise ToolError(
                    f"{address}: cannot be fetched, got {_reason(error)}. Run set-up again to go on."
                ) from error
            time.sleep(pause * attempt)
    _verify(address, part, sha256)
    part.replace(target)


def _continue(address: str, part: Path) -> None:
    have = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(address, headers={"Range": f"bytes={have}-"} if have else {})  # noqa: S310 -- `fetch` admits http and https only
    try:
        with urllib.request.urlopen(request, timeout=SECONDS_PER_READ) as response:  # noqa: S310 -- the same
            _copy(response, part, append=response.status == _PARTIAL)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code != _RANGE_NOT_SATISFIABLE:
            raise
        # All of it was here already, or more than all: the digest tells.


def _copy(response: http.client.HTTPResponse, part: Path, *, append: bool) -> None:
    expected = response.headers.get("Content-Length")
    written = 0
    with part.open("ab" if append else "wb") as sink:
        while chunk := response.read(_CHUNK):
            sink.write(chunk)
            written += len(chunk)
    if expected is not None and written < int(expected):
        raise _CutOffError(f"{written} of {expected} bytes")


def _verify(address: str, part: Path, sha256: str) -> None:
    with part.open("rb") as source:
        got = hashlib.file_digest(source, "sha256").hexdigest()
    if got != sha256:
        part.unlink()
        raise ToolError(
            f"{address}: is not the file that was pinned: its SHA-256 is {got}, not {sha256}. Removed. "
            "Run set-up again; if it stays so, do not trust that site."
        )


def _reason(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"HTTP {error.code}"
    if isinstance(error, urllib.error.URLError):
        return str(error.reason)
    return str(error) or type(error).__name__
