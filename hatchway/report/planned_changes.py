"""What plans change, for people: per account and stack, what is interrupted or replaced first, and why."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from hatchway.route.planned import NO_ACCOUNT, AccountChanges, Action, PlannedChange

__all__ = ["because", "is_drastic", "named", "owner_of", "print_changes", "totals"]

_DONE = {
    Action.REPLACE: "to replace",
    Action.DESTROY: "to destroy",
    Action.UPDATE: "to update",
    Action.CREATE: "to create",
    Action.FORGET: "to forget",
}
_SHOWN_VALUES = 4
_STYLES = {Action.REPLACE: "red", Action.DESTROY: "red", Action.FORGET: "yellow"}


def print_changes(changes: Sequence[AccountChanges], console: Console) -> None:
    """Print how much changes in each account, and one by one what is replaced, destroyed or forgotten."""
    console.print(Text("\nwhat changes", style="bold"))
    if not changes:
        console.print("  nothing")
    for account in changes:
        console.print(Text(f"  {owner_of(account)}: {totals(account)}"))
        drastic = [change for change in account.resources if is_drastic(change)]
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold", ratio=1)
        for change in drastic:
            said = because(change)
            line = f"{change.address}: {said}" if said else change.address
            # As Text: what a plan says is no markup.
            table.add_row(Text(f"    {named(change)}", style=_STYLES.get(change.action, "")), Text(line))
        if drastic:
            console.print(table)


def owner_of(changes: AccountChanges) -> str:
    """Return which account changes, and through which stack."""
    account = {"": "account not known", NO_ACCOUNT: "no account"}.get(changes.account, changes.account)
    named = f"{changes.provider} ({account})" if changes.provider else account
    return f"{named}, stack {changes.stack}" if changes.stack else named


def totals(changes: AccountChanges) -> str:
    """Return how many resources are replaced, destroyed and so on."""
    parts = [f"{number} {word}" for action, word in _DONE.items() if (number := changes.count(action))]
    return ", ".join(parts) or "no changes"


def is_drastic(change: PlannedChange) -> bool:
    """Whether a change is one to be looked at by itself: the rest is counted."""
    return change.outage or change.action not in {Action.CREATE, Action.UPDATE}


def named(change: PlannedChange) -> str:
    """Return what happens to a resource."""
    return f"{change.action.value}, outage" if change.outage else change.action.value


def because(change: PlannedChange) -> str:
    """Return what makes a change necessary: values that differ, or Terraform's reason."""
    values = [f"{one.path}: {one.before} → {one.after}" for one in change.values[:_SHOWN_VALUES]]
    more = len(change.values) - len(values)
    parts = [change.reason, *values, f"and {more} more" if more else ""]
    return "; ".join(part for part in parts if part)
