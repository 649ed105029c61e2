"""Executes a request on a stage of a REST API: the same steps for a public and for a private API.

Order of the steps: method, resource policy, authorizer, request validation, integration. That
authorization comes before request validation is our reading: AWS does not write it down.
"""

from collections.abc import Callable

from hatchway.sandbox.data.authorization import authorize, check_resource_policy
from hatchway.sandbox.data.authorizers import Authorizers
from hatchway.sandbox.data.gateway_responses import (
    API_CONFIGURATION_ERROR,
    BAD_REQUEST_PARAMETERS,
    FORBIDDEN,
    MISSING_AUTHENTICATION_TOKEN,
    GatewayError,
    render,
)
from hatchway.sandbox.data.invocation import Invocation
from hatchway.sandbox.data.mapping import Source, method_parameter
from hatchway.sandbox.data.message import Answer, request_identity
from hatchway.sandbox.data.resources import Match, match
from hatchway.sandbox.data.templates import answer_mock
from hatchway.sandbox.data.world import Integration

__all__ = ["RestApis"]

Proxy = Callable[[Integration, Source, Invocation], Answer]


class RestApis:
    """Answers requests to stages. `proxy` sends what an `HTTP_PROXY` integration has to send."""

    def __init__(self, authorizers: Authorizers, proxy: Proxy) -> None:
        self._authorizers = authorizers
        self._proxy = proxy

    def answer(self, invocation: Invocation) -> Answer:
        """Answers a request; refusals are answers too."""
        try:
            answer = self._execute(invocation)
        except GatewayError as error:
            answer = render(error, invocation.stage.definition.gateway_responses)
        return answer.with_headers(request_identity(invocation.request_id))

    def _execute(self, invocation: Invocation) -> Answer:
        hops, trace = invocation.hops, invocation.trace
        hop = hops.api
        try:
            found = _match(invocation)
            policy = check_resource_policy(invocation)
            trace.note(hop, "passed", f"{found.resource.path} of stage {invocation.stage.name}")
            hop = hops.authorizer
            source = authorize(self._authorizers, invocation, found, invocation.source(found), policy)
            hop = hops.api
            _check_key(found)
            _validate(found, source)
            hop = hops.integration
            return self._integrate(invocation, found, source)
        except GatewayError as error:
            trace.note(error.hop or hop, "refused", error.reason, status=error.kind.status)
            raise

    def _integrate(self, invocation: Invocation, found: Match, source: Source) -> Answer:
        integration = found.method.integration
        if integration is None:
            raise GatewayError(API_CONFIGURATION_ERROR, f"{found.resource.path} has no integration")
        if integration.type == "MOCK":
            answer = answer_mock(found.method, integration, source)
            invocation.trace.note(invocation.hops.integration, "answered", "MOCK", status=answer.status)
            return answer
        if integration.type == "HTTP_PROXY":
            return self._proxy(integration, source, invocation)
        raise GatewayError(
            API_CONFIGURATION_ERROR, f"integration type {integration.type} is not in the sandbox"
        )


def _match(invocation: Invocation) -> Match:
    request, stage = invocation.request, invocation.stage
    found = match(stage.definition, request.method, request.path)
    if found is None:
        raise GatewayError(
            MISSING_AUTHENTICATION_TOKEN,
            f"{request.method} {request.path} is not deployed on stage {stage.name}",
        )
    return found


def _check_key(found: Match) -> None:
    if found.method.api_key_required:
        raise GatewayError(FORBIDDEN, "the method wants an API key; usage plans are not in the sandbox")


def _validate(found: Match, source: Source) -> None:
    """Refuses a request without its required parameters, where a validator is attached to the method.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
    """
    if not found.method.validates_parameters:
        return
    missing = [
        expression.rpartition(".")[2]
        for expression, required in sorted(found.method.request_parameters.items())
        if required and not method_parameter(expression, source)
    ]
    if missing:
        message = f"Missing required request parameters: [{', '.join(missing)}]"
        raise GatewayError(BAD_REQUEST_PARAMETERS, message, message)
