"""Authorizers of Cognito user pools: tokens that a pool has signed.

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-integrate-with-cognito.html
"""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from hatchway.sandbox.data.gateway_responses import (
    AUTHORIZER_CONFIGURATION_ERROR,
    UNAUTHORIZED,
    GatewayError,
)
from hatchway.sandbox.data.mapping import Source, method_parameter
from hatchway.sandbox.data.world import Authorizer, Method, UserPool, World

__all__ = ["check_pool_token"]

Claims = Mapping[str, Any]

_DEFAULT_SOURCE = "method.request.header.Authorization"


def check_pool_token(
    world: World,
    authorizer: Authorizer,
    method: Method,
    source: Source,
    clock: Callable[[], float] = time.time,
) -> Claims:
    """Returns the claims of the caller's token.

    Without scopes on the method an ID token is wanted, with scopes an access token that has one of them.

    Raises:
        GatewayError: 401 for a token that is missing, forged, expired, or not for this method.
    """
    expression = authorizer.identity_sources[0] if authorizer.identity_sources else _DEFAULT_SOURCE
    given = method_parameter(expression, source)
    if not given:
        raise GatewayError(UNAUTHORIZED, f"identity source {expression} is missing")
    token = given.removeprefix("Bearer ").strip()
    claims = _verified(_pools(world, authorizer), token)
    if float(claims.get("exp", 0)) <= clock():
        raise GatewayError(UNAUTHORIZED, "the token has expired", "The incoming token has expired")
    _check_use(claims, method)
    return claims


def _pools(world: World, authorizer: Authorizer) -> list[UserPool]:
    pools = [pool for arn in authorizer.provider_arns if (pool := world.user_pool(arn)) is not None]
    if not pools:
        raise GatewayError(
            AUTHORIZER_CONFIGURATION_ERROR, f"none of {', '.join(authorizer.provider_arns)} exists"
        )
    return pools


def _verified(pools: list[UserPool], token: str) -> Claims:
    """Returns the claims of a token that one of the pools issued and signed."""
    try:
        untrusted = _read(token)
        pool = next((pool for pool in pools if pool.issuer == untrusted.get("iss")), None)
        if pool is None:
            raise GatewayError(UNAUTHORIZED, f"the token is of {untrusted.get('iss')}, not of the pool")
        key_id = jws.extract_compact(token.encode()).headers().get("kid")
        if key_id not in pool.keys:
            raise GatewayError(UNAUTHORIZED, f"the pool has no key {key_id!r}")
        key = RSAKey.import_key(dict(pool.keys[str(key_id)]))
        claims: Claims = jwt.decode(token, key, algorithms=["RS256"]).claims
    except (JoseError, ValueError) as error:
        raise GatewayError(UNAUTHORIZED, f"the token is not good: {error}") from error
    client = claims.get("aud") if claims.get("token_use") == "id" else claims.get("client_id")
    if client not in pool.client_ids:
        raise GatewayError(UNAUTHORIZED, f"the pool has no client {client!r}")
    return claims


def _read(token: str) -> Claims:
    """Reads claims before the signature is looked at: they tell which pool's key to look at it with."""
    claims = json.loads(jws.extract_compact(token.encode()).payload)
    if not isinstance(claims, dict):
        raise GatewayError(UNAUTHORIZED, "the token's claims are no object")
    return claims


def _check_use(claims: Claims, method: Method) -> None:
    wanted = set(method.authorization_scopes)
    if not wanted:
        if claims.get("token_use") != "id":
            raise GatewayError(UNAUTHORIZED, "the method has no scopes and wants an ID token")
        return
    if claims.get("token_use") != "access":
        raise GatewayError(UNAUTHORIZED, "the method has scopes and wants an access token")
    if not wanted & set(str(claims.get("scope", "")).split()):
        raise GatewayError(UNAUTHORIZED, f"the token has none of {', '.join(sorted(wanted))}")
