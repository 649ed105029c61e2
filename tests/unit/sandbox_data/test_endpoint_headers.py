"""What a private API gets to see of its endpoint, and of callers who write the same headers."""

from dataclasses import replace
from typing import Any

import pytest

from hatchway.sandbox.data.world import Integration, Method
from tests.unit.sandbox_data.conftest import ENDPOINT, ORDERS, PRIVATE, PUBLIC
from tests.unit.sandbox_data.gateway import function
from tests.unit.sandbox_data.test_data_plane import Call, call, plane

__all__ = ["call", "plane"]

ECHO_ARN = f"arn:aws:lambda:eu-west-1:{ORDERS}:function:echo"
INVOKE = f"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{ECHO_ARN}/invocations"
ECHO = """
    import json

    def handler(event, context):
        return {"statusCode": 200, "body": json.dumps(event)}
"""
ADDED = {"x-amzn-vpc-id": ["vpc-orders"], "x-amzn-vpce-config": ["1"], "x-amzn-vpce-id": [ENDPOINT]}


@pytest.fixture
def seen(call: Call, world: Any) -> Any:
    """Calls with headers; the event that the private API's function gets."""
    echo = function(ECHO, source=f"arn:aws:execute-api:eu-west-1:{ORDERS}:{PRIVATE}/*")
    policy = {"Statement": [{**echo.policy["Statement"][0], "Resource": ECHO_ARN}]}
    world.functions[ECHO_ARN] = replace(echo, arn=ECHO_ARN, account_id=ORDERS, policy=policy)
    method = Method(
        http_method="GET", integration=Integration(type="AWS_PROXY", uri=INVOKE, http_method="POST")
    )
    (resource,) = world.apis[PRIVATE].stages["v1"].definition.resources
    world.change_definition(PRIVATE, resources=(replace(resource, methods={"GET": method}),))

    def made(**headers: str) -> dict[str, list[str]]:
        reply = call(**headers)
        assert reply.status == 200
        found: dict[str, list[str]] = reply.seen[1]["multiValueHeaders"]
        return {name: values for name, values in found.items() if name.lower() in ADDED}

    return made


def test_the_endpoint_says_what_a_request_came_through(seen: Any) -> None:
    assert seen() == ADDED


def test_what_a_caller_writes_there_is_beside_it_and_moves_no_policy(seen: Any) -> None:
    written = {"x_amzn_vpce_id": "vpce-made-up", "X_Amzn_Vpc_Id": "vpc-made-up"}
    assert seen(**written) == ADDED | {
        "x-amzn-vpce-id": ["vpce-made-up", ENDPOINT],
        "X-Amzn-Vpc-Id": ["vpc-made-up"],
    }


def test_what_the_gateway_overwrites_is_not_the_callers(seen: Any, world: Any) -> None:
    (resource,) = world.apis[PUBLIC].stages["live"].definition.resources
    given = resource.methods["ANY"].integration.request_parameters
    fixed = {"integration.request.header.x-amzn-vpce-id": "'none'"}
    world.change_integration(PUBLIC, request_parameters={**given, **fixed})
    assert seen(X_Amzn_Vpce_Id="vpce-made-up") == ADDED | {"x-amzn-vpce-id": ["none", ENDPOINT]}
