"""Lambda authorizer: lets in callers whose bearer token is known by its SHA-256 digest.

The secret named by `CLIENTS_SECRET_ARN` holds `{"<principal>": "<digest in hex>", ...}`. It is read on
each call: API Gateway's own cache is then the only one, and its time the longest that a token works
after its removal. Runs in AWS Lambda, with nothing but Python and boto3.
"""

import hashlib
import hmac
import json
import os
import re
from collections.abc import Mapping
from typing import Any, Protocol

# https://datatracker.ietf.org/doc/html/rfc6750#section-2.1
BEARER = re.compile(r"bearer +([A-Za-z0-9._~+/-]+=*)", re.IGNORECASE)
# In a header of its own, a token needs no scheme.
TOKEN = re.compile(r"(?:bearer +)?([A-Za-z0-9._~+/-]+=*)", re.IGNORECASE)
# Events of REST APIs have no version.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
HTTP_API_EVENT = "1.0"
STRANGER = "stranger"
HEADER_VARIABLE = "IDENTITY_HEADER"
AUTHORIZATION = "authorization"
SECRET_VARIABLE = "CLIENTS_SECRET_ARN"  # noqa: S105 - names a variable that names a secret


class SecretReader(Protocol):
    """The one call of Secrets Manager that is needed."""

    def get_secret_value(self, *, SecretId: str) -> Mapping[str, Any]:  # noqa: N803 - AWS's own name
        """Reads the current value of a secret."""


class UnauthorizedError(Exception):
    """The caller is not known: API Gateway answers 401 to exactly this message.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
    """

    def __init__(self) -> None:
        super().__init__("Unauthorized")


class ClientsSecretError(Exception):
    """The secret does not hold what it should: API Gateway answers 500."""


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Answers API Gateway's question whether a request may pass."""
    import boto3  # noqa: PLC0415 - tests bring their own client

    header = os.environ.get(HEADER_VARIABLE, AUTHORIZATION)
    return authorize(event, boto3.client("secretsmanager"), os.environ[SECRET_VARIABLE], header)


def authorize(
    event: Mapping[str, Any], secrets: SecretReader, secret_id: str, header: str = AUTHORIZATION
) -> dict[str, Any]:
    """Allows the whole stage to a known caller: the answer is cached by token, for whatever path.

    Raises:
        UnauthorizedError: No token, or none that is known. Not for an HTTP API, which takes every error for
            a failure (500) and wants a policy that denies (403).
        ClientsSecretError: The secret is not a JSON object of digests.
    """
    try:
        principal, effect = _principal(event, secrets, secret_id, header), "Allow"
    except UnauthorizedError:
        if event.get("version") != HTTP_API_EVENT:
            raise
        principal, effect = STRANGER, "Deny"
    return {
        "principalId": principal,
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Action": "execute-api:Invoke",
                    "Effect": effect,
                    "Resource": _stage_arn(event["methodArn"]),
                }
            ],
        },
    }


def _principal(event: Mapping[str, Any], secrets: SecretReader, secret_id: str, header: str) -> str:
    digest = hashlib.sha256(_token(event, header.lower()).encode()).hexdigest()
    clients = _clients(secrets.get_secret_value(SecretId=secret_id))
    known = [
        name for name, expected in clients.items() if hmac.compare_digest(expected.encode(), digest.encode())
    ]
    if not known:
        raise UnauthorizedError
    return known[0]


def _token(event: Mapping[str, Any], header: str) -> str:
    """The token of a TOKEN event, which holds nothing else, or of a REQUEST event's header."""
    headers = event.get("headers") or {}
    given = event.get("authorizationToken") or next(
        (value for name, value in headers.items() if name.lower() == header), None
    )
    found = (BEARER if header == AUTHORIZATION else TOKEN).fullmatch(given or "")
    if found is None:
        raise UnauthorizedError
    return found[1]


def _clients(secret: Mapping[str, Any]) -> dict[str, str]:
    try:
        clients = json.loads(secret["SecretString"])
    except (KeyError, TypeError, ValueError):
        # Without the cause: a JSON error quotes what it could not read.
        raise ClientsSecretError("the clients' secret has no JSON text") from None
    if not isinstance(clients, dict) or not all(isinstance(digest, str) for digest in clients.values()):
        raise ClientsSecretError("the clients' secret is not a JSON object of principals and digests")
    return clients


def _stage_arn(method_arn: str) -> str:
    """Widens the ARN of a method to each method of its stage."""
    api, stage, *_ = method_arn.split("/")
    return f"{api}/{stage}/*/*"
