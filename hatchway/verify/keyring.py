"""The credentials that a verification calls with, by what the topology asks for."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from hatchway.errors import UndecidedError, UsageError
from hatchway.verify.calling import Answer, NoAnswer
from hatchway.verify.credentials import AwsSignature, Credential, HeaderCredential
from hatchway.verify.secret_sources import read_secret
from hatchway.verify.session_trouble import SessionError, asking_aws

if TYPE_CHECKING:
    from botocore.credentials import Credentials, ReadOnlyCredentials

    from hatchway.topology.model import Authorizer
    from hatchway.verify.admission import Admission

__all__ = ["API_KEY_VARIABLE", "TOKEN_VARIABLE", "Keyring"]

TOKEN_VARIABLE = "HATCHWAY_TOKEN"  # noqa: S105 -- the name of a variable
API_KEY_VARIABLE = "HATCHWAY_API_KEY"
CALLER_ROLE_VARIABLE = "HATCHWAY_CALLER_ROLE"
_AUTHORIZATION = "Authorization"
_API_KEY_HEADER = "x-api-key"
# https://datatracker.ietf.org/doc/html/rfc6750#section-2.1
_BEARER = re.compile(r"[A-Za-z0-9._~+/-]+=*")


class Keyring:
    """Finds credentials in the environment when they are asked for, each once.

    `gateway.authorizer` takes its token from HATCHWAY_TOKEN, an authorizer NAME from HATCHWAY_TOKEN_NAME, and
    API keys come from HATCHWAY_API_KEY; each of them with `_FILE` or `_COMMAND` after it names a file or a
    command instead. Requests to IAM authorizers are signed with the AWS credentials of the environment, or as
    the role that HATCHWAY_CALLER_ROLE names.

    Args:
        environ: The environment to read.
        region: Region of the gateway.
        aws_keys: Gives the AWS keys to sign with.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        region: str = "",
        aws_keys: "Callable[[], ReadOnlyCredentials] | None" = None,
    ) -> None:
        self._environ = environ
        self._region = region
        self._aws_keys = aws_keys or (lambda: _ambient_keys(environ.get(CALLER_ROLE_VARIABLE), region))
        self._held: dict[str, Credential] = {}

    def credentials(self, asked: "Admission") -> tuple[Credential, ...]:
        """Return everything that a request is asked for.

        Raises:
            UndecidedError: Something of it is not there.
            UsageError: It is there, and cannot be sent.
        """
        found = []
        if asked.authorizer is not None:
            found.append(self._proof(asked.authorizer, asked.name))
        if asked.api_key:
            found.append(self._header(API_KEY_VARIABLE, _API_KEY_HEADER, "", "a route asks for an API key"))
        return tuple(found)

    def masked_in(self, body: bytes) -> bytes:
        """Return a body with every secret in it masked."""
        for held in self._held.values():
            body = held.masked_in(body)
        return body

    def masked(self, answer: Answer | NoAnswer) -> Answer | NoAnswer:
        """Return an answer with every secret in it masked."""
        if isinstance(answer, NoAnswer):
            return answer
        headers = {name: self.masked_in(value.encode()).decode() for name, value in answer.headers.items()}
        return replace(answer, headers=headers, body=self.masked_in(answer.body))

    def _proof(self, authorizer: "Authorizer", name: str | None) -> Credential:
        if authorizer.iam is not None:
            return self._held.setdefault("", AwsSignature(self._region, self._aws_keys))
        variable = TOKEN_VARIABLE if name is None else f"{TOKEN_VARIABLE}_{name.upper().replace('-', '_')}"
        reason = "the gateway has an authorizer" if name is None else f"authorizer '{name}' asks for a token"
        lambda_ = authorizer.lambda_
        header = _AUTHORIZATION if lambda_ is None else lambda_.identity_header
        scheme = "Bearer" if header.lower() == _AUTHORIZATION.lower() else ""
        return self._header(variable, header, scheme, reason)

    def _header(self, variable: str, header: str, scheme: str, reason: str) -> Credential:
        if variable not in self._held:
            value = read_secret(self._environ, variable)
            if value is None:
                raise UndecidedError(_missing(variable, reason))
            _check(variable, value, scheme)
            self._held[variable] = HeaderCredential(header, value, scheme)
        return self._held[variable]


def _missing(variable: str, reason: str) -> str:
    what = "an API key" if variable == API_KEY_VARIABLE else "a valid token"
    return (
        f"{variable}: is not set, and {reason}. Put {what} into it, or name a file or a command that gives "
        f"it in {variable}_FILE or {variable}_COMMAND; in a sandbox, 'hatchway sandbox credential' does."
    )


def _check(variable: str, value: str, scheme: str) -> None:
    if scheme and _BEARER.fullmatch(value) is None:
        raise UsageError(
            f"{variable}: is not a bearer token: only letters, digits and ._~+/- with = at the end can be "
            "sent. Leave out the word 'Bearer'."
        )
    if not (value.isascii() and value.isprintable()):
        raise UsageError(f"{variable}: cannot be sent in a header: it has to be printable ASCII on one line.")


def _ambient_keys(role: str | None, region: str) -> "ReadOnlyCredentials":
    """Return the keys of this moment: a watch, or a load, takes longer than keys of a role are good for."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 -- takes half a second to import

    try:
        with asking_aws():
            return _ambient(role, region).get_frozen_credentials()
    except SessionError as error:
        raise UndecidedError(f"an IAM authorizer asks for signed requests, and {error.trouble}") from error
    except ClientError as error:
        raise UndecidedError(
            f"{CALLER_ROLE_VARIABLE}: {role} cannot be assumed, got {str(error)!r}."
        ) from error


@cache
def _ambient(role: str | None, region: str) -> "Credentials":
    """Return where keys come from, found once; what has an end is renewed before it comes.

    https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html
    """
    import boto3  # noqa: PLC0415 -- takes half a second to import
    from botocore import credentials as kinds  # noqa: PLC0415 -- the same
    from botocore.exceptions import NoCredentialsError  # noqa: PLC0415 -- the same

    session = boto3.Session(region_name=region)
    found = session.get_credentials()
    if found is None:
        raise NoCredentialsError
    if role is None:
        return found
    assume = kinds.create_assume_role_refresher(
        session.client("sts"), {"RoleArn": role, "RoleSessionName": "hatchway-verify"}
    )
    return kinds.RefreshableCredentials.create_from_metadata(
        metadata=assume(), refresh_using=assume, method="sts-assume-role"
    )
