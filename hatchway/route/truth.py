"""Three-valued logic: what is known to hold, known not to hold, or not decidable from what is at hand."""

from collections.abc import Iterable
from enum import Enum


class Truth(Enum):
    """The answer to a question about a configuration whose values are not all known yet."""

    NO = 0
    MAYBE = 1
    YES = 2

    def __invert__(self) -> "Truth":
        return Truth(2 - self.value)

    def __bool__(self) -> bool:
        # `if truth:` would count MAYBE as one of the two; every reader has to say which it means.
        raise TypeError("compare a Truth with Truth.YES, Truth.NO or Truth.MAYBE")


def truth(fact: bool) -> Truth:  # noqa: FBT001 -- lifts a bool, the bool is the subject
    """Lift a decided fact."""
    return Truth.YES if fact else Truth.NO


def all_of(truths: Iterable[Truth]) -> Truth:
    """YES when every one holds (or there is none), NO as soon as one does not."""
    return Truth(min((one.value for one in truths), default=Truth.YES.value))


def any_of(truths: Iterable[Truth]) -> Truth:
    """YES as soon as one holds, NO when none does (or there is none)."""
    return Truth(max((one.value for one in truths), default=Truth.NO.value))
