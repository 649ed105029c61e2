"""Settings that say something of one account each, as ACCOUNT=VALUE."""

from collections.abc import Collection, Sequence

from hatchway.errors import UsageError

__all__ = ["by_account", "known_account"]


def by_account(option: str, given: Sequence[str], accounts: Collection[str]) -> dict[str, str]:
    """Return what a setting says of each account.

    Args:
        option: The name of the setting, for messages.
        given: What was typed, each ACCOUNT=VALUE.
        accounts: The accounts of the topology.

    Raises:
        UsageError: It has another form, or names an account that is not declared, or one twice.
    """
    found: dict[str, str] = {}
    for text in given:
        account, equals, value = text.partition("=")
        if not equals or not value:
            raise UsageError(f"{option}: is not ACCOUNT=VALUE, got {text!r}.")
        known_account(option, account, accounts)
        if account in found:
            raise UsageError(f"{option}: names account {account!r} twice, got {text!r}. Give it once.")
        found[account] = value
    return found


def known_account(option: str, name: str, accounts: Collection[str]) -> None:
    """Refuse the name of an account that is not declared.

    Raises:
        UsageError: It is none of them.
    """
    if name not in accounts:
        known = ", ".join(accounts)
        raise UsageError(f"{option}: there is no such account, got {name!r}. Choose from: {known}.")
