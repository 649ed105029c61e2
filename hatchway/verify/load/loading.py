"""A load from beginning to end: which requests, the calls, and what they add to a report."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hatchway.errors import ToolError, UsageError
from hatchway.route.check_ids import LOAD_MADE
from hatchway.route.load import Load
from hatchway.route.outcome import Outcome, Severity
from hatchway.route.report import Finding, Report
from hatchway.topology.stacks import gateway_stack
from hatchway.verify.admission import Admission, admission
from hatchway.verify.calling import Call
from hatchway.verify.deployed import Deployed, deployed_of
from hatchway.verify.diagnosis import Known
from hatchway.verify.kept import KeptCaller
from hatchway.verify.keyring import Keyring
from hatchway.verify.load.judging import findings_on_load
from hatchway.verify.load.open_loop import OpenLoop, Pace, Sender
from hatchway.verify.load.tally import Tally
from hatchway.verify.service_calls import skipped_hops
from hatchway.verify.state import read_outputs

if TYPE_CHECKING:
    from hatchway.topology.model import Check, Topology
    from hatchway.verify.verifier import Verifier

__all__ = ["Asked", "Progress", "with_load"]

Progress = Callable[[Pace, int], object]
"""Takes how a load goes, and how many answers were wrong so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A load to make.

    Attributes:
        per_second: Calls to start each second, over all requests.
        seconds: For how long.
        budget: Which part of the answers to each request may be wrong, from 0 to 1.
    """

    per_second: float
    seconds: float
    budget: float = 0.0


def with_load(
    verifier: "Verifier",
    report: Report,
    asked: Asked,
    progress: Progress = lambda _pace, _wrong: None,
) -> Report:
    """Call in turn all declared requests that a verification found to work, and add what that showed.

    Args:
        verifier: What verified.
        report: What it found: a request that is not answered rightly by itself is not sent.
        asked: The load to make.
        progress: Called now and then with how it goes.

    Raises:
        UsageError: No declared request is one that may be sent any number of times.
        ToolError: The state cannot be reached.
    """
    lanes, left_out = _lanes(verifier, report)
    if not lanes:
        # What is wrong is in the report; there is nothing to measure.
        return replace(report, findings=(*report.findings, *left_out), is_open=True)
    load = _made(verifier, lanes, asked, progress)
    return replace(
        report,
        load=load,
        findings=tuple(dict.fromkeys((*report.findings, *left_out, *findings_on_load(load)))),
        is_open=report.is_open or bool(left_out) or load.ended_early or not load.kept_up,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lane:
    """One request of the load: how it is made, and where its answers are counted."""

    check: "Check"
    admission: Admission
    deployed: Deployed
    keyring: Keyring
    tally: Tally

    def call(self) -> Call:
        """Return a call; a signature is good for minutes, so each has its own."""
        credentials = self.keyring.credentials(self.admission)
        target = self.deployed.target.with_credentials(*credentials)
        return target.call(self.check.method, self.check.path)

    def send(self, caller: KeptCaller, due: float) -> None:
        """Make a call, and count what comes."""
        try:
            answer = self.keyring.masked(caller.call(self.call()))
        except ToolError as error:
            self.tally.add(error, time.monotonic() - due)
        else:
            self.tally.add(answer, time.monotonic() - due)


def _lanes(verifier: "Verifier", report: Report) -> tuple[list[_Lane], tuple[Finding, ...]]:
    works = {(route.service, route.request) for route in report.routes if route.answer is Outcome.PASS}
    lanes, left_out, declared = [], [], 0
    for view, names in verifier.chosen():
        keyring = verifier.keyring(view)
        outputs = read_outputs(verifier.states(view), gateway_stack(view))
        for name in names:
            for check in view.services[name].checks:
                declared += check.is_for_load
                if check.is_for_load and (name, check.request) in works:
                    lanes.append(_lane(view, name, check, deployed_of(view, name, outputs), keyring))
                elif check.is_for_load:
                    left_out.append(_left_out(name, check))
    if not declared:
        raise UsageError(
            "--load: no request under 'checks' may be sent any number of times: it sends GET, HEAD and "
            "OPTIONS, and what says 'load: true'."
        )
    return lanes, tuple(left_out)


def _lane(view: "Topology", name: str, check: "Check", deployed: Deployed, keyring: Keyring) -> _Lane:
    service = view.services[name]
    wanted = admission(view.gateway, service, check)
    keyring.credentials(wanted)  # read here once, and not by each thread
    known = Known(public_api_id=deployed.public_api_id, private_api_id=deployed.private_api_id)
    skipped = frozenset(skipped_hops(service, wanted))
    tally = Tally(name, check, known, skipped)
    return _Lane(check=check, admission=wanted, deployed=deployed, keyring=keyring, tally=tally)


def _left_out(name: str, check: "Check") -> Finding:
    return Finding(
        id=LOAD_MADE.id,
        hop=None,
        severity=Severity.WARNING,
        subject=f"{name}: {check.request}",
        message="was not sent under load: it is not answered as expected by itself",
        fix="See what is said of its route.",
    )


def _made(verifier: "Verifier", lanes: list[_Lane], asked: Asked, progress: Progress) -> Load:
    @contextmanager
    def new_sender() -> Iterator[Sender]:
        with closing(KeptCaller.of(verifier.caller)) as caller:
            yield lambda number, due: lanes[number % len(lanes)].send(caller, due)

    def glance(pace: Pace) -> None:
        progress(pace, sum(lane.tally.wrong_count for lane in lanes))

    pace = OpenLoop(asked.per_second, asked.seconds, new_sender).run(glance)
    return Load(
        asked_per_second=asked.per_second,
        asked_seconds=asked.seconds,
        seconds=pace.seconds,
        due=pace.due,
        sent=pace.sent,
        late=pace.late,
        unanswered=pace.under_way,
        at_once=pace.at_once,
        budget=asked.budget,
        ended_early=pace.ended_early,
        requests=tuple(lane.tally.result() for lane in lanes),
    )
