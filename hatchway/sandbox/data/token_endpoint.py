"""The token endpoint of Cognito user pools: access tokens for programs, by the client credentials grant.

https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html
"""

import base64
import binascii
import json
import re
import urllib.parse

from hatchway.sandbox.data.message import Answer, Request
from hatchway.sandbox.data.world import TokenClient, World

__all__ = ["TOKEN_HOST", "answer_token_request"]

TOKEN_HOST = re.compile(r"([a-z0-9-]+)\.auth\.([a-z0-9-]+)\.amazoncognito\.com")
_PATH = "/oauth2/token"
_LIFE_SECONDS = 3600


def answer_token_request(world: World, request: Request) -> Answer:
    """Answers with a token, or with the error that OAuth 2.0 has for it."""
    found = TOKEN_HOST.fullmatch((request.header("Host") or "").partition(":")[0].lower())
    if found is None or (request.method, request.path) != ("POST", _PATH):
        return Answer(status=404, headers=(("Content-Type", "text/plain"),), body=b"Not found")
    form = dict(urllib.parse.parse_qsl(request.body.decode("utf-8", "replace")))
    client_id, secret = _credentials(request, form)
    client = world.token_client(found[1], found[2], client_id)
    if client is None or client.secret is None or client.secret != secret:
        return _refusal("invalid_client")
    if form.get("grant_type") != "client_credentials":
        return _refusal("unsupported_grant_type")
    if "client_credentials" not in client.flows:
        return _refusal("unauthorized_client")
    scopes = form.get("scope", "").split() or sorted(client.scopes)
    if not scopes or not set(scopes) <= client.scopes:
        return _refusal("invalid_scope")
    return _token(client, scopes)


def _credentials(request: Request, form: dict[str, str]) -> tuple[str, str]:
    """The client's id and secret, from the header of basic authentication or from the form."""
    kind, _, encoded = (request.header("Authorization") or "").partition(" ")
    if kind.lower() != "basic":
        return form.get("client_id", ""), form.get("client_secret", "")
    try:
        text = base64.b64decode(encoded, validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return "", ""
    client_id, _, secret = text.partition(":")
    return client_id, secret


def _token(client: TokenClient, scopes: list[str]) -> Answer:
    claims = {
        "sub": client.id,
        "token_use": "access",
        "scope": " ".join(scopes),
        "client_id": client.id,
        "version": 2,
    }
    told = {
        "access_token": client.sign(claims, _LIFE_SECONDS),
        "expires_in": _LIFE_SECONDS,
        "token_type": "Bearer",
    }
    return _json(200, told)


def _refusal(error: str) -> Answer:
    return _json(400, {"error": error})


def _json(status: int, value: dict[str, object]) -> Answer:
    headers = (("Content-Type", "application/json;charset=UTF-8"), ("Cache-Control", "no-store"))
    return Answer(status=status, headers=headers, body=json.dumps(value).encode())
