"""All calls to one service, and what they and the facts say of each of its requests."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hatchway.route.check_ids import ANSWER_TIME
from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome
from hatchway.route.report import CheckResult, HopResult
from hatchway.verify.admission import Admission, admission
from hatchway.verify.calling import Answer, Call, Caller, NoAnswer
from hatchway.verify.deployed import Deployed
from hatchway.verify.diagnosis import Known
from hatchway.verify.evasions import Evasions
from hatchway.verify.evidence import Facts, Seen
from hatchway.verify.expectation import is_late, mismatch
from hatchway.verify.fuse import Fuse
from hatchway.verify.judgement import Judged, Skipped, judge
from hatchway.verify.keyring import Keyring
from hatchway.verify.refusals import Refusals
from hatchway.verify.requests import Target
from hatchway.verify.waiting import Patience

if TYPE_CHECKING:
    from hatchway.topology.model import Check, Service, Topology

__all__ = ["Line", "ServiceCalls", "skipped_hops"]

_LATE = "Compare the integration's latency with the whole in the access log, or raise the limit."


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a service is called by.

    Attributes:
        send: Sends a call over a connection of its own, and masks credentials in the answer.
        send_on: The same over a connection that is kept for the calls to this service.
        old_tls: Sends calls by no TLS version later than 1.1; None where this machine cannot.
        keyring: The credentials to call with.
        patience: How long to wait for what may still come right.
        facts: What is known beside the calls.
        inside: Gives the private addresses that a host's name stands for here.
    """

    send: Callable[[Call], Answer | NoAnswer]
    send_on: Callable[[Call], Answer | NoAnswer]
    old_tls: Caller | None
    keyring: Keyring
    patience: Patience
    facts: Facts
    inside: Callable[[str], tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCalls:
    """Calls every declared request of a service, and what has to be refused of it."""

    topology: "Topology"
    name: str
    service: "Service"
    deployed: Deployed
    line: Line

    def judged(self) -> list[Judged]:
        """Make all the calls; return what they show of each declared request."""
        fuse = Fuse(self.line.send, self.line.send_on)
        asked = [
            (check, admission(self.topology.gateway, self.service, check)) for check in self.service.checks
        ]
        base, how = min(asked, key=lambda it: (it[1].is_open, it[0].method != "GET"))
        refusals = self._refusals(base, how, fuse)
        without_credential = refusals.without_credential()
        answers = {id(check): self._answer(check, wanted, fuse) for check, wanted in asked}
        good = answers[id(base)]
        refused = self._refused(
            refusals,
            self._evasions(base, how, fuse),
            good if isinstance(good, Answer) and mismatch(good, base.expect) is None else None,
        )
        refused[Hop.AUTHORIZER] = (without_credential, *refused[Hop.AUTHORIZER])
        # Facts are waited for only now: what is called and what is read take their time side by side.
        authorizer_answers = _is_authorizers(without_credential)
        judged = [
            self._judge(check, wanted, answers[id(check)], authorizer_answers) for check, wanted in asked
        ]
        judged[0] = _with_checks(judged[0], refused)
        return judged

    def _judge(
        self,
        check: "Check",
        wanted: Admission,
        answer: Answer | NoAnswer,
        authorizer_answers: bool,  # noqa: FBT001 -- one call
    ) -> Judged:
        one = judge(
            service=self.name,
            request=check.request,
            answer=answer,
            expected=check.expect,
            known=Known(
                public_api_id=self.deployed.public_api_id,
                private_api_id=self.deployed.private_api_id,
                authorizer_answers=authorizer_answers,
            ),
            skipped=skipped_hops(self.service, wanted),
            seen=self._seen(check),
            inside=self.line.inside(self.deployed.target.url),
        )
        return _with_checks(one, {Hop.BACKEND: _in_time(check, answer)})

    def _seen(self, check: "Check") -> Seen | None:
        return self.line.facts.of(self.name, check.method, check.path)

    def _answer(self, check: "Check", wanted: Admission, fuse: Fuse) -> Answer | NoAnswer:
        call = self._admitted(wanted).call(check.method, check.path)
        return self.line.patience.until(
            lambda answer: mismatch(answer, check.expect) is None,
            lambda: fuse.send(call),
            lambda: (self._seen(check) or Seen()).is_final,
        )

    def _admitted(self, asked: Admission) -> Target:
        return self.deployed.target.with_credentials(*self.line.keyring.credentials(asked))

    def _refusals(self, base: "Check", asked: Admission, fuse: Fuse) -> Refusals:
        return Refusals(
            topology=self.topology,
            service=self.service,
            target=self._admitted(asked),
            method=base.method,
            path=base.path,
            send=fuse.spare,
            admission=asked,
        )

    def _evasions(self, base: "Check", asked: Admission, fuse: Fuse) -> Evasions:
        return Evasions(
            topology=self.topology,
            service=self.service,
            private_api_id=self.deployed.private_api_id,
            target=self._admitted(asked),
            check=base,
            admission=asked,
            send=fuse.spare,
            old_tls=self.line.old_tls,
            inside=self.line.inside,
        )

    def _refused(
        self, refusals: Refusals, evasions: Evasions, good: Answer | None
    ) -> dict[Hop, tuple[CheckResult, ...]]:
        """Make the calls that must be refused; those that prove nothing without a good answer need one."""
        return {
            Hop.ENTRY: (
                refusals.of_unknown_route(),
                evasions.with_a_foreign_host(),
                evasions.with_old_tls(),
            ),
            Hop.AUTHORIZER: (
                refusals.with_wrong_credential(),
                evasions.with_the_path_written_otherwise(),
            ),
            Hop.INTEGRATION: (
                refusals.with_foreign_api_id(self.deployed.foreign_api_id, good),
                refusals.without_api_id(good),
                refusals.with_malformed_api_id(good),
            ),
            Hop.PRIVATE_API: (
                refusals.of_unknown_path(good),
                evasions.with_an_unlisted_method(good),
                evasions.of_the_private_api_itself(),
            ),
        }


def skipped_hops(service: "Service", asked: Admission) -> Skipped:
    """Return the hops that a request does not pass, each with the reason."""
    skipped = {}
    if asked.is_open:
        skipped[Hop.AUTHORIZER] = asked.reason
    if service.endpoint.placement == "gateway":
        skipped[Hop.TRANSIT] = "the endpoint is in the gateway's network"
    return skipped


def _with_checks(judged: Judged, extra: Mapping[Hop, tuple[CheckResult, ...]]) -> Judged:
    route = judged.route
    hops = tuple(
        HopResult(hop=each.hop, checks=(*each.checks, *extra.get(each.hop, ())), reached=each.reached)
        for each in route.hops
    )
    return Judged(route=replace(route, hops=hops), findings=judged.findings)


def _in_time(check: "Check", answer: Answer | NoAnswer) -> tuple[CheckResult, ...]:
    """Whether the right answer came in time; nothing if no time is asked for, or the answer was wrong."""
    limit = check.expect.latency_milliseconds
    if limit is None or isinstance(answer, NoAnswer) or mismatch(answer, check.expect) is not None:
        return ()
    late = is_late(answer, check.expect)
    result = CheckResult(
        id=ANSWER_TIME.id,
        outcome=Outcome.FAIL if late else Outcome.PASS,
        subject=check.request,
        observed=f"answered after {answer.timing}",
        expected=f"at most {limit} ms",
        symptom="Callers wait longer than they were promised." if late else "",
        fix=_LATE if late else "",
        weakness=ANSWER_TIME.weakness,
    )
    return (result,)


def _is_authorizers(refusal: CheckResult) -> bool:
    """Whether a call without a credential was refused by an authorizer: 403 others say too."""
    return refusal.outcome is Outcome.PASS and refusal.observed.startswith("answered 401")
