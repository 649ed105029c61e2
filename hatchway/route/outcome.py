"""How a check, a hop, a route and a whole report can end, and how each follows from its parts.

One rule runs through all of it: what is unknown is never counted as pass.
"""

from collections.abc import Iterable
from enum import StrEnum

__all__ = ["Outcome", "Severity", "UnknownAs", "Verdict"]


class Outcome(StrEnum):
    """How a check ended, or what its checks say about a hop.

    `NOT_REACHED` is for hops alone: something before them is broken, so nothing is said about them.
    """

    PASS = "pass"  # noqa: S105 -- an outcome, no password
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    NOT_REACHED = "not_reached"

    @classmethod
    def of_checks(cls, outcomes: Iterable["Outcome"]) -> "Outcome":
        """Return what the checks of one hop say together: the worst of them; nothing checked is unknown."""
        found = set(outcomes)
        if not found:
            return cls.UNKNOWN
        order = (cls.FAIL, cls.UNKNOWN, cls.NOT_REACHED, cls.PASS, cls.NOT_APPLICABLE)
        return next(outcome for outcome in order if outcome in found)


class Severity(StrEnum):
    """How much a finding weighs. An error makes the verdict fail."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class UnknownAs(StrEnum):
    """How much a hop weighs that could not be decided: the values of `--unknown-as`."""

    FAIL = "fail"
    """It is an error, and the verdict is fail."""
    WARN = "warn"
    """It is a warning, and leaves the verdict to the rest."""
    IGNORE = "ignore"
    """Nothing is said about it, and the verdict is left to the rest."""


class Verdict(StrEnum):
    """What a command concludes, and the exit code that says it."""

    PASS = "pass"  # noqa: S105 -- a verdict, no password
    FAIL = "fail"
    UNDECIDED = "undecided"

    @property
    def exit_code(self) -> int:
        """0 for pass, 1 for fail, 3 for undecided."""
        return {Verdict.PASS: 0, Verdict.FAIL: 1, Verdict.UNDECIDED: 3}[self]

    @classmethod
    def of_outcomes(cls, outcomes: Iterable[Outcome]) -> "Verdict":
        """Return the verdict on a route from its hops: pass only if each passed or does not apply."""
        found = set(outcomes)
        if Outcome.FAIL in found:
            return cls.FAIL
        proven = Outcome.PASS in found and found <= {Outcome.PASS, Outcome.NOT_APPLICABLE}
        return cls.PASS if proven else cls.UNDECIDED

    @classmethod
    def of_verdicts(cls, verdicts: Iterable["Verdict"]) -> "Verdict":
        """Return the worst verdict; of nothing, nothing is known."""
        found = set(verdicts)
        if cls.FAIL in found:
            return cls.FAIL
        return cls.PASS if found == {cls.PASS} else cls.UNDECIDED
