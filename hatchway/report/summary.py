"""What a report comes down to, in words that every format for people shares."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome, Severity, Verdict
from hatchway.route.report import Acceptance, CheckResult, Finding, Location, Report, RouteResult

__all__ = [
    "OUTCOMES",
    "VERDICTS",
    "Advice",
    "advice",
    "alike",
    "counted",
    "meaning",
    "named_requests",
    "standing",
    "took",
]

OUTCOMES = {
    Outcome.PASS: "pass",
    Outcome.FAIL: "FAIL",
    Outcome.UNKNOWN: "unknown",
    Outcome.NOT_APPLICABLE: "n/a",
    Outcome.NOT_REACHED: "not reached",
}
VERDICTS = {Verdict.PASS: "PASS", Verdict.FAIL: "FAIL", Verdict.UNDECIDED: "UNDECIDED"}
_NAMED_REQUESTS = 3
_ORDER = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """A finding with what its check says about it."""

    finding: Finding
    location: Location | None
    found: str
    expected: str = ""
    symptom: str = ""
    breaks_path: bool = False
    weakness: bool = False

    @property
    def rows(self) -> dict[str, str]:
        """What there is to say, by its label; what is empty is left out."""
        acceptance = self.finding.acceptance
        rows = {
            "where": self.finding.subject,
            "file": _place(self.location),
            "found": self.found,
            "expected": self.expected,
            "symptom": self.symptom,
            "fix": self.finding.fix,
            "accepted": standing(acceptance) if acceptance else "",
        }
        return {label: text for label, text in rows.items() if text}


def advice(report: Report) -> list[Advice]:
    """Return all findings: open before accepted, errors first, of these what breaks the path first."""
    checks = _checks(report.routes)
    every = (
        _advice(finding, checks.get((finding.id, finding.subject)), report.locations.get(finding.subject))
        for finding in report.findings
    )
    return sorted(every, key=_weight)


def _weight(one: Advice) -> tuple[bool, int, bool]:
    return one.finding.accepted, _ORDER.index(one.finding.severity), not one.breaks_path


def _checks(routes: Iterable[RouteResult]) -> Mapping[tuple[str, str], CheckResult]:
    return {
        (check.id, check.subject): check for route in routes for hop in route.hops for check in hop.checks
    }


def _advice(finding: Finding, check: CheckResult | None, location: Location | None) -> Advice:
    if check is None or check.observed not in finding.message:
        return Advice(
            finding=finding,
            location=location,
            found=finding.message,
            breaks_path=check is not None and check.breaks_path,
            weakness=check is not None and check.weakness,
        )
    return Advice(
        finding=finding,
        location=location,
        found=check.observed if finding.message.startswith(check.observed) else finding.message,
        expected=check.expected,
        symptom=check.symptom,
        breaks_path=check.breaks_path,
        weakness=check.weakness,
    )


def _place(location: Location | None) -> str:
    if location is None:
        return ""
    return location.file if location.line is None else f"{location.file}:{location.line}"


def standing(acceptance: Acceptance) -> str:
    """Return until when a finding is accepted, or was, by whom and why."""
    word = "was accepted until" if acceptance.expired else "until"
    by = f" by {acceptance.owner}" if acceptance.owner else ""
    return f"{word} {acceptance.expires.isoformat()}{by}: {acceptance.reason}"


def meaning(report: Report) -> str:
    """Return what stands behind the verdict, in one line."""
    accepted = _accepted(report)
    if accepted and report.verdict is not Verdict.FAIL:
        return accepted
    broken = _hops(route.broken_hop for route in report.routes if not route.is_accepted)
    if report.verdict is Verdict.FAIL:
        return f"broken at {broken}" if broken else "see what to act on"
    if report.verdict is Verdict.UNDECIDED:
        ways = " Give every stack of the path, or --unknown-as." if report.command == "review" else ""
        return f"something could not be shown either way.{ways}"
    if any(route.verdict_to_judge is Verdict.UNDECIDED for route in report.routes):
        return "nothing is known to be broken, not all is proven"
    # Only a call proves a hop; a review has read what is declared.
    return "every check holds; nothing was called" if report.command == "review" else "every hop is proven"


def _accepted(report: Report) -> str:
    broken = _hops(route.broken_hop for route in report.routes if route.is_accepted)
    if broken:
        return f"THE PATH DOES NOT WORK: broken at {broken}, which the baseline accepts"
    accepted = [one for one in report.findings if one.accepted and one.severity is Severity.ERROR]
    if not accepted or report.verdict is not Verdict.PASS:
        return ""
    return f"{counted(len(accepted), 'error')} accepted by the baseline; nothing else is known to be wrong"


def _hops(hops: Iterable[Hop | None]) -> str:
    return ", ".join(dict.fromkeys(hop.value for hop in hops if hop is not None))


def counted(number: int, word: str) -> str:
    """Return a number with its noun."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def alike(routes: Iterable[RouteResult], *, brief: bool) -> list[list[RouteResult]]:
    """Put routes of a service together about which there is the same to be said at every hop.

    Args:
        routes: Every request that was walked.
        brief: Whether checks that hold are only counted, and not each shown.
    """
    groups: dict[object, list[RouteResult]] = {}
    for route in routes:
        said = tuple((result.outcome, tuple(_said(result.checks, brief=brief))) for result in route.hops)
        groups.setdefault((route.service, route.answer, said), []).append(route)
    return list(groups.values())


def _said(checks: Iterable[CheckResult], *, brief: bool) -> Iterator[tuple[str, ...]]:
    for check in checks:
        counts = brief and check.outcome in {Outcome.PASS, Outcome.NOT_APPLICABLE}
        yield (check.outcome.value,) if counts else (check.id, check.outcome.value, check.observed)


def named_requests(routes: Sequence[RouteResult]) -> str:
    """Return the requests of routes in words, and how many more there are."""
    requests = [route.request or "no request declared" for route in routes]
    more = len(requests) - _NAMED_REQUESTS
    return ", ".join(requests[:_NAMED_REQUESTS]) + (f" and {more} more" if more > 0 else "")


def took(routes: Sequence[RouteResult]) -> str:
    """Return how long the answers took, that of one request part by part; nothing where none was sent."""
    timings = [route.timing for route in routes if route.timing is not None]
    if len(timings) == 1:
        return str(timings[0])
    return ", ".join(f"{timing.total * 1000:.0f} ms" for timing in timings[:_NAMED_REQUESTS])
