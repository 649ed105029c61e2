"""What Terraform put out, read from the state in S3. No Terraform is needed."""

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from hatchway.errors import ToolError, UndecidedError
from hatchway.topology import state_key

if TYPE_CHECKING:
    from hatchway.topology.model import Topology

__all__ = ["S3States", "States", "read_outputs"]

_DENIED = {"AccessDenied", "403", "Forbidden", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken"}


class States(Protocol):
    """Reads state objects."""

    def read(self, stack: str, /) -> bytes | None:
        """Return the state of a stack, or None if there is none yet."""


def read_outputs(states: States, stack: str) -> Mapping[str, Any]:
    """Return the outputs of a deployed stack.

    Raises:
        UndecidedError: The stack has not been deployed, or its state may not be read.
        ToolError: S3 cannot be asked, or holds something else.
    """
    document = states.read(stack)
    if document is None:
        raise UndecidedError(f"{stack}: has not been deployed yet. Run 'hatchway deploy' first.")
    try:
        outputs = {name: output["value"] for name, output in json.loads(document)["outputs"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ToolError(f"{stack}: its state object in S3 is not a Terraform state.") from error
    if not outputs:
        raise UndecidedError(
            f"{stack}: is not deployed, its state has no outputs. Run 'hatchway deploy' first."
        )
    return outputs


class S3States:
    """State objects in the bucket of a topology, read with the state role if there is one.

    Args:
        topology: Names bucket, region, keys and role.
        client: Makes the S3 client; by default a real one.
    """

    def __init__(self, topology: "Topology", client: Callable[[], Any] | None = None) -> None:
        self._topology = topology
        self._client = client or (lambda: _s3_client(topology))

    def read(self, stack: str, /) -> bytes | None:
        """Return the state of a stack, or None if there is none yet.

        Raises:
            UndecidedError: It may not be read.
            ToolError: The bucket does not exist, or AWS cannot be asked.
        """
        from botocore.exceptions import (  # noqa: PLC0415 -- boto3 takes half a second to import
            BotoCoreError,
            ClientError,
            NoCredentialsError,
        )

        state, key = self._topology.state, state_key(self._topology, stack)
        where = f"s3://{state.bucket}/{key}"
        try:
            answer = self._client().get_object(Bucket=state.bucket, Key=key)
            body: bytes = answer["Body"].read()
        except NoCredentialsError as error:
            raise UndecidedError(
                f"{where}: cannot be read without AWS credentials. Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and "
                "AWS_SECRET_ACCESS_KEY; for the sandbox run 'hatchway sandbox exec -- hatchway verify'."
            ) from error
        except ClientError as error:
            return self._refused(where, error)
        except BotoCoreError as error:
            raise ToolError(f"{where}: AWS cannot be asked, got {str(error)!r}.") from error
        return body

    def _refused(self, where: str, error: Any) -> bytes | None:  # noqa: ANN401 -- botocore's error, imported late
        code = error.response.get("Error", {}).get("Code", "")
        if code == "NoSuchKey":
            return None
        if code == "NoSuchBucket":
            raise ToolError(
                f"state.bucket: does not exist, got {self._topology.state.bucket!r}. "
                "Create it, or correct the name."
            ) from error
        if code in _DENIED:
            role = self._topology.state.role or "these credentials"
            raise UndecidedError(
                f"{where}: may not be read, got {code}. Grant s3:GetObject on it to {role}."
            ) from error
        raise ToolError(f"{where}: S3 refused, got {code or error}.") from error


def _s3_client(topology: "Topology") -> Any:  # noqa: ANN401 -- a boto3 client; its types are no dependency
    import boto3  # noqa: PLC0415 -- takes half a second to import
    from botocore.config import Config  # noqa: PLC0415 -- the same

    state = topology.state
    retries: Any = {"max_attempts": 3, "mode": "standard"}
    config = Config(connect_timeout=10, read_timeout=30, retries=retries)
    session = boto3.Session(region_name=state.region)
    if state.role:
        sts = session.client("sts", config=config)
        given = sts.assume_role(RoleArn=state.role, RoleSessionName="hatchway")["Credentials"]
        session = boto3.Session(
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretAccessKey"],
            aws_session_token=given["SessionToken"],
            region_name=state.region,
        )
    return session.client("s3", config=config)
