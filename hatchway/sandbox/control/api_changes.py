"""Changes in place to the parts of a REST API: the PATCH calls that moto does not have.

Each of them goes when moto has the operation. The properties and operations are those of
https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html
"""

import json
from typing import Any
from urllib.parse import unquote

from moto.apigateway import responses
from moto.apigateway.exceptions import (
    BadRequestException,
    DeploymentNotFoundException,
    NoIntegrationDefined,
    NotFoundException,
    VpcLinkNotFound,
)

from hatchway.sandbox.control.integration_checks import check_link, check_mappings, check_uri
from hatchway.sandbox.control.patch_operations import (
    Entries,
    Members,
    Scalar,
    Setting,
    flag,
    number,
    patch,
    text,
)
from hatchway.sandbox.control.patching import parameter

__all__ = ["check_method", "install"]

_METHOD: dict[str, Setting] = {
    "apiKeyRequired": Scalar("api_key_required", flag),
    "authorizationScopes": Members("authorization_scopes", in_path=False),
    "authorizationType": Scalar("authorization_type", text),
    "authorizerId": Scalar("authorizer_id"),
    "operationName": Scalar("operation_name"),
    "requestModels": Entries("request_models"),
    "requestParameters": Entries("request_parameters", flag),
    "requestValidatorId": Scalar("request_validator_id"),
}
_METHOD_RESPONSE: dict[str, Setting] = {
    "responseModels": Entries("response_models"),
    "responseParameters": Entries("response_parameters", flag),
}
_INTEGRATION: dict[str, Setting] = {
    "cacheKeyParameters": Members("cache_key_parameters", in_path=True),
    "cacheNamespace": Scalar("cache_namespace"),
    "connectionId": Scalar("sandbox_connection_id"),
    "connectionType": Scalar("connection_type", text),
    "contentHandling": Scalar("content_handling"),
    "credentials": Scalar("credentials"),
    "httpMethod": Scalar("http_method", text),
    "passthroughBehavior": Scalar("passthrough_behaviour", text),
    "requestParameters": Entries("request_parameters", text),
    "requestTemplates": Entries("request_templates"),
    # 29 s is the quota of an account that has not asked for more; 300 s is what AWS can raise it to.
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
    "timeoutInMillis": Scalar(
        "timeout_in_millis", number(50, 300_000, "Timeout should be between 50 ms and 29000 ms")
    ),
    "tlsConfig": Entries("tls_config", flag, fixed="insecureSkipVerification"),
    "uri": Scalar("uri"),
}
_INTEGRATION_RESPONSE: dict[str, Setting] = {
    "contentHandling": Scalar("content_handling"),
    "responseParameters": Entries("response_parameters"),
    "responseTemplates": Entries("response_templates"),
    "selectionPattern": Scalar("selection_pattern"),
}
_RESOURCE: dict[str, Setting] = {
    "parentId": Scalar("parent_id", text),
    "pathPart": Scalar("path_part", text),
}
_DEPLOYMENT: dict[str, Setting] = {"description": Scalar("description")}
_VPC_LINK: dict[str, Setting] = {"description": Scalar("description"), "name": Scalar("name", text)}


def install() -> None:
    """Adds the operations."""
    handlers = {
        "update_resource": _update_resource,
        "update_method": _update_method,
        "update_method_response": _update_method_response,
        "update_integration": _update_integration,
        "update_integration_response": _update_integration_response,
        "update_deployment": _update_deployment,
        "update_vpc_link": _update_vpc_link,
    }
    for name, handler in handlers.items():
        setattr(responses.APIGatewayResponse, name, handler)


def _segments(response: Any) -> list[str]:
    return unquote(response.path).split("/")


def _operations(response: Any) -> list[dict[str, Any]]:
    return parameter(response, "patchOperations") or []


def _update_resource(response: Any) -> str:
    """https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateResource.html ."""
    _, _, api_id, _, resource_id, *_ = _segments(response)
    resource = response.backend.get_resource(api_id, resource_id)
    if resource.parent_id is None:
        raise BadRequestException("Root resource cannot update its path part or parent.")
    patch(resource, _RESOURCE, _operations(response))
    return json.dumps(resource.to_dict())


def _update_method(response: Any) -> str:
    """https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateMethod.html ."""
    api, method = _method(response)
    patch(method, _METHOD, _operations(response), lambda: check_method(api, method))
    return json.dumps(method.to_json())


def _method(response: Any) -> tuple[Any, Any]:
    _, _, api_id, _, resource_id, _, verb, *_ = _segments(response)
    return response.backend.get_rest_api(api_id), response.backend.get_method(api_id, resource_id, verb)


def check_method(api: Any, method: Any) -> None:
    """Refuses a method whose authorizer or validator does not exist.

    https://docs.aws.amazon.com/apigateway/latest/api/API_PutMethod.html

    Raises:
        BadRequestException: As AWS words it.
    """
    asks = method.authorization_type in {"CUSTOM", "COGNITO_USER_POOLS"}
    if asks and method.authorizer_id not in api.authorizers:
        raise BadRequestException(
            "Invalid authorizer ID specified. Setting the authorization type to CUSTOM or "
            "COGNITO_USER_POOLS requires a valid authorizer."
        )
    if method.request_validator_id and method.request_validator_id not in api.request_validators:
        raise BadRequestException("Invalid Request Validator identifier specified")


def _update_method_response(response: Any) -> str:
    """https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateMethodResponse.html ."""
    _, method = _method(response)
    found = method.get_response(_segments(response)[8])
    if found is None:
        raise NotFoundException("Invalid Response status code specified")
    patch(found, _METHOD_RESPONSE, _operations(response))
    return json.dumps(found.to_json())


def _update_integration(response: Any) -> str:
    """https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateIntegration.html ."""
    _, method = _method(response)
    integration = _integration(method)
    # An imported integration was never seen by the correction that sets it.
    integration.sandbox_connection_id = getattr(integration, "sandbox_connection_id", None)

    def check() -> None:
        check_link(response.backend, integration.connection_type, integration.sandbox_connection_id)
        check_mappings(method, integration.request_parameters)
        check_uri(integration.integration_type, integration.uri)

    patch(integration, _INTEGRATION, _operations(response), check)
    return json.dumps(integration.to_json())


def _integration(method: Any) -> Any:
    if method.method_integration is None:
        raise NoIntegrationDefined
    return method.method_integration


def _update_integration_response(response: Any) -> str:
    """https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateIntegrationResponse.html ."""
    _, method = _method(response)
    found = _integration(method).get_integration_response(_segments(response)[9])
    patch(found, _INTEGRATION_RESPONSE, _operations(response))
    return json.dumps(found.to_json())


def _update_deployment(response: Any) -> str:
    """https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateDeployment.html ."""
    _, _, api_id, _, deployment_id, *_ = _segments(response)
    deployment = response.backend.get_rest_api(api_id).deployments.get(deployment_id)
    if deployment is None:
        raise DeploymentNotFoundException
    patch(deployment, _DEPLOYMENT, _operations(response))
    return json.dumps(deployment.to_json())


def _update_vpc_link(response: Any) -> str:
    """https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateVpcLink.html ."""
    link = response.backend.vpc_links.get(_segments(response)[2])
    if link is None:
        raise VpcLinkNotFound
    patch(link, _VPC_LINK, _operations(response))
    return json.dumps(link.to_json())
