"""What is wrong with how AWS credentials are set up, in words that say what to change.

boto3 looks for credentials when a client is made, when the first call is signed, and whenever they run out.
What is wrong with them then is raised as it comes: by botocore, by the operating system, by a parser.
https://docs.aws.amazon.com/boto3/latest/guide/credentials.html
"""

# ruff: noqa: PLC0415 -- botocore takes half a second to import, and not every verification asks AWS

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

__all__ = ["SessionError", "Trouble", "asking_aws", "trouble_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why AWS could not be asked at all.

    Attributes:
        what: What is wrong. No part of a secret, and nothing that a program printed.
        fix: What to do about it.
        is_absence: Whether there are simply no credentials.
        is_network: Whether AWS could not be reached, whatever the credentials are.
    """

    what: str
    fix: str
    is_absence: bool = False
    is_network: bool = False

    def __str__(self) -> str:
        return f"{self.what}. {self.fix}"


class SessionError(Exception):
    """AWS could not be asked.

    Attributes:
        trouble: Why.
    """

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(str(trouble))
        self.trouble = trouble


@contextmanager
def asking_aws() -> Iterator[None]:
    """Turn whatever is wrong with credentials, and with the way to AWS, into a `SessionError`.

    An answer of AWS's own, a `ClientError`, stays what it is, and so does what is none of these.

    Raises:
        SessionError: AWS could not be asked.
    """
    try:
        yield
    except Exception as error:
        trouble = trouble_of(error)
        if trouble is None:
            raise
        raise SessionError(trouble) from error


def trouble_of(error: Exception) -> Trouble | None:
    """Return what an error says of credentials or of the way to AWS; None for any other error."""
    kinds = [kind.__name__ for kind in type(error).__mro__]
    provider = error.__dict__.get("kwargs", {}).get("provider", _PROCESS)
    if "CredentialRetrievalError" in kinds and provider != _PROCESS:
        return Trouble(what=f"{provider} gave no credentials", fix=_CORRECT)
    found = next((_SAID[kind] for kind in kinds if kind in _SAID), None)
    if found is not None:
        return found
    fix = next((_QUOTED[kind] for kind in kinds if kind in _QUOTED), None)
    if fix is not None:
        return Trouble(what=" ".join(str(error).rstrip(".").split()), fix=fix)
    return _of_connections(error, kinds) or _of_files(error)


def _of_connections(error: Exception, kinds: list[str]) -> Trouble | None:
    cause = error.__dict__.get("kwargs", {}).get("error")
    if "SSLError" in kinds or (cause is not None and _is_about_certificates(cause)):
        return Trouble(
            what="the certificates to check AWS's with are not the right ones, or cannot be read",
            fix="Let AWS_CA_BUNDLE name a file with them, or unset it.",
        )
    if "HTTPClientError" in kinds or "ConnectionError" in kinds:
        return Trouble(
            what=f"AWS cannot be reached: {type(error).__name__.removesuffix('Error')}",
            fix="Check name resolution, the region, and whether HTTPS_PROXY has to be set.",
            is_network=True,
        )
    return None


def _is_about_certificates(cause: object) -> bool:
    import ssl

    return isinstance(cause, FileNotFoundError | PermissionError | IsADirectoryError | ssl.SSLError)


def _of_files(error: Exception) -> Trouble | None:
    if isinstance(error, OSError) and error.filename is not None:
        return Trouble(
            what=f"{str(error.filename)!r}: {error.strerror}, and credentials are to come from it",
            fix="Correct credential_process of the profile, or AWS_WEB_IDENTITY_TOKEN_FILE.",
        )
    return None


_PROCESS = "custom-process"
_LOG_IN = "Run 'aws sso login' with the same profile."
_CORRECT = "Correct it in the AWS configuration, or in the variable that says so."
_PROGRAM = Trouble(
    what="the program that credential_process names gave no credentials",
    fix="Run it by hand: it has to print a JSON object with Version 1, AccessKeyId and SecretAccessKey.",
)
_SAID = {
    "NoCredentialsError": Trouble(
        what="there are no AWS credentials",
        fix="Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give a profile for each "
        "account (--profile).",
        is_absence=True,
    ),
    "JSONDecodeError": _PROGRAM,
    "CredentialRetrievalError": _PROGRAM,
    # That of a program that prints JSON, but no object.
    "AttributeError": _PROGRAM,
    "EOFError": Trouble(
        what="the profile asks for the code of an MFA device, and there is nobody to type it",
        fix="Get temporary credentials first, for example with 'aws sts get-session-token', and set them.",
    ),
    "MetadataRetrievalError": Trouble(
        what="the machine or the container gives no credentials",
        fix="Check that a role is attached to it, or set AWS_PROFILE.",
    ),
}
"""Errors whose own words help nobody, or may quote what a program printed."""

_QUOTED = {
    "ProfileNotFound": "Set AWS_PROFILE, or --profile, to one that 'aws configure list-profiles' prints.",
    "PartialCredentialsError": "Set what is missing, or take away the rest.",
    "ConfigParseError": "Correct the file; AWS_CONFIG_FILE names it, and else it is ~/.aws/config.",
    "ConfigNotFound": "Correct AWS_CONFIG_FILE.",
    "SSOTokenLoadError": _LOG_IN,
    "UnauthorizedSSOTokenError": _LOG_IN,
    "TokenRetrievalError": _LOG_IN,
    "SSOError": _LOG_IN,
    "InvalidConfigError": _CORRECT,
    "InvalidDefaultsMode": _CORRECT,
    "InvalidSTSRegionalEndpointsConfigError": _CORRECT,
    "ValueError": _CORRECT,
}
"""Errors that say themselves what is wrong, with what to do about each."""
