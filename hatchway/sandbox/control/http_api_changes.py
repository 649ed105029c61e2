"""Changes in place to HTTP APIs' stages, domain names and mappings: the calls that moto does not have.

Each of them goes when moto has the operation.
"""

import json
from typing import Any
from urllib.parse import unquote

from moto.apigateway.exceptions import BadRequestException
from moto.apigatewayv2 import responses, urls
from moto.apigatewayv2.exceptions import StageNotFound

from hatchway.sandbox.control.domain_names import check_certificate, check_truststore

__all__ = ["install"]

_STAGE = {
    "accessLogSettings": "access_log_settings",
    "autoDeploy": "auto_deploy",
    "clientCertificateId": "client_certificate_id",
    "defaultRouteSettings": "default_route_settings",
    "description": "description",
    "stageVariables": "stage_variables",
}
_NO_CONTENT = 204


def install() -> None:
    """Adds the operations."""
    stage = "{0}/v2/apis/(?P<api_id>[^/]+)/stages/(?P<stage_name>[^/]+)"
    for tail in ("accesslogsettings$", "routesettings/(?P<route_key>.+)$"):
        urls.url_paths[f"{stage}/{tail}"] = responses.ApiGatewayV2Response.dispatch
    handlers = {
        "update_stage": _update_stage,
        "delete_access_log_settings": _delete_access_log_settings,
        "delete_route_settings": _delete_route_settings,
        "update_domain_name": _update_domain_name,
        "update_api_mapping": _update_api_mapping,
    }
    for name, handler in handlers.items():
        setattr(responses.ApiGatewayV2Response, name, handler)


def _segments(response: Any) -> list[str]:
    return [unquote(part) for part in response.path.split("/")]


def _stage(response: Any) -> tuple[Any, Any]:
    _, _, _, api_id, _, name, *_ = _segments(response)
    api = response.apigatewayv2_backend.get_api(api_id)
    if name not in api.stages:
        raise StageNotFound
    return api, api.stages[name]


def _update_stage(response: Any) -> Any:
    """https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-stages-stagename.html ."""
    api, stage = _stage(response)
    given = json.loads(response.body or "{}")
    deployment_id = given.get("deploymentId")
    if deployment_id and deployment_id not in getattr(api, "sandbox_deployments", {}):
        raise BadRequestException("Invalid deployment identifier specified")
    if deployment_id:
        stage.sandbox_deployment_id = deployment_id
    for name, attribute in _STAGE.items():
        if name in given:
            setattr(stage, attribute, given[name])
    stage.route_settings = {**(stage.route_settings or {}), **(given.get("routeSettings") or {})}
    return 200, {}, json.dumps(stage.to_json())


def _delete_access_log_settings(response: Any) -> Any:
    _, stage = _stage(response)
    stage.access_log_settings = None
    return _NO_CONTENT, {}, ""


def _delete_route_settings(response: Any) -> Any:
    _, stage = _stage(response)
    # A route key has slashes of its own.
    key = unquote(response.path).partition("/routesettings/")[2]
    stage.route_settings.pop(key, None)
    return _NO_CONTENT, {}, ""


def _update_domain_name(response: Any) -> Any:
    """https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/domainnames-domainname.html ."""
    backend = response.apigatewayv2_backend
    domain = backend.get_domain_name(_segments(response)[3])
    given = json.loads(response.body or "{}")
    for shown, changed in zip(
        domain.domain_name_configurations, given.get("domainNameConfigurations") or (), strict=False
    ):
        check_certificate(backend, changed.get("certificateArn"), domain.domain_name)
        shown.update(changed)
    if "mutualTlsAuthentication" in given:
        mutual = {name: value for name, value in given["mutualTlsAuthentication"].items() if value}
        if mutual:
            check_truststore(backend, mutual)
        domain.mutual_tls_authentication = mutual
    return 200, {}, json.dumps(domain.to_json())


def _update_api_mapping(response: Any) -> Any:
    """Changes a mapping in place.

    https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/domainnames-domainname-apimappings.html
    """
    segments = _segments(response)
    backend = response.apigatewayv2_backend
    mapping = backend.get_api_mapping(segments[5], segments[3])
    given = json.loads(response.body or "{}")
    mapping.api_id = given.get("apiId", mapping.api_id)
    mapping.api_mapping_key = given.get("apiMappingKey", mapping.api_mapping_key)
    mapping.stage = given.get("stage", mapping.stage)
    return 200, {}, json.dumps(mapping.to_json())
