"""The export of a stage: what its deployment froze, as an OpenAPI document with API Gateway's extensions.

https://docs.aws.amazon.com/apigateway/latest/api/API_GetExport.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from hatchway.sandbox.data.world import ApiDefinition, Authorizer, GatewayResponse, Integration, Method

__all__ = ["export"]

_ANY = "x-amazon-apigateway-any-method"
_PLACES = {"header": "header", "querystring": "query", "path": "path"}


def export(definition: ApiDefinition, names: Mapping[str, str]) -> dict[str, Any]:
    """Returns the document.

    Args:
        definition: The API as it was deployed.
        names: The name of each authorizer, by id, which is what methods of the document refer to.
    """
    document: dict[str, Any] = {
        "openapi": "3.0.1",
        "info": {"title": "export", "version": "1"},
        "paths": {
            resource.path: {
                _ANY if verb == "ANY" else verb.lower(): _operation(method, names)
                for verb, method in resource.methods.items()
            }
            for resource in definition.resources
            if resource.methods
        },
        "components": {
            "securitySchemes": {
                names.get(identity, identity): _scheme(one)
                for identity, one in definition.authorizers.items()
            }
        },
    }
    if definition.policy is not None:
        document["x-amazon-apigateway-policy"] = dict(definition.policy)
    if definition.binary_media_types:
        document["x-amazon-apigateway-binary-media-types"] = list(definition.binary_media_types)
    if definition.gateway_responses:
        document["x-amazon-apigateway-gateway-responses"] = {
            kind: _gateway_response(response) for kind, response in definition.gateway_responses.items()
        }
    return document


def _gateway_response(response: GatewayResponse) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "responseParameters": dict(response.parameters),
        "responseTemplates": dict(response.templates),
    }
    return shown if response.status_code is None else {"statusCode": response.status_code, **shown}


def _operation(method: Method, names: Mapping[str, str]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "parameters": list(_parameters(method.request_parameters)),
        "responses": {str(status): {"description": ""} for status in sorted(method.response_statuses)},
    }
    security = list(_security(method, names))
    if security:
        operation["security"] = security
    if method.integration is not None:
        operation["x-amazon-apigateway-integration"] = _integration(method.integration)
    return operation


def _parameters(parameters: Mapping[str, bool]) -> Iterator[dict[str, Any]]:
    for source, required in parameters.items():
        found = re.fullmatch(r"method\.request\.(header|querystring|path)\.(.+)", source)
        if found is not None:
            place = _PLACES[found[1]]
            yield {"name": found[2], "in": place, "required": required, "schema": {"type": "string"}}


def _security(method: Method, names: Mapping[str, str]) -> Iterator[dict[str, list[str]]]:
    if method.authorizer_id is not None:
        yield {names.get(method.authorizer_id, method.authorizer_id): list(method.authorization_scopes)}
    if method.authorization_type == "AWS_IAM":
        yield {"sigv4": []}
    if method.api_key_required:
        yield {"api_key": []}


def _scheme(authorizer: Authorizer) -> dict[str, Any]:
    pools = authorizer.type == "COGNITO_USER_POOLS"
    extension = {
        "type": authorizer.type.lower(),
        "authorizerUri": authorizer.uri,
        "authorizerCredentials": authorizer.credentials,
        "providerARNs": list(authorizer.provider_arns),
        "identitySource": ", ".join(authorizer.identity_sources),
        "identityValidationExpression": authorizer.identity_validation_expression,
        "authorizerResultTtlInSeconds": authorizer.result_ttl_seconds,
    }
    return {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "x-amazon-apigateway-authtype": "cognito_user_pools" if pools else "custom",
        "x-amazon-apigateway-authorizer": {k: v for k, v in extension.items() if v not in ("", None, [])},
    }


def _integration(integration: Integration) -> dict[str, Any]:
    document: dict[str, Any] = {
        "type": integration.type.lower(),
        "httpMethod": integration.http_method,
        "uri": integration.uri,
        "credentials": integration.credentials,
        "connectionType": integration.connection_type,
        "connectionId": integration.connection_id,
        "requestParameters": dict(integration.request_parameters),
        "requestTemplates": dict(integration.request_templates),
        "passthroughBehavior": integration.passthrough_behavior.lower(),
        "timeoutInMillis": integration.timeout_milliseconds,
        "responses": {
            response.selection_pattern or "default": {"statusCode": str(response.status_code)}
            for response in integration.responses
        },
    }
    return {name: value for name, value in document.items() if value not in ("", None, {})}
