"""Exports as they come over the wire: botocore itself makes of them what it gives for an answer."""

import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from hatchway.verify.aws.accounts import AwsReader
from hatchway.verify.aws.answers import Refusal
from hatchway.verify.aws.reads import Request
from tests.unit.verify_aws.test_accounts import account, credentials

__all__ = ["credentials"]

IDENTITY = (
    b"<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111111111111</Account>"
    b"</GetCallerIdentityResult></GetCallerIdentityResponse>"
)


class Body(BytesIO):
    """What botocore reads of urllib3's answer."""

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self.read()


class Wire:
    """Stands in for the network, below what botocore parses."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    def prepare(self, _account: str, client: Any) -> None:
        client.meta.events.register("before-send", self.answer)

    def answer(self, request: Any, **_: Any) -> Any:
        if "/exports/" in request.url:
            return AWSResponse(request.url, 200, HTTPHeaders(), Body(self.body))
        return AWSResponse(request.url, 200, HTTPHeaders(), Body(IDENTITY))


EXPORTS = [
    Request.of("edge", "GetExport", restApiId="a", stageName="s"),
    Request.of("edge", "v2:ExportApi", ApiId="a", StageName="s"),
]


def exported(request: Request, body: bytes) -> Any:
    return AwsReader({"edge": account()}, prepare=Wire(body).prepare).read(request)


@pytest.mark.parametrize("request_", EXPORTS, ids=lambda one: one.operation)
def test_an_export_is_read_to_its_end(request_: Request) -> None:
    paths: dict[str, Any] = {f"/{number}": {} for number in range(50_000)}
    assert exported(request_, json.dumps({"paths": paths}).encode()) == {"paths": paths}


@pytest.mark.parametrize("request_", EXPORTS, ids=lambda one: one.operation)
@pytest.mark.parametrize("body", [b"<html>", b"", b"\xff\xfe\xfa", b'{"paths": {'])
def test_an_export_that_is_no_json_is_no_answer(request_: Request, body: bytes) -> None:
    found = exported(request_, body)
    assert isinstance(found, Refusal)
    assert "gave no answer" in found.reason
