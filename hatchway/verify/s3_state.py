"""Reading state that is kept in S3. No Terraform is needed."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from hatchway.errors import HatchwayError, ToolError, UndecidedError
from hatchway.topology import s3_state, state_key
from hatchway.verify.session_trouble import SessionError, Trouble, asking_aws

if TYPE_CHECKING:
    from hatchway.topology.model import Topology

__all__ = ["S3States"]

_DENIED = {"AccessDenied", "403", "Forbidden"}
_EXPIRED = {
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "SignatureDoesNotMatch",
}


class S3States:
    """State objects in the bucket of a topology, read with the state role if there is one.

    Args:
        topology: Names bucket, region, keys and role.
        client: Makes the S3 client; by default a real one.
        profile: Of the AWS configuration, in place of the credentials of the environment.
    """

    def __init__(
        self, topology: "Topology", client: Callable[[], Any] | None = None, profile: str | None = None
    ) -> None:
        self._topology = topology
        # Made once: a client takes longer to make than a state takes to read.
        self._client = cache(client or (lambda: _s3_client(topology, profile)))

    def read(self, stack: str, /) -> bytes | None:
        """Return the state of a stack, or None if there is none yet.

        Raises:
            UndecidedError: It may not be read.
            ToolError: The bucket does not exist, or AWS cannot be asked.
        """
        from botocore.exceptions import ClientError  # noqa: PLC0415 -- boto3 takes half a second to import

        state, key = s3_state(self._topology), state_key(self._topology, stack)
        where = f"s3://{state.bucket}/{key}"
        try:
            with asking_aws():
                answer = self._client().get_object(Bucket=state.bucket, Key=key)
                body: bytes = answer["Body"].read()
        except SessionError as error:
            raise _not_asked(where, error.trouble) from error
        except ClientError as error:
            return self._refused(where, error)
        return body

    def _refused(self, where: str, error: Any) -> bytes | None:  # noqa: ANN401 -- botocore's error, imported late
        code = error.response.get("Error", {}).get("Code", "")
        if code == "NoSuchKey":
            return None
        if code == "NoSuchBucket":
            raise ToolError(
                f"state.s3.bucket: does not exist, got {s3_state(self._topology).bucket!r}. "
                "Create it, or correct the name."
            ) from error
        role = s3_state(self._topology).role
        if code in _EXPIRED:
            raise UndecidedError(
                f"{where}: the credentials are not valid, got {code}. Renew them."
            ) from error
        if error.operation_name == "AssumeRole":
            raise UndecidedError(
                f"state.s3.role: {role} cannot be assumed, got {code}. Let its trust policy, and your own, "
                f"allow sts:AssumeRole on it."
            ) from error
        if code in _DENIED:
            role = role or "these credentials"
            raise UndecidedError(
                f"{where}: may not be read, got {code}. Grant s3:GetObject on it to {role}."
            ) from error
        raise ToolError(f"{where}: S3 refused, got {code or error}.") from error


def _not_asked(where: str, trouble: Trouble) -> HatchwayError:
    if trouble.is_network:
        return ToolError(f"{where}: {trouble}")
    hint = " For the sandbox run 'hatchway sandbox exec -- hatchway verify'." if trouble.is_absence else ""
    return UndecidedError(f"{where}: cannot be read, since {trouble}{hint}")


def _s3_client(topology: "Topology", profile: str | None) -> Any:  # noqa: ANN401 -- a boto3 client; its types are no dependency
    import boto3  # noqa: PLC0415 -- takes half a second to import
    from botocore.config import Config  # noqa: PLC0415 -- the same

    state = s3_state(topology)
    retries: Any = {"max_attempts": 3, "mode": "standard"}
    config = Config(connect_timeout=10, read_timeout=30, retries=retries)
    session = boto3.Session(region_name=state.region, profile_name=profile)
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
