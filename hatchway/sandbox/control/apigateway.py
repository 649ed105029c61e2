"""REST APIs: what moto drops, and what it lets pass that API Gateway refuses."""

import json
from typing import Any

from moto.apigateway import models, responses
from moto.apigateway.exceptions import BadRequestException, DeploymentNotFoundException, StageStillActive

from hatchway.sandbox.control import (
    api_changes,
    openapi_import,
    stage_canary,
    stage_changes,
    usage_plan_changes,
)
from hatchway.sandbox.control.integration_checks import check_link, check_mappings
from hatchway.sandbox.control.patching import around, parameter

__all__ = ["install"]

_DEFAULT_TIMEOUT_MILLISECONDS = 29000


def install() -> None:
    """Corrects moto's REST APIs."""
    api_changes.install()
    openapi_import.install()
    stage_canary.install()
    stage_changes.install()
    usage_plan_changes.install()
    around(models.RestAPI, "to_dict", _policy_is_escaped)
    around(models.RestAPI, "apply_patch_operations", _patches_reach_every_setting)
    around(models.RestAPI, "create_deployment", _redeploying_keeps_the_stage)
    around(models.RestAPI, "delete_deployment", _a_deployment_in_use_stays)
    around(models.Integration, "to_json", _integration_shows_its_link)
    around(models.APIGatewayBackend, "put_method", _a_method_needs_its_authorizer)
    around(models.APIGatewayBackend, "create_deployment", _a_private_api_needs_a_policy)
    around(models.APIGatewayBackend, "delete_vpc_link", _a_link_in_use_stays)
    around(models.Authorizer, "apply_operations", _pools_are_added_and_removed)
    around(responses.APIGatewayResponse, "create_rest_api", _create_keeps_media_types)
    around(responses.APIGatewayResponse, "put_integration", _integration_keeps_its_link)
    around(responses.APIGatewayResponse, "create_authorizer", _authorizer_keeps_its_expression)


def _policy_is_escaped(original: Any, api: Any) -> dict[str, Any]:
    """Returns the policy as AWS does, as the inside of a JSON string.

    The provider unquotes it, and fails on plain JSON: `resourceRestAPIRead` in
    https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/apigateway/rest_api.go
    Goes when moto returns it escaped.
    """
    result: dict[str, Any] = original(api)
    if api.policy:
        result["policy"] = json.dumps(api.policy)[1:-1]
    return result


def _patches_reach_every_setting(original: Any, api: Any, operations: list[dict[str, Any]]) -> None:
    """Applies the patch operations that moto ignores, or applies wrongly (`bool("false")`).

    https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateRestApi-Patch
    Goes when moto handles these paths.
    """
    original(api, [operation for operation in operations if not _apply(api, operation)])


def _apply(api: Any, operation: dict[str, Any]) -> bool:
    path, value = operation["path"], operation.get("value") or ""
    if path == "/disableExecuteApiEndpoint":
        api.disableExecuteApiEndpoint = value.lower() == "true"
    elif path == "/minimumCompressionSize":
        api.minimum_compression_size = int(value) if value else None
    elif path.startswith("/endpointConfiguration/vpcEndpointIds"):
        _edit(api.endpoint_configuration.setdefault("vpcEndpointIds", []), operation["op"], value)
    elif path.startswith("/binaryMediaTypes/"):
        media_type = path.removeprefix("/binaryMediaTypes/").replace("~1", "/").replace("~0", "~")
        _edit(api.binaryMediaTypes, operation["op"], media_type)
    else:
        return False
    return True


def _edit(values: list[str], operation: str, value: str) -> None:
    if operation == "remove":
        if value in values:
            values.remove(value)
    elif value not in values:
        values.append(value)


def _redeploying_keeps_the_stage(original: Any, api: Any, *args: Any, **kwargs: Any) -> Any:
    """Points an existing stage to the new deployment; moto makes a new stage and loses its settings.

    https://docs.aws.amazon.com/apigateway/latest/api/API_CreateDeployment.html
    Goes when moto keeps the stage.
    """
    stages = dict(api.stages)
    deployment = original(api, *args, **kwargs)
    deployment.sandbox_vpc_links = tuple(_links(api))
    stage = stages.get(deployment.stage_name)
    if stage is not None:
        stage.deployment_id = deployment.id
        api.stages[deployment.stage_name] = stage
    return deployment


def _links(api: Any) -> Any:
    """Yields VPC link id, method and resource id of each integration over a VPC link."""
    for resource_id, resource in api.resources.items():
        for method, definition in resource.resource_methods.items():
            link = getattr(definition.method_integration, "sandbox_connection_id", None)
            if link:
                yield link, method, resource_id


def _a_deployment_in_use_stays(_original: Any, api: Any, deployment_id: str) -> Any:
    """Refuses to delete the deployment a stage runs; moto looks at the stage it was first made for.

    https://github.com/hashicorp/terraform-provider-aws/issues/19805 has AWS's message.
    Goes when moto compares the stages' deployment ids.
    """
    if any(stage.deployment_id == deployment_id for stage in api.stages.values()):
        raise StageStillActive
    if deployment_id not in api.deployments:
        raise DeploymentNotFoundException
    return api.deployments.pop(deployment_id)


def _a_private_api_needs_a_policy(
    original: Any, backend: Any, function_id: str, *args: Any, **kwargs: Any
) -> Any:
    """Refuses to deploy a private API without a resource policy.

    https://github.com/hashicorp/terraform-provider-aws/issues/14290 has AWS's message.
    Goes when moto refuses it.
    """
    api = backend.get_rest_api(function_id)
    if "PRIVATE" in api.endpoint_configuration.get("types", ()) and not api.policy:
        raise BadRequestException("Private REST API doesn't have a resource policy attached to it")
    return original(backend, function_id, *args, **kwargs)


def _a_method_needs_its_authorizer(
    original: Any,
    backend: Any,
    function_id: str,
    resource_id: str,
    method_type: str,
    *args: Any,
    **kwargs: Any,
) -> Any:
    """Refuses a method that names an authorizer of nobody; goes when moto refuses it."""
    method = original(backend, function_id, resource_id, method_type, *args, **kwargs)
    try:
        api_changes.check_method(backend.get_rest_api(function_id), method)
    except BadRequestException:
        backend.get_resource(function_id, resource_id).resource_methods.pop(method_type, None)
        raise
    return method


def _a_link_in_use_stays(original: Any, backend: Any, vpc_link_id: str) -> None:
    """Refuses to delete a VPC link that a deployed stage uses.

    https://github.com/hashicorp/terraform-provider-aws/issues/12195 has AWS's message.
    Goes when moto refuses it.
    """
    users = [
        f"{method}:{resource}:{stage.name}"
        for api in backend.apis.values()
        for stage in api.stages.values()
        for link, method, resource in _deployed_links(api, stage)
        if link == vpc_link_id
    ]
    if users:
        raise BadRequestException(
            f"Cannot delete vpc link. Vpc link '{vpc_link_id}', is referenced in [{', '.join(users)}] "
            "in format of [Method:Resource:Stage]."
        )
    original(backend, vpc_link_id)


def _deployed_links(api: Any, stage: Any) -> tuple[tuple[str, str, str], ...]:
    deployment = api.deployments.get(stage.deployment_id)
    links: tuple[tuple[str, str, str], ...] = getattr(deployment, "sandbox_vpc_links", ())
    return links


def _create_keeps_media_types(original: Any, response: Any) -> Any:
    """Keeps `binaryMediaTypes`, which moto drops at creation; goes when it keeps them."""
    status, headers, body = original(response)
    media_types = parameter(response, "binaryMediaTypes")
    if status == 200 and media_types:  # noqa: PLR2004 - HTTP
        api = response.backend.apis[json.loads(body)["id"]]
        api.binaryMediaTypes = list(media_types)
        body = json.dumps(api.to_dict())
    return status, headers, body


def _integration_keeps_its_link(original: Any, response: Any) -> Any:
    """Keeps `connectionId` and `cacheKeyParameters`, which moto drops.

    A VPC link that does not exist is refused, unless it is named through a stage variable.
    https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html
    Goes when moto keeps them.
    """
    connection_id = parameter(response, "connectionId")
    check_link(response.backend, parameter(response, "connectionType"), connection_id)
    _, _, api_id, _, resource_id, _, method, *_ = response.path.split("/")
    check_mappings(
        response.backend.get_method(api_id, resource_id, method), parameter(response, "requestParameters")
    )
    status, headers, _ = original(response)
    integration = response.backend.get_integration(api_id, resource_id, method)
    integration.sandbox_connection_id = connection_id
    # AWS's own defaults, which moto leaves empty.
    integration.cache_namespace = integration.cache_namespace or resource_id
    integration.timeout_in_millis = integration.timeout_in_millis or _DEFAULT_TIMEOUT_MILLISECONDS
    integration.cache_key_parameters = parameter(response, "cacheKeyParameters") or []
    return status, headers, json.dumps(integration.to_json())


def _integration_shows_its_link(original: Any, integration: Any) -> dict[str, Any]:
    """Returns the `connectionId` kept above; goes with it."""
    result: dict[str, Any] = original(integration)
    connection_id = getattr(integration, "sandbox_connection_id", None)
    if connection_id:
        result["connectionId"] = connection_id
    return result


def _authorizer_keeps_its_expression(original: Any, response: Any) -> Any:
    """Keeps `identityValidationExpression`, which moto drops at creation; goes when it keeps it."""
    status, headers, body = original(response)
    expression = parameter(response, "identityValidationExpression")
    if expression:
        authorizer = response.backend.get_authorizer(response.path.split("/")[2], json.loads(body)["id"])
        authorizer.identity_validation_expression = expression
        body = json.dumps(authorizer.to_json())
    return status, headers, body


def _pools_are_added_and_removed(
    original: Any, authorizer: Any, patch_operations: list[dict[str, Any]]
) -> Any:
    """Changes the user pools of an authorizer, at which moto fails; goes when moto does.

    https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateAuthorizer-Patch
    """
    others = []
    for operation in patch_operations:
        if operation["path"] == "/providerARNs":
            pools = [arn for arn in authorizer.provider_arns or () if arn != operation["value"]]
            is_added = operation["op"] == "add"
            authorizer.provider_arns = [*pools, operation["value"]] if is_added else pools
        else:
            others.append(operation)
    return original(authorizer, others)
