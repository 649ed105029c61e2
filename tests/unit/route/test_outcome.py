import pytest
from hypothesis import given
from hypothesis import strategies as st

from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome, Severity, Verdict
from hatchway.route.report import CheckResult, Finding, HopResult, Report, RouteResult, findings_of

OUTCOMES = st.sampled_from(Outcome)
CHECKS = st.builds(
    CheckResult,
    id=st.just("HW101"),
    outcome=st.sampled_from([o for o in Outcome if o is not Outcome.NOT_REACHED]),
    subject=st.just("s"),
    weakness=st.booleans(),
)
HOPS = st.tuples(
    *(
        st.builds(
            HopResult, hop=st.just(hop), checks=st.lists(CHECKS, max_size=3).map(tuple), reached=st.booleans()
        )
        for hop in Hop
    )
)
ROUTES = st.builds(RouteResult, service=st.just("a"), request=st.just("GET /"), hops=HOPS, answer=OUTCOMES)


def checked(outcome: Outcome, *, weakness: bool = False) -> CheckResult:
    return CheckResult(id="HW291", outcome=outcome, subject="s", observed="o", weakness=weakness)


def route(**hops: CheckResult) -> RouteResult:
    good = checked(Outcome.PASS)
    results = tuple(HopResult(hop=hop, checks=(hops.get(hop.name, good),)) for hop in Hop)
    return RouteResult(service="a", request="GET /", hops=results, answer=Outcome.PASS)


def test_there_are_nine_hops_and_their_numbers_begin_check_ids() -> None:
    assert [hop.number for hop in Hop] == list(range(1, 10))
    assert (Hop.ENTRY.number, Hop.BACKEND.number) == (1, 9)


@given(st.lists(OUTCOMES))
def test_a_hop_passes_only_if_a_check_passed_and_none_was_open(outcomes: list[Outcome]) -> None:
    passed = Outcome.of_checks(outcomes) is Outcome.PASS
    assert passed == (Outcome.PASS in outcomes and set(outcomes) <= {Outcome.PASS, Outcome.NOT_APPLICABLE})


def test_a_hop_without_checks_is_unknown() -> None:
    assert Outcome.of_checks([]) is Outcome.UNKNOWN


@given(st.lists(OUTCOMES))
def test_a_route_passes_only_if_nothing_is_open(outcomes: list[Outcome]) -> None:
    passed = Verdict.of_outcomes(outcomes) is Verdict.PASS
    assert passed == (Outcome.PASS in outcomes and set(outcomes) <= {Outcome.PASS, Outcome.NOT_APPLICABLE})


@given(st.lists(OUTCOMES))
def test_a_single_failure_fails_the_route(outcomes: list[Outcome]) -> None:
    assert Verdict.of_outcomes([*outcomes, Outcome.FAIL]) is Verdict.FAIL


@given(st.lists(ROUTES, max_size=3))
def test_a_report_passes_only_if_every_route_does(routes: list[RouteResult]) -> None:
    passed = Report(command="verify", routes=tuple(routes)).verdict is Verdict.PASS
    assert passed == (bool(routes) and all(each.verdict is Verdict.PASS for each in routes))


@given(ROUTES)
def test_a_broken_hop_makes_the_verdict_fail(found: RouteResult) -> None:
    if found.broken_hop is not None and all(result.reached for result in found.hops):
        assert found.verdict is Verdict.FAIL


@given(ROUTES)
def test_every_failed_check_is_a_finding(found: RouteResult) -> None:
    failed = [c for result in found.hops for c in result.checks if c.outcome is Outcome.FAIL]
    assert bool(findings_of([found])) == bool(failed)


def test_the_first_broken_hop_is_the_one_that_is_named() -> None:
    broken = route(TRANSIT=checked(Outcome.FAIL), ENDPOINT=checked(Outcome.FAIL))
    assert broken.broken_hop is Hop.TRANSIT


def test_a_weakness_fails_the_verdict_and_breaks_no_hop() -> None:
    weak = route(AUTHORIZER=checked(Outcome.FAIL, weakness=True))
    assert weak.broken_hop is None
    assert weak.verdict is Verdict.FAIL
    report = Report(command="verify", routes=(weak,), findings=findings_of([weak]))
    assert [finding.severity for finding in report.findings] == [Severity.ERROR]


def test_the_same_finding_on_two_routes_is_told_once() -> None:
    weak = route(AUTHORIZER=checked(Outcome.FAIL, weakness=True))
    assert len(findings_of([weak, weak])) == 1


@pytest.mark.parametrize("severity", [Severity.WARNING, Severity.NOTE])
def test_a_finding_that_is_no_error_leaves_the_verdict(severity: Severity) -> None:
    finding = Finding(id="HW001", hop=None, severity=severity, subject="s", message="m")
    assert Report(command="verify", routes=(route(),), findings=(finding,)).verdict is Verdict.PASS


def test_nothing_looked_at_is_undecided() -> None:
    assert Report(command="verify", routes=()).verdict is Verdict.UNDECIDED


@pytest.mark.parametrize(("verdict", "code"), [(Verdict.PASS, 0), (Verdict.FAIL, 1), (Verdict.UNDECIDED, 3)])
def test_each_verdict_has_its_exit_code(verdict: Verdict, code: int) -> None:
    assert verdict.exit_code == code
