"""The issuer of tokens that JWT authorizers trust: the sandbox stands in for issuers under reserved names.

Its key is made for one sandbox and kept in that sandbox's folder, readable by the user alone: the server
answers with the public half, and `hatchway sandbox credential` signs with the private half.
"""

import os
import tempfile
import time
import urllib.parse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

from hatchway.sandbox.data.internet import is_reserved

__all__ = ["KEY_ID", "answer", "is_ours", "token"]

KEY_ID = "sandbox"
_FILE = "issuer.pem"
_BITS = 2048
_SUBJECT = "sandbox"
_SECONDS = 12 * 60 * 60
_CONFIGURATION = "/.well-known/openid-configuration"
_KEYS = "/.well-known/jwks.json"


def is_ours(issuer: str) -> bool:
    """Tells whether the sandbox stands in for an issuer: its host is a name that nobody can have."""
    return is_reserved(urllib.parse.urlsplit(issuer).hostname or "")


def answer(directory: Path, issuer: str, path: str) -> dict[str, Any] | None:
    """Returns what an issuer publishes under a path of its host; None where it publishes nothing.

    https://openid.net/specs/openid-connect-discovery-1_0.html
    """
    base = issuer.rstrip("/")
    below = urllib.parse.urlsplit(base).path
    if path == below + _CONFIGURATION:
        return {
            "issuer": issuer,
            "jwks_uri": base + _KEYS,
            "id_token_signing_alg_values_supported": ["RS256"],
        }
    if path == below + _KEYS:
        public = _key(directory).as_dict(private=False)
        return {"keys": [{**public, "kid": KEY_ID, "use": "sig", "alg": "RS256"}]}
    return None


def token(directory: Path, issuer: str, audience: str, scopes: Sequence[str] = ()) -> str:
    """Signs an access token that is good for half a day."""
    now = int(time.time())
    claims: Mapping[str, Any] = {
        "iss": issuer,
        "sub": _SUBJECT,
        "aud": audience,
        "scope": " ".join(scopes),
        "iat": now,
        "nbf": now,
        "exp": now + _SECONDS,
    }
    return jwt.encode({"alg": "RS256", "kid": KEY_ID, "typ": "JWT"}, dict(claims), _key(directory))


def _key(directory: Path) -> RSAKey:
    """Returns the sandbox's key, made on first use, whichever process comes first."""
    path = directory / _FILE
    if not path.exists():
        made = RSAKey.generate_key(_BITS, private=True).as_pem(private=True)
        handle, name = tempfile.mkstemp(dir=directory)
        with os.fdopen(handle, "wb") as file:
            file.write(made)
        try:
            # A link, unlike a rename, leaves the key of who was faster; and nobody sees half a file.
            os.link(name, path)
        except FileExistsError:
            pass
        finally:
            Path(name).unlink()
    return RSAKey.import_key(path.read_bytes())
