"""REST APIs: their resources, methods, integrations, deployments and policies."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from hatchway.route.facts import (
    Api,
    AttachedPolicy,
    Authorizer,
    Deployment,
    Fact,
    Function,
    Integration,
    Known,
    LambdaPermission,
    Method,
    Stage,
    Unknown,
)
from hatchway.route.policy import Policy, parse_policy
from hatchway.route.sources import attributes
from hatchway.route.sources.configuration import Resource
from hatchway.route.sources.encoding import NOT_KNOWN, decoded
from hatchway.route.sources.index import Index, listed
from hatchway.route.sources.resolve import as_text
from hatchway.route.sources.stages import Stages
from hatchway.route.symbols import Symbol, Text

_DEFAULT_TIMEOUT = 29000
_DEFAULT_CACHE = 300
_HEADER = "integration.request.header."


def policy_of(value: object) -> Fact[Policy]:
    """Parse a policy argument."""
    document = decoded(value)
    if document is NOT_KNOWN:
        return Unknown(f"the policy is not known yet: {str(value)[:120]}")
    return Known(parse_policy(document))


class Apis:
    """The REST APIs of a configuration."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._resolver = index.resolver
        self._before = Stages(index)

    def api(self, resource: Resource) -> Api:
        """Describe one API."""
        configuration = self._resolver.block(resource, "endpoint_configuration")
        types = configuration.get("types", [Text.of("EDGE")])
        identity = attributes.identity(resource)
        mappings = self._index.pointing("aws_api_gateway_base_path_mapping", "api_id", identity)
        return Api(
            subject=resource.subject,
            id=identity,
            execution_arn=attributes.execution_arn(self._resolver, resource),
            location=self._index.location(resource),
            endpoint_types=_words(types),
            endpoint_ids=listed(configuration.get("vpc_endpoint_ids")),
            policies=tuple(self._policies(resource, identity)),
            disables_default_endpoint=self._index.flag(resource, "disable_execute_api_endpoint"),
            has_domain=bool(mappings),
            access_mode=self._index.word(resource, "endpoint_access_mode", "") or None,
            domain_stages=tuple(
                (one.subject, stage)
                for one in mappings
                if (stage := self._index.text(one, "stage_name")) is not None
            ),
            has_body=resource.arguments.get("body") is not None,
        )

    def _policies(self, resource: Resource, identity: Text) -> Iterator[AttachedPolicy]:
        own = self._resolver.argument(resource, "policy")
        if own is not None:
            yield AttachedPolicy(subject=resource.subject, address=resource.declared, policy=policy_of(own))
        for one in self._index.pointing("aws_api_gateway_rest_api_policy", "rest_api_id", identity):
            policy = policy_of(self._resolver.argument(one, "policy"))
            yield AttachedPolicy(subject=one.subject, address=one.declared, policy=policy)

    def stages(self, api: Text) -> tuple[Stage, ...]:
        """Every stage of an API."""
        return tuple(map(self._stage, self._index.pointing("aws_api_gateway_stage", "rest_api_id", api)))

    def _stage(self, resource: Resource) -> Stage:
        identity = self._index.text(resource, "deployment_id")
        deployment = self._index.find(identity, "aws_api_gateway_deployment")
        api = self._index.text(resource, "rest_api_id")
        name = self._index.text(resource, "stage_name")
        name = Text.of(Symbol(f"{resource.subject}.stage_name")) if name is None else name
        return Stage(
            subject=resource.subject,
            name=name,
            deployment_id=identity,
            deployment=None if deployment is None else self._deployment(deployment),
            usage_plans=self._before.plans(api, name),
            limits=self._before.limits(api, name, resource),
            blocked_by=self._before.blocked_by(resource),
        )

    def variables(self, api: Text) -> Mapping[str, Any]:
        """Stage variables of the only stage of an API."""
        stages = self._index.pointing("aws_api_gateway_stage", "rest_api_id", api)
        return self._resolver.block(stages[0], "variables") if len(stages) == 1 else {}

    def _deployment(self, resource: Resource) -> Deployment:
        triggers = resource.arguments.get("triggers")
        return Deployment(
            subject=resource.subject,
            api=self._index.text(resource, "rest_api_id"),
            follows=self._index.mentions.before(resource),
            hashes=self._hashes(resource, triggers),
            create_before_destroy=self._index.lifecycle(resource),
        )

    def _hashes(self, resource: Resource, triggers: object) -> frozenset[str] | None:
        named = self._index.mentions.of(triggers, resource)
        # A digest made before Terraform runs, or of a file, covers what cannot be told from here.
        return None if triggers and not named else named

    @cached_property
    def _paths(self) -> Mapping[Text, str]:
        """Path of every API resource by its id."""
        resources = {attributes.identity(one): one for one in self._index.of_type("aws_api_gateway_resource")}
        roots = {
            attributes.value(one, "root_resource_id"): ""
            for one in self._index.of_type("aws_api_gateway_rest_api")
        }
        paths: dict[Text, str] = dict.fromkeys(roots, "/")
        for identity in resources:
            steps: list[str] = []
            at: Text | None = identity
            while at in resources and len(steps) < len(resources) + 1:
                steps.append(self._index.word(resources[at], "path_part", "?"))
                at = self._index.text(resources[at], "parent_id")
            paths[identity] = "/" + "/".join(reversed(steps))
        return paths

    def methods(self, api: Text) -> tuple[Method, ...]:
        """Every method of an API."""
        return tuple(
            self.method(one) for one in self._index.pointing("aws_api_gateway_method", "rest_api_id", api)
        )

    def path(self, resource: Resource) -> str:
        """Path of the API resource that a method or an integration belongs to."""
        identity = self._index.text(resource, "resource_id")
        return self._paths.get(identity, f"/{identity}") if identity is not None else "/?"

    def _of_method(self, kind: str, resource: Resource) -> list[Resource]:
        verb = self._index.text(resource, "http_method")
        return [
            one
            for one in self._index.pointing(kind, "resource_id", self._index.text(resource, "resource_id"))
            if self._index.text(one, "http_method") == verb
        ]

    def method(self, resource: Resource) -> Method:
        """Describe one method with its integration."""
        integrations = self._of_method("aws_api_gateway_integration", resource)
        answers = self._of_method("aws_api_gateway_integration_response", resource)
        responses = self._of_method("aws_api_gateway_method_response", resource)
        authorizer_id = self._index.text(resource, "authorizer_id")
        authorizer = self._index.find(authorizer_id, "aws_api_gateway_authorizer")
        parameters = self._resolver.block(resource, "request_parameters")
        return Method(
            subject=resource.subject,
            address=resource.declared,
            path=self.path(resource),
            http_method=self._index.word(resource, "http_method", "?"),
            authorization=self._index.word(resource, "authorization", "NONE"),
            authorizer_id=authorizer_id,
            authorizer=None if authorizer is None else self._authorizer(authorizer),
            needs_api_key=self._index.flag(resource, "api_key_required"),
            parameters={name.lower(): str(value).lower() == "true" for name, value in parameters.items()},
            integration=self._integration(integrations[0], answers) if integrations else None,
            responses=tuple(self._index.word(one, "status_code", "?") for one in responses),
            owners=frozenset(one.declared for one in (resource, *integrations, *answers, *responses)),
        )

    def _integration(self, resource: Resource, answers: list[Resource]) -> Integration:
        uri = self._index.text(resource, "uri")
        return Integration(
            subject=resource.subject,
            address=resource.declared,
            type=self._index.word(resource, "type", "?"),
            http_method=self._index.word(resource, "integration_http_method", "") or None,
            connection_type=self._index.word(resource, "connection_type", "INTERNET"),
            connection_id=self._index.text(resource, "connection_id"),
            uri=uri,
            parameters=_texts(self._resolver.block(resource, "request_parameters")),
            parameters_are_open=isinstance(self._resolver.argument(resource, "request_parameters"), Text),
            request_templates=_texts(self._resolver.block(resource, "request_templates")),
            timeout_milliseconds=self._index.number(resource, "timeout_milliseconds", _DEFAULT_TIMEOUT),
            skips_tls_verification=str(
                self._resolver.block(resource, "tls_config").get("insecure_skip_verification")
            )
            == "True",
            has_credentials=resource.arguments.get("credentials") is not None,
            function=self.function(uri),
            target=self._index.text(resource, "integration_target"),
            responses=tuple(self._index.word(one, "status_code", "?") for one in answers),
        )

    def _authorizer(self, resource: Resource) -> Authorizer:
        uri = self._index.text(resource, "authorizer_uri")
        source = self._index.text(resource, "identity_source")
        return Authorizer(
            subject=resource.subject,
            address=resource.declared,
            id=attributes.identity(resource),
            api=self._index.text(resource, "rest_api_id"),
            type=self._index.word(resource, "type", "TOKEN"),
            uri=uri,
            function=self.function(uri),
            identity_source="method.request.header.Authorization" if source is None else str(source),
            cache_seconds=self._index.number(resource, "authorizer_result_ttl_in_seconds", _DEFAULT_CACHE),
            has_credentials=resource.arguments.get("authorizer_credentials") is not None,
            has_user_pools=bool(resource.arguments.get("provider_arns")),
        )

    @cached_property
    def _functions(self) -> Mapping[Text, Resource]:
        found = {}
        for one in self._index.of_type("aws_lambda_function", "aws_lambda_alias"):
            for attribute in ("invoke_arn", "arn", "qualified_invoke_arn", "qualified_arn"):
                found[attributes.value(one, attribute)] = one
        return found

    def function(self, uri: Text | None) -> Function | None:
        """Return the function that an invocation ARN names."""
        named = () if uri is None else (uri, *map(Text.of, uri.symbols))
        resource = next((self._functions[one] for one in named if one in self._functions), None)
        if resource is None:
            return None
        names = [attributes.value(resource, "arn"), attributes.identity(resource)]
        if (name := self._index.text(resource, "function_name")) is not None:
            names.append(name)
        if resource.arguments.get("function_name") is None:
            names.append(attributes.value(resource, "function_name"))
        permissions = [
            one
            for name in names
            for one in self._index.pointing("aws_lambda_permission", "function_name", name)
        ]
        return Function(
            subject=resource.subject,
            names=tuple(names),
            permissions=tuple(map(self._permission, dict.fromkeys(permissions))),
        )

    def _permission(self, resource: Resource) -> LambdaPermission:
        return LambdaPermission(
            subject=resource.subject,
            function=self._index.text(resource, "function_name"),
            principal=self._index.text(resource, "principal"),
            source_arn=self._index.text(resource, "source_arn"),
        )


def _words(value: object) -> Fact[tuple[str, ...]]:
    texts = listed(value)
    words = tuple(text.literal for text in texts if text.literal is not None)
    return Known(words) if len(words) == len(texts) else Unknown("the endpoint types are not known yet")


def _texts(block: Mapping[str, Any]) -> dict[str, Text]:
    return {name: text for name, value in block.items() if (text := as_text(value)) is not None}
