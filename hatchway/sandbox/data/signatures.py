"""Signatures of requests, version 4: who signed, and whether the signature is good.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html. Signatures in the
query string are not in the sandbox: such a request counts as unsigned.
"""

import hashlib
import hmac
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import botocore.auth
import botocore.awsrequest
import botocore.credentials

from hatchway.sandbox.data.gateway_responses import (
    INVALID_SIGNATURE,
    MISSING_AUTHENTICATION_TOKEN,
    UNRECOGNIZED_CLIENT,
    GatewayError,
)
from hatchway.sandbox.data.message import Request
from hatchway.sandbox.data.world import Credentials

__all__ = ["verify_signature"]

_HEADER = re.compile(
    r"AWS4-HMAC-SHA256 "
    r"Credential=(?P<key>[^/]+)/(?P<date>\d{8})/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request"
    r",\s*SignedHeaders=(?P<headers>[^,]+),\s*Signature=(?P<signature>[0-9a-f]{64})"
)
_SKEW = timedelta(minutes=5)
_FORMAT = "%Y%m%dT%H%M%SZ"
_MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
    "Access Key and signing method. Consult the service documentation for details."
)


def verify_signature(
    request: Request,
    path: str,
    region: str,
    find: Callable[[str], Credentials | None],
    now: datetime | None = None,
) -> Credentials:
    """Returns whose credentials have signed a request.

    Args:
        request: The request; its path is not looked at.
        path: The path as the caller wrote it, which is what was signed.
        region: The API's region, which the signature has to be for.
        find: Finds credentials by their access key id.
        now: The time; the present by default.

    Raises:
        GatewayError: 403, with the words of AWS for what is wrong.
    """
    header = request.header("Authorization")
    if header is None:
        raise GatewayError(MISSING_AUTHENTICATION_TOKEN, "the request is not signed")
    parts = _HEADER.fullmatch(header.strip())
    if parts is None:
        raise GatewayError(INVALID_SIGNATURE, "Authorization is no signature", _incomplete(header))
    if (parts["region"], parts["service"]) != (region, "execute-api"):
        message = f"Credential should be scoped to a valid region, not '{parts['region']}'. "
        raise GatewayError(INVALID_SIGNATURE, f"the signature is for {parts['service']}", message)
    credentials = find(parts["key"])
    if credentials is None:
        raise _unknown("no such access key")
    if credentials.session_token and request.header("X-Amz-Security-Token") != credentials.session_token:
        raise _unknown("the session token is missing or another's")
    _check_time(request, parts["date"], now or datetime.now(UTC))
    if "host" not in parts["headers"].split(";"):
        raise GatewayError(INVALID_SIGNATURE, "Host is not signed", "'Host' must be a 'SignedHeader'.")
    digest = request.header("X-Amz-Content-SHA256")
    if digest is not None and digest != hashlib.sha256(request.body).hexdigest():
        raise GatewayError(INVALID_SIGNATURE, "the body is not the one that was signed", _MISMATCH)
    expected = _signature(request, path, parts, credentials)
    if not hmac.compare_digest(expected, parts["signature"]):
        raise GatewayError(INVALID_SIGNATURE, "the signature does not match", _MISMATCH)
    return credentials


def _unknown(reason: str) -> GatewayError:
    return GatewayError(UNRECOGNIZED_CLIENT, reason)


def _incomplete(header: str) -> str:
    """The message of a header that has another form, which names what is missing.

    https://repost.aws/knowledge-center/api-gateway-troubleshoot-403-forbidden
    """
    missing = [
        f"Authorization header requires '{name}' parameter."
        for name in ("Credential", "Signature", "SignedHeaders")
        if f"{name}=" not in header
    ]
    return " ".join([*missing, f"Authorization={header.split(' ', maxsplit=1)[0]}"])


def _check_time(request: Request, date: str, now: datetime) -> None:
    given = request.header("X-Amz-Date") or ""
    try:
        signed = datetime.strptime(given, _FORMAT).replace(tzinfo=UTC)
    except ValueError as error:
        raise GatewayError(
            INVALID_SIGNATURE, "X-Amz-Date is missing", "Authorization header requires 'X-Amz-Date'."
        ) from error
    if not given.startswith(date):
        raise GatewayError(INVALID_SIGNATURE, "X-Amz-Date is of another day", _MISMATCH)
    if abs(now - signed) > _SKEW:
        limit = (now - _SKEW).strftime(_FORMAT)
        message = f"Signature expired: {given} is now earlier than {limit} ({now.strftime(_FORMAT)} - 5 min.)"
        raise GatewayError(INVALID_SIGNATURE, "the signature is too old", message)


def _signature(request: Request, path: str, parts: re.Match[str], credentials: Credentials) -> str:
    """Signs the same request again: only what the caller says it signed goes in."""
    signed = set(parts["headers"].split(";"))
    url = f"https://{request.header('Host')}{path}" + (f"?{request.query}" if request.query else "")
    again = botocore.awsrequest.AWSRequest(method=request.method, url=url, data=request.body)
    for name, value in request.headers:
        if name.lower() in signed:
            again.headers.add_header(name, value)
    again.context["timestamp"] = request.header("X-Amz-Date")
    keys = botocore.credentials.Credentials(credentials.access_key_id, credentials.secret_access_key)
    signer = botocore.auth.SigV4Auth(keys, parts["service"], parts["region"])
    canonical = signer.canonical_request(again)
    return str(signer.signature(signer.string_to_sign(again, canonical), again))
