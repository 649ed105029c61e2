"""Findings that somebody accepted: shown, counted as accepted, and no longer than they said."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from hatchway.report.summary import meaning
from hatchway.review.baseline import load_baseline
from hatchway.review.unknowns import judged_with
from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome, Severity, UnknownAs, Verdict
from hatchway.route.report import CheckResult, Finding, HopResult, Report, RouteResult, findings_of
from hatchway.topology import TopologyError

TODAY = date(2030, 3, 1)
ROUTE = "foundation: aws_route_table.edge"
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to(*entries: str) -> Path:
        path = tmp_path / "baseline.yaml"
        path.write_text("version: 1\naccepted:" + ("\n" + "".join(entries) if entries else " []"))
        return path

    return to


def entry(identity: str, subject: str, expires: str = "2030-04-01", reason: str = "known") -> str:
    return f"  - id: {identity}\n    subject: '{subject}'\n    reason: {reason}\n    expires: {expires}\n"


def route(**found: CheckResult) -> RouteResult:
    """A route on which every hop holds but those given; nothing is reached behind one that is broken."""
    hops, reached = [], True
    for hop in Hop:
        held = CheckResult(id=f"HW{hop.number}01", outcome=Outcome.PASS, subject="x")
        given = found.get(hop.name.lower())
        checks = (held,) if given is None else (held, given)
        hops.append(HopResult(hop=hop, checks=checks if reached else (), reached=reached))
        reached = reached and not hops[-1].breaks_path
    return RouteResult(service="orders", request="GET /test", hops=tuple(hops))


NO_ROUTE = CheckResult(id="HW602", outcome=Outcome.FAIL, subject=ROUTE, observed="no route")
OPEN = CheckResult(id="HW309", outcome=Outcome.FAIL, subject="aws_x.y", observed="open", weakness=True)
UNCLEAR = CheckResult(id="HW801", outcome=Outcome.UNKNOWN, subject="aws_api.z", observed="not known")


def report(*routes: RouteResult) -> Report:
    return Report(command="review", routes=routes, findings=findings_of(routes))


def judged(path: Path, found: Report) -> Report:
    return load_baseline(path, TODAY).applied(found)


@pytest.mark.parametrize("subject", [ROUTE, "aws_route_table.edge"])
def test_an_accepted_finding_no_longer_fails_with_or_without_its_stack(write: Write, subject: str) -> None:
    found = judged(write(entry("HW602", subject)), report(route(transit=NO_ROUTE)))
    assert found.verdict is Verdict.PASS
    (finding,) = found.findings
    assert finding.accepted
    assert finding.acceptance is not None
    assert finding.acceptance.reason == "known"
    assert finding.acceptance.expires == date(2030, 4, 1)


def test_a_path_that_is_accepted_as_broken_is_called_broken(write: Write) -> None:
    found = judged(write(entry("HW602", ROUTE)), report(route(transit=NO_ROUTE)))
    assert meaning(found) == "THE PATH DOES NOT WORK: broken at transit, which the baseline accepts"
    assert found.routes[0].broken_hop is Hop.TRANSIT
    assert found.routes[0].verdict is Verdict.FAIL


def test_an_accepted_weakness_is_named_in_the_verdict(write: Write) -> None:
    found = judged(write(entry("HW309", "aws_x.y")), report(route(integration=OPEN)))
    assert found.verdict is Verdict.PASS
    assert meaning(found) == "1 error accepted by the baseline; nothing else is known to be wrong"


@pytest.mark.parametrize(("identity", "subject"), [("HW603", ROUTE), ("HW602", "aws_route_table.edge2")])
def test_another_check_or_another_subject_is_not_accepted(write: Write, identity: str, subject: str) -> None:
    found = judged(write(entry(identity, subject)), report(route(transit=NO_ROUTE)))
    assert found.verdict is Verdict.FAIL


def test_what_is_not_accepted_still_fails(write: Write) -> None:
    found = judged(write(entry("HW602", ROUTE)), report(route(transit=NO_ROUTE, integration=OPEN)))
    assert found.verdict is Verdict.FAIL


def test_another_route_is_still_judged(write: Write) -> None:
    found = judged(write(entry("HW602", ROUTE)), report(route(transit=NO_ROUTE), route(private_api=UNCLEAR)))
    assert found.verdict is Verdict.UNDECIDED
    assert "THE PATH DOES NOT WORK" in meaning(found)


def test_behind_an_accepted_weakness_what_is_unknown_stays_unknown(write: Write) -> None:
    found = judged(write(entry("HW309", "aws_x.y")), report(route(integration=OPEN, private_api=UNCLEAR)))
    assert found.verdict is Verdict.UNDECIDED


def test_what_is_unknown_can_be_accepted_where_it_is_an_error(write: Write) -> None:
    strict = judged_with(report(route(private_api=UNCLEAR)), UnknownAs.FAIL)
    assert judged(write(entry("HW801", "aws_api.z")), strict).verdict is Verdict.PASS


@pytest.mark.parametrize(("expires", "verdict"), [("2030-03-01", Verdict.PASS), ("2030-02-28", Verdict.FAIL)])
def test_the_last_day_counts_and_the_day_after_it_fails_again(
    write: Write, expires: str, verdict: Verdict
) -> None:
    found = judged(write(entry("HW602", ROUTE, expires)), report(route(transit=NO_ROUTE)))
    assert found.verdict is verdict
    (finding,) = found.findings
    assert finding.acceptance is not None
    assert finding.acceptance.expired is (verdict is Verdict.FAIL)
    assert not any(check.accepted for hop in found.routes[0].hops for check in hop.checks) or finding.accepted


def test_of_two_entries_the_one_in_force_counts(write: Write) -> None:
    path = write(entry("HW602", ROUTE, "2030-02-01"), entry("HW602", "aws_route_table.edge"))
    assert judged(path, report(route(transit=NO_ROUTE))).verdict is Verdict.PASS


def test_an_entry_that_matches_nothing_is_a_warning_at_its_line(write: Write) -> None:
    path = write(entry("HW602", ROUTE), entry("HW804", "aws_gone.x"))
    found = judged(path, report(route(transit=NO_ROUTE)))
    (stale,) = [one for one in found.findings if one.id == "HW020"]
    assert (stale.severity, stale.subject) == (Severity.WARNING, f"{path}:7")
    assert stale.message == "accepts HW804 of aws_gone.x, which was not found"
    assert found.verdict is Verdict.PASS


def test_a_finding_beside_the_path_can_be_accepted(write: Write) -> None:
    other = Finding(id="HW003", hop=None, severity=Severity.ERROR, subject="aws_x.y", message="no provider")
    found = replace(report(route()), findings=(other,))
    assert judged(write(entry("HW003", "aws_x.y")), found).verdict is Verdict.PASS


def test_no_routes_never_pass(write: Write) -> None:
    assert judged(write(), report()).verdict is Verdict.UNDECIDED


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("- x", "line 1  is not a mapping"),
        ("version: 2\naccepted: []", "line 1  version: has to be 1"),
        ("version: 1", "accepted: is missing"),
        ("version: 1\naccepted: [x]", "accepted[0]: has to be a mapping of keys"),
        ("version: 1\naccepted:\n" + entry("602", "x"), "accepted[0].id: has to be text, got 602"),
        ("version: 1\naccepted:\n" + entry("HW6", "x"), "accepted[0].id: has to be the id of a check"),
        (
            "version: 1\naccepted:\n" + entry("HW602", "x", "soon"),
            "line 6  accepted[0].expires: has to be a day",
        ),
        ("version: 1\naccepted:\n" + entry("HW602", "x", "2031-03-03"), "is more than a year ahead"),
        ("version: 1\naccepted:\n" + entry("HW602", "x", reason="' '"), "accepted[0].reason: says nothing"),
        (
            "version: 1\naccepted:\n" + entry("HW602", "x") * 2,
            "line 7  accepted[1]: is accepted twice, first",
        ),
        ("version: 1\naccepted:\n  - id: HW602\n    subject: x", "accepted[0].reason: is missing"),
        ("version: 1\naccepted:\n" + entry("HW602", "x") + "    onwer: me", "did you mean 'owner'?"),
        ("a: [", "does not parse as YAML"),
    ],
)
def test_a_baseline_that_cannot_be_used_says_what_is_wrong_on_which_line(
    tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "baseline.yaml"
    path.write_text(text)
    with pytest.raises(TopologyError) as error:
        load_baseline(path, TODAY)
    assert said in str(error.value)
    assert "topology" not in str(error.value)


def test_a_year_ahead_is_allowed(write: Write) -> None:
    assert load_baseline(write(entry("HW602", "x", "2031-03-02")), TODAY).entries


def test_a_baseline_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(TopologyError, match=r"(?s)does not exist.*--baseline"):
        load_baseline(tmp_path / "none.yaml", TODAY)


def test_a_hop_that_was_not_reached_for_a_reason_nobody_knows_is_no_pass() -> None:
    found = route()
    hops = (*found.hops[:-1], replace(found.hops[-1], checks=(), reached=False))
    assert report(replace(found, hops=hops)).verdict is Verdict.UNDECIDED
