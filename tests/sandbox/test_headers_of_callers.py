"""What a private API receives of headers that callers write: those of an endpoint, and others."""

import contextlib
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from tests.sandbox.levers import Levers, Method, web_acl

ECHO = """
import json

def handler(event, context):
    return {"statusCode": 200, "body": json.dumps(event["multiValueHeaders"])}
"""
ROLE = "arn:aws:iam::222222222222:role/echo"
WRITTEN = {"X-Amzn-Vpce-Id": "vpce-made-up", "x-amzn-vpc-id": "vpc-made-up", "x-amzn-vpce-config": "0"}
FIXED = {f"integration.request.header.{name}": "'none'" for name in (*WRITTEN, "X-Forwarded-User")}
# What the constructs write, as the API takes it; the names are tested where they are written.
OTHER_HEADERS = {
    "RegexString": ".",
    "FieldToMatch": {
        "Headers": {
            "MatchPattern": {
                "ExcludedHeaders": [
                    "Host",
                    "User-Agent",
                    "Accept-Encoding",
                    "Authorization",
                    "x-apigw-api-id",
                    "X-One",
                ]
            },
            "MatchScope": "KEY",
            "OversizeHandling": "MATCH",
        }
    },
    "TextTransformations": [{"Priority": 0, "Type": "NONE"}],
}


@pytest.fixture(scope="module")
def levers(deployed_sandbox: Any, edge: Any, orders: Any) -> Levers:
    return Levers(deployed_sandbox, edge, orders)


@pytest.fixture(scope="module", autouse=True)
def echo(levers: Levers) -> Iterator[None]:
    """The private API answers with the headers that it got."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("main.py", ECHO)
    iam, functions = levers.orders.client("iam"), levers.orders.client("lambda")
    iam.create_role(RoleName="echo", AssumeRolePolicyDocument=json.dumps({"Statement": []}))
    made = functions.create_function(
        FunctionName="echo",
        Role=ROLE,
        Runtime="python3.12",
        Handler="main.handler",
        Code={"ZipFile": packed.getvalue()},
    )["FunctionArn"]
    functions.add_permission(
        FunctionName="echo",
        StatementId="api",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
        SourceArn=f"arn:aws:execute-api:eu-west-1:222222222222:{levers.private.identity}/*",
    )
    uri = f"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{made}/invocations"

    def answered(_name: str, method: Method) -> Method:
        method["methodIntegration"] = {"type": "AWS_PROXY", "httpMethod": "POST", "uri": uri}
        return method

    try:
        with levers.private.deployed_with(levers.private.edited(answered)):
            yield
    finally:
        functions.delete_function(FunctionName="echo")
        iam.delete_role(RoleName="echo")


def received(levers: Levers, **more: str) -> dict[str, list[str]]:
    answer = levers.deployed.call(headers={**WRITTEN, **more})
    assert answer.status == 200
    return {name: values for name, values in answer.json.items() if "vpc" in name.lower()}


def of_the_endpoint(levers: Levers) -> dict[str, list[str]]:
    return {
        "x-amzn-vpc-id": [levers.vpcs["orders"]],
        "x-amzn-vpce-config": ["1"],
        "x-amzn-vpce-id": [levers.endpoint_id],
    }


def overwriting(levers: Levers) -> contextlib.AbstractContextManager[None]:
    change = levers.public.integrations(requestParameters=lambda given: {**given, **FIXED})
    return levers.public.deployed_with(change)


def test_what_a_caller_writes_arrives_beside_what_the_endpoint_says(levers: Levers) -> None:
    expected = of_the_endpoint(levers)
    expected["x-amzn-vpc-id"] = ["vpc-made-up", *expected["x-amzn-vpc-id"]]
    expected["x-amzn-vpce-config"] = ["0", "1"]
    assert received(levers) == expected | {"X-Amzn-Vpce-Id": ["vpce-made-up"]}


def test_a_policy_goes_by_the_connection_whatever_a_caller_writes(levers: Levers) -> None:
    def only_another(policy: Any) -> Any:
        policy["Statement"][1]["Condition"]["StringNotEquals"]["aws:SourceVpce"] = ["vpce-made-up"]
        return policy

    with levers.private.deployed_with(levers.private.policy_of(only_another)):
        assert levers.deployed.call(headers=WRITTEN).status == 403


def test_what_the_gateway_overwrites_does_not_arrive(levers: Levers) -> None:
    with overwriting(levers):
        answer = levers.deployed.call(headers={**WRITTEN, "x-forwarded-user": "admin"})
    assert answer.json["X-Forwarded-User"] == ["none"]
    assert "admin" not in answer.body
    assert "made-up" not in answer.body
    assert answer.json["x-amzn-vpc-id"] == ["none", levers.vpcs["orders"]]


@pytest.mark.parametrize(("more", "status"), [({"X-One": "1"}, 200), ({"X-Two": "1"}, 403), (WRITTEN, 403)])
def test_a_web_acl_lets_in_what_has_no_other_headers(
    levers: Levers, more: dict[str, str], status: int
) -> None:
    rule = {
        "Name": "other-headers",
        "Action": {"Block": {}},
        "Statement": {"RegexMatchStatement": OTHER_HEADERS},
    }
    with web_acl(levers, "Allow", rule):
        answer = levers.deployed.call(headers=more)
    assert answer.status == status
    if status == 403:
        assert answer.json == {"message": "Forbidden"}
