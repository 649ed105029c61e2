"""An API's definition in one form: as a deployment froze it (an export), and as it is now.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Definition", "MethodShape", "current", "differences", "exported", "policy_of"]

_ANY = "x-amazon-apigateway-any-method"
_INTEGRATION = "x-amazon-apigateway-integration"
_AUTH = "x-amazon-apigateway-auth"
_PLACES = {"header": "header", "query": "querystring", "path": "path"}
_VERBS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", _ANY})
_DEFAULT_TIMEOUT = 29000
_PROXIES = frozenset({"HTTP_PROXY", "AWS_PROXY"})

Json = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodShape:
    """One method with its integration, in the words of Terraform's arguments.

    Attributes:
        authorizer: Name of the authorizer; None for none.
        integration: Arguments of the integration; None for none.
    """

    authorization: str
    authorizer: str | None
    api_key_required: bool
    request_parameters: Mapping[str, bool]
    responses: tuple[str, ...]
    integration: Mapping[str, Json] | None
    integration_responses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """Methods by path and verb, and the resource policy as decoded JSON."""

    methods: Mapping[tuple[str, str], MethodShape] = field(default_factory=dict)
    policy: Json = None


def exported(document: Mapping[str, Json]) -> Definition:
    """Read an OpenAPI 3 document with API Gateway's extensions."""
    schemes = _mapping(_mapping(document.get("components")).get("securitySchemes"))
    methods = {
        (path, "ANY" if verb == _ANY else verb.upper()): _operation(_mapping(operation), schemes)
        for path, operations in _mapping(document.get("paths")).items()
        for verb, operation in _mapping(operations).items()
        if verb in _VERBS
    }
    return Definition(methods=methods, policy=document.get("x-amazon-apigateway-policy"))


def _operation(operation: Mapping[str, Json], schemes: Mapping[str, Json]) -> MethodShape:
    asked = [name for one in operation.get("security") or [] for name in _mapping(one)]
    authorizer = next((name for name in asked if _kind(schemes.get(name)) is not None), None)
    integration = operation.get(_INTEGRATION)
    return MethodShape(
        authorization=_authorization(operation, asked, authorizer, schemes),
        authorizer=authorizer,
        api_key_required="api_key" in asked,
        request_parameters=dict(_parameters(operation.get("parameters") or [])),
        responses=tuple(sorted(map(str, _mapping(operation.get("responses"))))),
        integration=None if integration is None else _integration(_mapping(integration)),
        integration_responses=tuple(sorted(_codes(_mapping(integration)))),
    )


def _kind(scheme: Json) -> str | None:
    """Return the type of the authorizer that a scheme describes."""
    found = _mapping(_mapping(scheme).get("x-amazon-apigateway-authorizer")).get("type")
    return None if found is None else str(found).lower()


def _authorization(
    given: Mapping[str, Json], asked: Sequence[str], authorizer: str | None, schemes: Mapping[str, Json]
) -> str:
    if authorizer is not None:
        return "COGNITO_USER_POOLS" if _kind(schemes[authorizer]) == "cognito_user_pools" else "CUSTOM"
    signed = _mapping(given.get(_AUTH)).get("type") == "AWS_IAM" or any(
        name == "sigv4" or _mapping(schemes.get(name)).get("x-amazon-apigateway-authtype") == "awsSigv4"
        for name in asked
    )
    return "AWS_IAM" if signed else "NONE"


def _parameters(parameters: Sequence[Json]) -> Iterator[tuple[str, bool]]:
    for one in parameters:
        place = _PLACES.get(str(_mapping(one).get("in")))
        if place is not None:
            yield f"method.request.{place}.{one.get('name')}", bool(one.get("required"))


def _codes(integration: Mapping[str, Json]) -> Iterator[str]:
    for one in _mapping(integration.get("responses")).values():
        yield str(_mapping(one).get("statusCode", "?"))


def current(resources: Sequence[Mapping[str, Json]], authorizers: Sequence[Mapping[str, Json]]) -> Definition:
    """Read the definition of today, as GetResources lists it; the policy is not part of that."""
    names = {str(one.get("id")): str(one.get("name")) for one in authorizers}
    methods = {
        (str(resource.get("path")), str(verb)): _method(_mapping(method), names)
        for resource in resources
        for verb, method in _mapping(resource.get("resourceMethods")).items()
    }
    return Definition(methods=methods)


def _method(method: Mapping[str, Json], names: Mapping[str, str]) -> MethodShape:
    identity = method.get("authorizerId")
    integration = method.get("methodIntegration")
    answers = _mapping(_mapping(integration).get("integrationResponses"))
    return MethodShape(
        authorization=str(method.get("authorizationType") or "NONE"),
        authorizer=None if identity is None else names.get(str(identity), str(identity)),
        api_key_required=bool(method.get("apiKeyRequired")),
        request_parameters={
            name: bool(value) for name, value in _mapping(method.get("requestParameters")).items()
        },
        responses=tuple(sorted(map(str, _mapping(method.get("methodResponses"))))),
        integration=None if integration is None else _integration(_mapping(integration)),
        integration_responses=tuple(
            sorted(str(_mapping(one).get("statusCode", "?")) for one in answers.values())
        ),
    )


def _integration(given: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return the arguments of an integration; what is left out is the default."""
    kind = str(given.get("type", "")).upper()
    found = {
        "type": kind,
        "integration_http_method": None if kind == "MOCK" else given.get("httpMethod"),
        "connection_type": given.get("connectionType", "INTERNET"),
        "connection_id": given.get("connectionId"),
        "integration_target": given.get("integrationTarget"),
        "uri": given.get("uri") or None,
        "request_parameters": dict(_mapping(given.get("requestParameters"))),
        "request_templates": dict(_mapping(given.get("requestTemplates"))),
        "timeout_milliseconds": int(given.get("timeoutInMillis") or _DEFAULT_TIMEOUT),
        "credentials": given.get("credentials"),
    }
    if _mapping(given.get("tlsConfig")).get("insecureSkipVerification"):
        found["tls_config"] = [{"insecure_skip_verification": True}]
    return {name: value for name, value in found.items() if value is not None}


def differences(deployed: Definition, now: Definition) -> tuple[str, ...]:
    """Return what was changed since the deployment, as words: routes, then the policy.

    An export without a policy says nothing of one.
    """
    found = []
    for key in sorted({*deployed.methods, *now.methods}):
        one, other = deployed.methods.get(key), now.methods.get(key)
        name = f"{key[1]} {key[0]}"
        if one is None:
            found.append(f"{name} was added")
        elif other is None:
            found.append(f"{name} was removed")
        elif changed := ", ".join(_changed(one, other)):
            found.append(f"{name}: {changed} changed")
    if deployed.policy is not None and canonical(deployed.policy) != canonical(now.policy):
        found.append("the resource policy changed")
    return tuple(found)


def _changed(one: MethodShape, other: MethodShape) -> Iterator[str]:
    for name in ("authorization", "authorizer", "api_key_required", "request_parameters"):
        if getattr(one, name) != getattr(other, name):
            yield name
    before, after = one.integration or {}, other.integration or {}
    yield from sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    if after.get("type") in _PROXIES:
        # A proxy answers as what is behind it does: an export shows responses that nobody made.
        return
    for name in ("responses", "integration_responses"):
        if getattr(one, name) != getattr(other, name):
            yield name


def canonical(policy: Json) -> Json:
    """Return a policy so that two ways to write the same are equal: one value, or a list of one."""
    if isinstance(policy, Mapping):
        return {key: canonical(value) for key, value in policy.items()}
    if isinstance(policy, list):
        found = [canonical(one) for one in policy]
        return found[0] if len(found) == 1 else sorted(found, key=json.dumps)
    return policy


def policy_of(text: object) -> Json:
    """Decode a resource policy as GetRestApi gives it: JSON, or the inside of a JSON string."""
    if not isinstance(text, str) or not text:
        return None
    for candidate in (text, f'"{text}"'):
        try:
            found = json.loads(candidate)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, str):
            return policy_of(found) if found != text else None
        return found
    return None


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}
