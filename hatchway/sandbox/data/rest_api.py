"""Executes a request on a stage of a REST API: the same steps for a public and for a private API.

Order of the steps: web ACL, method, resource policy and authorization, API key and limits, request
validation, integration. That authorization comes before the last three is our reading: AWS does not write it
down.
"""

import time
from dataclasses import dataclass

from hatchway.sandbox.data.access_log import AccessLog
from hatchway.sandbox.data.authorization import Authorization
from hatchway.sandbox.data.compression import compressed, decompressed
from hatchway.sandbox.data.firewall import Firewall
from hatchway.sandbox.data.gateway_responses import MISSING_AUTHENTICATION_TOKEN, GatewayError, render
from hatchway.sandbox.data.integrations import Integrations
from hatchway.sandbox.data.invocation import Invocation
from hatchway.sandbox.data.message import Answer, request_identity
from hatchway.sandbox.data.resources import Match, match
from hatchway.sandbox.data.usage import Usage
from hatchway.sandbox.data.validation import validate
from hatchway.sandbox.data.world import World

__all__ = ["Guards", "RestApis"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guards:
    """What a request has to pass before it is worked on."""

    firewall: Firewall
    authorization: Authorization
    usage: Usage


class RestApis:
    """Answers requests to stages."""

    def __init__(self, world: World, guards: Guards, integrations: Integrations) -> None:
        self._world = world
        self._guards = guards
        self._integrations = integrations

    def answer(self, invocation: Invocation) -> Answer:
        """Answers a request, and writes the stage's access log; refusals are answers too."""
        began = time.monotonic()
        definition = invocation.stage.definition
        identity = request_identity(invocation.request_id)
        invocation.known["extendedRequestId"] = dict(identity)["x-amz-apigw-id"]
        try:
            answer = self._execute(invocation)
        except GatewayError as error:
            answer = render(error, definition.gateway_responses, invocation.context(), invocation.request)
            invocation.known.update(_facts(error))
        answer = compressed(definition, invocation.request, answer).with_headers(identity)
        elapsed = round((time.monotonic() - began) * 1000)
        stage = invocation.stage
        log = AccessLog(world=self._world, arn=stage.access_log_arn, form=stage.access_log_format)
        log.write(invocation.context(), answer, elapsed)
        return answer

    def _execute(self, invocation: Invocation) -> Answer:
        hops, trace = invocation.hops, invocation.trace
        hop = hops.api
        try:
            self._guards.firewall.check(invocation)
            found = _match(invocation)
            trace.note(hop, "passed", f"{found.resource.path} of stage {invocation.stage.name}")
            hop = hops.authorizer
            source = self._guards.authorization.authorize(invocation, found)
            hop = hops.api
            self._guards.usage.check(invocation, found, source)
            source = decompressed(invocation.stage.definition, source)
            validate(invocation.stage.definition, found, source)
            hop = hops.integration
            began = time.monotonic()
            try:
                return self._integrations.answer(invocation, found, source)
            finally:
                invocation.known["integration.latency"] = str(round((time.monotonic() - began) * 1000))
        except GatewayError as error:
            trace.note(error.hop or hop, "refused", error.reason, status=error.kind.status)
            if hop == hops.integration:
                invocation.known["integration.error"] = error.reason
            raise


def _facts(error: GatewayError) -> dict[str, str]:
    return {"error.message": error.message or "", "error.responseType": error.kind.type}


def _match(invocation: Invocation) -> Match:
    request, stage = invocation.request, invocation.stage
    found = match(stage.definition, request.method, request.path)
    if found is None:
        raise GatewayError(
            MISSING_AUTHENTICATION_TOKEN,
            f"{request.method} {request.path} is not deployed on stage {stage.name}",
        )
    invocation.known["resourceId"] = found.resource.id
    invocation.known["resourcePath"] = found.resource.path
    return found
