import io
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError

from hatchway.errors import ToolError, UndecidedError
from hatchway.topology.model import Topology
from hatchway.verify.s3_state import S3States
from hatchway.verify.state import read_outputs
from tests.unit.verify.conftest import declared


class Kept:
    def __init__(self, document: bytes | None) -> None:
        self.document = document

    def read(self, stack: str, /) -> bytes | None:  # noqa: ARG002 -- the port's name
        return self.document


class FakeS3:
    def __init__(self, answer: bytes | Exception) -> None:
        self.answer = answer

    def get_object(self, **asked: Any) -> dict[str, Any]:
        assert asked == {"Bucket": "article-state", "Key": "hatchway/gateway.tfstate"}
        if isinstance(self.answer, Exception):
            raise self.answer
        return {"Body": io.BytesIO(self.answer)}


def states(answer: bytes | Exception) -> S3States:
    return S3States(Topology.model_validate(declared()), client=lambda: FakeS3(answer))


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "GetObject")


def test_outputs_are_read_by_name() -> None:
    document = json.dumps({"outputs": {"stage_name": {"value": "live", "type": "string", "sensitive": True}}})
    assert read_outputs(Kept(document.encode()), "gateway") == {"stage_name": "live"}


@pytest.mark.parametrize("document", [None, b'{"outputs": {}}'])
def test_a_stack_that_is_not_deployed_is_undecided(document: bytes | None) -> None:
    with pytest.raises(UndecidedError, match=r"gateway: .* Run 'hatchway deploy' first"):
        read_outputs(Kept(document), "gateway")


@pytest.mark.parametrize("document", [b"", b"[]", b"{}", b'{"outputs": {"a": 1}}', b"\xff"])
def test_an_object_that_is_no_state_is_refused(document: bytes) -> None:
    with pytest.raises(ToolError, match="is not a Terraform state"):
        read_outputs(Kept(document), "gateway")


def test_an_object_that_is_not_there_is_no_state() -> None:
    assert states(refusal("NoSuchKey")).read("gateway") is None


def test_what_is_in_the_bucket_is_returned() -> None:
    assert states(b"{}").read("gateway") == b"{}"


@pytest.mark.parametrize("code", ["AccessDenied", "ExpiredToken"])
def test_a_denied_read_is_undecided_and_names_the_permission(code: str) -> None:
    with pytest.raises(UndecidedError, match=rf"may not be read, got {code}\. Grant s3:GetObject"):
        states(refusal(code)).read("gateway")


def test_missing_credentials_are_undecided() -> None:
    with pytest.raises(UndecidedError, match="cannot be read without AWS credentials"):
        states(NoCredentialsError()).read("gateway")


def test_a_bucket_that_does_not_exist_is_named() -> None:
    with pytest.raises(ToolError, match=r"state\.s3\.bucket: does not exist, got 'article-state'"):
        states(refusal("NoSuchBucket")).read("gateway")


def test_an_aws_that_cannot_be_reached_is_a_failed_tool() -> None:
    error = EndpointConnectionError(endpoint_url="https://s3.amazonaws.com")
    with pytest.raises(ToolError, match="AWS cannot be asked, got 'Could not connect"):
        states(error).read("gateway")
