"""A verification from beginning to end: outputs, calls, report."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hatchway.errors import ToolError, UndecidedError
from hatchway.route.check_ids import ROUTE_DECLARED
from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome, Severity
from hatchway.route.report import CheckResult, Finding, HopResult, Report, RouteResult, findings_of
from hatchway.topology.stacks import GATEWAY
from hatchway.verify.calling import Answer, Call, Caller, NoAnswer, Token
from hatchway.verify.diagnosis import Known
from hatchway.verify.expectation import mismatch
from hatchway.verify.judgement import Judged, Skipped, judge
from hatchway.verify.refusals import Refusals
from hatchway.verify.requests import Target, service_target
from hatchway.verify.state import States, read_outputs
from hatchway.verify.waiting import Patience

if TYPE_CHECKING:
    from hatchway.topology.model import Check, Service, Topology

__all__ = ["Verification"]


class Verification:
    """Calls every declared request of a deployed topology, and the calls that have to be refused.

    Args:
        topology: What is declared.
        states: Where the outputs of the stacks are read.
        caller: Sends the calls.
        token: The credential to call with; may be None if the topology declares no authorizer.
        patience: How long to wait for what may still come right.
        progress: Takes a word about each service before it is called.
    """

    def __init__(  # noqa: PLR0913 -- all by name; each is a seam that tests use
        self,
        *,
        topology: "Topology",
        states: States,
        caller: Caller,
        token: Token | None,
        patience: Patience,
        progress: Callable[[str], object] = lambda _sentence: None,
    ) -> None:
        self._topology = topology
        self._states = states
        self._caller = caller
        self._token = token
        self._patience = patience
        self._progress = progress

    def run(self) -> Report:
        """Make all the calls and return what they show.

        Raises:
            UndecidedError: The stacks are not deployed, their state may not be read, or no token was given.
            ToolError: AWS or the public host cannot be reached.
        """
        if self._token is None and self._topology.gateway.authorizer != "none":
            raise UndecidedError(
                "HATCHWAY_TOKEN: is not set, and the gateway has an authorizer. Put a valid bearer token "
                "into it; in the sandbox, 'hatchway sandbox credential' issues one."
            )
        outputs = read_outputs(self._states, GATEWAY)
        routes: list[RouteResult] = []
        findings: list[Finding] = []
        for name, service in self._topology.services.items():
            self._progress(f"calling {name}")
            for judged in self._service(name, service, outputs):
                routes.append(judged.route)
                findings += judged.findings
        return Report(command="verify", routes=tuple(routes), findings=(*findings_of(routes), *findings))

    def _service(self, name: str, service: "Service", outputs: Mapping[str, Any]) -> list[Judged]:
        if not service.checks:
            return [_undeclared(name)]
        try:
            target = service_target(self._topology, name, service, outputs, self._token)
            public_id, private_id = str(outputs["rest_api_id"]), str(outputs["private_api_ids"][name])
        except (KeyError, TypeError) as error:
            raise ToolError(
                f"{GATEWAY}: what is deployed has no output {error} for {name}. Run 'hatchway deploy'."
            ) from error
        base = min(service.checks, key=lambda check: check.method != "GET")
        refusals = self._refusals(service, target, base)
        without_credential = refusals.without_credential()
        known = Known(
            public_api_id=public_id,
            private_api_id=private_id,
            authorizer_answers=without_credential.outcome is Outcome.PASS,
        )
        judged, good = [], None
        for check in service.checks:
            answer = self._answer(target, check)
            if check is base and isinstance(answer, Answer) and mismatch(answer, check.expect) is None:
                good = answer
            judged.append(
                judge(
                    service=name,
                    request=check.request,
                    answer=answer,
                    expected=check.expect,
                    known=known,
                    skipped=self._skipped(service),
                )
            )
        extra = {
            Hop.ENTRY: (refusals.of_unknown_route(),),
            Hop.AUTHORIZER: (without_credential, refusals.with_wrong_credential()),
            Hop.INTEGRATION: (
                refusals.with_foreign_api_id(self._foreign_api_id(name, outputs), good),
                refusals.without_api_id(good),
            ),
            Hop.PRIVATE_API: (refusals.of_unknown_path(good),),
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
        if self._token is None or isinstance(answer, NoAnswer):
            return answer
        return replace(answer, body=self._token.masked_in(answer.body))

    def _refusals(self, service: "Service", target: Target, base: "Check") -> Refusals:
        return Refusals(
            topology=self._topology,
            service=service,
            target=target,
            method=base.method,
            path=base.path,
            send=self._send,
        )

    def _skipped(self, service: "Service") -> Skipped:
        skipped = {}
        if self._topology.gateway.authorizer == "none":
            skipped[Hop.AUTHORIZER] = "gateway.authorizer is 'none'"
        if service.endpoint.placement == "gateway":
            skipped[Hop.TRANSIT] = "the endpoint is in the gateway's network"
        return skipped

    def _foreign_api_id(self, name: str, outputs: Mapping[str, Any]) -> str | None:
        """Return the id of another service's API that this service's endpoint must not reach."""
        allowed = self._topology.services[name].endpoint.allowed_api_ids
        others = (api_id for other, api_id in sorted(outputs["private_api_ids"].items()) if other != name)
        return next((api_id for api_id in others if api_id not in allowed), None)


def _with_checks(judged: Judged, extra: Mapping[Hop, tuple[CheckResult, ...]]) -> Judged:
    route = judged.route
    hops = tuple(
        HopResult(hop=each.hop, checks=(*each.checks, *extra.get(each.hop, ())), reached=each.reached)
        for each in route.hops
    )
    changed = RouteResult(service=route.service, request=route.request, hops=hops, answer=route.answer)
    return Judged(route=changed, findings=judged.findings)


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
