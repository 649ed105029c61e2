import json
from email.message import Message

import moto
import pytest

from hatchway.errors import ToolError
from hatchway.sandbox import control
from hatchway.sandbox.control.plane import ControlPlane, name_of_call


def headers(**given):
    message = Message()
    for name, value in given.items():
        message[name.replace("_", "-")] = value
    return message


SCOPE = "AWS4-HMAC-SHA256 Credential=AKIA/20260101/eu-west-1/{}/aws4_request, SignedHeaders=host, Signature=x"


@pytest.mark.parametrize(
    ("method", "target", "given", "body", "expected"),
    [
        (
            "POST",
            "/",
            {"Authorization": SCOPE.format("ec2")},
            b"Action=DescribeVpcs&Version=1",
            "ec2 DescribeVpcs",
        ),
        ("POST", "/", {"X_Amz_Target": "secretsmanager.GetSecretValue"}, b"{}", "host GetSecretValue"),
        (
            "GET",
            "/restapis/x?y=z",
            {"Authorization": SCOPE.format("apigateway")},
            b"",
            "apigateway GET /restapis/x",
        ),
    ],
)
def test_a_call_is_named_by_service_and_operation(method, target, given, body, expected):
    assert name_of_call(method, "host.eu-west-1.amazonaws.com", target, headers(**given), body) == expected


def test_a_call_that_moto_lacks_is_a_400_that_names_it_in_the_callers_protocol():
    answer = ControlPlane().respond(
        "POST",
        "ec2.eu-west-1.amazonaws.com",
        "/",
        headers(Content_Type="application/x-www-form-urlencoded", Authorization=SCOPE.format("ec2")),
        b"Action=CreateNetworkInsightsPath&Version=2016-11-15",
    )
    assert answer.status == 400
    assert b"<Code>NotInSandbox</Code>" in answer.body
    assert b"The sandbox does not have ec2 CreateNetworkInsightsPath" in answer.body


def test_a_service_that_moto_lacks_is_a_400_in_json():
    answer = ControlPlane().respond("POST", "nosuch.eu-west-1.amazonaws.com", "/x", headers(), b"{}")
    assert answer.status == 400
    assert json.loads(answer.body)["message"] == "The sandbox does not have nosuch POST /x."
    assert ("x-amzn-ErrorType", "NotInSandbox") in answer.headers


def test_another_moto_is_refused_in_a_sentence(monkeypatch):
    monkeypatch.setattr(moto, "__version__", "5.9.9")
    with pytest.raises(ToolError, match=r"made for version 5\.2\.5, got 5\.9\.9"):
        control.install()
