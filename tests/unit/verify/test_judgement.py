"""Symptom and facts together: one broken hop, or an open question, and every disagreement said."""

from typing import Any

import pytest

from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome, Severity, Verdict
from hatchway.route.report import CheckResult, Report
from hatchway.topology.model import Expectation
from hatchway.verify.calling import Answer, NoAnswer, Silence
from hatchway.verify.diagnosis import Known
from hatchway.verify.evidence import Seen
from hatchway.verify.judgement import Judged, judge
from tests.unit.verify.conftest import GOOD, PRIVATE, PUBLIC, answer, gateway_error

KNOWN = Known(public_api_id=PUBLIC, private_api_id=PRIVATE)
TIMED_OUT = gateway_error(504, "Endpoint request timed out")
OK = answer(200, GOOD, x_amzn_remapped_date="now")
IDS = {
    Hop.ENTRY: "HW101",
    Hop.AUTHORIZER: "HW201",
    Hop.INTEGRATION: "HW301",
    Hop.VPC_LINK: "HW470",
    Hop.LOAD_BALANCER: "HW504",
    Hop.TRANSIT: "HW602",
    Hop.ENDPOINT: "HW703",
    Hop.PRIVATE_API: "HW804",
    Hop.BACKEND: "HW902",
}


def fact(hop: Hop, outcome: Outcome, check_id: str = "", **more: Any) -> CheckResult:
    identity = check_id or IDS[hop]
    return CheckResult(
        id=identity, outcome=outcome, subject=f"aws_{hop}", observed="seen", fix="change it", **more
    )


def seen(**outcomes: Outcome) -> Seen:
    """All hops pass, but for those that are named."""
    given = {Hop(name.replace("_", "-")): outcome for name, outcome in outcomes.items()}
    return Seen(checks={hop: (fact(hop, given.get(hop, Outcome.PASS)),) for hop in Hop})


def judged(got: Answer | NoAnswer, facts: Seen | None, **more: Any) -> Judged:
    more = {"skipped": {}, **more}
    return judge(
        service="orders",
        request="GET /test",
        answer=got,
        expected=Expectation.model_validate({"json": {"response": "integration-successful"}}),
        known=KNOWN,
        seen=facts,
        **more,
    )


def verdict(found: Judged) -> Verdict:
    return Report(command="verify", routes=(found.route,), findings=found.findings).verdict


def outcomes(found: Judged) -> dict[Hop, Outcome]:
    return {result.hop: result.outcome for result in found.route.hops}


@pytest.mark.parametrize("hop", [hop for hop in Hop if hop not in {Hop.ENTRY, Hop.AUTHORIZER}])
def test_a_suspect_that_the_facts_find_broken_is_the_broken_hop(hop: Hop) -> None:
    found = judged(TIMED_OUT, seen(**{hop.value.replace("-", "_"): Outcome.FAIL}))
    assert found.route.broken_hop is hop
    assert verdict(found) is Verdict.FAIL
    for other, outcome in outcomes(found).items():
        assert (outcome is Outcome.NOT_REACHED) == (other.number > hop.number)
    call = next(check for check in found.route.hops[hop.number - 1].checks if check.id.endswith("90"))
    assert (call.outcome, call.fix) == (Outcome.FAIL, "change it")
    assert "504" in call.observed


def test_of_two_broken_suspects_the_first_is_named() -> None:
    found = judged(TIMED_OUT, seen(transit=Outcome.FAIL, endpoint=Outcome.FAIL))
    assert found.route.broken_hop is Hop.TRANSIT


def test_without_facts_an_answer_that_fits_several_hops_names_none() -> None:
    found = judged(TIMED_OUT, None)
    assert found.route.broken_hop is None
    assert [finding.id for finding in found.findings] == ["HW001"]


def test_an_answer_that_fits_one_hop_names_it_whatever_the_facts_say() -> None:
    refused = gateway_error(401, "Unauthorized", "UnauthorizedException")
    assert judged(refused, seen()).route.broken_hop is Hop.AUTHORIZER
    found = judged(refused, seen(entry=Outcome.FAIL))
    assert found.route.broken_hop is Hop.AUTHORIZER
    assert "HW004" in {finding.id for finding in found.findings}


def test_a_break_that_the_request_got_past_is_said_and_not_believed() -> None:
    behind = gateway_error(403, "Missing Authentication Token", x_amzn_remapped_date="now")
    found = judged(behind, seen(transit=Outcome.FAIL))
    assert found.route.broken_hop is Hop.PRIVATE_API
    assert outcomes(found)[Hop.TRANSIT] is Outcome.UNKNOWN
    said = next(finding for finding in found.findings if finding.id == "HW004")
    assert (said.hop, said.severity) == (Hop.TRANSIT, Severity.ERROR)


def test_an_answered_request_beside_a_broken_fact_is_a_disagreement() -> None:
    found = judged(OK, seen(transit=Outcome.FAIL))
    assert found.route.broken_hop is Hop.TRANSIT
    assert [finding.id for finding in found.findings] == ["HW004"]
    assert verdict(found) is Verdict.FAIL
    assert outcomes(found)[Hop.BACKEND] is Outcome.PASS


def test_ill_targets_behind_an_answered_request_are_a_warning() -> None:
    checks = {**seen().checks, Hop.ENDPOINT: (fact(Hop.ENDPOINT, Outcome.FAIL, "HW771"),)}
    found = judged(OK, Seen(checks=checks))
    assert found.route.broken_hop is None
    assert [(finding.id, finding.severity) for finding in found.findings] == [("HW004", Severity.WARNING)]
    assert verdict(found) is Verdict.PASS


def test_where_all_facts_are_right_and_the_request_fails_that_is_said() -> None:
    found = judged(TIMED_OUT, seen())
    assert found.route.broken_hop is None
    assert {finding.id for finding in found.findings} == {"HW001", "HW004"}


@pytest.mark.parametrize("hop", [Hop.VPC_LINK, Hop.TRANSIT, Hop.PRIVATE_API])
def test_the_one_suspect_that_is_not_known_to_be_right_is_named(hop: Hop) -> None:
    found = judged(TIMED_OUT, seen(**{hop.value.replace("-", "_"): Outcome.UNKNOWN}))
    assert found.route.broken_hop is hop


def test_a_hop_is_not_named_for_want_of_a_permission() -> None:
    facts = seen(transit=Outcome.UNKNOWN)
    withheld = Seen(checks=facts.checks, withheld=frozenset({"HW602"}))
    found = judged(TIMED_OUT, withheld)
    assert found.route.broken_hop is None
    assert verdict(found) is Verdict.FAIL


@pytest.mark.parametrize("withheld", [frozenset[str](), frozenset({"HW602"})])
def test_targets_that_are_ill_blame_the_endpoint_only_if_all_before_it_is_known(
    withheld: frozenset[str],
) -> None:
    facts = seen(transit=Outcome.UNKNOWN)
    checks = {**facts.checks, Hop.ENDPOINT: (fact(Hop.ENDPOINT, Outcome.FAIL, "HW771"),)}
    found = judged(TIMED_OUT, Seen(checks=checks, withheld=withheld))
    assert found.route.broken_hop is (None if withheld else Hop.TRANSIT)
    whole = judged(TIMED_OUT, Seen(checks={**checks, Hop.TRANSIT: (fact(Hop.TRANSIT, Outcome.PASS),)}))
    assert whole.route.broken_hop is Hop.ENDPOINT


def test_another_body_than_expected_is_the_backends_where_all_before_is_right() -> None:
    other = answer(200, '{"response":"another"}', x_amzn_remapped_date="now")
    assert judged(other, seen()).route.broken_hop is Hop.BACKEND
    assert judged(other, seen(integration=Outcome.FAIL)).route.broken_hop is Hop.INTEGRATION
    assert judged(other, seen(private_api=Outcome.UNKNOWN)).route.broken_hop is None


def test_what_a_backends_own_code_does_is_never_known_to_be_right() -> None:
    checks = {**seen().checks, Hop.BACKEND: (fact(Hop.BACKEND, Outcome.PASS, "HW901"),)}
    assert judged(TIMED_OUT, Seen(checks=checks)).route.broken_hop is Hop.BACKEND


def test_an_open_fact_is_settled_by_a_request_that_gets_through() -> None:
    found = judged(OK, seen(transit=Outcome.UNKNOWN))
    assert verdict(found) is Verdict.PASS


def test_what_a_permission_withholds_is_not_settled_by_a_request_that_gets_through() -> None:
    facts = Seen(checks=seen(transit=Outcome.UNKNOWN).checks, withheld=frozenset({"HW602"}))
    assert verdict(judged(OK, facts)) is Verdict.UNDECIDED


def test_a_weakness_that_is_open_is_not_settled_by_a_request_that_gets_through() -> None:
    open_ = fact(Hop.PRIVATE_API, Outcome.UNKNOWN, "HW805", weakness=True)
    checks = {**seen().checks, Hop.PRIVATE_API: (open_,)}
    assert verdict(judged(OK, Seen(checks=checks))) is Verdict.UNDECIDED


def test_a_route_that_is_declared_open_is_no_weakness() -> None:
    open_ = fact(Hop.AUTHORIZER, Outcome.FAIL, "HW203", weakness=True)
    facts = Seen(checks={**seen().checks, Hop.AUTHORIZER: (open_,)})
    assert verdict(judged(OK, facts)) is Verdict.FAIL
    declared = judged(OK, facts, skipped={Hop.AUTHORIZER: "gateway.authorizer is 'none'"})
    assert verdict(declared) is Verdict.PASS


def test_a_wrong_answer_from_inside_a_vpc_is_not_called_a_break() -> None:
    forbidden = gateway_error(403, "Forbidden", "ForbiddenException")
    found = judged(forbidden, seen(), inside=("10.0.0.5",))
    assert found.route.broken_hop is None
    assert verdict(found) is Verdict.UNDECIDED
    assert [finding.id for finding in found.findings] == ["HW006"]
    assert "10.0.0.5" in found.findings[0].message
    assert verdict(judged(OK, seen(), inside=("10.0.0.5",))) is Verdict.PASS


def test_silence_is_judged_like_any_other_wrong_answer() -> None:
    found = judged(NoAnswer(reason=Silence.TIMEOUT), seen(endpoint=Outcome.FAIL))
    assert found.route.broken_hop is Hop.ENDPOINT
