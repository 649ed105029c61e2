"""What is there, against what is declared and what Terraform remembers: a plan of each stack."""

from collections.abc import Iterable
from dataclasses import dataclass

from hatchway.route.check_ids import NOTHING_DRIFTED
from hatchway.route.outcome import Severity
from hatchway.route.report import Finding
from hatchway.terraform.runner import Drift

__all__ = ["StackDrift", "drift_findings"]

_SHOWN = 8
_DEPLOY = "Run 'hatchway plan' to see it, and 'hatchway deploy' to put it right; or declare what was changed."
_ACTIONS = {
    "create": "is gone or not there yet",
    "update": "differs",
    "replace": "differs, and would be replaced",
    "delete": "is not declared any more",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StackDrift:
    """What a plan of one stack shows.

    Attributes:
        stack: Its name.
        drift: What differs; None if it could not be planned.
        waits_for: Stacks whose outputs it reads and that are not deployed.
        error: Why it could not be planned, otherwise.
    """

    stack: str
    drift: Drift | None
    waits_for: tuple[str, ...] = ()
    error: str = ""


def drift_findings(found: Iterable[StackDrift]) -> tuple[Finding, ...]:
    """Return a finding for each stack that is not as declared, or of which nobody can tell."""
    return tuple(finding for one in found for finding in _finding(one))


def _finding(one: StackDrift) -> Iterable[Finding]:
    if one.drift is not None and not one.drift.differs:
        return
    if one.drift is not None:
        severity, message, fix = Severity.ERROR, _said(one.drift), _DEPLOY
    elif one.waits_for:
        waiting = ", ".join(one.waits_for)
        severity, message = Severity.ERROR, f"is not deployed: it reads outputs of {waiting}, which have none"
        fix = "Run 'hatchway deploy'."
    else:
        severity, message = Severity.WARNING, f"could not be planned, so nothing is known: {one.error}"
        fix = "Mend that, and run it again."
    yield Finding(
        id=NOTHING_DRIFTED.id,
        hop=None,
        severity=severity,
        subject=f"stack {one.stack}",
        message=message,
        fix=fix,
    )


def _said(drift: Drift) -> str:
    if not drift.changes:
        return "differs from what is declared"
    outside = set(drift.outside)
    lines = [
        f"{change.address} {_ACTIONS.get(change.action, change.action)}"
        + (" (changed outside of Terraform)" if change.address in outside else "")
        for change in drift.changes
        if change.action in _ACTIONS
    ]
    more = len(lines) - _SHOWN
    return "; ".join(lines[:_SHOWN]) + (f"; and {more} more" if more > 0 else "")
