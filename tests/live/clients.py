"""Letting a client into deployed gateways for the time of a run: the digest of a token, added and removed."""

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any, Protocol, Self

from hatchway.errors import UndecidedError
from hatchway.topology.model import Account
from hatchway.verify.keyring import TOKEN_VARIABLE


class Secrets(Protocol):
    """The secrets of authorizers: names of clients with the digests of their tokens."""

    def read(self, arn: str, /) -> dict[str, str]:
        """Return the clients that an authorizer knows."""

    def write(self, arn: str, clients: dict[str, str], /) -> None:
        """Put others in their place."""


def wanted_tokens(outputs: Mapping[str, Any], environ: Mapping[str, str]) -> dict[str, str]:
    """Return the secrets of Hatchway's own authorizers, by the variable `verify` takes their token from.

    Those that somebody gave a token for are left out.
    """
    named = outputs.get("authorizer_secret_arns") or {}
    arns = {TOKEN_VARIABLE: outputs.get("clients_secret_arn")} | {
        f"{TOKEN_VARIABLE}_{name.upper().replace('-', '_')}": arn for name, arn in named.items()
    }
    given = {name for name, value in environ.items() if value}
    return {
        variable: arn
        for variable, arn in arns.items()
        if arn and given.isdisjoint({variable, f"{variable}_FILE", f"{variable}_COMMAND"})
    }


class Client:
    """A client with one token, known to authorizers as long as this is open."""

    def __init__(self) -> None:
        self._name = f"hatchway-live-{secrets.token_hex(4)}"
        self._token = secrets.token_urlsafe(32)
        self._cleanup = ExitStack()

    def __enter__(self) -> Self:
        """Begin with no authorizer that knows it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let every authorizer forget it, also where one of them cannot."""
        self._cleanup.close()

    def admitted(self, kept: Secrets, arn: str) -> str:
        """Let the authorizer of a secret know the client, and return its token."""
        self._cleanup.callback(self._forgotten, kept, arn)
        digest = hashlib.sha256(self._token.encode()).hexdigest()
        kept.write(arn, kept.read(arn) | {self._name: digest})
        return self._token

    def _forgotten(self, kept: Secrets, arn: str) -> None:
        known = kept.read(arn)
        if known.pop(self._name, None) is not None:
            kept.write(arn, known)


class AwsSecrets:
    """Secrets of one account, read and written with the environment's credentials or the deploy role.

    The role that `hatchway bootstrap` makes may do neither: credentials of the account itself go first.

    Args:
        account: The account.
        client: Makes the client; by default a real one.
    """

    def __init__(self, account: Account, client: Callable[[Account], Any] | None = None) -> None:
        self._client = (client or _client)(account)

    def read(self, arn: str, /) -> dict[str, str]:
        """Return the clients in a secret; none where it was created empty."""
        answer = self._asked("GetSecretValue", lambda: self._client.get_secret_value(SecretId=arn), arn)
        known: dict[str, str] = {} if answer is None else json.loads(answer["SecretString"])
        return known

    def write(self, arn: str, clients: dict[str, str], /) -> None:
        """Make a new version of a secret."""
        text = json.dumps(clients)
        self._asked(
            "PutSecretValue", lambda: self._client.put_secret_value(SecretId=arn, SecretString=text), arn
        )

    def _asked(self, action: str, call: Callable[[], Any], arn: str) -> Any:
        from botocore.exceptions import ClientError  # noqa: PLC0415 -- collecting tests needs none of it

        try:
            return call()
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            if code == "ResourceNotFoundException" and action == "GetSecretValue":
                return None
            raise UndecidedError(
                f"{arn}: no client can be added or removed, got {code}. Grant secretsmanager:{action} on it, "
                f"or set {TOKEN_VARIABLE} to the token of a client that it knows."
            ) from error


def _client(account: Account) -> Any:
    return _session(account).client("secretsmanager")


def _session(account: Account) -> Any:
    import boto3  # noqa: PLC0415 -- takes half a second to import, and collecting tests needs none

    session = boto3.Session(region_name=account.region)
    sts = session.client("sts")
    if account.deploy_role is None or sts.get_caller_identity()["Account"] == account.id:
        return session
    external = {} if account.external_id is None else {"ExternalId": account.external_id}
    given = sts.assume_role(RoleArn=account.deploy_role, RoleSessionName="hatchway-live", **external)
    keys = given["Credentials"]
    return boto3.Session(
        region_name=account.region,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )
