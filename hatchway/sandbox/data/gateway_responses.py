"""The errors that API Gateway answers itself, with AWS's own words.

Types and status codes:
https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
Bodies: https://repost.aws/knowledge-center/api-gateway-403-error-lambda-authorizer,
https://repost.aws/knowledge-center/api-gateway-troubleshoot-403-forbidden and, for the authorizer's
failures, https://dev.to/marcogrcr/api-gateway-lambda-authorizer-lambda-proxy-integration-failure-modes-52bc
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from hatchway.sandbox.data.message import Answer, Request
from hatchway.sandbox.data.world import GatewayResponse

__all__ = [
    "ACCESS_DENIED",
    "API_CONFIGURATION_ERROR",
    "AUTHORIZER_CONFIGURATION_ERROR",
    "AUTHORIZER_FAILURE",
    "BAD_REQUEST_BODY",
    "BAD_REQUEST_PARAMETERS",
    "FORBIDDEN",
    "INTEGRATION_FAILURE",
    "INTEGRATION_TIMEOUT",
    "INVALID_API_KEY",
    "INVALID_SIGNATURE",
    "MALFORMED_RESPONSE",
    "MISSING_AUTHENTICATION_TOKEN",
    "QUOTA_EXCEEDED",
    "REQUEST_TOO_LARGE",
    "THROTTLED",
    "UNAUTHORIZED",
    "UNRECOGNIZED_CLIENT",
    "UNSUPPORTED_MEDIA_TYPE",
    "WAF_FILTERED",
    "GatewayError",
    "Kind",
    "render",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One type of gateway response with its defaults."""

    type: str
    status: int
    error_type: str
    message: str | None
    key: str = "message"
    customizable: bool = True


# Neither the name of an unknown API nor of an unknown stage reaches an API that could have its own
# gateway responses.
FORBIDDEN = Kind(
    type="FORBIDDEN", status=403, error_type="ForbiddenException", message="Forbidden", customizable=False
)
MISSING_AUTHENTICATION_TOKEN = Kind(
    type="MISSING_AUTHENTICATION_TOKEN",
    status=403,
    error_type="MissingAuthenticationTokenException",
    message="Missing Authentication Token",
)
UNAUTHORIZED = Kind(
    type="UNAUTHORIZED", status=401, error_type="UnauthorizedException", message="Unauthorized"
)
ACCESS_DENIED = Kind(
    type="ACCESS_DENIED",
    status=403,
    error_type="AccessDeniedException",
    message="User is not authorized to access this resource",
    key="Message",
)
INVALID_SIGNATURE = Kind(
    type="INVALID_SIGNATURE", status=403, error_type="InvalidSignatureException", message=None
)
UNRECOGNIZED_CLIENT = Kind(
    type="INVALID_SIGNATURE",
    status=403,
    error_type="UnrecognizedClientException",
    message="The security token included in the request is invalid.",
)
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
INVALID_API_KEY = Kind(
    type="INVALID_API_KEY", status=403, error_type="ForbiddenException", message="Forbidden"
)
THROTTLED = Kind(
    type="THROTTLED", status=429, error_type="TooManyRequestsException", message="Too Many Requests"
)
QUOTA_EXCEEDED = Kind(
    type="QUOTA_EXCEEDED", status=429, error_type="LimitExceededException", message="Limit Exceeded"
)
WAF_FILTERED = Kind(type="WAF_FILTERED", status=403, error_type="ForbiddenException", message="Forbidden")
BAD_REQUEST_BODY = Kind(
    type="BAD_REQUEST_BODY", status=400, error_type="BadRequestException", message="Invalid request body"
)
AUTHORIZER_CONFIGURATION_ERROR = Kind(
    type="AUTHORIZER_CONFIGURATION_ERROR",
    status=500,
    error_type="AuthorizerConfigurationException",
    message=None,
)
AUTHORIZER_FAILURE = Kind(
    type="AUTHORIZER_FAILURE", status=500, error_type="AuthorizerFailureException", message=None
)
BAD_REQUEST_PARAMETERS = Kind(
    type="BAD_REQUEST_PARAMETERS", status=400, error_type="BadRequestException", message="Bad Request"
)
REQUEST_TOO_LARGE = Kind(
    type="REQUEST_TOO_LARGE", status=413, error_type="RequestTooLongException", message="Request Too Long"
)
UNSUPPORTED_MEDIA_TYPE = Kind(
    type="UNSUPPORTED_MEDIA_TYPE",
    status=415,
    error_type="BadRequestException",
    message="Unsupported Media Type",
)
API_CONFIGURATION_ERROR = Kind(
    type="API_CONFIGURATION_ERROR",
    status=500,
    error_type="InternalServerErrorException",
    message="Internal server error",
)
# A function that fails and one whose answer is malformed look the same to the caller.
MALFORMED_RESPONSE = Kind(
    type="API_CONFIGURATION_ERROR",
    status=502,
    error_type="InternalServerErrorException",
    message="Internal server error",
)
# The body was seen on a REST API: https://github.com/RhinoSecurityLabs/IPRotate_Burp_Extension/issues/17
INTEGRATION_FAILURE = Kind(
    type="INTEGRATION_FAILURE",
    status=504,
    error_type="InternalServerErrorException",
    message="Network error communicating with endpoint",
)
INTEGRATION_TIMEOUT = Kind(
    type="INTEGRATION_TIMEOUT",
    status=504,
    error_type="InternalServerErrorException",
    message="Endpoint request timed out",
)


class GatewayError(Exception):
    """API Gateway answers by itself. `reason` and `hop` are for the sandbox's log alone."""

    def __init__(
        self, kind: Kind, reason: str, message: str | None = None, *, hop: str | None = None
    ) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason
        self.hop = hop
        self.message = message if message is not None else kind.message


def render(
    error: GatewayError,
    own: Mapping[str, GatewayResponse] | None = None,
    context: Mapping[str, str] | None = None,
    request: Request | None = None,
) -> Answer:
    """Makes the answer of an error, in the API's own form where it defines one.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html:
    a template of the API may use `$context`, its headers `context` and headers of the request; there is no
    other logic in them.
    """
    kind = error.kind
    body = json.dumps({kind.key: error.message}, separators=(",", ":"))
    custom = _custom(kind, own or {})
    status, headers = kind.status, {"Content-Type": "application/json", "x-amzn-ErrorType": kind.error_type}
    if custom is not None:
        facts = {
            **(context or {}),
            "error.message": error.message or "",
            "error.messageString": json.dumps(error.message),
            "error.responseType": kind.type,
        }
        status = custom.status_code or status
        template = custom.templates.get("application/json")
        body = body if template is None else _filled_in(template, facts)
        for name, value in custom.parameters.items():
            mapped = _mapped(value, facts, request)
            if mapped is not None:
                headers[name.removeprefix("gatewayresponse.header.")] = mapped
    return Answer(status=status, headers=tuple(headers.items()), body=body.encode())


def _mapped(expression: str, facts: Mapping[str, str], request: Request | None) -> str | None:
    if expression.startswith("'"):
        return expression[1:-1]
    if expression.startswith("method.request.header."):
        return request.header(expression.removeprefix("method.request.header.")) if request else None
    return facts.get(expression.removeprefix("context."))


def _filled_in(template: str, facts: Mapping[str, str]) -> str:
    return re.sub(r"\$context\.(\w+(?:\.\w+)*)", lambda found: facts.get(found[1], ""), template)


def _custom(kind: Kind, own: Mapping[str, GatewayResponse]) -> GatewayResponse | None:
    if not kind.customizable:
        return None
    return own.get(kind.type) or own.get(f"DEFAULT_{str(kind.status)[0]}XX")
