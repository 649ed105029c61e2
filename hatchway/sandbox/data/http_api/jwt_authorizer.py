"""JWT authorizers.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html; what is said of a
token that is refused: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-jwt.html
"""

import json
import threading
import time
import urllib.parse
from collections.abc import Callable, Mapping
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from hatchway.sandbox.data.exchange import exchange
from hatchway.sandbox.data.gateway_responses import GatewayError
from hatchway.sandbox.data.http_api.call import HttpCall
from hatchway.sandbox.data.http_api.errors import FORBIDDEN, UNAUTHORIZED, HttpApiError
from hatchway.sandbox.data.http_api.mapping import value_of
from hatchway.sandbox.data.internet import Internet
from hatchway.sandbox.data.world import HttpAuthorizer, World

__all__ = ["JwtAuthorizers"]

Claims = Mapping[str, Any]
Keys = Mapping[str, Mapping[str, Any]]

_ALGORITHMS = ["RS256", "RS384", "RS512"]
# "API Gateway caches the public key for two hours."
_KEYS_SECONDS = 7200.0
_FETCH_SECONDS = 5.0


class JwtAuthorizers:
    """Verifies tokens, with keys that their issuers publish."""

    def __init__(self, world: World, internet: Internet, clock: Callable[[], float] = time.time) -> None:
        self._world = world
        self._internet = internet
        self._clock = clock
        self._keys: dict[str, tuple[float, Keys]] = {}
        self._lock = threading.Lock()

    def check(
        self, authorizer: HttpAuthorizer, scopes: tuple[str, ...], call: HttpCall, path: Mapping[str, str]
    ) -> Claims:
        """Returns the claims of the caller's token.

        Raises:
            HttpApiError: 401 for a token that is missing or not good, 403 for one without the route's scopes.
        """
        values = [value_of(source.lstrip("$"), call, path) for source in authorizer.identity_sources]
        given = next((value for value in values if value), None)
        if given is None:
            raise HttpApiError(UNAUTHORIZED, "the token is missing", challenge="Bearer")
        kind, _, rest = given.partition(" ")
        token = rest.strip() if kind.lower() == "bearer" and rest else given
        claims = self._verified(authorizer, token)
        self._check_claims(authorizer, claims)
        held = str(claims.get("scope") or "").split() or _texts(claims.get("scp"))
        if scopes and not set(scopes) & set(held):
            wanted = " ".join(scopes)
            challenge = f'Bearer scope="{wanted}" error="insufficient_scope"'
            raise HttpApiError(FORBIDDEN, f"the token has none of {wanted}", challenge=challenge)
        return claims

    def _verified(self, authorizer: HttpAuthorizer, token: str) -> Claims:
        try:
            key_id = jws.extract_compact(token.encode()).headers().get("kid")
            key = self._find_key(authorizer.issuer, str(key_id))
            claims: Claims = jwt.decode(token, RSAKey.import_key(dict(key)), algorithms=_ALGORITHMS).claims
        except (JoseError, ValueError) as error:
            raise _invalid(f"the token is not good: {error}") from error
        return claims

    def _check_claims(self, authorizer: HttpAuthorizer, claims: Claims) -> None:
        now = self._clock()
        if claims.get("iss") != authorizer.issuer:
            raise _invalid(f"the issuer is {claims.get('iss')!r}, not {authorizer.issuer!r}")
        audience = _texts(claims.get("aud")) or _texts(claims.get("client_id"))
        if not set(audience) & set(authorizer.audience):
            raise _invalid(f"the audience is {audience}")
        if not _is_number(claims.get("exp")) or claims["exp"] <= now:
            raise _invalid("the token has expired", "the token has expired")
        if any(_is_number(claims.get(name)) and claims[name] > now for name in ("nbf", "iat")):
            raise _invalid("the token is not valid yet")

    def _find_key(self, issuer: str, key_id: str) -> Mapping[str, Any]:
        own = self._world.issuer_keys(issuer)
        keys = own if own is not None else self._published(issuer)
        if key_id not in keys:
            raise _invalid(f"{issuer} has no key {key_id!r}")
        return keys[key_id]

    def _published(self, issuer: str) -> Keys:
        """Fetches an issuer's keys the way OpenID Connect has it."""
        with self._lock:
            until, keys = self._keys.get(issuer, (0.0, {}))
        if until > self._clock():
            return keys
        configuration = self._fetch(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        published = self._fetch(str(configuration.get("jwks_uri") or ""))
        found = {str(key.get("kid")): key for key in published.get("keys") or ()}
        if not found:
            raise _invalid(f"{issuer} publishes no keys")
        with self._lock:
            self._keys[issuer] = (self._clock() + _KEYS_SECONDS, found)
        return found

    def _fetch(self, address: str) -> dict[str, Any]:
        url = urllib.parse.urlsplit(address)
        if url.scheme != "https" or not url.hostname:
            raise _invalid(f"{address!r} is no address of keys")
        try:
            connection = self._internet.connect(url, _FETCH_SECONDS)
            with connection:
                answer = exchange(connection, "GET", url, (("Accept", "application/json"),), b"")
            value = json.loads(answer.body)
        except (GatewayError, ValueError) as error:
            raise _invalid(f"{address} cannot be read: {error}") from error
        return value if isinstance(value, dict) else {}


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return value.split()
    return [str(item) for item in value] if isinstance(value, list) else []


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _invalid(reason: str, told: str = "the token is not valid") -> HttpApiError:
    challenge = f'Bearer scope="" error="invalid_token" error_description="{told}"'
    return HttpApiError(UNAUTHORIZED, reason, challenge=challenge)
