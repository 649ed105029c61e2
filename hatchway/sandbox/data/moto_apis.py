"""Copies an API's definition out of moto's records, at the moment of a deployment."""

from collections.abc import Mapping
from typing import Any

from hatchway.sandbox.data.moto_documents import document
from hatchway.sandbox.data.world import (
    ApiDefinition,
    Authorizer,
    Document,
    GatewayResponse,
    Integration,
    IntegrationResponse,
    Method,
    Model,
    Resource,
)

__all__ = ["read_definition"]

# moto is not typed: its objects are `Any` throughout this module.
_Moto = Any
_Checks = Mapping[str | None, tuple[bool, bool]]
"""Which of parameters and body a request validator checks, by its id."""


def read_definition(api: _Moto) -> ApiDefinition:
    """Returns everything of an API that a deployment freezes."""
    checks = {
        each.id: (_is_true(each.validate_request_parameters), _is_true(each.validate_request_body))
        for each in api.request_validators.values()
    }
    return ApiDefinition(
        resources=tuple(_resource(resource, checks) for resource in api.resources.values()),
        authorizers={authorizer.id: _authorizer(authorizer) for authorizer in api.authorizers.values()},
        policy=document(api.policy),
        gateway_responses={kind: _gateway_response(kind, r) for kind, r in api.gateway_responses.items()},
        binary_media_types=tuple(api.binaryMediaTypes or ()),
        minimum_compression_size=api.minimum_compression_size,
        api_key_source=api.api_key_source or "HEADER",
        models={model.name: Model(name=model.name, schema=_schema(model)) for model in api.models.values()},
    )


def _schema(model: _Moto) -> Document:
    return document(model.schema) or {}


def _is_true(value: object) -> bool:
    return str(value).lower() == "true"


def _resource(resource: _Moto, checks: _Checks) -> Resource:
    methods = {name: _method(method, checks) for name, method in resource.resource_methods.items()}
    return Resource(id=resource.id, path=resource.get_path(), methods=methods)


def _method(method: _Moto, checks: _Checks) -> Method:
    integration = method.method_integration
    parameters, body = checks.get(method.request_validator_id, (False, False))
    return Method(
        http_method=method.http_method,
        authorization_type=method.authorization_type or "NONE",
        authorizer_id=method.authorizer_id,
        api_key_required=str(method.api_key_required).lower() == "true",
        request_parameters={
            name: str(required).lower() == "true"
            for name, required in (method.request_parameters or {}).items()
        },
        authorization_scopes=tuple(method.authorization_scopes or ()),
        validates_parameters=parameters,
        request_models=dict(method.request_models or {}),
        validates_body=body,
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
        credentials=integration.credentials or None,
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
        provider_arns=tuple(authorizer.provider_arns or ()),
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
