"""What stands behind a method: functions and HTTP hosts, and every way in which they fail."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from hatchway.sandbox.data import DataPlane
from hatchway.sandbox.data.world import Integration, IntegrationResponse, Method, Role
from tests.unit.sandbox_data.gateway import (
    FUNCTION_ARN,
    INVOKE,
    SERVER_ERROR,
    Gateway,
    function,
    local_server,
    resource,
)

TIMED_OUT = {"message": "Endpoint request timed out"}
NETWORK_ERROR = {"message": "Network error communicating with endpoint"}
ECHO = """
    import json

    def handler(event, context):
        return {"statusCode": 200, "body": json.dumps(event)}
"""


def proxied(**changes: Any) -> Method:
    integration = Integration(type="AWS_PROXY", uri=INVOKE, http_method="POST")
    return Method(http_method="ANY", integration=replace(integration, **changes))


def http(uri: str, **changes: Any) -> Method:
    integration = Integration(type="HTTP_PROXY", uri=uri, **changes)
    return Method(http_method="ANY", integration=integration)


def returning(expression: str) -> str:
    return f"def handler(event, context):\n    return {expression}\n"


def answer_of(gateway: Gateway, code: str, **changes: Any) -> Any:
    gateway.world.functions[FUNCTION_ARN] = function(code, **changes)
    gateway.deploy(resource(proxied()))
    return gateway.call()


def test_a_function_gets_the_event_of_format_1_0(gateway: Gateway) -> None:
    gateway.world.functions[FUNCTION_ARN] = function(ECHO)
    gateway.deploy(resource(proxied(), "/orders/{id}"), stage={"variables": {"color": "blue"}})
    event = gateway.call("/live/orders/a%20b?x=1&x=2&y=", "PUT", body=b"hello", X_One="1").json
    assert (event["resource"], event["path"], event["httpMethod"]) == (
        "/orders/{id}",
        "/orders/a%20b",
        "PUT",
    )
    assert (event["headers"]["X-One"], event["multiValueHeaders"]["X-One"]) == ("1", ["1"])
    assert event["queryStringParameters"] == {"x": "2", "y": ""}
    assert event["multiValueQueryStringParameters"] == {"x": ["1", "2"], "y": [""]}
    assert (event["pathParameters"], event["stageVariables"]) == ({"id": "a b"}, {"color": "blue"})
    assert (event["body"], event["isBase64Encoded"]) == ("hello", False)
    context = event["requestContext"]
    assert (context["stage"], context["path"], context["apiId"]) == (
        "live",
        "/live/orders/a%20b",
        "public0001",
    )
    assert context["identity"]["sourceIp"] == "203.0.113.10"
    assert "authorizer" not in context


def test_what_is_empty_is_null_in_the_event(gateway: Gateway) -> None:
    event = answer_of(gateway, ECHO).json
    names = ("queryStringParameters", "multiValueQueryStringParameters", "pathParameters", "stageVariables")
    assert [event[name] for name in (*names, "body")] == [None] * 5


def test_a_binary_body_comes_and_goes_as_base64(gateway: Gateway) -> None:
    code = """
        def handler(event, context):
            assert event["isBase64Encoded"]
            return {
                "statusCode": 200,
                "headers": {"Content-Type": "image/png"},
                "body": event["body"],
                "isBase64Encoded": True,
            }
    """
    gateway.world.functions[FUNCTION_ARN] = function(code)
    gateway.deploy(resource(proxied()), binary_media_types=("image/*",))
    reply = gateway.call(method="POST", body=b"\x89\x00\xff", Content_Type="image/png", Accept="image/png")
    assert (reply.status, reply.body) == (200, b"\x89\x00\xff")


def test_without_a_binary_media_type_the_body_stays_base64(gateway: Gateway) -> None:
    text = base64.b64encode(b"\x89").decode()
    reply = answer_of(gateway, returning(f"{{'statusCode': 200, 'body': '{text}', 'isBase64Encoded': True}}"))
    assert reply.body == text.encode()


def test_status_and_headers_are_the_functions(gateway: Gateway) -> None:
    code = returning(
        "{'statusCode': '201', 'headers': {'X-A': True, 'Content-Type': 'text/plain'},"
        " 'multiValueHeaders': {'X-B': ['1']}, 'body': 'made'}"
    )
    reply = answer_of(gateway, code)
    assert (reply.status, reply.body) == (201, b"made")
    assert (reply.headers["X-A"], reply.headers["X-B"], reply.headers["Content-Type"]) == (
        "true",
        "1",
        "text/plain",
    )


@pytest.mark.parametrize(
    "result",
    [
        "None",
        "'text'",
        "{}",
        "{'statusCode': 'x'}",
        "{'statusCode': True}",
        "{'statusCode': 42}",
        "{'statusCode': 200, 'body': {'a': 1}}",
        "{'statusCode': 200, 'headers': []}",
        "{'statusCode': 200, 'headers': {'a': None}}",
        "{'statusCode': 200, 'multiValueHeaders': {'a': 'b'}}",
        "{'statusCode': 200, 'error': 'x'}",
    ],
)
def test_a_malformed_answer_is_a_bad_gateway(gateway: Gateway, result: str) -> None:
    assert answer_of(gateway, returning(result)).seen == (502, SERVER_ERROR)
    assert "Malformed Lambda proxy response" in gateway.reason()


def test_a_function_that_raises_is_a_bad_gateway(gateway: Gateway) -> None:
    assert answer_of(gateway, returning("1 / 0")).seen == (502, SERVER_ERROR)


def test_a_function_past_its_own_limit_is_a_bad_gateway(gateway: Gateway) -> None:
    code = "import time\n\ndef handler(event, context):\n    time.sleep(30)\n"
    assert answer_of(gateway, code, timeout_seconds=0.2).seen == (502, SERVER_ERROR)


def test_a_function_past_the_integrations_limit_is_a_timeout(gateway: Gateway) -> None:
    code = "import time\n\ndef handler(event, context):\n    time.sleep(30)\n"
    gateway.world.functions[FUNCTION_ARN] = function(code, timeout_seconds=25)
    gateway.deploy(resource(proxied(timeout_milliseconds=100)))
    assert gateway.call().seen == (504, TIMED_OUT)


@pytest.mark.parametrize("source", [None, "arn:aws:execute-api:eu-west-1:111111111111:another001/*"])
def test_a_function_without_permission_for_the_api_is_an_error(gateway: Gateway, source: str | None) -> None:
    assert answer_of(gateway, ECHO, source=source).seen == (500, SERVER_ERROR)
    assert "no permission" in gateway.reason()


@pytest.mark.parametrize(
    ("source", "status"), [("*/GET/test", 200), ("live/GET/*", 200), ("live/POST/*", 500), ("v2/*", 500)]
)
def test_a_permission_can_name_stage_method_and_path(gateway: Gateway, source: str, status: int) -> None:
    code = returning("{'statusCode': 200}")
    arn = f"arn:aws:execute-api:eu-west-1:111111111111:public0001/{source}"
    assert answer_of(gateway, code, source=arn).status == status


def test_a_function_that_does_not_exist_is_an_error(gateway: Gateway) -> None:
    gateway.deploy(resource(proxied()))
    assert gateway.call().seen == (500, SERVER_ERROR)


def role(service: str, action: str) -> Role:
    arn = "arn:aws:iam::111111111111:role/caller"
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    may = {"Effect": "Allow", "Action": action, "Resource": FUNCTION_ARN}
    return Role(arn=arn, trust={"Statement": [trust]}, policies=({"Statement": [may]},))


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (role("apigateway.amazonaws.com", "lambda:*"), 200),
        (role("lambda.amazonaws.com", "lambda:*"), 500),
        (role("apigateway.amazonaws.com", "s3:GetObject"), 500),
        (None, 500),
    ],
)
def test_credentials_have_to_be_a_role_that_can_be_assumed_and_may_call(
    gateway: Gateway, given: Role | None, status: int
) -> None:
    arn = "arn:aws:iam::111111111111:role/caller"
    gateway.world.functions[FUNCTION_ARN] = function(returning("{'statusCode': 200}"), None)
    gateway.world.roles = {arn: given} if given else {}
    gateway.deploy(resource(proxied(credentials=arn)))
    assert gateway.call().status == status


def custom(*responses: IntegrationResponse, **changes: Any) -> Method:
    integration = Integration(type="AWS", uri=INVOKE, http_method="POST", responses=responses, **changes)
    statuses = frozenset(response.status_code for response in responses)
    return Method(http_method="ANY", integration=integration, response_statuses=statuses)


def test_a_function_without_proxy_gets_the_template_and_is_mapped_back(gateway: Gateway) -> None:
    code = "def handler(event, context):\n    return {'doubled': event['n'] * 2}\n"
    gateway.world.functions[FUNCTION_ARN] = function(code)
    response = IntegrationResponse(
        status_code=200,
        templates={"application/json": "{\"value\": $input.json('$.doubled')}"},
        parameters={"method.response.header.x-doubled": "integration.response.body.doubled"},
    )
    template = "{\"n\": $input.params('n')}"
    gateway.deploy(resource(custom(response, request_templates={"application/json": template})))
    reply = gateway.call("/live/test?n=21")
    assert (reply.seen, reply.headers["x-doubled"]) == ((200, {"value": 42}), "42")


def test_a_functions_error_picks_the_response(gateway: Gateway) -> None:
    gateway.world.functions[FUNCTION_ARN] = function(
        "def handler(event, context):\n    raise ValueError('not found: 7')\n"
    )
    fine = IntegrationResponse(status_code=200)
    missing = IntegrationResponse(status_code=404, selection_pattern="not found.*")
    gateway.deploy(resource(custom(fine, missing)))
    assert gateway.call().status == 404
    gateway.deploy(resource(custom(replace(fine, selection_pattern="never"))))
    assert gateway.call().seen == (500, SERVER_ERROR)


def test_a_name_for_tests_is_answered_by_telling_what_came(gateway: Gateway) -> None:
    gateway.deploy(
        resource(
            http(
                "https://orders.example.com/v1/{proxy}",
                request_parameters={
                    "integration.request.path.proxy": "method.request.path.proxy",
                    "integration.request.header.x-tenant": "'a'",
                },
            ),
            "/{proxy+}",
        )
    )
    told = gateway.call("/live/orders/7?x=1", "POST", body=b"hi").json
    assert (told["method"], told["path"], told["query"]) == ("POST", "/v1/orders/7", {"x": ["1"]})
    assert (told["headers"]["Host"], told["headers"]["x-tenant"], told["body"]) == (
        "orders.example.com",
        "a",
        "hi",
    )


def test_plain_http_is_answered_as_well(gateway: Gateway) -> None:
    gateway.deploy(resource(http("http://orders.test/x")))
    assert gateway.call().json["path"] == "/x"


def test_a_name_that_does_not_resolve_is_an_error(gateway: Gateway) -> None:
    gateway.deploy(resource(http("https://orders.corp.internal/")))
    assert gateway.call().seen == (500, SERVER_ERROR)
    assert "--backend" in gateway.reason()


def test_a_port_on_which_nothing_listens_is_a_network_error(gateway: Gateway) -> None:
    gateway.deploy(resource(http("https://orders.example.com:8443/")))
    assert gateway.call().seen == (504, NETWORK_ERROR)


def test_without_proxy_only_mapped_headers_and_templates_pass(gateway: Gateway) -> None:
    integration = Integration(
        type="HTTP",
        uri="https://orders.example.com/x",
        request_parameters={"integration.request.header.x-a": "'1'"},
        request_templates={"application/json": '{"wrapped": true}'},
        responses=(IntegrationResponse(status_code=202, selection_pattern="2.."),),
    )
    method = Method(http_method="ANY", integration=integration, response_statuses=frozenset({202}))
    gateway.deploy(resource(method))
    reply = gateway.call("/live/test?q=1", "POST", body=b"{}", X_Mine="1")
    assert (reply.status, reply.json["body"], reply.json["query"]) == (202, '{"wrapped": true}', {})
    assert "X-Mine" not in reply.json["headers"]
    assert reply.json["headers"]["x-a"] == "1"


@pytest.fixture
def local() -> Iterator[int]:
    with local_server(203, lambda host, path: {"host": host, "path": path}) as port:
        yield port


def test_a_mapped_name_is_answered_by_the_server_on_this_machine(
    gateway: Gateway, authority: Any, tmp_path: Any, local: int
) -> None:
    backends = {"orders.corp.internal": local}
    plane = DataPlane(authority, tmp_path, world=gateway.world, backends=backends, time_scale=0.01)
    plane.start()
    gateway.deploy(resource(http("https://orders.corp.internal/x")))
    mapped = replace(gateway, plane=plane)
    assert mapped.call().seen == (203, {"host": "orders.corp.internal", "path": "/x"})
    plane.stop()


def test_a_mapped_server_that_is_down_is_a_network_error(
    gateway: Gateway, authority: Any, tmp_path: Any
) -> None:
    plane = DataPlane(authority, tmp_path, world=gateway.world, backends={"a.b": 1}, time_scale=0.01)
    plane.start()
    gateway.deploy(resource(http("https://a.b/x")))
    assert replace(gateway, plane=plane).call().seen == (504, NETWORK_ERROR)
    plane.stop()
