"""Reads Cognito user pools from moto's records, and signs with their keys."""

import time
import uuid
from collections.abc import Mapping
from typing import Any

from joserfc import jwt
from moto.cognitoidp.models import cognitoidp_backends

from hatchway.sandbox.data.world import TokenClient, UserPool

__all__ = ["read_issuer_keys", "read_token_client", "read_user_pool"]

# moto is not typed: its objects are `Any` throughout this module.
_Moto = Any
_KEY_ID = "dummy"


def read_user_pool(arn: str) -> UserPool | None:
    """Returns the user pool with this ARN."""
    for regions in list(cognitoidp_backends.values()):
        for backend in list(regions.values()):
            for pool in list(backend.user_pools.values()):
                if pool.arn == arn:
                    # moto signs all tokens with one key, under one name.
                    key: Mapping[str, Any] = pool.json_web_key.as_dict(private=False)
                    return UserPool(
                        arn=arn,
                        id=pool.id,
                        region=backend.region_name,
                        keys={_KEY_ID: key},
                        client_ids=frozenset(pool.clients),
                    )
    return None


def read_issuer_keys(issuer: str) -> Mapping[str, Mapping[str, Any]] | None:
    """Returns the public keys of the user pool whose tokens name this issuer."""
    for regions in list(cognitoidp_backends.values()):
        for backend in list(regions.values()):
            for pool in list(backend.user_pools.values()):
                found = read_user_pool(pool.arn)
                if found is not None and found.issuer == issuer:
                    return found.keys
    return None


def read_token_client(domain: str, region: str, client_id: str) -> TokenClient | None:
    """Returns the client of the user pool that has this domain."""
    for regions in list(cognitoidp_backends.values()):
        backend = regions.get(region)
        named = backend.user_pool_domains.get(domain) if backend else None
        pool = backend.user_pools.get(named.user_pool_id) if backend and named else None
        client = pool.clients.get(client_id) if pool else None
        if pool is not None and client is not None:
            return _token_client(pool, region, client)
    return None


def _token_client(pool: _Moto, region: str, client: _Moto) -> TokenClient:
    settings = client.extended_config
    is_allowed = settings.get("AllowedOAuthFlowsUserPoolClient")
    return TokenClient(
        id=client.id,
        secret=client.secret if client.generate_secret else None,
        flows=frozenset((settings.get("AllowedOAuthFlows") or ()) if is_allowed else ()),
        scopes=frozenset(settings.get("AllowedOAuthScopes") or ()) & _custom_scopes(pool),
        sign=lambda claims, seconds: _sign(pool, region, claims, seconds),
    )


def _custom_scopes(pool: _Moto) -> frozenset[str]:
    """The scopes of a pool's resource servers, which are all that a program can have."""
    return frozenset(
        f"{server.identifier}/{scope['ScopeName']}"
        for server in pool.resource_servers.values()
        for scope in server.scopes or ()
    )


def _sign(pool: _Moto, region: str, claims: Mapping[str, Any], seconds: int) -> str:
    now = int(time.time())
    issuer = f"https://cognito-idp.{region}.amazonaws.com/{pool.id}"
    whole = {
        **claims,
        "iss": issuer,
        "iat": now,
        "auth_time": now,
        "exp": now + seconds,
        "jti": str(uuid.uuid4()),
    }
    return str(jwt.encode({"alg": "RS256", "kid": _KEY_ID}, whole, pool.json_web_key))
