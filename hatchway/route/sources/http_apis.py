"""HTTP APIs: their routes, integrations, stages and authorizers, as the facts of any public API.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop.html
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from hatchway.route.facts import Api, Authorizer, Function, Integration, Known, Method, Stage
from hatchway.route.sources import attributes
from hatchway.route.sources.configuration import Resource
from hatchway.route.sources.index import Index, listed
from hatchway.route.sources.resolve import as_text
from hatchway.route.sources.stages import Stages
from hatchway.route.symbols import Symbol, Text

KIND = "aws_apigatewayv2_api"
_DEFAULT = "$default"
# What `$default` answers, as routes: everything below the root, and the root.
_EVERYTHING = ("/{everything+}", "/")
_TIMEOUT = 30000


class HttpApis:
    """The HTTP APIs of a configuration."""

    def __init__(self, index: Index, function: Callable[[Text | None], Function | None]) -> None:
        self._index = index
        self._resolver = index.resolver
        self._function = function
        self._before = Stages(index)

    def apis(self) -> Iterator[Resource]:
        """Give every HTTP API; a WebSocket API leads to no private API in this way."""
        for one in self._index.of_type(KIND):
            if self._index.word(one, "protocol_type", "HTTP") == "HTTP":
                yield one

    def api(self, resource: Resource) -> Api:
        """Describe one API."""
        identity = attributes.identity(resource)
        mappings = self._index.pointing("aws_apigatewayv2_api_mapping", "api_id", identity)
        return Api(
            subject=resource.subject,
            id=identity,
            execution_arn=attributes.execution_arn(self._resolver, resource),
            location=self._index.location(resource),
            endpoint_types=Known(("REGIONAL",)),
            endpoint_ids=(),
            policies=(),
            disables_default_endpoint=self._index.flag(resource, "disable_execute_api_endpoint"),
            has_domain=bool(mappings),
            domain_stages=tuple(
                (one.subject, stage)
                for one in mappings
                if (stage := self._index.text(one, "stage")) is not None
            ),
            has_body=resource.arguments.get("body") is not None,
            is_http=True,
        )

    def stages(self, api: Text) -> tuple[Stage, ...]:
        """Every stage of an API."""
        return tuple(map(self._stage, self._index.pointing("aws_apigatewayv2_stage", "api_id", api)))

    def _stage(self, resource: Resource) -> Stage:
        name = self._index.text(resource, "name") or Text.of(Symbol(f"{resource.subject}.name"))
        return Stage(
            subject=resource.subject,
            name=name,
            deployment_id=self._index.text(resource, "deployment_id"),
            deployment=None,
            limits=self._before.limits(None, name, resource),
            deploys_itself=self._index.flag(resource, "auto_deploy"),
        )

    def variables(self, api: Text) -> Mapping[str, Any]:
        """Stage variables of the only stage of an API."""
        stages = self._index.pointing("aws_apigatewayv2_stage", "api_id", api)
        return self._resolver.block(stages[0], "stage_variables") if len(stages) == 1 else {}

    def methods(self, api: Text) -> tuple[Method, ...]:
        """Every route of an API."""
        routes = self._index.pointing("aws_apigatewayv2_route", "api_id", api)
        return tuple(method for one in routes for method in self._route(one))

    def _route(self, resource: Resource) -> Iterator[Method]:
        key = self._index.text(resource, "route_key")
        literal = key.literal if key is not None else None
        if literal == _DEFAULT:
            for path in _EVERYTHING:
                yield self._method(resource, "ANY", path)
        elif literal is not None and " " in literal:
            verb, _, path = literal.partition(" ")
            yield self._method(resource, verb, path)

    def _method(self, resource: Resource, verb: str, path: str) -> Method:
        target = self._index.text(resource, "target")
        integration = self._integration_of(target)
        authorizer_id = self._index.text(resource, "authorizer_id")
        authorizer = self._index.find(authorizer_id, "aws_apigatewayv2_authorizer")
        return Method(
            subject=resource.subject,
            address=resource.declared,
            path=path,
            http_method=verb,
            authorization=self._index.word(resource, "authorization_type", "NONE"),
            authorizer_id=authorizer_id,
            authorizer=None if authorizer is None else self._authorizer(authorizer),
            needs_api_key=False,
            parameters={},
            integration=integration,
        )

    def _integration_of(self, target: Text | None) -> Integration | None:
        if target is None:
            return None
        parts = target.split("integrations/")
        found = self._index.find(parts[-1], "aws_apigatewayv2_integration")
        return None if found is None else self._integration(found)

    def _integration(self, resource: Resource) -> Integration:
        uri = self._index.text(resource, "integration_uri")
        parameters = self._resolver.argument(resource, "request_parameters")
        block = parameters if isinstance(parameters, Mapping) else {}
        tls = self._resolver.block(resource, "tls_config")
        return Integration(
            subject=resource.subject,
            address=resource.declared,
            type=self._index.word(resource, "integration_type", "?"),
            http_method=self._index.word(resource, "integration_method", "") or None,
            connection_type=self._index.word(resource, "connection_type", "INTERNET"),
            connection_id=self._index.text(resource, "connection_id"),
            uri=uri,
            parameters={
                name.lower(): text for name, value in block.items() if (text := as_text(value)) is not None
            },
            parameters_are_open=isinstance(parameters, Text),
            request_templates={},
            timeout_milliseconds=self._index.number(resource, "timeout_milliseconds", _TIMEOUT),
            skips_tls_verification=False,
            has_credentials=resource.arguments.get("credentials_arn") is not None,
            function=None,
            target=uri,
            server_name=as_text(tls.get("server_name_to_verify")),
            is_http_api=True,
        )

    def _authorizer(self, resource: Resource) -> Authorizer:
        uri = self._index.text(resource, "authorizer_uri")
        sources = self._index.texts(resource, "identity_sources")
        jwt = self._resolver.block(resource, "jwt_configuration")
        return Authorizer(
            subject=resource.subject,
            address=resource.declared,
            id=attributes.identity(resource),
            api=self._index.text(resource, "api_id"),
            type=self._index.word(resource, "authorizer_type", "?"),
            uri=uri,
            function=self._function(uri),
            identity_source=", ".join(map(str, sources)) or None,
            cache_seconds=self._index.number(resource, "authorizer_result_ttl_in_seconds", 0),
            has_credentials=resource.arguments.get("authorizer_credentials_arn") is not None,
            has_user_pools=False,
            issuer=as_text(jwt.get("issuer")),
            audience=listed(jwt.get("audience")),
            payload_format=self._index.word(resource, "authorizer_payload_format_version", "") or None,
            is_http=True,
        )
