"""Lambda functions behind a method: `AWS_PROXY`, and `AWS` with mapping templates.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-integrations.html
"""

import json
import re

from hatchway.sandbox.data.function_calls import FunctionCall, FunctionCalls, UncallableError
from hatchway.sandbox.data.functions import FunctionError, FunctionStillRunningError, FunctionTimeoutError
from hatchway.sandbox.data.gateway_responses import (
    API_CONFIGURATION_ERROR,
    INTEGRATION_TIMEOUT,
    MALFORMED_RESPONSE,
    GatewayError,
)
from hatchway.sandbox.data.http_integration import patience
from hatchway.sandbox.data.invocation import Invocation
from hatchway.sandbox.data.lambda_events import proxy_answer, proxy_event
from hatchway.sandbox.data.mapping import Source, with_stage_variables
from hatchway.sandbox.data.media_types import is_binary
from hatchway.sandbox.data.message import Answer
from hatchway.sandbox.data.method_responses import method_answer
from hatchway.sandbox.data.request_templates import request_text
from hatchway.sandbox.data.resources import Match
from hatchway.sandbox.data.world import Integration

__all__ = ["LambdaIntegrations"]


class LambdaIntegrations:
    """Answers with Lambda functions. `time_scale` shortens the integration's timeout."""

    def __init__(self, calls: FunctionCalls, time_scale: float) -> None:
        self._calls = calls
        self._time_scale = time_scale

    def proxy(self, integration: Integration, source: Source, invocation: Invocation) -> Answer:
        """Answers as an `AWS_PROXY` integration.

        Raises:
            GatewayError: 500 without function or permission, 502 for a failure or a malformed answer, 504
                for none in time.
        """
        media_types = invocation.stage.definition.binary_media_types
        event = proxy_event(source, is_binary=is_binary(media_types, source.request.header("Content-Type")))
        try:
            result = self._invoke(integration, source, invocation, event)
        except FunctionTimeoutError as error:
            raise GatewayError(MALFORMED_RESPONSE, f"the function timed out: {error}") from error
        except FunctionError as error:
            raise GatewayError(
                MALFORMED_RESPONSE, f"the function failed: {error.error_type}: {error}"
            ) from error
        accepted = (source.request.header("Accept") or "").split(",")[0]
        return proxy_answer(result, accepts_binary=is_binary(media_types, accepted))

    def custom(
        self, found: Match, integration: Integration, source: Source, invocation: Invocation
    ) -> Answer:
        """Answers as an `AWS` integration: templates there and back, patterns over the function's error.

        Raises:
            GatewayError: 500 for what is not deployed well, 504 for no answer in time.
        """
        text = request_text(integration, source)
        try:
            event = json.loads(text or "{}")
        except ValueError as error:
            raise GatewayError(API_CONFIGURATION_ERROR, "the request template makes no JSON") from error
        failure = ""
        try:
            result = self._invoke(integration, source, invocation, event)
        except (FunctionError, FunctionTimeoutError) as error:
            failure = str(error)
            result = {"errorMessage": failure, "errorType": getattr(error, "error_type", "Sandbox.Timedout")}
        answered = Answer(status=200, body=json.dumps(result).encode())
        return method_answer(found.method, integration, source, failure, answered)

    def _invoke(
        self, integration: Integration, source: Source, invocation: Invocation, event: dict[str, object]
    ) -> object:
        call = FunctionCall(
            uri=with_stage_variables(integration.uri, source.stage_variables),
            source_arn=_source_arn(source, invocation),
            account_id=invocation.api.account_id,
            credentials=integration.credentials,
        )
        limit = patience(integration, self._time_scale)
        try:
            return self._calls.invoke(call, event, invocation.request_id, limit)
        except UncallableError as error:
            raise GatewayError(API_CONFIGURATION_ERROR, str(error)) from error
        except FunctionStillRunningError as error:
            raise GatewayError(INTEGRATION_TIMEOUT, f"the function: {error}") from error


def _source_arn(source: Source, invocation: Invocation) -> str:
    """What the function's policy sees: the method's resource, with a `*` for each path parameter.

    That is how the permissions read that the console makes; AWS does not write the value down.
    """
    path = re.sub(r"\{[^}]+\}", "*", source.context["resourcePath"]).lstrip("/")
    return f"{invocation.api_arn}/{invocation.stage.name}/{source.request.method}/{path}"
