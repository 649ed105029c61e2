"""What to do about errors of AWS's that have one known cause."""

from collections.abc import Iterable

__all__ = ["advice"]

# A part of what AWS says, and what helps, in the user's terms.
_KNOWN = {
    "CloudWatch Logs role ARN must be set in account settings": (
        "API Gateway may not write logs in this account yet. Set observability.account_log_role to true, or "
        "have whoever owns the account's API Gateway settings set the role."
    ),
    "required token could not be found": (
        "There is no token for the host. Run 'terraform login', or set the variable TF_TOKEN_<host>."
    ),
    "not authorized to perform": (
        "The deploy role lacks an action. If 'hatchway bootstrap' made it, run that again: the role follows "
        "the topology."
    ),
    "Instance cannot be destroyed": "It is protected from deletion on purpose: nothing has been destroyed.",
}


def advice(lines: Iterable[str]) -> tuple[str, ...]:
    """Return what to do about the errors in these lines, each piece of advice once."""
    said = " ".join(" ".join(lines).split()).lower()
    return tuple(help_ for part, help_ in _KNOWN.items() if part.lower() in said)
