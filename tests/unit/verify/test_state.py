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


def refusal(code: str, operation: str = "GetObject") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, operation)


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


def test_a_denied_read_is_undecided_and_names_the_permission() -> None:
    with pytest.raises(UndecidedError, match=r"may not be read, got AccessDenied\. Grant s3:GetObject"):
        states(refusal("AccessDenied")).read("gateway")


@pytest.mark.parametrize("code", ["ExpiredToken", "InvalidAccessKeyId", "SignatureDoesNotMatch"])
def test_credentials_that_are_not_valid_are_to_be_renewed(code: str) -> None:
    with pytest.raises(UndecidedError, match=rf"are not valid, got {code}\. Renew them"):
        states(refusal(code)).read("gateway")


def test_a_state_role_that_may_not_be_assumed_is_named() -> None:
    with pytest.raises(UndecidedError, match=r"^state\.s3\.role: .* cannot be assumed, got AccessDenied"):
        states(refusal("AccessDenied", "AssumeRole")).read("gateway")


def test_missing_credentials_are_undecided() -> None:
    with pytest.raises(UndecidedError, match="cannot be read, since there are no AWS credentials"):
        states(NoCredentialsError()).read("gateway")


def test_a_bucket_that_does_not_exist_is_named() -> None:
    with pytest.raises(ToolError, match=r"state\.s3\.bucket: does not exist, got 'article-state'"):
        states(refusal("NoSuchBucket")).read("gateway")


def test_an_aws_that_cannot_be_reached_is_a_failed_tool() -> None:
    error = EndpointConnectionError(endpoint_url="https://s3.amazonaws.com")
    with pytest.raises(ToolError, match="AWS cannot be reached: EndpointConnection"):
        states(error).read("gateway")
