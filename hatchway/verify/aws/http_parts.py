"""Routes, integrations and authorizers of an HTTP API: as they are defined, and as a stage serves them.

A stage that deploys by itself serves what is defined. Of any other one, an export tells what it serves.
Both are given as arguments of Terraform's resources.
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-export.html
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from hatchway.route.sources.configuration import Resource, mapping
from hatchway.route.sources.openapi_http import http_parts, integration_of, scheme_names
from hatchway.verify.aws.answers import Answers
from hatchway.verify.aws.definitions import Definition, MethodShape, differences
from hatchway.verify.aws.reads import V2

__all__ = ["AUTHORIZER", "INTEGRATION", "ROUTE", "Part", "changes", "met", "served"]

AUTHORIZER = "aws_apigatewayv2_authorizer"
INTEGRATION = "aws_apigatewayv2_integration"
ROUTE = "aws_apigatewayv2_route"
_DEFAULT_TIMEOUT = 30000
_COMPARED = ("integration_type", "integration_method", "integration_uri", "connection_id", "credentials_arn")


class Part(NamedTuple):
    """A route, an integration or an authorizer, with the account it is seen in."""

    account: str
    kind: str
    id: str
    arguments: Mapping[str, Any]


def met(answers: Answers) -> Iterator[Part]:
    """Give what callers meet: what the stage serves, as far as that was read, else what is defined."""
    found = served(answers)
    yield from _defined(answers) if found is None else (one for one in found if _is_in_sight(one, answers))


def _is_in_sight(part: Part, answers: Answers) -> bool:
    """Whether the id that permissions may name an authorizer by is known, if functions are called for it.

    No route has to name it today, and it may be gone from the definition: then nothing is said of it.
    """
    if part.kind != AUTHORIZER or not part.arguments.get("authorizer_uri"):
        return True
    known = (one.get("AuthorizerId") for _, one in answers.of(f"{V2}GetAuthorizer"))
    return part.id in map(str, known)


def served(answers: Answers) -> tuple[Part, ...] | None:
    """Return what an export shows of a stage; None where there is none, or none that can be understood."""
    for request, document in answers.of(f"{V2}ExportApi"):
        if _is_understood(document):
            api = Resource(
                stack="",
                mode="managed",
                type="aws_apigatewayv2_api",
                name="api",
                arguments={"id": dict(request.about)["ApiId"]},
            )
            found = tuple(
                Part(request.account, one.type, str(one.arguments["id"]), _own(one.arguments))
                for one in http_parts(api, document)
                if one.type != api.type
            )
            return tuple(_with_ids(found, answers))
    return None


def _is_understood(document: object) -> bool:
    """Whether everything that operations refer to is there: without it, a guarded route looks open."""
    parts = mapping(mapping(document).get("components"))
    paths = mapping(document).get("paths")
    operations = (one for item in mapping(paths).values() for one in mapping(item).values())
    return isinstance(paths, Mapping) and all(
        set(scheme_names(one, mapping(document))) <= set(mapping(parts.get("securitySchemes")))
        and "$ref" not in integration_of(one, mapping(document))
        for one in map(mapping, operations)
    )


def _own(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in arguments.items() if name not in {"id", "api_id"}}


def _with_ids(parts: tuple[Part, ...], answers: Answers) -> Iterator[Part]:
    """Give authorizers the ids that AWS knows them by, which permissions of their functions may name.

    An export calls them by their names; where it does not, by what they are.
    """
    ids: dict[str, str] = {}
    for part in (one for one in parts if one.kind == AUTHORIZER):
        for _, known in answers.of(f"{V2}GetAuthorizer"):
            if part.id.endswith(f": authorizer {known.get('Name')}"):
                ids[part.id] = str(known.get("AuthorizerId"))
            elif _who(_authorizer(known)) == _who(part.arguments):
                ids.setdefault(part.id, str(known.get("AuthorizerId")))
    for part in parts:
        asked = str(part.arguments.get("authorizer_id"))
        arguments = {**part.arguments, "authorizer_id": ids[asked]} if asked in ids else part.arguments
        yield part._replace(id=ids.get(part.id, part.id), arguments=arguments)


def _defined(answers: Answers) -> Iterator[Part]:
    for request, authorizer in answers.of(f"{V2}GetAuthorizer"):
        identity = str(authorizer.get("AuthorizerId"))
        yield Part(request.account, AUTHORIZER, identity, _authorizer(authorizer))
    for account, integration in answers.items(f"{V2}GetIntegrations"):
        yield Part(account, INTEGRATION, str(integration.get("IntegrationId")), _integration(integration))
    for account, route in answers.items(f"{V2}GetRoutes"):
        yield Part(account, ROUTE, str(route.get("RouteId")), _route(route))


def _authorizer(authorizer: Mapping[str, Any]) -> Mapping[str, Any]:
    jwt = authorizer.get("JwtConfiguration") or {}
    return {
        "authorizer_type": authorizer.get("AuthorizerType"),
        "authorizer_uri": authorizer.get("AuthorizerUri"),
        "authorizer_credentials_arn": authorizer.get("AuthorizerCredentialsArn"),
        "authorizer_payload_format_version": authorizer.get("AuthorizerPayloadFormatVersion"),
        "authorizer_result_ttl_in_seconds": authorizer.get("AuthorizerResultTtlInSeconds"),
        "identity_sources": authorizer.get("IdentitySource"),
        "jwt_configuration": [{"issuer": jwt.get("Issuer"), "audience": jwt.get("Audience")}]
        if jwt
        else None,
    }


def _integration(integration: Mapping[str, Any]) -> Mapping[str, Any]:
    tls = integration.get("TlsConfig") or {}
    return {
        "integration_type": integration.get("IntegrationType"),
        "integration_method": integration.get("IntegrationMethod"),
        "integration_uri": integration.get("IntegrationUri"),
        "connection_type": integration.get("ConnectionType"),
        "connection_id": integration.get("ConnectionId"),
        "credentials_arn": integration.get("CredentialsArn"),
        "request_parameters": integration.get("RequestParameters") or {},
        "timeout_milliseconds": integration.get("TimeoutInMillis"),
        "tls_config": [{"server_name_to_verify": tls.get("ServerNameToVerify")}] if tls else None,
    }


def _route(route: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "route_key": route.get("RouteKey"),
        "target": route.get("Target"),
        "authorization_type": route.get("AuthorizationType"),
        "authorizer_id": route.get("AuthorizerId"),
    }


def changes(answers: Answers) -> tuple[str, ...] | None:
    """Return what was changed since the stage was deployed, as words; None if that cannot be told."""
    found = served(answers)
    needed = {f"{V2}GetRoutes", f"{V2}GetIntegrations", f"{V2}GetAuthorizer"}
    if found is None or any(one.request.operation in needed for one in answers.refusals()):
        return None
    return differences(_definition(found), _definition(tuple(_defined(answers))))


def _definition(parts: tuple[Part, ...]) -> Definition:
    by_id = {(one.kind, one.id): one.arguments for one in parts}
    methods = {}
    for _, kind, _, arguments in parts:
        if kind == ROUTE:
            verb, _, path = str(arguments.get("route_key")).rpartition(" ")
            authorizer = by_id.get((AUTHORIZER, str(arguments.get("authorizer_id"))))
            target = str(arguments.get("target")).removeprefix("integrations/")
            methods[path, verb] = _shape(arguments, authorizer, by_id.get((INTEGRATION, target)))
    return Definition(methods=methods)


def _shape(
    route: Mapping[str, Any], authorizer: Mapping[str, Any] | None, integration: Mapping[str, Any] | None
) -> MethodShape:
    return MethodShape(
        authorization=str(route.get("authorization_type") or "NONE"),
        authorizer=None if authorizer is None else _who(authorizer),
        api_key_required=False,
        request_parameters={},
        responses=(),
        integration=None if integration is None else _compared(integration),
        integration_responses=(),
    )


def _who(authorizer: Mapping[str, Any]) -> str:
    """Return whom an authorizer asks, for what: its name is not told by both sides alike."""
    jwt = _first(authorizer.get("jwt_configuration"))
    given = jwt.get("audience") or ()
    audience = sorted(map(str, given if isinstance(given, Sequence) else (given,)))
    words = (authorizer.get("authorizer_uri"), jwt.get("issuer"), *audience)
    return " ".join(str(one) for one in words if one)


def _compared(integration: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the arguments that decide what becomes of a request; what is left out is the default."""
    tls = _first(integration.get("tls_config"))
    found = {name: integration.get(name) for name in _COMPARED} | {
        "connection_type": integration.get("connection_type") or "INTERNET",
        "request_parameters": integration.get("request_parameters") or {},
        "timeout_milliseconds": integration.get("timeout_milliseconds") or _DEFAULT_TIMEOUT,
        "server_name_to_verify": tls.get("server_name_to_verify"),
    }
    return {name: value for name, value in found.items() if value is not None}


def _first(block: object) -> Mapping[str, Any]:
    """Return a block, which is written as one, or as a list of one."""
    return mapping(block[0] if isinstance(block, list) and block else block)
