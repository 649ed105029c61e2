"""A report as JUnit XML: a suite for each service, in it one test for each check and subject."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from hatchway.report.load_table import COLUMNS, load_row
from hatchway.report.summary import Advice, advice, standing
from hatchway.route.check_ids import BUDGET_HELD, LATENCY_UNDER_LOAD
from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome, Severity
from hatchway.route.report import Acceptance, CheckResult, Finding, Report, RouteResult

__all__ = ["as_junit"]

_OF_LOAD = (BUDGET_HELD.id, LATENCY_UNDER_LOAD.id)
_WORST = (Outcome.FAIL, Outcome.UNKNOWN, Outcome.PASS, Outcome.NOT_APPLICABLE)


@dataclass(slots=True)
class _Test:
    """A check of one subject, over all requests of a service; the worst outcome counts."""

    hop: Hop
    check: CheckResult
    requests: list[str] = field(default_factory=list)


def as_junit(report: Report) -> str:
    """Return the report as JUnit XML.

    Failed is what failed; an error is what could not be decided; skipped is what does not apply, was not
    reached, or is accepted by a baseline.
    """
    document = JUnitXml("hatchway " + report.command)
    accepted = {
        (one.id, one.subject): one.acceptance for one in report.findings if one.acceptance is not None
    }
    services: dict[str, list[RouteResult]] = {}
    for route in report.routes:
        services.setdefault(route.service, []).append(route)
    for service, routes in services.items():
        document.add_testsuite(_suite(service, _cases(routes, accepted)))
    if report.load is not None:
        document.add_testsuite(_suite("load", _load(report)))
    shown = {(check.id, check.subject) for check in _checks(report.routes)}
    rest = [one for one in advice(report) if not _is_shown(one.finding, shown)]
    if rest or not services:
        document.add_testsuite(_suite("findings", [*map(_finding, rest), *_nothing(report)]))
    # The one method that its author left without types.
    return str(document.tostring().decode()) + "\n"  # type: ignore[no-untyped-call] # see above


def _suite(name: str, cases: Iterable[TestCase]) -> TestSuite:
    suite = TestSuite(name)
    suite.add_testcases(list(cases))
    return suite


def _is_shown(finding: Finding, shown: set[tuple[str, str]]) -> bool:
    is_in_load = finding.id in _OF_LOAD and finding.severity is Severity.ERROR
    return is_in_load or (finding.id, finding.subject) in shown


def _checks(routes: Iterable[RouteResult]) -> Iterator[CheckResult]:
    return (check for route in routes for hop in route.hops for check in hop.checks)


def _cases(
    routes: Sequence[RouteResult], accepted: Mapping[tuple[str, str], Acceptance]
) -> Iterator[TestCase]:
    tests: dict[tuple[Hop, str, str], _Test] = {}
    for route in routes:
        for result in route.hops:
            for check in result.checks:
                _count(tests, result.hop, check, route.request)
    judged = {test.hop for test in tests.values()}
    for hop in Hop:
        yield from (_case(test, accepted) for test in tests.values() if test.hop is hop)
        if hop not in judged:
            yield _unjudged(hop, routes)


def _count(tests: dict[tuple[Hop, str, str], _Test], hop: Hop, check: CheckResult, request: str) -> None:
    test = tests.setdefault((hop, check.id, check.subject), _Test(hop, check))
    if _WORST.index(check.outcome) < _WORST.index(test.check.outcome):
        test.check, test.requests = check, []
    if check.outcome is test.check.outcome:
        test.requests.append(request)


def _case(test: _Test, accepted: Mapping[tuple[str, str], Acceptance]) -> TestCase:
    check = test.check
    case = TestCase(f"{check.id} {check.subject}", classname=test.hop.value)
    rows = {"found": check.observed, "expected": check.expected, "symptom": check.symptom, "fix": check.fix}
    rows["requests"] = ", ".join(test.requests)
    acceptance = accepted.get((check.id, check.subject))
    rows["accepted"] = standing(acceptance) if acceptance is not None else ""
    text = "\n".join(f"{label}: {said}" for label, said in rows.items() if said)
    if check.accepted and acceptance is not None:
        case.result = [Skipped(f"accepted {standing(acceptance)}")]
    elif check.outcome is Outcome.FAIL:
        case.result = [Failure(check.observed, check.id)]
        case.result[0].text = text
    elif check.outcome is Outcome.UNKNOWN:
        case.result = [Error(f"could not be decided: {check.observed}", check.id)]
        case.result[0].text = text
    elif check.outcome is Outcome.NOT_APPLICABLE:
        case.result = [Skipped(check.observed or "does not apply")]
    return case


def _unjudged(hop: Hop, routes: Sequence[RouteResult]) -> TestCase:
    """Return the test of a hop without a check: a request that is stopped before it proves nothing of it."""
    case = TestCase("not reached", classname=hop.value)
    broken = next((route.broken_hop for route in routes if route.broken_hop is not None), None)
    if broken is not None:
        case.result = [Skipped(f"not reached: broken at {broken.value}")]
    else:
        case.result = [Error("could not be decided: nothing is known of this hop", "unknown")]
    return case


def _load(report: Report) -> Iterator[TestCase]:
    """Give a test for each request of a load, with what was measured; findings tell what is wrong."""
    if report.load is None:
        return
    wrong = [one for one in report.findings if one.severity is Severity.ERROR]
    for one in report.load.requests:
        case = TestCase(f"{one.service}: {one.request}", classname="load")
        case.system_out = ", ".join(
            f"{name} {cell}" for name, cell in zip(COLUMNS[1:], load_row(one)[1:], strict=True) if cell
        )
        told = [found for found in wrong if found.id in _OF_LOAD and found.subject == case.name]
        case.result = [Failure(found.message, found.id) for found in told]
        yield case


def _finding(one: Advice) -> TestCase:
    finding = one.finding
    hop = finding.hop.value if finding.hop else "route"
    case = TestCase(f"{finding.id} {finding.subject}", classname=hop)
    text = "\n".join(f"{label}: {said}" for label, said in one.rows.items())
    if finding.accepted and finding.acceptance is not None:
        case.result = [Skipped(f"accepted {standing(finding.acceptance)}")]
    elif finding.severity is Severity.ERROR:
        case.result = [Failure(one.found, finding.id)]
        case.result[0].text = text
    else:
        case.system_out = f"{finding.severity.value}\n{text}"
    return case


def _nothing(report: Report) -> Iterator[TestCase]:
    """Give an error where nothing was judged at all: a suite without a test looks like a pass."""
    if not report.routes:
        case = TestCase("a route is found", classname="route")
        case.result = [Error("nothing that was given leads over a VPC link to a private API", "unknown")]
        yield case
