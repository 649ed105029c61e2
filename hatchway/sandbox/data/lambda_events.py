"""The event that a Lambda proxy integration of a REST API sends, and what it takes for an answer.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from hatchway.sandbox.data.gateway_responses import MALFORMED_RESPONSE, GatewayError
from hatchway.sandbox.data.mapping import Source
from hatchway.sandbox.data.message import Answer

__all__ = ["proxy_answer", "proxy_event"]

_IDENTITY = (
    "accessKey",
    "accountId",
    "apiKey",
    "apiKeyId",
    "caller",
    "cognitoAuthenticationProvider",
    "cognitoAuthenticationType",
    "cognitoIdentityId",
    "cognitoIdentityPoolId",
    "principalOrgId",
    "sourceIp",
    "user",
    "userAgent",
    "userArn",
)
_PRIVATE_IDENTITY = ("vpcId", "vpceId")
_TOP = (
    "accountId",
    "apiId",
    "deploymentId",
    "domainName",
    "extendedRequestId",
    "httpMethod",
    "path",
    "protocol",
    "requestId",
    "requestTime",
    "resourceId",
    "resourcePath",
    "stage",
)
_ANSWER_KEYS = frozenset({"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"})
_STATUSES = range(100, 600)


def proxy_event(source: Source, *, is_binary: bool) -> dict[str, Any]:
    """The event, payload format 1.0. Empty collections are null, as in AWS."""
    request, context = source.request, source.context
    body = request.body
    return {
        "resource": context["resourcePath"],
        "path": _path(source),
        "httpMethod": request.method,
        "headers": {name: values[-1] for name, values in request.header_values.items()} or None,
        "multiValueHeaders": request.header_values or None,
        "queryStringParameters": {name: values[-1] for name, values in request.query_values.items()} or None,
        "multiValueQueryStringParameters": request.query_values or None,
        "pathParameters": dict(source.path_parameters) or None,
        "stageVariables": dict(source.stage_variables) or None,
        "requestContext": _request_context(context),
        "body": _text(body, is_binary=is_binary) if body else None,
        "isBase64Encoded": bool(body) and is_binary,
    }


def _path(source: Source) -> str:
    """The path without the stage; a base path of a custom domain is part of it."""
    base_path = source.context.get("customDomain.basePathMatched")
    return f"/{base_path}{source.request.path}" if base_path else source.request.path


def _text(body: bytes, *, is_binary: bool) -> str:
    return base64.b64encode(body).decode("ascii") if is_binary else body.decode("utf-8", "replace")


def _request_context(context: Mapping[str, str]) -> dict[str, Any]:
    identity: dict[str, str | None] = {name: context.get(f"identity.{name}") for name in _IDENTITY}
    for name in _PRIVATE_IDENTITY:
        if f"identity.{name}" in context:
            identity[name] = context[f"identity.{name}"]
    made: dict[str, Any] = {name: context[name] for name in _TOP if name in context}
    made["requestTimeEpoch"] = int(context["requestTimeEpoch"])
    made["domainPrefix"] = context["domainName"].partition(".")[0]
    made["identity"] = identity
    authorizer = _authorizer(context)
    return {**made, "authorizer": authorizer} if authorizer else made


def _authorizer(context: Mapping[str, str]) -> dict[str, Any]:
    """A Lambda authorizer's values as they are, and a token's claims under `claims`."""
    made: dict[str, Any] = {}
    for key, value in context.items():
        if key.startswith("authorizer.claims."):
            made.setdefault("claims", {})[key.removeprefix("authorizer.claims.")] = value
        elif key.startswith("authorizer."):
            made[key.removeprefix("authorizer.")] = value
    return made


def proxy_answer(result: object, *, accepts_binary: bool) -> Answer:
    """Reads what the function returned.

    Base64 is decoded only where the caller's first `Accept` is a binary media type of the API.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/lambda-proxy-binary-media.html

    https://repost.aws/knowledge-center/malformed-502-api-gateway

    Raises:
        GatewayError: it is not in the one format that API Gateway takes, which it answers with 502.
    """
    if not isinstance(result, Mapping):
        raise _malformed(f"is {type(result).__name__}, not an object")
    unknown = sorted(set(map(str, result)) - _ANSWER_KEYS)
    if unknown:
        raise _malformed(f"has {', '.join(unknown)}, which a proxy response has not")
    decodes = accepts_binary and result.get("isBase64Encoded") is True
    return Answer(
        status=_status(result), headers=_headers(result), body=_body(result.get("body"), decodes=decodes)
    )


def _status(result: Mapping[str, Any]) -> int:
    status = result.get("statusCode")
    if isinstance(status, str) and status.isdigit():
        status = int(status)
    if not isinstance(status, int) or isinstance(status, bool) or status not in _STATUSES:
        raise _malformed(f"has statusCode {status!r}")
    return status


def _headers(result: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    single = {} if result.get("headers") is None else result["headers"]
    multiple = {} if result.get("multiValueHeaders") is None else result["multiValueHeaders"]
    if not isinstance(single, Mapping) or not isinstance(multiple, Mapping):
        raise _malformed("has headers that are not an object")
    pairs: list[tuple[str, Any]] = []
    for name, values in multiple.items():
        if not isinstance(values, list):
            raise _malformed(f"has multiValueHeaders with {name} that is not a list")
        pairs += [(str(name), value) for value in values]
    given = {name.lower() for name, _ in pairs}
    pairs += [(str(name), value) for name, value in single.items() if str(name).lower() not in given]
    if any(isinstance(value, dict | list) or value is None for _, value in pairs):
        raise _malformed("has a header that is not text")
    made = tuple((name, _plain(value)) for name, value in pairs)
    if not any(name.lower() == "content-type" for name, _ in made):
        made = (("Content-Type", "application/json"), *made)
    return made


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _body(body: object, *, decodes: bool) -> bytes:
    if body is None:
        return b""
    if not isinstance(body, str):
        raise _malformed("has a body that is not text")
    if not decodes:
        return body.encode()
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError) as error:
        raise _malformed("has a body that is not Base64") from error


def _malformed(what: str) -> GatewayError:
    return GatewayError(MALFORMED_RESPONSE, f"Malformed Lambda proxy response: it {what}")
