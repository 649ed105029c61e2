"""What a caller proves who they are with: made of secrets that nothing here ever shows."""

import base64
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

from hatchway.verify.calling import Call
from hatchway.verify.made_up import never_issued

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.credentials import ReadOnlyCredentials

__all__ = ["AwsSignature", "Credential", "HeaderCredential"]

_MASK = b"********"
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
# Shorter pieces would be found in texts that have nothing to do with the secret.
_LEAST_ENCODED = 8


def _forms(secret: str) -> tuple[bytes, ...]:
    """Return how a secret may stand in a body: as it is, and as URLs, JSON and base64 have it."""
    plain = secret.encode()
    written = {plain, quote(secret, safe="").encode(), json.dumps(secret)[1:-1].encode()}
    forms = sorted(written, key=len, reverse=True)
    # Base64 of a text with the secret in it depends on how many bytes stand before it: three ways to begin.
    for offset in range(3):
        encoded = base64.b64encode(bytes(offset) + plain)
        # The first and the last signs also hold bits of what stands around it.
        certain = encoded[4 if offset else 0 : len(encoded) - 4]
        if len(certain) >= _LEAST_ENCODED:
            forms += [certain, certain.translate(_URL_SAFE)]
    return tuple(dict.fromkeys(forms))


def _masked(body: bytes, forms: tuple[bytes, ...]) -> bytes:
    for form in forms:
        body = body.replace(form, _MASK)
    return body


class Credential(Protocol):
    """Something that is added to a call."""

    def applied(self, request: Call, /) -> Call:
        """Return the call with the credential in it."""

    def masked_in(self, body: bytes, /) -> bytes:
        """Return a body with the secret masked, should somebody have echoed it."""

    def made_up(self) -> "Credential":
        """Return a credential of the same kind that nobody ever issued."""


class HeaderCredential:
    """A secret in one header: a bearer token, a token in a header of its own, an API key.

    Args:
        header: Name of the header.
        value: The secret.
        scheme: Word before it, as in `Bearer`; empty for none.
    """

    __slots__ = ("_forms", "_header", "_scheme", "_value")

    def __init__(self, header: str, value: str, scheme: str = "") -> None:
        self._header = header
        self._value = value
        self._scheme = scheme
        self._forms = _forms(value)

    def applied(self, request: Call, /) -> Call:
        """Return the call with the secret in its header."""
        value = f"{self._scheme} {self._value}".strip()
        return replace(request, headers={**request.headers, self._header: value})

    def masked_in(self, body: bytes, /) -> bytes:
        """Return a body with the secret masked."""
        return _masked(body, self._forms)

    def made_up(self) -> "HeaderCredential":
        """Return the same header with a secret that nobody ever issued."""
        return HeaderCredential(self._header, never_issued(), self._scheme)

    def __repr__(self) -> str:
        return f"HeaderCredential({self._header!r}, '********')"


class AwsSignature:
    """A SigV4 signature for `execute-api`, made anew for each call.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/permissions.html

    Args:
        region: Region of the API.
        keys: Gives the keys to sign with.
    """

    __slots__ = ("_keys", "_region", "_tokens")

    def __init__(self, region: str, keys: "Callable[[], ReadOnlyCredentials]") -> None:
        self._region = region
        self._keys = keys
        # By token, as keys are renewed while answers to what was signed before are under way.
        self._tokens: dict[str, tuple[bytes, ...]] = {}

    def applied(self, request: Call, /) -> Call:
        """Return the call with its signature."""
        from botocore.auth import SigV4Auth  # noqa: PLC0415 -- takes half a second to import
        from botocore.awsrequest import AWSRequest  # noqa: PLC0415 -- the same

        keys = self._keys()
        if keys.token and keys.token not in self._tokens:
            self._tokens[keys.token] = _forms(keys.token)
        signed = AWSRequest(method=request.method, url=request.url, headers={})
        SigV4Auth(keys, "execute-api", self._region).add_auth(signed)
        return replace(request, headers={**request.headers, **dict(signed.headers.items())})

    def masked_in(self, body: bytes, /) -> bytes:
        """Return a body without the keys, which are not sent: only the session token is."""
        for forms in tuple(self._tokens.values()):
            body = _masked(body, forms)
        return body

    def made_up(self) -> "AwsSignature":
        """Return signatures with keys that nobody ever issued."""
        from botocore.credentials import ReadOnlyCredentials  # noqa: PLC0415 -- the same

        keys = ReadOnlyCredentials("AKIA" + never_issued()[:16].upper(), never_issued(), None)
        return AwsSignature(self._region, lambda: keys)

    def __repr__(self) -> str:
        return f"AwsSignature({self._region!r}, '********')"
