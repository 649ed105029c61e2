"""APIs that are described by an OpenAPI document, as the resources that would describe the same.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from hatchway.route.sources import attributes
from hatchway.route.sources.configuration import Configuration, Resource, Stack, mapping
from hatchway.route.sources.encoding import NOT_KNOWN, Encoded, decoded
from hatchway.route.sources.openapi_http import AUTHORIZER, INTEGRATION, METHODS, http_parts
from hatchway.route.sources.operators import as_text
from hatchway.route.sources.resolve import Resolver
from hatchway.route.symbols import Text

_KINDS = ("aws_api_gateway_rest_api", "aws_apigatewayv2_api")
_PLACES = {"path": "path", "query": "querystring", "header": "header"}
_TYPES = {"cognito_user_pools": "COGNITO_USER_POOLS", "token": "TOKEN", "request": "REQUEST"}
_ARGUMENTS = {
    "httpMethod": "integration_http_method",
    "uri": "uri",
    "connectionType": "connection_type",
    "connectionId": "connection_id",
    "integrationTarget": "integration_target",
    "requestParameters": "request_parameters",
    "requestTemplates": "request_templates",
    "timeoutInMillis": "timeout_milliseconds",
    "credentials": "credentials",
}

Document = Mapping[str, Any]


def with_documents(configuration: Configuration) -> Configuration:
    """Add what documents say to a configuration whose instances are written out."""
    described = {one.stack for one in configuration.of_type(*_KINDS) if one.arguments.get("body") is not None}
    if not described:
        return configuration
    resolver = Resolver(configuration)
    return Configuration(
        tuple(_spelled_out(one, resolver) if one.name in described else one for one in configuration.stacks)
    )


def _spelled_out(stack: Stack, resolver: Resolver) -> Stack:
    resources: list[Resource] = []
    for one in stack.resources:
        resources += _parts(one, resolver) if one.type in _KINDS and one.mode == "managed" else (one,)
    children = {
        name: tuple(_spelled_out(child, resolver) for child in found)
        for name, found in stack.children.items()
    }
    return replace(stack, resources=tuple(resources), children=children)


def document_of(api: Resource, resolver: Resolver) -> Document | None:
    """Return the document an API is described by; None when there is none or it is not known."""
    body = resolver.argument(api, "body")
    found = decoded(body)
    if found is NOT_KNOWN and (text := as_text(body)) is not None:
        # Only those who write YAML wait for its parser.
        from hatchway.route.sources.yaml_text import decoded_yaml  # noqa: PLC0415 -- see above

        found = decoded_yaml(text)
    return found if isinstance(found, Mapping) and isinstance(found.get("paths"), Mapping) else None


def _parts(api: Resource, resolver: Resolver) -> Iterator[Resource]:
    document = document_of(api, resolver)
    if document is None:
        yield api
        return
    if api.type == "aws_apigatewayv2_api":
        yield from http_parts(api, document)
        return
    reading = _Reading(api, document)
    yield reading.api(resolver)
    yield from reading.policy()
    yield from reading.authorizers()
    for path, item in document["paths"].items():
        yield from reading.path(str(path), item if isinstance(item, Mapping) else {})


class _Reading:
    def __init__(self, api: Resource, document: Document) -> None:
        self._api = api
        self._id = attributes.identity(api)
        self._document = document
        components = mapping(document.get("components"))
        self._schemes = mapping(components.get("securitySchemes") or document.get("securityDefinitions"))

    def _part(self, kind: str, name: str, **arguments: Any) -> Resource:  # noqa: ANN401 -- any value
        own = {"rest_api_id": self._id, "id": self._name(name)}
        given = {key: value for key, value in arguments.items() if value is not None}
        return Resource(
            stack=self._api.stack,
            module=self._api.module,
            mode="managed",
            type=kind,
            name=name,
            arguments=own | given,
            part_of=self._api,
        )

    def _name(self, part: str) -> str:
        return f"{self._api.subject}: {part}"

    def api(self, resolver: Resolver) -> Resource:
        """Return the API itself, with the endpoints and the switch its document gives it."""
        extension = mapping(self._document.get("x-amazon-apigateway-endpoint-configuration"))
        block = dict(resolver.block(self._api, "endpoint_configuration"))
        if extension.get("vpcEndpointIds") and not block.get("vpc_endpoint_ids"):
            block["vpc_endpoint_ids"] = extension["vpcEndpointIds"]
        more = {"endpoint_configuration": block} if block else {}
        if extension.get("disableExecuteApiEndpoint") is not None:
            more["disable_execute_api_endpoint"] = extension["disableExecuteApiEndpoint"]
        # Its routes are read: nothing of the document is left to wonder about.
        return replace(self._api, arguments={**self._api.arguments, "body": None, **more})

    def policy(self) -> Iterator[Resource]:
        """Give the resource policy."""
        policy = self._document.get("x-amazon-apigateway-policy")
        if policy is not None:
            yield self._part("aws_api_gateway_rest_api_policy", "policy", policy=Encoded(policy))

    def authorizers(self) -> Iterator[Resource]:
        """Give the authorizers."""
        for name, scheme in self._schemes.items():
            one = mapping(mapping(scheme).get(AUTHORIZER))
            if one:
                kind = str(one.get("type")).lower()
                yield self._part(
                    "aws_api_gateway_authorizer",
                    f"authorizer {name}",
                    type=_TYPES.get(kind, kind.upper()),
                    authorizer_uri=one.get("authorizerUri"),
                    authorizer_credentials=one.get("authorizerCredentials"),
                    identity_source=one.get("identitySource") or _header(mapping(scheme)),
                    authorizer_result_ttl_in_seconds=one.get("authorizerResultTtlInSeconds"),
                    provider_arns=one.get("providerARNs"),
                )

    def path(self, path: str, item: Document) -> Iterator[Resource]:
        """Give the resource of a path, and its methods with their integrations."""
        root = attributes.value(self._api, "root_resource_id")
        place: Any = root
        if path != "/":
            place = self._name(path)
            parent = {"parent_id": root, "path_part": path.strip("/")}
            yield self._part("aws_api_gateway_resource", path, **parent)
        for verb in METHODS:
            if isinstance(item.get(verb), Mapping):
                name = "ANY" if verb.startswith("x-") else verb.upper()
                yield from self._method(name, path, place, item, item[verb])

    def _method(
        self, verb: str, path: str, place: object, item: Document, operation: Document
    ) -> Iterator[Resource]:
        where = {"resource_id": place, "http_method": verb}
        parameters = {**_parameters(item), **_parameters(operation)}
        yield self._part(
            "aws_api_gateway_method",
            f"{verb} {path}",
            **where,
            request_parameters=parameters,
            **self._security(operation),
        )
        for status in mapping(operation.get("responses")):
            yield self._part(
                "aws_api_gateway_method_response", f"{verb} {path} {status}", **where, status_code=str(status)
            )
        integration = mapping(operation.get(INTEGRATION))
        if not integration:
            return
        arguments = {name: integration[key] for key, name in _ARGUMENTS.items() if key in integration}
        kind = str(integration.get("type")).upper()
        tls = mapping(integration.get("tlsConfig"))
        arguments["tls_config"] = {"insecure_skip_verification": tls.get("insecureSkipVerification")}
        yield self._part(
            "aws_api_gateway_integration", f"{verb} {path} integration", **where, type=kind, **arguments
        )
        for pattern, response in mapping(integration.get("responses")).items():
            status = str(mapping(response).get("statusCode") or pattern)
            yield self._part(
                "aws_api_gateway_integration_response",
                f"{verb} {path} {status} {pattern}",
                **where,
                status_code=status,
            )

    def _security(self, operation: Document) -> dict[str, Any]:
        """Return how an operation is authorized; several ways at once are a key besides an authorizer."""
        found: dict[str, Any] = {"authorization": "NONE"}
        listed = operation.get("security", self._document.get("security"))
        for requirement in listed if isinstance(listed, list) else ():
            for name, scopes in mapping(requirement).items():
                scheme = mapping(self._schemes.get(name))
                kind = str(mapping(scheme.get(AUTHORIZER)).get("type")).lower()
                if str(scheme.get("x-amazon-apigateway-authtype")).lower() == "awssigv4":
                    found["authorization"] = "AWS_IAM"
                elif scheme.get(AUTHORIZER) is not None:
                    cognito = kind == "cognito_user_pools"
                    found["authorization"] = "COGNITO_USER_POOLS" if cognito else "CUSTOM"
                    found["authorizer_id"] = self._name(f"authorizer {name}")
                    found["authorization_scopes"] = scopes or None
                elif str(scheme.get("name")).lower() == "x-api-key":
                    found["api_key_required"] = True
        return found


def _parameters(item: Document) -> dict[str, bool]:
    found = {}
    listed = item.get("parameters")
    for one in listed if isinstance(listed, list) else ():
        place = _PLACES.get(str(mapping(one).get("in")))
        if place is not None:
            found[f"method.request.{place}.{one.get('name')}"] = one.get("required") is True
    return found


def _header(scheme: Document) -> Text | None:
    name = as_text(scheme.get("name"))
    return None if name is None else Text.of("method.request.header.", name)
