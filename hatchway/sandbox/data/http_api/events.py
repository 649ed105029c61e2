"""The events that HTTP APIs send to Lambda authorizers.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
"""

import urllib.parse
from typing import Any

from hatchway.sandbox.data.http_api.call import HttpCall
from hatchway.sandbox.data.http_api.routes import RouteMatch

__all__ = ["event_1_0", "event_2_0"]


def event_1_0(identity: tuple[str, ...], found: RouteMatch, call: HttpCall) -> dict[str, Any]:
    """The event of payload format 1.0."""
    request, context = call.request, call.context()
    method, _, resource = found.route.key.partition(" ")
    return {
        "version": "1.0",
        "type": "REQUEST",
        "methodArn": call.arn,
        "identitySource": ",".join(identity),
        "authorizationToken": identity[0] if identity else "",
        "resource": resource or method,
        "path": call.called_path,
        "httpMethod": request.method,
        "headers": {name: ",".join(values) for name, values in request.header_values.items()},
        "queryStringParameters": {name: values[-1] for name, values in request.query_values.items()},
        "pathParameters": dict(found.path_parameters),
        "stageVariables": dict(call.stage.variables),
        "requestContext": {
            **{name: context[name] for name in _OLD},
            "resourcePath": resource or method,
            "identity": {
                "sourceIp": context["identity.sourceIp"],
                "userAgent": context["identity.userAgent"],
            },
        },
    }


_OLD = (
    "accountId",
    "apiId",
    "domainName",
    "domainPrefix",
    "httpMethod",
    "path",
    "protocol",
    "requestId",
    "stage",
)


def event_2_0(identity: tuple[str, ...], found: RouteMatch, call: HttpCall) -> dict[str, Any]:
    """The event of payload format 2.0."""
    request, context = call.request, call.context()
    headers = {name.lower(): ",".join(values) for name, values in request.header_values.items()}
    cookies = [part.strip() for part in headers.pop("cookie", "").split(";") if part.strip()]
    return {
        "version": "2.0",
        "type": "REQUEST",
        "routeArn": call.arn,
        "identitySource": list(identity),
        "routeKey": found.route.key,
        "rawPath": urllib.parse.unquote(call.called_path),
        "rawQueryString": request.query,
        "cookies": cookies,
        "headers": headers,
        "queryStringParameters": {name: ",".join(values) for name, values in request.query_values.items()},
        "pathParameters": dict(found.path_parameters),
        "stageVariables": dict(call.stage.variables),
        "requestContext": {
            **{name: context[name] for name in ("accountId", "apiId", "domainName", "domainPrefix")},
            "http": {
                "method": request.method,
                "path": urllib.parse.unquote(call.called_path),
                "protocol": "HTTP/1.1",
                "sourceIp": context["identity.sourceIp"],
                "userAgent": context["identity.userAgent"],
            },
            "requestId": call.request_id,
            "routeKey": found.route.key,
            "stage": call.stage.name,
            "time": context["requestTime"],
            "timeEpoch": int(context["requestTimeEpoch"]),
        },
    }
