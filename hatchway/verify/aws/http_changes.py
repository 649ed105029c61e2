"""What was changed of an HTTP API since its stage was deployed."""

from collections.abc import Mapping
from typing import Any

from hatchway.route.sources.configuration import first
from hatchway.verify.aws.answers import Answers
from hatchway.verify.aws.definitions import Definition, MethodShape, differences
from hatchway.verify.aws.http_defined import AUTHORIZER, INTEGRATION, ROUTE, Part, defined, who
from hatchway.verify.aws.http_served import served
from hatchway.verify.aws.reads import V2

__all__ = ["changes"]

_DEFAULT_TIMEOUT = 30000
_COMPARED = ("integration_type", "integration_method", "integration_uri", "connection_id", "credentials_arn")


def changes(answers: Answers) -> tuple[str, ...] | None:
    """Return what was changed since the stage was deployed, as words; None if that cannot be told."""
    found = served(answers)
    needed = {f"{V2}GetRoutes", f"{V2}GetIntegrations", f"{V2}GetAuthorizer"}
    if found is None or any(one.request.operation in needed for one in answers.refusals()):
        return None
    return differences(_definition(found), _definition(tuple(defined(answers))))


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
        authorizer=None if authorizer is None else who(authorizer),
        api_key_required=False,
        request_parameters={},
        responses=(),
        integration=None if integration is None else _compared(integration),
        integration_responses=(),
    )


def _compared(integration: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the arguments that decide what becomes of a request; what is left out is the default."""
    tls = first(integration.get("tls_config"))
    found = {name: integration.get(name) for name in _COMPARED} | {
        "connection_type": integration.get("connection_type") or "INTERNET",
        "request_parameters": integration.get("request_parameters") or {},
        "timeout_milliseconds": integration.get("timeout_milliseconds") or _DEFAULT_TIMEOUT,
        "server_name_to_verify": tls.get("server_name_to_verify"),
    }
    return {name: value for name, value in found.items() if value is not None}
