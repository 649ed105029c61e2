"""The log of calls to AWS APIs: who called what where, and nothing that could be a secret."""

import json
from email.message import Message
from pathlib import Path

from hatchway.sandbox.control.call_log import CallLog
from hatchway.sandbox.control.plane import ControlPlane

SIGNED = (
    "AWS4-HMAC-SHA256 Credential={}/20260101/eu-west-1/ec2/aws4_request, "
    "SignedHeaders=host, Signature=the-signature"
)


def message(**given: str) -> Message:
    headers = Message()
    for name, value in given.items():
        headers[name.replace("_", "-")] = value
    return headers


def lines(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "calls.jsonl").read_text("utf-8").splitlines()]


def test_a_call_is_written_with_service_operation_program_and_status(tmp_path: Path) -> None:
    headers = message(
        Authorization=SIGNED.format("AKIAEXAMPLE"), User_Agent="APN/1.0 HashiCorp/1.0 Terraform/1.11.4 (+x)"
    )

    ControlPlane(CallLog(tmp_path).call).respond(
        "POST", "ec2.eu-west-1.amazonaws.com", "/", headers, b"Action=NoSuchCall&Version=2016-11-15"
    )

    (line,) = lines(tmp_path)
    del line["time"]
    assert line == {
        "account": "123456789012",
        "service": "ec2",
        "operation": "NoSuchCall",
        "method": "POST",
        "path": "/",
        "status": 400,
        "program": "Terraform",
    }


def test_neither_signature_nor_query_nor_body_is_written(tmp_path: Path) -> None:
    headers = message(Authorization=SIGNED.format("AKIAEXAMPLE"), X_Amz_Security_Token="the-token")

    ControlPlane(CallLog(tmp_path).call).respond(
        "PUT", "s3.eu-west-1.amazonaws.com", "/b/o?X-Amz-Signature=the-query", headers, b"the-body"
    )

    text = (tmp_path / "calls.jsonl").read_text("utf-8")
    assert "/b/o" in text
    assert not [each for each in ("the-signature", "the-token", "the-query", "the-body") if each in text]


def test_a_call_without_credentials_has_no_account(tmp_path: Path) -> None:
    CallLog(tmp_path).call("ec2 DescribeVpcs", "POST", "/", message(User_Agent="curl/8"), 403)

    (line,) = lines(tmp_path)
    assert (line["account"], line["program"]) == (None, "curl/8")
