"""Why a read gave no answer, in words that say what to grant or to set."""

# ruff: noqa: PLC0415 -- botocore takes half a second to import, and not every verification reads facts

from typing import TYPE_CHECKING

from hatchway.verify.aws.answers import Refusal
from hatchway.verify.aws.permissions import granted_on
from hatchway.verify.aws.reads import Request
from hatchway.verify.session_trouble import SessionError, Trouble, trouble_of

if TYPE_CHECKING:
    from hatchway.topology.model import Account

__all__ = ["WrongAccountError", "no_session", "refused", "role_of", "unanswered"]

_DENIED = frozenset(
    {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError", "Forbidden"}
)
_BAD_CREDENTIALS = frozenset(
    {
        "AuthFailure",
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidClientTokenId",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)


def role_of(account: "Account") -> str | None:
    """Return the role that facts are read with: the one for it, else the one that deploys."""
    return account.verify_role or account.deploy_role


class WrongAccountError(Exception):
    """The credentials are for another account than the topology says."""


def refused(request: Request, account: "Account", code: str) -> Refusal:
    """Return what is to be said of an error that AWS answered, by its code."""
    read = request.read
    if code in _DENIED:
        where = granted_on(read, account.region, account.id)
        scope = "" if where == "*" else f" on {where}"
        return Refusal(
            request=request,
            reason=f"{read.action}{scope} is not allowed in account {request.account}",
            fix=f"Grant {read.action}{scope} in account {request.account} ({account.id}); "
            f"'hatchway verify --print-policy --account {request.account}' prints the whole policy.",
        )
    if code in _BAD_CREDENTIALS:
        return _bad_credentials(request, account, code)
    reason = f"{read.operation} in account {request.account} was refused: {code or 'no reason given'}"
    return Refusal(request=request, reason=reason, fix="Try again.")


def no_session(request: Request, account: "Account", error: Exception) -> Refusal:
    """Return what is to be said where no session could be opened in an account."""
    from botocore.exceptions import ClientError

    role = role_of(account)
    if isinstance(error, WrongAccountError):
        return Refusal(
            request=request,
            reason=f"the credentials are for account {error}, and {request.account} is {account.id}",
            fix=f"Set accounts.{request.account}.verify_role, or name a profile of that account: "
            f"--profile {request.account}=PROFILE.",
        )
    if isinstance(error, SessionError):
        return _not_asked(request, error.trouble)
    code = str(error.response.get("Error", {}).get("Code", "")) if isinstance(error, ClientError) else ""
    if code in _DENIED and role is not None:
        return Refusal(
            request=request,
            reason=f"sts:AssumeRole on {role} is not allowed",
            fix=f"Let the role's trust policy and your own allow sts:AssumeRole on {role}"
            + (", with the external id." if account.external_id else "."),
        )
    return _bad_credentials(request, account, code or _kind(error))


def _bad_credentials(request: Request, account: "Account", what: str) -> Refusal:
    role = role_of(account)
    through = f" through {role}" if role else ""
    return Refusal(
        request=request,
        reason=f"there are no valid credentials for account {request.account}{through}: {what}",
        fix="Renew the credentials, for example with 'aws sso login'.",
    )


def unanswered(request: Request, error: Exception) -> Refusal | None:
    """Return what is to be said where no answer came, or none that could be read; None for a defect."""
    from botocore.exceptions import BotoCoreError

    trouble = trouble_of(error)
    if trouble is not None and not trouble.is_network and not isinstance(error, ValueError):
        return _not_asked(request, trouble)
    if not isinstance(error, BotoCoreError | ValueError | OSError):
        return None
    reason = f"{request.read.operation} in account {request.account} gave no answer: {_kind(error)}"
    return Refusal(request=request, reason=reason, fix="Try again.")


def _not_asked(request: Request, trouble: Trouble) -> Refusal:
    where = "" if trouble.is_absence else f"account {request.account} could not be asked: "
    return Refusal(
        request=request,
        reason=where + trouble.what,
        fix=trouble.fix,
        lacks_credentials=trouble.is_absence,
    )


def _kind(error: Exception) -> str:
    # The message of botocore's errors can quote a whole request; its class says enough.
    return str(error) if isinstance(error, ValueError) else type(error).__name__.removesuffix("Error")
