"""Copies an API's definition out of moto's records, at the moment of a deployment."""

from typing import Any

from hatchway.sandbox.data.moto_view import document
from hatchway.sandbox.data.world import (
    ApiDefinition,
    Authorizer,
    GatewayResponse,
    Integration,
    IntegrationResponse,
    Method,
    Resource,
)

__all__ = ["read_definition"]

# moto is not typed: its objects are `Any` throughout this module.
_Moto = Any


def read_definition(api: _Moto) -> ApiDefinition:
    """Returns everything of an API that a deployment freezes."""
    validating = {
        validator.id
        for validator in api.request_validators.values()
        if str(validator.validate_request_parameters).lower() == "true"
    }
    return ApiDefinition(
        resources=tuple(_resource(resource, validating) for resource in api.resources.values()),
        authorizers={authorizer.id: _authorizer(authorizer) for authorizer in api.authorizers.values()},
        policy=document(api.policy),
        gateway_responses={kind: _gateway_response(kind, r) for kind, r in api.gateway_responses.items()},
    )


def _resource(resource: _Moto, validating: set[str]) -> Resource:
    methods = {name: _method(method, validating) for name, method in resource.resource_methods.items()}
    return Resource(id=resource.id, path=resource.get_path(), methods=methods)


def _method(method: _Moto, validating: set[str]) -> Method:
    integration = method.method_integration
    return Method(
        http_method=method.http_method,
        authorization_type=method.authorization_type or "NONE",
        authorizer_id=method.authorizer_id,
        api_key_required=str(method.api_key_required).lower() == "true",
        request_parameters={
            name: str(required).lower() == "true"
            for name, required in (method.request_parameters or {}).items()
        },
        validates_parameters=method.request_validator_id in validating,
        response_statuses=frozenset(int(status) for status in method.method_responses),
        integration=None if integration is None else _integration(integration),
    )


def _integration(integration: _Moto) -> Integration:
    return Integration(
        type=str(integration.integration_type).upper(),
        uri=integration.uri or "",
        http_method=integration.http_method or "ANY",
        connection_type=integration.connection_type or "INTERNET",
        connection_id=getattr(integration, "sandbox_connection_id", None),
        request_parameters=dict(integration.request_parameters or {}),
        request_templates={k: v for k, v in (integration.request_templates or {}).items() if v},
        passthrough_behavior=integration.passthrough_behaviour or "WHEN_NO_MATCH",
        timeout_milliseconds=int(integration.timeout_in_millis or 29000),
        responses=tuple(
            IntegrationResponse(
                status_code=int(response.status_code),
                selection_pattern=response.selection_pattern or None,
                templates={k: v or "" for k, v in (response.response_templates or {}).items()},
                parameters=dict(response.response_parameters or {}),
            )
            for response in (integration.integration_responses or {}).values()
        ),
    )


def _authorizer(authorizer: _Moto) -> Authorizer:
    ttl = authorizer.authorizer_result_ttl
    sources = authorizer.identity_source or ""
    return Authorizer(
        id=authorizer.id,
        type=authorizer.type or "TOKEN",
        uri=authorizer.authorizer_uri or "",
        identity_sources=tuple(part.strip() for part in sources.split(",") if part.strip()),
        identity_validation_expression=getattr(authorizer, "identity_validation_expression", None),
        result_ttl_seconds=300 if ttl is None else int(ttl),
        credentials=getattr(authorizer, "authorizer_credentials", None),
    )


def _gateway_response(kind: str, response: _Moto) -> GatewayResponse:
    status = getattr(response, "status_code", None)
    return GatewayResponse(
        type=kind,
        status_code=int(status) if status else None,
        templates=dict(getattr(response, "response_templates", None) or {}),
        parameters=dict(getattr(response, "response_parameters", None) or {}),
    )
