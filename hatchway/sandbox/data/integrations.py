"""What a method does with a request that was let in: one answer for each type of integration.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-integration-types.html
"""

from hatchway.sandbox.data.gateway_responses import API_CONFIGURATION_ERROR, GatewayError
from hatchway.sandbox.data.http_integration import HttpIntegrations
from hatchway.sandbox.data.invocation import Invocation
from hatchway.sandbox.data.lambda_integration import LambdaIntegrations
from hatchway.sandbox.data.mapping import Source
from hatchway.sandbox.data.message import Answer
from hatchway.sandbox.data.method_responses import method_answer
from hatchway.sandbox.data.resources import Match
from hatchway.sandbox.data.templates import answer_mock

__all__ = ["Integrations"]


class Integrations:
    """Answers by a method's integration."""

    def __init__(self, http: HttpIntegrations, functions: LambdaIntegrations) -> None:
        self._http = http
        self._functions = functions

    def answer(self, invocation: Invocation, found: Match, source: Source) -> Answer:
        """Returns the integration's answer.

        Raises:
            GatewayError: there is none.
        """
        integration = found.method.integration
        if integration is None:
            raise GatewayError(API_CONFIGURATION_ERROR, f"{found.resource.path} has no integration")
        match integration.type:
            case "MOCK":
                answer = answer_mock(found.method, integration, source)
            case "HTTP_PROXY":
                answer = self._http.send(integration, source, invocation)
                invocation.known["integration.status"] = str(answer.status)
                return answer
            case "HTTP":
                answered = self._http.send(integration, source, invocation)
                invocation.known["integration.status"] = str(answered.status)
                return method_answer(found.method, integration, source, str(answered.status), answered)
            case "AWS_PROXY":
                answer = self._functions.proxy(integration, source, invocation)
                invocation.known["integration.status"] = str(answer.status)
            case "AWS" if ":lambda:path/" in integration.uri:
                answer = self._functions.custom(found, integration, source, invocation)
            case _:
                raise GatewayError(
                    API_CONFIGURATION_ERROR,
                    f"integration {integration.type} {integration.uri} is not in the sandbox",
                )
        hop = invocation.hops.integration
        invocation.trace.note(hop, "answered", integration.type, status=answer.status)
        return answer
