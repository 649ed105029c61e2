"""A verification from beginning to end: outputs, calls, report."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hatchway.route.check_ids import ROUTE_DECLARED
from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome, Severity
from hatchway.route.report import Finding, HopResult, Report, RouteResult, findings_of
from hatchway.topology.stacks import gateway_stack
from hatchway.verify.admission import admission
from hatchway.verify.calling import Answer, Call, Caller, NoAnswer
from hatchway.verify.deployed import deployed_of
from hatchway.verify.evidence import Facts, NoFacts
from hatchway.verify.judgement import Judged
from hatchway.verify.keyring import Keyring
from hatchway.verify.service_calls import Line, ServiceCalls
from hatchway.verify.state import States, read_outputs
from hatchway.verify.together import all_at_once
from hatchway.verify.waiting import Patience

if TYPE_CHECKING:
    from hatchway.topology.model import Service, Topology

__all__ = ["Verification"]

# Services that are called at once: calls mostly wait, and no gateway minds this many.
_WORKERS = 32


class Verification:
    """Calls every declared request of a deployed topology, and the calls that have to be refused.

    Args:
        topology: What is declared.
        states: Where the outputs of the stacks are read.
        caller: Sends the calls.
        kept: Sends calls over connections that it keeps; by default `caller` sends them too.
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
        kept: Caller | None = None,
    ) -> None:
        self._topology = topology
        self._states = states
        self._caller = caller
        self._kept = kept or caller
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
        deployed = deployed_of(self._topology, name, outputs)
        line = Line(
            send=self._masking(self._caller),
            send_on=self._masking(self._kept),
            old_tls=self._old_tls,
            keyring=self._keyring,
            patience=self._patience,
            facts=self._facts,
            inside=self._inside,
        )
        return ServiceCalls(
            topology=self._topology, name=name, service=service, deployed=deployed, line=line
        ).judged()

    def _masking(self, caller: Caller) -> Callable[[Call], Answer | NoAnswer]:
        return lambda call: self._keyring.masked(caller.call(call))

    def _find_credentials(self) -> None:
        """Says at once what is missing, before anything is called."""
        for service in self._services.values():
            for check in service.checks:
                self._keyring.credentials(admission(self._topology.gateway, service, check))


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
