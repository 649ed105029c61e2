"""The facts of a deployed estate, judged: read in the background, asked per request."""

import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hatchway.errors import HatchwayError
from hatchway.route.check_ids import FACTS_READ
from hatchway.route.checks.model import Kind
from hatchway.route.checks.registry import DEPLOYED
from hatchway.route.facts import Fact, Known, RouteFacts
from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome, Severity
from hatchway.route.report import CheckResult, Finding
from hatchway.route.walk import judge_hop, result_of, risks
from hatchway.topology.stacks import service_stack, stacks
from hatchway.verify.aws.answers import Reader, Refusal
from hatchway.verify.aws.estate import Estate, estate_of
from hatchway.verify.aws.facts import LiveFacts
from hatchway.verify.aws.gathering import gather
from hatchway.verify.aws.reliance import missing_for, withheld
from hatchway.verify.aws.shapes import Names
from hatchway.verify.evidence import Seen
from hatchway.verify.state import outputs_of

if TYPE_CHECKING:
    from hatchway.topology.model import Topology
    from hatchway.verify.state import States

__all__ = ["AwsFacts", "see"]

_PUBLIC = frozenset({Hop.ENTRY, Hop.AUTHORIZER, Hop.INTEGRATION})
_PRIVATE = frozenset({Hop.PRIVATE_API, Hop.BACKEND})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """Everything that was read, ready to be asked."""

    estate: Estate
    facts: LiveFacts
    refusals: tuple[Refusal, ...]

    @property
    def has_no_credentials(self) -> bool:
        """Whether not one call was answered for want of credentials."""
        return bool(self.refusals) and all(one.lacks_credentials for one in self.refusals)


class AwsFacts:
    """Reads facts with boto3 while the calls are made; a request waits for them when it is judged.

    Args:
        topology: What is declared.
        states: Where Terraform's state is read, for outputs and for what it calls things.
        reader: Makes the reads.
        progress: Takes a word about how far it is.
    """

    def __init__(
        self,
        topology: "Topology",
        states: "States",
        reader: Reader,
        progress: Callable[[str], object] = lambda _sentence: None,
    ) -> None:
        self._topology = topology
        self._states = states
        self._reader = reader
        self._progress = progress
        self._future: Future[_Read] = Future()
        self._one_at_a_time = threading.Lock()

    def start(self, gateway: Mapping[str, object], /) -> None:
        """Begin to read, from the outputs of the gateway's stack; does not wait for it."""
        # A daemon: nobody waits for facts once the command has failed for another reason.
        threading.Thread(target=self._run, args=(gateway,), name="hatchway-facts", daemon=True).start()

    def _run(self, gateway: Mapping[str, object]) -> None:
        try:
            self._future.set_result(self._read(gateway))
        except BaseException as error:  # noqa: BLE001 -- handed on to whoever asks for the result
            self._future.set_exception(error)

    def _read(self, gateway: Mapping[str, object]) -> _Read:
        documents = self._documents()
        outputs = {name: _outputs(documents.get(service_stack(name))) for name in self._topology.services}
        estate = estate_of(self._topology, gateway, outputs)
        answers = gather(estate, self._reader, self._progress)
        facts = LiveFacts(estate, answers, Names(documents))
        return _Read(estate=estate, facts=facts, refusals=answers.refusals())

    def _documents(self) -> Mapping[str, bytes]:
        """Read the state of every stack; one that may not be read only leaves names and ids unknown."""
        names = stacks(self._topology)
        with ThreadPoolExecutor(8, thread_name_prefix="hatchway-state") as pool:
            found = zip(names, pool.map(self._document, names), strict=True)
            return {name: document for name, document in found if document is not None}

    def _document(self, stack: str) -> bytes | None:
        try:
            return self._states.read(stack)
        except HatchwayError:
            return None

    def of(self, service: str, method: str, path: str, /) -> Seen | None:
        """Return what the facts say of one request; None where there are no credentials to read them with."""
        read = self._future.result()
        if read.has_no_credentials:
            return None
        # What all requests share is found once, by the first; threads that look at the same time all find it.
        with self._one_at_a_time:
            facts = read.facts.of(service, method, path)
            return see(facts, read.estate, service, read.refusals)

    def findings(self) -> tuple[Finding, ...]:
        """Return one finding for each reason why facts are missing."""
        refusals = self._future.result().refusals
        return tuple(dict.fromkeys(map(_finding, refusals)))


def _outputs(document: bytes | None) -> Mapping[str, object]:
    try:
        return {} if document is None else outputs_of(document)
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def _finding(refusal: Refusal) -> Finding:
    return Finding(
        id=FACTS_READ.id,
        hop=None,
        severity=Severity.WARNING,
        subject=f"accounts.{refusal.request.account}",
        message=refusal.reason,
        fix=refusal.fix,
    )


def see(facts: RouteFacts | None, estate: Estate, service: str, refusals: tuple[Refusal, ...]) -> Seen:
    """Judge every hop of a request by its facts; what rests on a read that is missing is unknown."""
    if facts is None:
        return _nothing(estate, refusals)
    missing = {
        check.id.id: found
        for check in DEPLOYED
        if (found := tuple(missing_for(check.id.id, estate, service, refusals)))
    }
    checks = {
        hop: (
            *(
                withheld(_with_deployment(check, hop, facts), missing.get(check.id, ()))
                for check in judge_hop(hop, facts, DEPLOYED).checks
            ),
            *_open_risks(hop, missing, facts),
        )
        for hop in Hop
    }
    known_risks = tuple(one for one in risks(facts, DEPLOYED) if one.id not in missing)
    return Seen(checks=checks, withheld=frozenset(missing), risks=known_risks)


def _open_risks(
    hop: Hop, missing: Mapping[str, tuple[Refusal, ...]], facts: RouteFacts
) -> Iterator[CheckResult]:
    """Give what could not be told of a hop's risks, which else are no part of its checks."""
    for check in DEPLOYED:
        if check.kind is not Kind.RISK or check.id.hop is not hop:
            continue
        told = result_of(check, facts)
        if check.id.id in missing:
            yield withheld(told, missing[check.id.id])
        elif told.outcome is Outcome.UNKNOWN:
            yield told


def _nothing(estate: Estate, refusals: tuple[Refusal, ...]) -> Seen:
    """Say of every hop that nothing is known of it."""
    first = next(iter(refusals), None)
    check = CheckResult(
        id=FACTS_READ.id,
        outcome=Outcome.UNKNOWN,
        subject=f"accounts.{estate.gateway}",
        observed=first.reason if first is not None else "the public API does not exist",
        fix=first.fix if first is not None else "Run 'hatchway deploy'.",
    )
    return Seen(checks=dict.fromkeys(Hop, (check,)), withheld=frozenset({FACTS_READ.id}))


def _with_deployment(check: CheckResult, hop: Hop, facts: RouteFacts) -> CheckResult:
    """Say of what is broken as deployed that the definition is another by now."""
    if check.outcome is not Outcome.FAIL or facts.live is None:
        return check
    changes: Fact[tuple[str, ...]] | None = None
    if hop in _PUBLIC:
        changes = facts.live.public_changes
    elif hop in _PRIVATE:
        changes = facts.live.private_changes
    if not isinstance(changes, Known) or not changes.value:
        return check
    told = f"{check.fix} The API was changed since it was deployed ({changes.value[0]}): deploy it again."
    return replace(check, fix=told)
