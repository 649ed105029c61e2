"""Counting what is answered to one request under load."""

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hatchway.errors import ToolError
from hatchway.route.hop import Hop
from hatchway.route.load import Latency, RequestLoad, WrongAnswers
from hatchway.verify.calling import Answer, NoAnswer
from hatchway.verify.diagnosis import Diagnosis, Known, diagnose
from hatchway.verify.expectation import mismatch
from hatchway.verify.load.histogram import Histogram

if TYPE_CHECKING:
    from hatchway.topology.model import Check

__all__ = ["Tally"]

# Symptoms quote what was answered: whoever answers otherwise each time must not fill the memory.
_MOST_KINDS = 20
_TOO_MANY_REQUESTS = 429
_UNREACHABLE = Diagnosis(
    symptom="The public host could not be reached.",
    suspects=(Hop.ENTRY,),
    fix="See whether this machine, a proxy or a limit on connections is what gave way.",
)
_OTHERS = Diagnosis(symptom="Other wrong answers.", suspects=tuple(Hop), fix="Read the access logs.")


@dataclass(slots=True)
class _Kind:
    diagnosis: Diagnosis
    example: str
    count: int = 0


class Tally:
    """Counts the answers to one request; any thread may add to it, and its size does not grow with them.

    Args:
        service: Name of the service.
        check: The request, and what it has to be answered.
        known: What is known of the deployment.
        skipped: Hops that the path does not have.
    """

    def __init__(
        self, service: str, check: "Check", known: Known, skipped: frozenset[Hop] = frozenset()
    ) -> None:
        self._service = service
        self._check = check
        self._known = known
        self._skipped = skipped
        self._lock = threading.Lock()
        self._right = Histogram()
        self._throttled = 0
        self._kinds: dict[tuple[str, tuple[Hop, ...]], _Kind] = {}

    @property
    def wrong_count(self) -> int:
        """How many answers were wrong so far."""
        with self._lock:
            return sum(kind.count for kind in self._kinds.values())

    def add(self, answer: Answer | NoAnswer | ToolError, seconds: float) -> None:
        """Count an answer that came so long after its call was due."""
        is_wrong = isinstance(answer, ToolError) or mismatch(answer, self._check.expect) is not None
        with self._lock:
            if not is_wrong:
                self._right.add(seconds)
                return
            self._throttled += isinstance(answer, Answer) and answer.status == _TOO_MANY_REQUESTS
            self._kind(answer).count += 1

    def result(self) -> RequestLoad:
        """Return what was counted so far."""
        with self._lock:
            right = self._right
            kinds = sorted(self._kinds.values(), key=lambda kind: -kind.count)
            wrong = tuple(
                WrongAnswers(
                    count=kind.count,
                    symptom=kind.diagnosis.symptom,
                    suspects=kind.diagnosis.suspects,
                    example=kind.example,
                    fix=kind.diagnosis.fix,
                )
                for kind in kinds
            )
            return RequestLoad(
                service=self._service,
                request=self._check.request,
                answered=right.count + sum(one.count for one in wrong),
                throttled=self._throttled,
                latency=_latency(right) if right.count else None,
                limit_milliseconds=self._check.expect.latency_milliseconds,
                wrong=wrong,
            )

    def _kind(self, answer: Answer | NoAnswer | ToolError) -> _Kind:
        diagnosis = _UNREACHABLE if isinstance(answer, ToolError) else diagnose(answer, self._known)
        suspects = tuple(hop for hop in diagnosis.suspects if hop not in self._skipped)
        key = (diagnosis.symptom, suspects)
        if key not in self._kinds and len(self._kinds) >= _MOST_KINDS:
            diagnosis, suspects = _OTHERS, _OTHERS.suspects
            key = (diagnosis.symptom, suspects)
        if key not in self._kinds:
            shown = Diagnosis(symptom=diagnosis.symptom, suspects=suspects, fix=diagnosis.fix)
            self._kinds[key] = _Kind(diagnosis=shown, example=str(answer))
        return self._kinds[key]


def _latency(right: Histogram) -> Latency:
    p50, p95, p99 = (right.percentile(percent) for percent in (50, 95, 99))
    return Latency(p50=p50, p95=p95, p99=p99, longest=right.longest)
