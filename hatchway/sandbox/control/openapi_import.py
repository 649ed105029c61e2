"""Imports an OpenAPI 3 document into a REST API, so that it is the same as one made of resources.

moto imports paths and integrations only. What is read here, and what each extension means:
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
"""

import json
from collections.abc import Iterator
from typing import Any

from moto.apigateway import models
from moto.apigateway.exceptions import BadRequestException
from moto.moto_api._internal import mock_random

from hatchway.sandbox.control.integration_checks import check_link, check_mappings, check_uri
from hatchway.sandbox.control.openapi_security import Security, import_security, of_operation
from hatchway.sandbox.control.patching import around

__all__ = ["install"]

_X = "x-amazon-apigateway-"
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch")
_PLACES = {"path": "path", "header": "header", "query": "querystring"}
_DEFAULT_TIMEOUT_MILLISECONDS = 29000


def install() -> None:
    """Replaces moto's import."""
    around(models.APIGatewayBackend, "put_rest_api", _import)


def _import(
    _original: Any,
    backend: Any,
    function_id: str,
    document: dict[str, Any],
    fail_on_warnings: bool = False,  # noqa: ARG001, FBT001, FBT002 - moto's
    mode: str = "merge",
) -> Any:
    """Imports a document: what it has replaces what is there; with `overwrite`, the rest goes.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-import-api-update.html
    Goes when moto imports validators, authorizers, parameters, models, gateway responses and policies.

    Raises:
        BadRequestException: The document is not OpenAPI 3, or refers to what is not there.
    """
    if not str(document.get("openapi", "")).startswith("3."):
        raise BadRequestException("Unable to parse API definition: only OpenAPI 3 is in the sandbox")
    api = backend.get_rest_api(function_id)
    if mode == "overwrite":
        _clear(api)
    _import_settings(api, document)
    validators = _import_validators(api, document)
    security = import_security(api, document)
    for name, schema in (document.get("components", {}).get("schemas") or {}).items():
        _import_model(backend, api, name, schema)
    for path, item in document.get("paths", {}).items():
        resource = _resource(backend, api, path)
        for verb, operation in _operations(item):
            described = {**operation, "parameters": _parameters(document, item, operation)}
            _Import(backend, api, document, validators, security).operation(resource, verb, described)
    return api


def _clear(api: Any) -> None:
    for collection in (
        api.resources,
        api.authorizers,
        api.gateway_responses,
        api.models,
        api.request_validators,
    ):
        collection.clear()
    api.binaryMediaTypes = []
    api.default = api.add_child("/")
    api.root_resource_id = api.default.id


def _import_settings(api: Any, document: dict[str, Any]) -> None:
    information = document.get("info", {})
    api.name = information.get("title") or api.name
    api.description = information.get("description") or api.description
    api.binaryMediaTypes = document.get(f"{_X}binary-media-types") or api.binaryMediaTypes
    api.minimum_compression_size = document.get(f"{_X}minimum-compression-size", api.minimum_compression_size)
    api.api_key_source = document.get(f"{_X}api-key-source") or api.api_key_source
    if f"{_X}policy" in document:
        api.policy = json.dumps(document[f"{_X}policy"])
    for kind, response in (document.get(f"{_X}gateway-responses") or {}).items():
        status = response.get("statusCode")
        api.put_gateway_response(
            kind,
            str(status) if status else None,
            response.get("responseParameters") or {},
            response.get("responseTemplates") or {},
        )


def _import_validators(api: Any, document: dict[str, Any]) -> dict[str, str]:
    """Makes the validators of a document; returns their ids by name."""
    by_name = {validator.name: validator.id for validator in api.request_validators.values()}
    for name, declared in (document.get(f"{_X}request-validators") or {}).items():
        made = models.RequestValidator(
            by_name.get(name) or mock_random.get_random_string(length=6).lower(),
            name,
            bool(declared.get("validateRequestBody")),
            bool(declared.get("validateRequestParameters")),
        )
        api.request_validators[made.id] = made
        by_name[name] = made.id
    return by_name


def _import_model(backend: Any, api: Any, name: str, schema: dict[str, Any]) -> None:
    known = [model_id for model_id, model in api.models.items() if model.name == name]
    for model_id in known:
        del api.models[model_id]
    backend.create_model(api.id, name, "application/json", None, json.dumps(schema))


def _resource(backend: Any, api: Any, path: str) -> Any:
    found = next((r for r in api.resources.values() if r.get_path() == path), None)
    if found is not None:
        return found
    parent_path, _, part = path.rpartition("/")
    return backend.create_resource(api.id, _resource(backend, api, parent_path or "/").id, part)


def _operations(item: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, operation in item.items():
        if name in _METHODS:
            yield name.upper(), operation
        elif name == f"{_X}any-method":
            yield "ANY", operation


def _parameters(
    document: dict[str, Any], item: dict[str, Any], operation: dict[str, Any]
) -> list[dict[str, Any]]:
    given = [*item.get("parameters", ()), *operation.get("parameters", ())]
    return [_resolve(document, parameter) for parameter in given]


def _resolve(document: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    """Follows a reference inside the document."""
    reference = value.get("$ref")
    if reference is None:
        return value
    found: Any = document
    for part in reference.removeprefix("#/").split("/"):
        found = found.get(part) if isinstance(found, dict) else None
    if not isinstance(found, dict):
        raise BadRequestException(f"Unable to resolve reference {reference}")
    return found


class _Import:
    """One import: makes a method, its responses and its integration out of an operation."""

    def __init__(
        self, backend: Any, api: Any, document: dict[str, Any], validators: dict[str, str], security: Security
    ) -> None:
        self._backend = backend
        self._api = api
        self._document = document
        self._validators = validators
        self._security = security

    def operation(self, resource: Any, verb: str, operation: dict[str, Any]) -> None:
        """Makes the method of an operation, or makes it anew."""
        resource.resource_methods.pop(verb, None)
        authorization = of_operation(self._security, self._document, operation)
        method = self._backend.put_method(
            self._api.id,
            resource.id,
            verb,
            authorization.type,
            api_key_required=authorization.needs_key,
            request_parameters=self._request_parameters(operation),
            request_models=self._request_models(operation),
            operation_name=operation.get("operationId"),
            authorizer_id=authorization.authorizer_id,
            authorization_scopes=list(authorization.scopes) or None,
            request_validator_id=self._validator(operation),
        )
        for status, response in (operation.get("responses") or {}).items():
            if str(status).isdigit():
                self._response(resource, verb, str(status), _resolve(self._document, response))
        if operation.get(f"{_X}integration"):
            self._integration(resource, verb, method, operation[f"{_X}integration"])

    def _request_parameters(self, operation: dict[str, Any]) -> dict[str, bool]:
        return {
            f"method.request.{_PLACES[parameter['in']]}.{parameter['name']}": bool(parameter.get("required"))
            for parameter in operation["parameters"]
            if parameter.get("in") in _PLACES
        }

    def _request_models(self, operation: dict[str, Any]) -> dict[str, str]:
        content = _resolve(self._document, operation.get("requestBody") or {}).get("content") or {}
        references = {kind: (media.get("schema") or {}).get("$ref", "") for kind, media in content.items()}
        return {kind: name.rpartition("/")[2] for kind, name in references.items() if name}

    def _validator(self, operation: dict[str, Any]) -> str | None:
        name = operation.get(f"{_X}request-validator", self._document.get(f"{_X}request-validator"))
        if name is not None and name not in self._validators:
            raise BadRequestException(f"Invalid request validator {name!r} specified")
        return self._validators.get(name) if name is not None else None

    def _response(self, resource: Any, verb: str, status: str, response: dict[str, Any]) -> None:
        headers = {f"method.response.header.{name}": False for name in response.get("headers") or ()}
        self._backend.put_method_response(
            self._api.id, resource.id, verb, status, response_models=None, response_parameters=headers
        )

    def _integration(self, resource: Any, verb: str, method: Any, declared: dict[str, Any]) -> None:
        kind = str(declared.get("type", "")).upper()
        check_link(self._backend, declared.get("connectionType"), declared.get("connectionId"))
        check_mappings(method, declared.get("requestParameters"))
        check_uri(kind, declared.get("uri"))
        integration = self._backend.put_integration(
            self._api.id,
            resource.id,
            verb,
            kind,
            declared.get("uri") or "",
            declared.get("httpMethod") or "",
            credentials=declared.get("credentials"),
            request_templates=declared.get("requestTemplates"),
            passthrough_behavior=(declared.get("passthroughBehavior") or "when_no_match").upper(),
            tls_config=declared.get("tlsConfig"),
            cache_namespace=declared.get("cacheNamespace") or resource.id,
            timeout_in_millis=declared.get("timeoutInMillis") or _DEFAULT_TIMEOUT_MILLISECONDS,
            request_parameters=declared.get("requestParameters"),
            content_handling=declared.get("contentHandling"),
            connection_type=declared.get("connectionType"),
        )
        integration.sandbox_connection_id = declared.get("connectionId")
        integration.cache_key_parameters = declared.get("cacheKeyParameters") or []
        for pattern, response in (declared.get("responses") or {}).items():
            integration.create_integration_response(
                str(response.get("statusCode")),
                "" if pattern == "default" else pattern,
                response.get("responseTemplates") or {},
                response.get("responseParameters") or {},
                response.get("contentHandling"),
            )
