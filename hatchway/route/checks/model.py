"""What a check is: a pure function from the facts of a route to one judgement."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from hatchway.route.check_ids import CheckId
from hatchway.route.facts import RouteFacts
from hatchway.route.hop import Hop
from hatchway.route.network.model import Answer
from hatchway.route.outcome import Outcome
from hatchway.route.truth import Truth

DEVELOPER_GUIDE = "https://docs.aws.amazon.com/apigateway/latest/developerguide/"
API_REFERENCE = "https://docs.aws.amazon.com/apigateway/latest/api/"
NLB_GUIDE = "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/"
VPC_GUIDE = "https://docs.aws.amazon.com/vpc/latest/"
REGISTRY = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/"


class Kind(StrEnum):
    """What a failure of a check means."""

    BREAK = "break"
    """No request gets past it."""
    WEAKNESS = "weakness"
    """Requests get through, and some that should not do too."""
    RISK = "risk"
    """The path works now, and a later change will break it or have no effect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """How a check ended for one subject."""

    outcome: Outcome
    subject: str
    observed: str
    expected: str = ""
    fix: str = ""
    """More exact than the fix of the check, where there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A rule: its id and kind, what a caller sees when it is broken, and what to change."""

    id: CheckId
    kind: Kind
    symptom: str
    fix: str
    judge: Callable[[RouteFacts], Judgement]
    needs: tuple[str, ...] = ()
    """Names of the facts without which there is nothing to judge."""


def check(  # noqa: PLR0913 -- one line of a table
    number: str,
    title: str,
    judge: Callable[[RouteFacts], Judgement],
    *,
    symptom: str,
    fix: str,
    source: str = "",
    needs: tuple[str, ...] = (),
    kind: Kind = Kind.BREAK,
) -> Check:
    """Make a check; the first digit of its number is its hop's."""
    identity = CheckId(
        id=f"HW{number}",
        hop=tuple(Hop)[int(number[0]) - 1] if number[0] != "0" else None,
        title=title,
        weakness=kind is Kind.WEAKNESS,
        source=source,
    )
    return Check(id=identity, kind=kind, symptom=symptom, fix=fix, judge=judge, needs=needs)


def good(subject: str, observed: str) -> Judgement:
    """Judge that it holds."""
    return Judgement(outcome=Outcome.PASS, subject=subject, observed=observed)


def bad(subject: str, observed: str, expected: str, fix: str = "") -> Judgement:
    """Judge that it does not hold."""
    return Judgement(outcome=Outcome.FAIL, subject=subject, observed=observed, expected=expected, fix=fix)


def unclear(subject: str, observed: str, expected: str = "") -> Judgement:
    """Judge that it cannot be told."""
    return Judgement(outcome=Outcome.UNKNOWN, subject=subject, observed=observed, expected=expected)


def idle(subject: str, observed: str) -> Judgement:
    """Judge that there is nothing to judge."""
    return Judgement(outcome=Outcome.NOT_APPLICABLE, subject=subject, observed=observed)


def decide(truth: Truth, subject: str, observed: str, expected: str, fix: str = "") -> Judgement:
    """Judge by a three-valued answer."""
    if truth is Truth.YES:
        return good(subject, observed)
    if truth is Truth.NO:
        return bad(subject, observed, expected, fix)
    return unclear(subject, observed, expected)


def answer(given: Answer, expected: str) -> Judgement:
    """Judge by an answer of the network model."""
    return decide(given.truth, given.element, given.reason, expected)


def found(thing: object, subject: str, name: str) -> Judgement:
    """Judge whether something a hop consists of is in sight."""
    if thing is None:
        return unclear(subject, f"{name} is not in what was given", f"{name}, to judge it")
    return good(str(getattr(thing, "subject", subject)), f"{name} is in sight")
