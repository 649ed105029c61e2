"""What Terraform's `-json` output says, as typed values.

https://developer.hashicorp.com/terraform/internals/machine-readable-ui
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

__all__ = ["Change", "Diagnostic", "Event", "OutsideChange", "Phase", "ResourceEvent", "parse_event"]


class Phase(StrEnum):
    """Where a resource is in an apply."""

    STARTED = "apply_start"
    GOING_ON = "apply_progress"
    DONE = "apply_complete"
    FAILED = "apply_errored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change that a plan contains.

    Attributes:
        address: Address of the resource.
        action: Terraform's word, such as create, update or replace.
        type: Type of the resource.
        reason: Why, if Terraform says so, such as `tainted`.
    """

    address: str
    action: str
    type: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideChange:
    """A resource that is not as Terraform left it."""

    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceEvent:
    """A step in the apply of one resource."""

    address: str
    action: str
    phase: Phase
    elapsed_seconds: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """An error or a warning of Terraform's."""

    severity: str
    summary: str
    detail: str = ""
    address: str = ""
    # Source text and values around the problem, where Terraform gives them, may hold what nobody is to see.
    snippet: str = field(default="", repr=False)

    @property
    def lines(self) -> tuple[str, ...]:
        """The diagnostic as lines for a person, without the snippet."""
        first = f"{self.address}: {self.summary}" if self.address else self.summary
        return (first, *(f"  {line}" for line in self.detail.splitlines() if line.strip()))


Event = Change | OutsideChange | ResourceEvent | Diagnostic


def parse_event(line: str) -> Event | None:
    """Return what a line of output says, or None if it says nothing that is used here.

    A line that is no JSON is an error from before Terraform could speak JSON.
    """
    if not line.strip():
        return None
    try:
        message = json.loads(line)
    except ValueError:
        return Diagnostic(severity="error", summary=line.rstrip())
    if not isinstance(message, dict):
        return None
    return _event(str(message.get("type")), message)


def _event(kind: str, message: Mapping[str, Any]) -> Event | None:
    if kind == "planned_change":
        return _change(message["change"])
    if kind == "resource_drift":
        return OutsideChange(address=message["change"]["resource"]["addr"])
    if kind == "diagnostic":
        return _diagnostic(message["diagnostic"])
    return _resource_event(kind, message) if kind in tuple(Phase) else None


def _change(message: Mapping[str, Any]) -> Change:
    return Change(
        address=message["resource"]["addr"],
        action=message["action"],
        type=message["resource"].get("resource_type", ""),
        reason=message.get("reason", ""),
    )


def _resource_event(kind: str, message: Mapping[str, Any]) -> ResourceEvent:
    hook = message["hook"]
    return ResourceEvent(
        address=hook["resource"]["addr"],
        action=hook.get("action", ""),
        phase=Phase(kind),
        elapsed_seconds=hook.get("elapsed_seconds", 0),
    )


def _diagnostic(message: Mapping[str, Any]) -> Diagnostic:
    snippet = message.get("snippet") or {}
    return Diagnostic(
        severity=message.get("severity", "error"),
        summary=message.get("summary", ""),
        detail=message.get("detail", ""),
        address=message.get("address", "") or "",
        snippet=snippet.get("code", "") or "",
    )
