"""Executes a request on a stage of an HTTP API.

Order of the steps: CORS preflight, route, limits, authorization, integration. That limits come before
authorization is our reading: AWS does not write it down.
"""

import time

from hatchway.sandbox.data.access_log import AccessLog
from hatchway.sandbox.data.gateway_responses import GatewayError
from hatchway.sandbox.data.http_api.admission import Admission
from hatchway.sandbox.data.http_api.call import HttpCall
from hatchway.sandbox.data.http_api.cors import preflight, with_cors
from hatchway.sandbox.data.http_api.errors import (
    FORBIDDEN,
    NOT_FOUND,
    THROTTLED,
    HttpApiError,
    render,
)
from hatchway.sandbox.data.http_api.integrating import HttpApiIntegrations
from hatchway.sandbox.data.http_api.routes import RouteMatch, find_route
from hatchway.sandbox.data.message import Answer
from hatchway.sandbox.data.throttling import Buckets
from hatchway.sandbox.data.world import World

__all__ = ["HttpApis"]


class HttpApis:
    """Answers requests to stages."""

    def __init__(
        self,
        world: World,
        admission: Admission,
        integrations: HttpApiIntegrations,
        buckets: Buckets | None = None,
    ) -> None:
        self._world = world
        self._admission = admission
        self._integrations = integrations
        self._buckets = buckets or Buckets()

    def answer(self, call: HttpCall) -> Answer:
        """Answers a request, and writes the stage's access log; refusals are answers too."""
        began = time.monotonic()
        answer = preflight(call.api.cors, call.request)
        if answer is not None:
            call.trace.note("entry", "answered", "CORS preflight", status=answer.status)
        else:
            answer = with_cors(call.api.cors, call.request, self._answer(call))
        stage = call.stage
        log = AccessLog(world=self._world, arn=stage.access_log_arn, form=stage.access_log_format)
        log.write(call.context(), answer, round((time.monotonic() - began) * 1000))
        return answer.with_headers({"apigw-requestid": call.request_id})

    def _answer(self, call: HttpCall) -> Answer:
        try:
            return self._execute(call)
        except HttpApiError as error:
            call.known["error.message"] = error.message
            return render(error)

    def _execute(self, call: HttpCall) -> Answer:
        hop = "entry"
        try:
            found = self._find(call)
            hop = "authorizer"
            self._admit(found, call)
            hop = "integration"
            began = time.monotonic()
            answer = self._integrations.answer(found, call)
            call.known["integration.status"] = str(answer.status)
            call.known["integration.latency"] = str(round((time.monotonic() - began) * 1000))
        except HttpApiError as error:
            call.trace.note(error.hop or hop, "refused", error.reason, status=error.status)
            if hop == "integration":
                call.known["integration.error"] = error.reason
            raise
        return answer

    def _find(self, call: HttpCall) -> RouteMatch:
        found = find_route(call.stage.definition, call.request.method, call.request.path)
        if found is None:
            raise HttpApiError(
                NOT_FOUND, f"{call.request.method} {call.request.path} is no route of {call.api.id}"
            )
        key = found.route.key
        call.known["routeKey"] = key
        call.trace.note("entry", "passed", f"{key} of stage {call.stage.name}")
        throttle = call.stage.route_throttles.get(key) or call.stage.throttle
        if throttle is not None and not self._buckets.take((call.api.id, call.stage.name, key), throttle):
            raise HttpApiError(THROTTLED, f"the stage allows {throttle.rate:g} a second for {key}")
        return found

    def _admit(self, found: RouteMatch, call: HttpCall) -> None:
        try:
            self._admission.check(found, call)
        except GatewayError as error:
            raise HttpApiError(FORBIDDEN, error.reason) from error
