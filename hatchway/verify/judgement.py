"""From the answer to one declared request to the nine hops. Pure: no call is made here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hatchway.route.check_ids import PASSED_HOP, ROUTE_ANSWERS
from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome, Severity
from hatchway.route.report import CheckResult, Finding, HopResult, RouteResult
from hatchway.verify.calling import Answer, NoAnswer
from hatchway.verify.diagnosis import Diagnosis, Known, diagnose
from hatchway.verify.expectation import is_proof, mismatch

if TYPE_CHECKING:
    from hatchway.topology.model import Expectation

__all__ = ["Judged", "Skipped", "judge"]

Skipped = Mapping[Hop, str]
"""Hops that the declared path does not have, each with the reason."""

_GOT_THROUGH = {
    Hop.ENTRY: "the host's certificate was verified and the stage took the request",
    Hop.AUTHORIZER: "the credential was let in",
    Hop.INTEGRATION: "the request was handed on with a host name that the endpoint's certificate bears",
    Hop.VPC_LINK: "the link carried the request",
    Hop.LOAD_BALANCER: "a target took the connection",
    Hop.TRANSIT: "packets went both ways",
    Hop.ENDPOINT: "the endpoint took the connection and its policy let the request through",
    Hop.PRIVATE_API: "the resource policy let the request through and the stage has the route",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A route, and a finding if its answer was wrong and no single hop is to blame."""

    route: RouteResult
    findings: tuple[Finding, ...] = ()


def judge(  # noqa: PLR0913 -- all by name; the facts of one request
    *,
    service: str,
    request: str,
    answer: Answer | NoAnswer,
    expected: "Expectation",
    known: Known,
    skipped: Skipped,
) -> Judged:
    """Return what the answer to a request proves about each hop."""
    wrong = mismatch(answer, expected)
    if wrong is None and isinstance(answer, Answer):
        proven = is_proof(answer, expected)
        results = tuple(_answered(hop, request, answer, skipped, proven=proven) for hop in Hop)
        return Judged(route=RouteResult(service=service, request=request, hops=results, answer=Outcome.PASS))
    diagnosis = diagnose(answer, known)
    present = tuple(hop for hop in Hop if hop not in skipped)
    suspects = tuple(hop for hop in diagnosis.suspects if hop in present) or present
    results = tuple(_unanswered(hop, request, answer, diagnosis, suspects, skipped) for hop in Hop)
    route = RouteResult(service=service, request=request, hops=results, answer=Outcome.FAIL)
    return Judged(
        route=route, findings=() if route.broken_hop else (_finding(request, answer, wrong, diagnosis),)
    )


def _answered(hop: Hop, request: str, answer: Answer, skipped: Skipped, *, proven: bool) -> HopResult:
    if hop in skipped:
        return _result(hop, Outcome.NOT_APPLICABLE, request, observed=skipped[hop])
    if not proven:
        observed = f"answered {answer}, which API Gateway itself may have said at several hops"
        fix = "Add 'json' to what the check expects, or a request that is answered with a status below 400."
        return _result(hop, Outcome.UNKNOWN, request, observed=observed, fix=fix)
    return _result(hop, Outcome.PASS, request, observed=_GOT_THROUGH.get(hop, f"answered {answer}"))


def _unanswered(  # noqa: PLR0913, PLR0917 -- one call site, in order of the sentence
    hop: Hop,
    request: str,
    answer: Answer | NoAnswer,
    diagnosis: Diagnosis,
    suspects: tuple[Hop, ...],
    skipped: Skipped,
) -> HopResult:
    if hop in skipped:
        return _result(hop, Outcome.NOT_APPLICABLE, request, observed=skipped[hop])
    first, last = suspects[0].number, suspects[-1].number
    if hop.number < first:
        return _result(hop, Outcome.PASS, request, observed=_GOT_THROUGH.get(hop, "the request got this far"))
    if hop.number > last:
        return HopResult(hop=hop, reached=False)
    if len(suspects) == 1:
        return _result(
            hop,
            Outcome.FAIL,
            request,
            observed=f"answered {answer}",
            expected="the request gets through",
            symptom=diagnosis.symptom,
            fix=diagnosis.fix,
        )
    among = ", ".join(suspects)
    return _result(
        hop,
        Outcome.UNKNOWN,
        request,
        observed=f"answered {answer}",
        symptom=f"{diagnosis.symptom} One of: {among}.",
    )


def _result(  # noqa: PLR0913 -- mirrors CheckResult
    hop: Hop,
    outcome: Outcome,
    request: str,
    *,
    observed: str,
    expected: str = "",
    symptom: str = "",
    fix: str = "",
) -> HopResult:
    check = CheckResult(
        id=PASSED_HOP[hop].id,
        outcome=outcome,
        subject=request,
        observed=observed,
        expected=expected,
        symptom=symptom,
        fix=fix,
    )
    return HopResult(hop=hop, checks=(check,))


def _finding(request: str, answer: Answer | NoAnswer, wrong: str | None, diagnosis: Diagnosis) -> Finding:
    return Finding(
        id=ROUTE_ANSWERS.id,
        hop=None,
        severity=Severity.ERROR,
        subject=request,
        message=f"answered {answer}: {wrong}. {diagnosis.symptom} One of: {', '.join(diagnosis.suspects)}.",
        fix=diagnosis.fix,
    )
