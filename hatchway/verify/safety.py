"""What must not work: calls that the path has to refuse, and what their answers say. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from hatchway.route.check_ids import CheckId
from hatchway.route.outcome import Outcome
from hatchway.route.report import CheckResult
from hatchway.verify.calling import Answer, NoAnswer

__all__ = [
    "Refusal",
    "is_same_answer",
    "is_success",
    "may_change",
    "not_applicable",
    "passed",
    "refused",
    "undecided",
]

_SUCCESS = range(200, 300)
_MAY_CHANGE = {429, *range(500, 600)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A call that has to be refused.

    Attributes:
        check: Its id and title.
        subject: The call, in words.
        expected: What has to be answered, in words.
        is_refused: Whether an answer is that.
        symptom: What it means if it is not.
        fix: What to change then.
    """

    check: CheckId
    subject: str
    expected: str
    is_refused: Callable[[Answer], bool]
    symptom: str
    fix: str


def refused(refusal: Refusal, answer: Answer | NoAnswer) -> CheckResult:
    """Return pass for the refusal that is asked for, unknown for trouble on the way, fail for the rest."""
    if isinstance(answer, NoAnswer):
        return undecided(refusal.check, refusal.subject, str(answer))
    if refusal.is_refused(answer):
        outcome = Outcome.PASS
    elif may_change(answer):
        outcome = Outcome.UNKNOWN
    else:
        outcome = Outcome.FAIL
    failed = outcome is Outcome.FAIL
    return CheckResult(
        id=refusal.check.id,
        outcome=outcome,
        subject=refusal.subject,
        observed=f"answered {answer}",
        expected=refusal.expected,
        symptom=refusal.symptom if failed else "",
        fix=refusal.fix if failed else "",
        weakness=refusal.check.weakness,
    )


def passed(check: CheckId, subject: str, observed: str) -> CheckResult:
    """Return the result of a check that held."""
    return CheckResult(
        id=check.id, outcome=Outcome.PASS, subject=subject, observed=observed, weakness=check.weakness
    )


def undecided(check: CheckId, subject: str, reason: str) -> CheckResult:
    """Return the result of a check that could not be made."""
    return CheckResult(
        id=check.id, outcome=Outcome.UNKNOWN, subject=subject, observed=reason, weakness=check.weakness
    )


def not_applicable(check: CheckId, subject: str, reason: str) -> CheckResult:
    """Return the result of a check that the topology gives no reason to make."""
    return CheckResult(
        id=check.id, outcome=Outcome.NOT_APPLICABLE, subject=subject, observed=reason, weakness=check.weakness
    )


def is_same_answer(answer: Answer, other: Answer) -> bool:
    """Whether two answers say the same."""
    return answer.status == other.status and answer.body == other.body


def may_change(answer: Answer) -> bool:
    """Whether the answer tells of trouble on the way, and nothing of who is let in."""
    return answer.status in _MAY_CHANGE


def is_success(answer: Answer) -> bool:
    """Whether the status is 2xx."""
    return answer.status in _SUCCESS
