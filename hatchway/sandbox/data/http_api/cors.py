"""CORS of HTTP APIs, which API Gateway answers itself.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
"""

from fnmatch import fnmatchcase

from hatchway.sandbox.data.message import Answer, Headers, Request
from hatchway.sandbox.data.world import Cors

__all__ = ["preflight", "with_cors"]

_PREFIX = "access-control-"


def preflight(cors: Cors | None, request: Request) -> Answer | None:
    """Answers a preflight request, whether there is a route for it or not; None where it is not one."""
    is_preflight = (
        request.method == "OPTIONS"
        and request.header("Origin") is not None
        and request.header("Access-Control-Request-Method") is not None
    )
    if cors is None or not is_preflight:
        return None
    allowed = _allowed_origin(cors, request)
    headers = _headers(cors, allowed) if allowed else ()
    if allowed:
        lists = {"allow-methods": cors.allow_methods, "allow-headers": cors.allow_headers}
        headers += tuple((_PREFIX + name, ",".join(values)) for name, values in lists.items() if values)
        if cors.max_age_seconds is not None:
            headers += ((f"{_PREFIX}max-age", str(cors.max_age_seconds)),)
    return Answer(status=204, headers=headers)


def with_cors(cors: Cors | None, request: Request, answer: Answer) -> Answer:
    """Writes the API's headers into an answer; what the backend says of CORS is lost."""
    if cors is None:
        return answer
    kept = tuple(pair for pair in answer.headers if not pair[0].lower().startswith(_PREFIX))
    allowed = _allowed_origin(cors, request)
    return Answer(
        status=answer.status, headers=kept + (_headers(cors, allowed) if allowed else ()), body=answer.body
    )


def _allowed_origin(cors: Cors, request: Request) -> str | None:
    origin = request.header("Origin")
    if origin is None:
        return None
    if "*" in cors.allow_origins:
        return "*"
    return origin if any(fnmatchcase(origin.lower(), item.lower()) for item in cors.allow_origins) else None


def _headers(cors: Cors, allowed: str) -> Headers:
    headers: Headers = ((f"{_PREFIX}allow-origin", allowed),)
    if cors.expose_headers:
        headers += ((f"{_PREFIX}expose-headers", ",".join(cors.expose_headers)),)
    if cors.allow_credentials:
        headers += ((f"{_PREFIX}allow-credentials", "true"),)
    return headers
