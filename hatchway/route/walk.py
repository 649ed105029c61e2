"""Walks one request along the nine hops: which holds, which is the first that does not."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from operator import attrgetter

from hatchway.route.checks.model import Check, Judgement, Kind
from hatchway.route.checks.registry import ALL
from hatchway.route.facts import RouteFacts
from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome, Severity
from hatchway.route.report import CheckResult, Finding, HopResult, RouteResult


def walk(facts: RouteFacts, checks: Sequence[Check] = ALL) -> RouteResult:
    """Judge every hop of a request; what lies behind the first broken hop is not reached."""
    hops: list[HopResult] = []
    reached = True
    for hop in Hop:
        result = judge_hop(hop, facts, checks) if reached else HopResult(hop=hop, reached=False)
        hops.append(result)
        reached = reached and not result.breaks_path
    return RouteResult(service=facts.service, request=f"{facts.http_method} {facts.path}", hops=tuple(hops))


def judge_hop(hop: Hop, facts: RouteFacts, checks: Sequence[Check] = ALL) -> HopResult:
    """Judge one hop of a request, whatever lies before it."""
    own = (check for check in checks if check.id.hop is hop and check.kind is not Kind.RISK)
    return HopResult(hop=hop, checks=tuple(result_of(check, facts) for check in own))


def risks(facts: RouteFacts, checks: Iterable[Check] = ALL) -> Iterator[Finding]:
    """Give what works now and will not survive a later change."""
    for check in checks:
        if check.kind is not Kind.RISK:
            continue
        judgement = judged(check, facts)
        if judgement.outcome is Outcome.FAIL:
            yield Finding(
                id=check.id.id,
                hop=check.id.hop,
                severity=Severity.WARNING,
                subject=judgement.subject,
                message=f"{judgement.observed}; expected: {judgement.expected}. {check.symptom}",
                fix=judgement.fix or check.fix,
            )


def judged(check: Check, facts: RouteFacts) -> Judgement:
    """Ask one check; one that throws is reported as unknown, never as a pass."""
    missing = next((name for name in check.needs if _lacks(facts, name)), None)
    if missing is not None:
        subject = facts.entry.api.subject
        return Judgement(
            outcome=Outcome.NOT_APPLICABLE, subject=subject, observed=f"{missing} is not in sight"
        )
    try:
        return _tempered(check.judge(facts), facts)
    except Exception as error:  # noqa: BLE001 -- whatever a check throws is a fault of the check, and is reported
        fault = f"the check failed: {type(error).__name__}: {error}"
        return Judgement(outcome=Outcome.UNKNOWN, subject=facts.entry.api.subject, observed=fault)


def _tempered(judgement: Judgement, facts: RouteFacts) -> Judgement:
    """Take back a failure that a module nobody has read may mend."""
    if judgement.outcome is not Outcome.FAIL or not facts.unread:
        return judgement
    seen = f"{judgement.observed}, unless {facts.unread[0][0]} declares it, which was not read"
    return replace(judgement, outcome=Outcome.UNKNOWN, observed=seen)


def _lacks(facts: RouteFacts, name: str) -> bool:
    try:
        return attrgetter(name)(facts) is None
    except AttributeError:
        return True


def result_of(check: Check, facts: RouteFacts) -> CheckResult:
    """Ask one check, and return what it says in the form of a report."""
    judgement = judged(check, facts)
    failed = judgement.outcome in {Outcome.FAIL, Outcome.UNKNOWN}
    return CheckResult(
        id=check.id.id,
        outcome=judgement.outcome,
        subject=judgement.subject,
        observed=judgement.observed,
        expected=judgement.expected or check.id.title,
        symptom=check.symptom if failed else "",
        fix=(judgement.fix or check.fix) if failed else "",
        weakness=check.kind is Kind.WEAKNESS,
    )
