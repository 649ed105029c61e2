"""The events that API Gateway sends to Lambda authorizers.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
"""

from dataclasses import dataclass
from typing import Any

from hatchway.sandbox.data.mapping import Source
from hatchway.sandbox.data.world import Authorizer

__all__ = ["Call", "authorizer_event"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """The request that is to be authorized, and the API and stage it is for."""

    source: Source
    api_arn: str
    method_arn: str
    account_id: str
    resource_path: str
    request_id: str
    deployment_id: str


def authorizer_event(authorizer: Authorizer, call: Call, identity: tuple[str, ...]) -> dict[str, Any]:
    """The event of a TOKEN or a REQUEST authorizer for this call."""
    if authorizer.type == "TOKEN":
        return {"type": "TOKEN", "authorizationToken": identity[0], "methodArn": call.method_arn}
    request = call.source.request
    return {
        "type": "REQUEST",
        "methodArn": call.method_arn,
        "resource": call.resource_path,
        "path": request.path,
        "httpMethod": request.method,
        "headers": {name: values[-1] for name, values in request.header_values.items()},
        "multiValueHeaders": request.header_values,
        "queryStringParameters": {name: values[-1] for name, values in request.query_values.items()},
        "multiValueQueryStringParameters": request.query_values,
        "pathParameters": dict(call.source.path_parameters),
        "stageVariables": dict(call.source.stage_variables),
        "requestContext": _request_context(call),
    }


def _request_context(call: Call) -> dict[str, Any]:
    context = call.source.context
    return {
        "path": context.get("path", ""),
        "accountId": call.account_id,
        "resourcePath": call.resource_path,
        "stage": context.get("stage", ""),
        "requestId": call.request_id,
        "apiId": context.get("apiId", ""),
        "httpMethod": call.source.request.method,
        "domainName": context.get("domainName", ""),
        "protocol": "HTTP/1.1",
        "identity": {
            "sourceIp": context.get("identity.sourceIp", ""),
            "userAgent": context.get("identity.userAgent", ""),
        },
    }
