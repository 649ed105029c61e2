"""A verification from beginning to end: outputs, calls, report."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hatchway.errors import ToolError
from hatchway.route.check_ids import ANSWER_TIME, ROUTE_DECLARED
from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome, Severity
from hatchway.route.report import CheckResult, Finding, HopResult, Report, RouteResult, findings_of
from hatchway.topology.stacks import gateway_stack
from hatchway.verify.admission import Admission, admission
from hatchway.verify.calling import Answer, Call, Caller, NoAnswer
from hatchway.verify.diagnosis import Known
from hatchway.verify.evasions import Evasions
from hatchway.verify.evidence import Facts, NoFacts
from hatchway.verify.expectation import is_late, mismatch
from hatchway.verify.judgement import Judged, Skipped, judge
from hatchway.verify.keyring import Keyring
from hatchway.verify.refusals import Refusals
from hatchway.verify.requests import Target, service_target
from hatchway.verify.state import States, read_outputs
from hatchway.verify.together import all_at_once
from hatchway.verify.waiting import Patience

if TYPE_CHECKING:
    from hatchway.topology.model import Check, Service, Topology

__all__ = ["Verification"]

# Services that are called at once: calls mostly wait, and no gateway minds this many.
_WORKERS = 32
_LATE = "Compare the integration's latency with the whole in the access log, or raise the limit."


class Verification:
    """Calls every declared request of a deployed topology, and the calls that have to be refused.

    Args:
        topology: What is declared.
        states: Where the outputs of the stacks are read.
        caller: Sends the calls.
        keyring: The credentials to call with.
        patience: How long to wait for what may still come right.
        facts: What is known beside the calls; by default nothing.
        inside: Gives the private addresses that the public host's name stands for here.
        progress: Takes a word about each service before it is called.
        services: Names of the services to call; all of them by default.
        old_tls: Sends calls by no TLS version later than 1.1; None where this machine cannot.
    """

    def __init__(  # noqa: PLR0913 -- all by name; each is a seam that tests use
        self,
        *,
        topology: "Topology",
        states: States,
        caller: Caller,
        keyring: Keyring,
        patience: Patience,
        facts: Facts | None = None,
        inside: Callable[[str], tuple[str, ...]] = lambda _url: (),
        progress: Callable[[str], object] = lambda _sentence: None,
        services: Sequence[str] | None = None,
        old_tls: Caller | None = None,
    ) -> None:
        self._topology = topology
        self._states = states
        self._caller = caller
        self._keyring = keyring
        self._patience = patience
        self._facts = facts or NoFacts()
        self._inside = inside
        self._progress = progress
        self._old_tls = old_tls
        self._services = {name: topology.services[name] for name in services or topology.services}

    def run(self) -> Report:
        """Make all the calls and return what they show.

        Raises:
            UndecidedError: Nothing is deployed, the state may not be read, or no credential is given.
            ToolError: AWS or the public host cannot be reached.
        """
        self._find_credentials()
        outputs = read_outputs(self._states, gateway_stack(self._topology))
        self._facts.start(outputs)
        services = self._services
        found = all_at_once(lambda name: self._service(name, services[name], outputs), services, _WORKERS)
        judged = [one for service in found for one in service]
        routes = tuple(one.route for one in judged)
        findings = [finding for one in judged for finding in one.findings]
        told = dict.fromkeys((*findings_of(routes), *findings, *self._facts.findings()))
        return Report(command="verify", routes=routes, findings=tuple(told))

    def _service(self, name: str, service: "Service", outputs: Mapping[str, Any]) -> list[Judged]:
        self._progress(f"calling {name}")
        if not service.checks:
            return [_undeclared(name)]
        try:
            target = service_target(self._topology, name, service, outputs)
            public_id = str(outputs["api_id"] if "api_id" in outputs else outputs["rest_api_id"])
            private_id = str(outputs["private_api_ids"][name])
        except (KeyError, TypeError) as error:
            raise ToolError(
                f"{gateway_stack(self._topology)}: what is deployed has no output {error} for {name}. "
                "Run 'hatchway deploy'."
            ) from error
        asked = [(check, admission(self._topology.gateway, service, check)) for check in service.checks]
        base, how = min(asked, key=lambda it: (it[1].is_open, it[0].method != "GET"))
        refusals = self._refusals(service, self._admitted(target, how), base, how)
        without_credential = refusals.without_credential()
        known = Known(
            public_api_id=public_id,
            private_api_id=private_id,
            authorizer_answers=_is_authorizers(without_credential),
        )
        judged, good = [], None
        for check, wanted in asked:
            answer = self._answer(self._admitted(target, wanted), check)
            if check is base and isinstance(answer, Answer) and mismatch(answer, check.expect) is None:
                good = answer
            one = judge(
                service=name,
                request=check.request,
                answer=answer,
                expected=check.expect,
                known=known,
                skipped=_skipped(service, wanted),
                seen=self._facts.of(name, check.method, check.path),
                inside=self._inside(target.url),
            )
            judged.append(_with_checks(one, {Hop.BACKEND: _in_time(check, answer)}))
        evasions = Evasions(
            topology=self._topology,
            service=service,
            private_api_id=private_id,
            target=self._admitted(target, how),
            check=base,
            admission=how,
            send=self._send,
            old_tls=self._old_tls,
            inside=self._inside,
        )
        extra = {
            Hop.ENTRY: (
                refusals.of_unknown_route(),
                evasions.with_a_foreign_host(),
                evasions.with_old_tls(),
            ),
            Hop.AUTHORIZER: (
                without_credential,
                refusals.with_wrong_credential(),
                evasions.with_the_path_written_otherwise(),
            ),
            Hop.INTEGRATION: (
                refusals.with_foreign_api_id(self._foreign_api_id(name, outputs), good),
                refusals.without_api_id(good),
                refusals.with_malformed_api_id(good),
            ),
            Hop.PRIVATE_API: (
                refusals.of_unknown_path(good),
                evasions.with_an_unlisted_method(good),
                evasions.of_the_private_api_itself(),
            ),
        }
        judged[0] = _with_checks(judged[0], extra)
        return judged

    def _answer(self, target: Target, check: "Check") -> Answer | NoAnswer:
        call = target.call(check.method, check.path)
        return self._patience.until(
            lambda answer: mismatch(answer, check.expect) is None, lambda: self._send(call)
        )

    def _send(self, call: Call) -> Answer | NoAnswer:
        answer = self._caller.call(call)
        if isinstance(answer, NoAnswer):
            return answer
        return replace(answer, body=self._keyring.masked_in(answer.body))

    def _find_credentials(self) -> None:
        """Says at once what is missing, before anything is called."""
        for service in self._services.values():
            for check in service.checks:
                self._keyring.credentials(admission(self._topology.gateway, service, check))

    def _admitted(self, target: Target, asked: Admission) -> Target:
        return target.with_credentials(*self._keyring.credentials(asked))

    def _refusals(self, service: "Service", target: Target, base: "Check", asked: Admission) -> Refusals:
        return Refusals(
            topology=self._topology,
            service=service,
            target=target,
            method=base.method,
            path=base.path,
            send=self._send,
            admission=asked,
        )

    def _foreign_api_id(self, name: str, outputs: Mapping[str, Any]) -> str | None:
        """Return the id of another service's API that this service's endpoint must not reach."""
        allowed = self._topology.services[name].endpoint.allowed_api_ids
        others = (api_id for other, api_id in sorted(outputs["private_api_ids"].items()) if other != name)
        return next((api_id for api_id in others if api_id not in allowed), None)


def _skipped(service: "Service", asked: Admission) -> Skipped:
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


def _undeclared(name: str) -> Judged:
    hops = tuple(HopResult(hop=hop) for hop in Hop)
    finding = Finding(
        id=ROUTE_DECLARED.id,
        hop=None,
        severity=Severity.WARNING,
        subject=f"services.{name}.checks",
        message="is empty, so nothing shows whether the path works",
        fix=f"Add a request and its answer under services.{name}.checks.",
    )
    route = RouteResult(service=name, request="", hops=hops, answer=Outcome.UNKNOWN)
    return Judged(route=route, findings=(finding,))
