"""From the answer to one declared request, and the facts, to the nine hops. Pure: no call is made here."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hatchway.route.check_ids import CALLS_AND_FACTS_AGREE, PASSED_HOP, PUBLIC_NAME, ROUTE_ANSWERS
from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome, Severity
from hatchway.route.report import CheckResult, Finding, HopResult, RouteResult
from hatchway.verify.calling import Answer, NoAnswer
from hatchway.verify.diagnosis import Diagnosis, Known, diagnose
from hatchway.verify.evidence import Seen
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
    """A route, and what else is to be said of it."""

    route: RouteResult
    findings: tuple[Finding, ...] = ()


def judge(  # noqa: PLR0913 -- all by name; what is known of one request
    *,
    service: str,
    request: str,
    answer: Answer | NoAnswer,
    expected: "Expectation",
    known: Known,
    skipped: Skipped,
    seen: Seen | None = None,
    inside: tuple[str, ...] = (),
) -> Judged:
    """Return what the answer to a request proves about each hop, and what the facts add to it.

    Args:
        service: Name of the service.
        request: Method and path.
        answer: What was answered.
        expected: What should have been.
        known: What is known from other calls.
        skipped: Hops that the path does not have.
        seen: What the facts say; None where there are none.
        inside: Private addresses that the public host's name stands for here, if it does.
    """
    seen = (seen or Seen()).excusing(skipped)
    wrong = mismatch(answer, expected)
    one = _Request(service=service, request=request, answer=answer, skipped=skipped, seen=seen)
    if wrong is None and isinstance(answer, Answer):
        return one.answered(answer, proven=is_proof(answer, expected))
    if inside:
        return one.led_astray(inside)
    return one.unanswered(diagnose(answer, known), wrong or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    """One request with all that speaks about it."""

    service: str
    request: str
    answer: Answer | NoAnswer
    skipped: Skipped
    seen: Seen

    def answered(self, answer: Answer, *, proven: bool) -> Judged:
        """Judge a request that was answered as expected."""
        results = []
        for hop in Hop:
            checks = self.seen.proven(hop) if proven else self.seen.of(hop)
            results.append(HopResult(hop=hop, checks=(self._passed(hop, answer, proven=proven), *checks)))
        broken = self.seen.broken
        causes = [hop for hop in broken if not self.seen.is_symptom(hop)]
        found = [self._doubt(check) for check in self._breaks(causes)]
        if not causes:
            found = [replace(self._doubt(check), severity=Severity.WARNING) for check in self._breaks(broken)]
        return self._judged(results, Outcome.PASS, tuple(found))

    def _passed(self, hop: Hop, answer: Answer, *, proven: bool) -> CheckResult:
        if hop in self.skipped:
            return self._call(hop, Outcome.NOT_APPLICABLE, observed=self.skipped[hop])
        if not proven:
            observed = f"answered {answer}, which API Gateway itself may have said at several hops"
            fix = (
                "Add 'json' to what the check expects, or a request that is answered with a status below 400."
            )
            return self._call(hop, Outcome.UNKNOWN, observed=observed, fix=fix)
        return self._call(hop, Outcome.PASS, observed=_GOT_THROUGH.get(hop, f"answered {answer}"))

    def led_astray(self, inside: tuple[str, ...]) -> Judged:
        """Judge a request that DNS sent to an endpoint in place of the public API: nothing is said by it."""
        finding = Finding(
            id=PUBLIC_NAME.id,
            hop=None,
            severity=Severity.WARNING,
            subject=self.request,
            message=f"the public host is {', '.join(inside)} here, which is inside a VPC: private DNS of an "
            f"execute-api endpoint takes the name. Answered {self.answer}, which says nothing of the path "
            "from the internet",
            fix="Run verify outside of this VPC, set private_dns_enabled = false on its execute-api "
            "endpoint, or call the public API by a custom domain name.",
        )
        results = [HopResult(hop=hop, checks=self.seen.of(hop)) for hop in Hop]
        return self._judged(results, Outcome.UNKNOWN, (finding,))

    def unanswered(self, diagnosis: Diagnosis, wrong: str) -> Judged:
        """Judge a request that was not answered as expected."""
        present = tuple(hop for hop in Hop if hop not in self.skipped)
        suspects = tuple(hop for hop in diagnosis.suspects if hop in present) or present
        blamed = blame(suspects, self.seen, diagnosis.remainder)
        results = [self._hop(hop, diagnosis, suspects, blamed) for hop in Hop]
        found: list[Finding] = []
        if blamed is None:
            found.append(self._nobody(diagnosis, suspects, wrong))
        found += map(self._doubt, self._breaks(hop for hop in self.seen.broken if hop not in suspects))
        if not self.seen.broken and blamed is None and set(suspects) <= set(self.seen.sound):
            found.append(self._riddle(suspects))
        return self._judged(results, Outcome.FAIL, tuple(found))

    def _hop(
        self, hop: Hop, diagnosis: Diagnosis, suspects: tuple[Hop, ...], blamed: Hop | None
    ) -> HopResult:
        first, last = suspects[0].number, (blamed or suspects[-1]).number
        if hop.number > last:
            return HopResult(hop=hop, reached=hop in self.skipped, checks=self._skip(hop))
        facts = self._facts(hop, suspects, blamed)
        if hop in self.skipped:
            return HopResult(hop=hop, checks=(*self._skip(hop), *facts))
        if hop.number < first:
            observed = _GOT_THROUGH.get(hop, "the request got this far")
            passed = self._call(hop, Outcome.PASS, observed=observed)
            return HopResult(hop=hop, checks=(passed, *facts))
        if hop is blamed:
            return HopResult(hop=hop, checks=(self._broken(hop, diagnosis), *facts))
        if blamed is not None and facts:
            return HopResult(hop=hop, checks=facts)
        among = ", ".join(suspects)
        doubt = self._call(
            hop,
            Outcome.UNKNOWN,
            observed=f"answered {self.answer}",
            symptom=f"{diagnosis.symptom} One of: {among}.",
        )
        return HopResult(hop=hop, checks=(doubt, *facts))

    def _facts(self, hop: Hop, suspects: tuple[Hop, ...], blamed: Hop | None) -> tuple[CheckResult, ...]:
        if hop not in suspects:
            return self.seen.doubted(hop, "yet the request got past it")
        return self.seen.of(hop) if hop is blamed else self.seen.doubted(hop, "which may come from before")

    def _skip(self, hop: Hop) -> tuple[CheckResult, ...]:
        reason = self.skipped.get(hop)
        return () if reason is None else (self._call(hop, Outcome.NOT_APPLICABLE, observed=reason),)

    def _broken(self, hop: Hop, diagnosis: Diagnosis) -> CheckResult:
        fact = next(iter((*self._breaks((hop,)), *self.seen.open(hop))), None)
        return self._call(
            hop,
            Outcome.FAIL,
            observed=f"answered {self.answer}" + (f"; {fact.observed}" if fact is not None else ""),
            expected="the request gets through",
            symptom=diagnosis.symptom,
            fix=diagnosis.fix if fact is None else fact.fix,
        )

    def _breaks(self, hops: Iterable[Hop]) -> Iterator[CheckResult]:
        """Give the first check of each hop that says that it is broken."""
        for hop in hops:
            yield from [check for check in self.seen.of(hop) if check.breaks_path][:1]

    def _doubt(self, check: CheckResult) -> Finding:
        answered = f"answered {self.answer}"
        return Finding(
            id=CALLS_AND_FACTS_AGREE.id,
            hop=_hop_of(check),
            severity=Severity.ERROR,
            subject=check.subject,
            message=f"{check.id} says that no request gets past it ({check.observed}), and yet "
            f"{self.request} was {answered}: some requests may fail, or it changed in between",
            fix=check.fix,
        )

    def _riddle(self, suspects: tuple[Hop, ...]) -> Finding:
        return Finding(
            id=CALLS_AND_FACTS_AGREE.id,
            hop=None,
            severity=Severity.ERROR,
            subject=self.request,
            message=f"everything about {', '.join(suspects)} is as it has to be, and yet the request was "
            f"answered {self.answer}",
            fix="If it was deployed in the last minutes, verify again; else read the execution logs of both "
            "APIs.",
        )

    def _nobody(self, diagnosis: Diagnosis, suspects: tuple[Hop, ...], wrong: str) -> Finding:
        symptom = f"{diagnosis.symptom} One of: {', '.join(suspects)}."
        return Finding(
            id=ROUTE_ANSWERS.id,
            hop=None,
            severity=Severity.ERROR,
            subject=self.request,
            message=f"answered {self.answer}: {wrong}. {symptom}",
            fix=diagnosis.fix,
        )

    def _call(  # noqa: PLR0913 -- mirrors CheckResult
        self,
        hop: Hop,
        outcome: Outcome,
        *,
        observed: str,
        expected: str = "",
        symptom: str = "",
        fix: str = "",
    ) -> CheckResult:
        return CheckResult(
            id=PASSED_HOP[hop].id,
            outcome=outcome,
            subject=self.request,
            observed=observed,
            expected=expected,
            symptom=symptom,
            fix=fix,
        )

    def _judged(self, hops: list[HopResult], answer: Outcome, findings: tuple[Finding, ...]) -> Judged:
        route = RouteResult(
            service=self.service,
            request=self.request,
            hops=tuple(hops),
            answer=answer,
            timing=self.answer.timing,
        )
        return Judged(route=route, findings=(*findings, *self.seen.risks))


def blame(suspects: tuple[Hop, ...], seen: Seen, remainder: Hop | None = None) -> Hop | None:
    """Return the hop that answer and facts together show to be broken, None where they leave it open.

    What both name comes first, unless it only shows there and may come from a hop before of which not all
    is known. Where the answer fits one hop alone, that is it. Where the facts find nothing, it is the one
    suspect whose facts are not all known to be right, if it is only one.
    """
    confirmed = next((hop for hop in suspects if hop in seen.broken), None)
    if confirmed is not None and seen.is_symptom(confirmed):
        before = [hop for hop in suspects if hop.number < confirmed.number and hop not in seen.sound]
        return _only(before, seen) if before else confirmed
    if confirmed is not None:
        return confirmed
    if len(suspects) == 1:
        return suspects[0]
    left = [hop for hop in suspects if hop not in seen.sound or hop is remainder]
    return _only(left, seen) if seen.checks and not seen.broken else None


def _only(hops: list[Hop], seen: Seen) -> Hop | None:
    """Return the one hop that is left, if all that there is to know of it was read."""
    return hops[0] if len(hops) == 1 and seen.is_complete(hops[0]) else None


def _hop_of(check: CheckResult) -> Hop:
    return tuple(Hop)[int(check.id[2]) - 1]
