"""Which headers a request may have where `allowed_headers` says so."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hatchway.topology.model import Authorizer, Gateway

__all__ = ["MOST_ALLOWED", "allowed_headers", "may_be_sent"]

# https://docs.aws.amazon.com/waf/latest/APIReference/API_HeaderMatchPattern.html
MOST_ALLOWED = 199
# What API Gateway has added before WAF looks at a request:
# https://docs.aws.amazon.com/waf/latest/developerguide/logging-examples.html
_ADDED = (
    "Host",
    "X-Forwarded-For",
    "X-Forwarded-Port",
    "X-Forwarded-Proto",
    "X-Amzn-Trace-Id",
    "x-amzn-tls-version",
    "x-amzn-cipher-suite",
)
# What HTTP clients write by themselves, and what says how long and of what kind a body is.
_OF_CLIENTS = (
    "Accept",
    "Accept-Encoding",
    "Connection",
    "Content-Length",
    "Content-Type",
    "Transfer-Encoding",
    "User-Agent",
)
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
_SIGNATURE = ("Authorization", "X-Amz-Date", "X-Amz-Security-Token", "X-Amz-Content-Sha256")
# https://fetch.spec.whatwg.org/#http-cors-protocol
_CORS = ("Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers")
_KEY = "X-Api-Key"
_API_ID = "x-apigw-api-id"


def allowed_headers(gateway: "Gateway") -> tuple[str, ...]:
    """Return the headers that are named, and those without which no request gets through; none for all."""
    web_acl = gateway.web_acl
    if web_acl is None or web_acl.create is None or not web_acl.create.allowed_headers:
        return ()
    every = (*_ADDED, *_OF_CLIENTS, *_asked_for(gateway), *web_acl.create.allowed_headers)
    # Names of headers are the same in capitals and without; the first way to write one is kept.
    return tuple({name.lower(): name for name in reversed(every)}.values())[::-1]


def may_be_sent(gateway: "Gateway", header: str) -> bool:
    """Whether a request with a header is let in."""
    allowed = {name.lower() for name in allowed_headers(gateway)}
    return not allowed or header.lower() in allowed


def _asked_for(gateway: "Gateway") -> Iterator[str]:
    for authorizer in (gateway.authorizer, *gateway.authorizers.values()):
        if authorizer != "none":
            yield from _credential(authorizer)
    if gateway.usage_plans:
        yield _KEY
    if gateway.api_id_header == "passthrough":
        yield _API_ID
    if gateway.cors is not None:
        yield from (*_CORS, *gateway.cors.allow_headers)


def _credential(authorizer: "Authorizer") -> tuple[str, ...]:
    if authorizer.lambda_ is not None:
        return (authorizer.lambda_.identity_header,)
    return _SIGNATURE if authorizer.iam is not None else ("Authorization",)
