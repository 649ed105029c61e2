"""Reads HTTP APIs and their VPC links from moto's records."""

from collections.abc import Iterator, Mapping
from typing import Any

from moto.apigatewayv2.models import apigatewayv2_backends
from moto.ec2.models import ec2_backends

from hatchway.sandbox.data import moto_networks
from hatchway.sandbox.data.moto_callers import throttle
from hatchway.sandbox.data.world import (
    Cors,
    HttpApi,
    HttpAuthorizer,
    HttpDefinition,
    HttpIntegration,
    HttpRoute,
    HttpStage,
    Throttle,
    VpcLinkV2,
)

__all__ = ["HTTP_DEFINITION", "read_http_api", "read_http_definition", "read_issuers", "read_vpc_link_v2"]

# moto is not typed: its objects are `Any` throughout this module.
_Moto = Any

HTTP_DEFINITION = "hatchway_definition"
"""The key of a deployment that holds the API as it was deployed."""


def _each() -> Iterator[_Moto]:
    for regions in list(apigatewayv2_backends.values()):
        yield from list(regions.values())


def read_http_api(api_id: str) -> HttpApi | None:
    """Returns the HTTP API with this id, in whichever account it is."""
    for backend in _each():
        api = backend.apis.get(api_id)
        if api is not None and api.protocol_type == "HTTP":
            found = {name: _stage(api, stage) for name, stage in list(api.stages.items())}
            return HttpApi(
                id=api_id,
                account_id=backend.account_id,
                region=backend.region_name,
                default_endpoint_disabled=_is_true(api.disable_execute_api_endpoint),
                cors=_cors(api.cors_configuration),
                stages={name: stage for name, stage in found.items() if stage is not None},
            )
    return None


def read_issuers() -> frozenset[str]:
    """Returns the issuers that JWT authorizers trust."""
    return frozenset(
        str((authorizer.jwt_config or {}).get("issuer"))
        for backend in _each()
        for api in list(backend.apis.values())
        for authorizer in list(api.authorizers.values())
        if authorizer.authorizer_type == "JWT"
    )


def read_vpc_link_v2(link_id: str) -> VpcLinkV2 | None:
    """Returns the VPC link with this id, with the interfaces that it still has."""
    for backend in _each():
        link = backend.vpc_links.get(link_id)
        if link is not None:
            enis = ec2_backends[backend.account_id][backend.region_name].enis
            own = [enis.get(eni_id) for eni_id in getattr(link, "sandbox_interfaces", ())]
            return VpcLinkV2(
                id=link_id,
                account_id=backend.account_id,
                status="AVAILABLE",
                interfaces=tuple(moto_networks.interface(eni) for eni in own if eni is not None),
            )
    return None


def read_http_definition(api: _Moto) -> HttpDefinition:
    """Returns the routes and authorizers as they are now."""
    return HttpDefinition(
        routes=tuple(_route(api, route) for route in list(api.routes.values())),
        authorizers={item.id: _authorizer(item) for item in list(api.authorizers.values())},
    )


def _stage(api: _Moto, stage: _Moto) -> HttpStage | None:
    """Reads a stage; None where nothing is deployed on it."""
    definition: HttpDefinition | None
    if _is_true(stage.auto_deploy):
        definition = read_http_definition(api)
    else:
        deployments = getattr(api, "sandbox_deployments", {})
        kept = deployments.get(getattr(stage, "sandbox_deployment_id", None)) or {}
        definition = kept.get(HTTP_DEFINITION)
    if definition is None:
        return None
    logs = stage.access_log_settings or {}
    return HttpStage(
        name=stage.name,
        definition=definition,
        variables={name: str(value) for name, value in (stage.stage_variables or {}).items()},
        throttle=_throttle(stage.default_route_settings),
        route_throttles={
            key: found
            for key, settings in (stage.route_settings or {}).items()
            if (found := _throttle(settings)) is not None
        },
        access_log_arn=logs.get("destinationArn"),
        access_log_format=logs.get("format") or "",
    )


def _throttle(settings: Mapping[str, Any] | None) -> Throttle | None:
    given = settings or {}
    return throttle(
        {"rateLimit": given.get("throttlingRateLimit"), "burstLimit": given.get("throttlingBurstLimit")}
    )


def _route(api: _Moto, route: _Moto) -> HttpRoute:
    integration = api.integrations.get(str(route.target or "").removeprefix("integrations/"))
    return HttpRoute(
        key=route.route_key,
        authorization_type=route.authorization_type or "NONE",
        authorizer_id=route.authorizer_id,
        scopes=tuple(route.authorization_scopes or ()),
        integration=_integration(integration) if integration is not None else None,
    )


def _integration(integration: _Moto) -> HttpIntegration:
    tls = integration.tls_config or {}
    return HttpIntegration(
        type=integration.integration_type,
        uri=integration.integration_uri or "",
        method=integration.integration_method or "ANY",
        connection_type=integration.connection_type or "INTERNET",
        connection_id=integration.connection_id,
        request_parameters=dict(integration.request_parameters or {}),
        payload_format_version=integration.payload_format_version or "1.0",
        timeout_milliseconds=int(integration.timeout_in_millis or 30000),
        server_name_to_verify=tls.get("serverNameToVerify"),
        credentials=integration.credentials_arn,
    )


def _authorizer(item: _Moto) -> HttpAuthorizer:
    tokens = item.jwt_config or {}
    sources = item.identity_source or ()
    return HttpAuthorizer(
        id=item.id,
        type=item.authorizer_type,
        identity_sources=tuple([sources] if isinstance(sources, str) else sources),
        issuer=str(tokens.get("issuer") or ""),
        audience=tuple(tokens.get("audience") or ()),
        uri=item.authorizer_uri or "",
        payload_format_version=item.auth_payload_format_version or "1.0",
        has_simple_responses=_is_true(item.enable_simple_response),
        result_ttl_seconds=int(item.auth_result_ttl or 0),
        credentials=item.auth_creds_arn,
    )


def _cors(settings: Mapping[str, Any] | None) -> Cors | None:
    if not settings:
        return None
    age = settings.get("maxAge")
    return Cors(
        allow_origins=tuple(settings.get("allowOrigins") or ()),
        allow_methods=tuple(settings.get("allowMethods") or ()),
        allow_headers=tuple(settings.get("allowHeaders") or ()),
        expose_headers=tuple(settings.get("exposeHeaders") or ()),
        max_age_seconds=int(age) if age is not None else None,
        allow_credentials=_is_true(settings.get("allowCredentials")),
    )


def _is_true(value: object) -> bool:
    return str(value).lower() == "true"
