"""What a plan is about to do, by account and stack: what a person reads before approving it."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["NO_ACCOUNT", "AccountChanges", "Action", "ChangedValue", "PlannedChange"]


NO_ACCOUNT = "none"
"""The account of what is in no account of AWS."""


class Action(StrEnum):
    """What happens to a resource, the most drastic first."""

    REPLACE = "replace"
    DESTROY = "destroy"
    UPDATE = "update"
    CREATE = "create"
    FORGET = "forget"
    """It stays, and Terraform no longer manages it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedValue:
    """An argument that gets another value. What is sensitive, or not known yet, is in brackets."""

    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedChange:
    """One resource that changes.

    Attributes:
        address: Its Terraform address in its stack.
        action: What happens to it.
        outage: Whether the path is interrupted by it.
        reason: Why, where Terraform says so in words.
        values: What changes in it; of a replacement, what makes it necessary.
    """

    address: str
    action: Action
    outage: bool = False
    reason: str = ""
    values: tuple[ChangedValue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChanges:
    """What changes in one account through one stack; outages first, then by action.

    Attributes:
        account: Id of the account; empty where the plan does not tell, `none` for another cloud or none.
        provider: The provider's alias, which names the account for a reader, or the name of another
            provider than that of AWS; empty for the default one.
        stack: The stack; empty where there is only one.
        resources: What changes. Empty if nothing does.
    """

    account: str
    provider: str
    stack: str
    resources: tuple[PlannedChange, ...]

    def count(self, action: Action) -> int:
        """How many resources an action concerns."""
        return sum(change.action is action for change in self.resources)
