"""MOCK integrations: the request template chooses a status, the status chooses the response."""

import json
from dataclasses import replace

import pytest

from hatchway.sandbox.data.gateway_responses import GatewayError
from hatchway.sandbox.data.mapping import Source
from hatchway.sandbox.data.message import Answer, Request
from hatchway.sandbox.data.templates import answer_mock
from hatchway.sandbox.data.world import Integration, IntegrationResponse, Method

JSON = "application/json"


def mock(
    request: str | None, *responses: IntegrationResponse, behavior: str = "WHEN_NO_MATCH"
) -> Integration:
    return Integration(
        type="MOCK",
        request_templates={} if request is None else {JSON: request},
        responses=responses,
        passthrough_behavior=behavior,
    )


def answer(integration: Integration, body: bytes = b"", content_type: str = JSON) -> Answer:
    source = Source(
        request=Request(
            method="GET",
            path="/test",
            query="name=ada",
            headers=(("Content-Type", content_type), ("x-code", "404")),
            body=body,
        ),
        path_parameters={"id": "7"},
        stage_variables={"colour": "blue"},
        context={"requestId": "r1", "identity.sourceIp": "203.0.113.10"},
    )
    method = Method(http_method="GET", response_statuses=frozenset({200, 404}))
    return answer_mock(method, integration, source)


def ok(template: str, pattern: str | None = None, status: int = 200) -> IntegrationResponse:
    return IntegrationResponse(status_code=status, selection_pattern=pattern, templates={JSON: template})


def test_the_response_template_sees_parameters_variables_and_context() -> None:
    template = (
        '{"id": "$input.params(\'id\')", "name": "$input.params(\'name\')",'
        ' "from": "$context.identity.sourceIp",'
        ' "colour": "$stageVariables.colour", "request": "$context.requestId"}'
    )
    made = answer(mock('{"statusCode": 200}', ok(template)))
    assert json.loads(made.body) == {
        "id": "7",
        "name": "ada",
        "from": "203.0.113.10",
        "colour": "blue",
        "request": "r1",
    }


def test_the_request_template_can_choose_the_status_by_what_is_asked() -> None:
    request = "#if($input.params('x-code') == '404'){\"statusCode\": 404}#else{\"statusCode\": 200}#end"
    made = answer(mock(request, ok("{}"), ok("missing", "404", 404)))
    assert (made.status, made.body) == (404, b"missing")


def test_the_pattern_that_matches_beats_the_default() -> None:
    made = answer(mock('{"statusCode": 404}', ok("default"), ok("other", "4\\d\\d", 404)))
    assert made.body == b"other"


def test_a_body_can_name_the_status_where_it_is_passed_through() -> None:
    made = answer(mock(None, ok("{}")), body=b'{"statusCode": 200}')
    assert made.status == 200


@pytest.mark.parametrize("behavior", ["NEVER", "WHEN_NO_TEMPLATES"])
def test_a_content_type_without_a_template_is_refused_where_the_settings_say_so(behavior: str) -> None:
    with pytest.raises(GatewayError) as caught:
        answer(mock('{"statusCode": 200}', ok("{}"), behavior=behavior), content_type="text/plain")
    assert caught.value.kind.status == 415


@pytest.mark.parametrize("request_template", ["", "{}", "not json", '{"statusCode": "none"}'])
def test_without_a_status_there_is_no_answer(request_template: str) -> None:
    with pytest.raises(GatewayError, match="gives no statusCode"):
        answer(mock(request_template or "[]", ok("{}")))


def test_without_a_response_for_the_status_there_is_no_answer() -> None:
    with pytest.raises(GatewayError, match="no integration response matches"):
        answer(mock('{"statusCode": 200}', ok("{}", "404", 404)))


def test_a_status_that_the_method_does_not_declare_is_no_answer() -> None:
    with pytest.raises(GatewayError, match="declares no response with status 201"):
        answer(mock('{"statusCode": 200}', ok("{}", status=201)))


def test_static_response_headers_are_sent() -> None:
    response = replace(ok("{}"), parameters={"method.response.header.X-Kind": "'mock'"})
    assert dict(answer(mock('{"statusCode": 200}', response)).headers)["X-Kind"] == "mock"
