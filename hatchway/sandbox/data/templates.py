"""MOCK integrations.

https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html
"""

import json

from hatchway.sandbox.data.gateway_responses import API_CONFIGURATION_ERROR, GatewayError
from hatchway.sandbox.data.mapping import Source
from hatchway.sandbox.data.message import Answer
from hatchway.sandbox.data.method_responses import method_answer
from hatchway.sandbox.data.request_templates import request_text
from hatchway.sandbox.data.world import Integration, Method

__all__ = ["answer_mock"]


def answer_mock(method: Method, integration: Integration, source: Source) -> Answer:
    """Answers as a MOCK integration does: the request template names a status, which picks the response.

    Raises:
        GatewayError: what is deployed is not enough for an answer, which API Gateway says with 500.
    """
    body = request_text(integration, source)
    answer = method_answer(
        method, integration, source, str(_status_of(body)), Answer(status=200, body=body.encode())
    )
    # The body of a MOCK integration is never handed on by itself.
    return answer.without_body() if answer.body == body.encode() else answer


def _status_of(body: str) -> int:
    try:
        value = json.loads(body)["statusCode"]
        return int(value)
    except (ValueError, KeyError, TypeError) as error:
        raise GatewayError(
            API_CONFIGURATION_ERROR, f"the request template gives no statusCode, but {body[:80]!r}"
        ) from error
