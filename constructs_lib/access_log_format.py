"""What an access log says about a request: everything that tells where it failed, and no credential.

Left out on purpose: headers, query strings, bodies, claims, API keys and caller's access keys.
"""

import json

# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
_REST = {
    "requestId": "requestId",
    "extendedRequestId": "extendedRequestId",
    "requestTime": "requestTime",
    "stage": "stage",
    "httpMethod": "httpMethod",
    "resourcePath": "resourcePath",
    "path": "path",
    "protocol": "protocol",
    "status": "status",
    "responseLength": "responseLength",
    "responseLatency": "responseLatency",
    "sourceIp": "identity.sourceIp",
    "vpceId": "identity.vpceId",
    "userAgent": "identity.userAgent",
    "apiKeyId": "identity.apiKeyId",
    "traceId": "xrayTraceId",
    "error.responseType": "error.responseType",
    "error.message": "error.message",
    "error.validation": "error.validationErrorString",
    "waf.status": "waf.status",
    "waf.error": "waf.error",
    "authenticate.status": "authenticate.status",
    "authenticate.error": "authenticate.error",
    "authorize.status": "authorize.status",
    "authorize.error": "authorize.error",
    "authorizer.status": "authorizer.status",
    "authorizer.error": "authorizer.error",
    "authorizer.latency": "authorizer.latency",
    "authorizer.requestId": "authorizer.requestId",
    "authorizer.principalId": "authorizer.principalId",
    "integration.status": "integration.status",
    "integration.integrationStatus": "integration.integrationStatus",
    "integration.error": "integration.error",
    "integration.latency": "integration.latency",
    "integration.requestId": "integration.requestId",
}
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
_HTTP = {
    "requestId": "requestId",
    "extendedRequestId": "extendedRequestId",
    "requestTime": "requestTime",
    "stage": "stage",
    "httpMethod": "httpMethod",
    "routeKey": "routeKey",
    "path": "path",
    "protocol": "protocol",
    "status": "status",
    "responseLength": "responseLength",
    "responseLatency": "responseLatency",
    "sourceIp": "identity.sourceIp",
    "userAgent": "identity.userAgent",
    "error.responseType": "error.responseType",
    "error.message": "error.message",
    "authorizer.status": "authorizer.status",
    "authorizer.error": "authorizer.error",
    "authorizer.latency": "authorizer.latency",
    "authorizer.requestId": "authorizer.requestId",
    "authorizer.principalId": "authorizer.principalId",
    "integration.status": "integration.status",
    "integration.integrationStatus": "integration.integrationStatus",
    "integration.error": "integration.error",
    "integration.latency": "integration.latency",
    "integration.requestId": "integration.requestId",
}


def rest_api_format() -> str:
    """Renders the format of a REST API's access log: one line of JSON per request."""
    return _render(_REST)


def http_api_format() -> str:
    """Renders the format of an HTTP API's access log: one line of JSON per request."""
    return _render(_HTTP)


def _render(variables: dict[str, str]) -> str:
    return json.dumps({name: f"$context.{variable}" for name, variable in variables.items()})
