"""HTTP APIs that are described by an OpenAPI document, as the resources that would describe the same.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-open-api.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from hatchway.route.sources import attributes
from hatchway.route.sources.configuration import Resource, mapping

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "x-amazon-apigateway-any-method")
INTEGRATION = "x-amazon-apigateway-integration"
_SHARED = "x-amazon-apigateway-integrations"
AUTHORIZER = "x-amazon-apigateway-authorizer"
_DEFAULT = "$default"

Document = Mapping[str, Any]


def http_parts(api: Resource, document: Document) -> Iterator[Resource]:
    """Give an HTTP API and what its document says of it."""
    yield replace(api, arguments={**api.arguments, "body": None})
    schemes = mapping(mapping(document.get("components")).get("securitySchemes"))
    for name, scheme in schemes.items():
        found = mapping(mapping(scheme).get(AUTHORIZER))
        if found:
            yield _authorizer(api, str(name), found)
    for path, item in mapping(document.get("paths")).items():
        for verb in METHODS:
            operation = mapping(mapping(item).get(verb))
            if operation:
                yield from _route(api, str(path), verb, operation, document)


def _part(api: Resource, kind: str, name: str, **arguments: Any) -> Resource:  # noqa: ANN401 -- any value
    own = {"api_id": attributes.identity(api), "id": _id(api, name)}
    return Resource(
        stack=api.stack,
        module=api.module,
        mode="managed",
        type=kind,
        name=name,
        arguments=own | {key: value for key, value in arguments.items() if value is not None},
        part_of=api,
    )


def _id(api: Resource, name: str) -> str:
    return f"{api.subject}: {name}"


def _authorizer(api: Resource, name: str, found: Document) -> Resource:
    source = found.get("identitySource")
    jwt = mapping(found.get("jwtConfiguration"))
    return _part(
        api,
        "aws_apigatewayv2_authorizer",
        f"authorizer {name}",
        authorizer_type=str(found.get("type")).upper(),
        authorizer_uri=found.get("authorizerUri"),
        authorizer_credentials_arn=found.get("authorizerCredentials"),
        authorizer_payload_format_version=found.get("authorizerPayloadFormatVersion"),
        authorizer_result_ttl_in_seconds=found.get("authorizerResultTtlInSeconds"),
        identity_sources=None if source is None else source if isinstance(source, list) else [source],
        jwt_configuration={"issuer": jwt.get("issuer"), "audience": jwt.get("audience")} if jwt else None,
    )


def _route(
    api: Resource, path: str, verb: str, operation: Document, document: Document
) -> Iterator[Resource]:
    key = (
        _DEFAULT
        if path.strip("/") == _DEFAULT
        else f"{'ANY' if verb.startswith('x-') else verb.upper()} {path}"
    )
    integration = integration_of(operation, document)
    place = f"{key} integration"
    yield _part(
        api,
        "aws_apigatewayv2_route",
        key,
        route_key=key,
        target="integrations/" + _id(api, place) if integration else None,
        **_security(api, operation, document),
    )
    if integration:
        tls = mapping(integration.get("tlsConfig"))
        yield _part(
            api,
            "aws_apigatewayv2_integration",
            place,
            integration_type=str(integration.get("type")).upper(),
            integration_method=integration.get("httpMethod"),
            integration_uri=integration.get("uri"),
            connection_type=integration.get("connectionType"),
            connection_id=integration.get("connectionId"),
            credentials_arn=integration.get("credentials"),
            request_parameters=integration.get("requestParameters"),
            timeout_milliseconds=integration.get("timeoutInMillis"),
            tls_config={"server_name_to_verify": tls.get("serverNameToVerify")} if tls else None,
        )


def _security(api: Resource, operation: Document, document: Document) -> dict[str, Any]:
    schemes = mapping(mapping(document.get("components")).get("securitySchemes"))
    for name in scheme_names(operation, document):
        scheme = mapping(schemes.get(name))
        kind = str(mapping(scheme.get(AUTHORIZER)).get("type")).lower()
        if str(scheme.get("x-amazon-apigateway-authtype")).lower() == "awssigv4":
            return {"authorization_type": "AWS_IAM"}
        if scheme.get(AUTHORIZER) is not None:
            word = "JWT" if kind == "jwt" else "CUSTOM"
            return {"authorization_type": word, "authorizer_id": _id(api, f"authorizer {name}")}
    return {}


def scheme_names(operation: Document, document: Document) -> Iterator[str]:
    """Give the names of the security schemes that an operation asks for."""
    listed = operation.get("security", document.get("security"))
    for requirement in listed if isinstance(listed, list) else ():
        yield from mapping(requirement)


def integration_of(operation: Document, document: Document) -> Document:
    """Return an operation's integration, which may be one that operations share.

    A reference to one that is not there is returned as it is.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-extensions-integrations.html
    """
    found = mapping(operation.get(INTEGRATION))
    shared = mapping(mapping(document.get("components")).get(_SHARED))
    name = str(found.get("$ref")).removeprefix(f"#/components/{_SHARED}/")
    return mapping(shared.get(name)) or found
