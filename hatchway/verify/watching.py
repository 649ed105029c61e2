"""Verifying again and again, and noticing what changes."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from hatchway.errors import ToolError, UndecidedError
from hatchway.route.hop import Hop
from hatchway.route.outcome import Verdict
from hatchway.route.report import Report, RouteResult
from hatchway.route.timing import Timing

__all__ = ["Change", "Round", "Watched", "watch"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """How one request stands.

    Attributes:
        service: Name of its service.
        request: Method and path.
        verdict: The verdict on it; None if the round failed before it could be judged.
        broken_hop: The hop that is broken, if one is known to be.
        timing: How long the last answer took.
        since: When it came to stand so.
    """

    service: str
    request: str
    verdict: Verdict | None
    broken_hop: Hop | None
    timing: Timing | None
    since: datetime

    def stands_as(self, other: "Watched") -> bool:
        """Whether nothing changed that anybody has to know."""
        return (self.verdict, self.broken_hop) == (other.verdict, other.broken_hop)

    @property
    def state(self) -> str:
        """How it stands, in a few words."""
        if self.verdict is None:
            return "not known"
        at = f" at {self.broken_hop.value}" if self.broken_hop else ""
        return f"{self.verdict.value}{at}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A request that came to stand otherwise; `before` is None for what is seen for the first time."""

    before: Watched | None
    after: Watched


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One verification of a watch.

    Attributes:
        number: The how manieth it is, from 1.
        report: What it found; None if it failed.
        error: Why it failed.
        watched: How every request stands.
        changes: What came to stand otherwise.
    """

    number: int
    report: Report | None
    error: str
    watched: tuple[Watched, ...]
    changes: tuple[Change, ...]


def watch(
    verify: Callable[[], Report],
    every_seconds: float,
    now: Callable[[], datetime] = lambda: datetime.now(tz=UTC),
    pause: Callable[[float], object] = time.sleep,
) -> Iterator[Round]:
    """Verify without end, beginning a round every so many seconds, or at once where one took longer.

    A round that fails (no network, a permission that was taken away) is a round like others: what it could
    not see is not known, and the next one tries again.
    """
    known: dict[tuple[str, str], Watched] = {}
    number = 0
    while True:
        number += 1
        began = now()
        try:
            report, error = verify(), ""
            seen = [_seen(route, began) for route in report.routes]
        except (ToolError, UndecidedError) as failed:
            report, error = None, str(failed)
            seen = [
                replace(one, verdict=None, broken_hop=None, timing=None, since=began)
                for one in known.values()
            ]
        changes = _changes(known, seen)
        yield Round(number=number, report=report, error=error, watched=tuple(known.values()), changes=changes)
        pause(max(0.0, every_seconds - (now() - began).total_seconds()))


def _seen(route: RouteResult, began: datetime) -> Watched:
    return Watched(
        service=route.service,
        request=route.request,
        verdict=route.verdict_to_judge,
        broken_hop=route.broken_hop,
        timing=route.timing,
        since=began,
    )


def _changes(known: dict[tuple[str, str], Watched], seen: list[Watched]) -> tuple[Change, ...]:
    """Take note of how requests stand now; return what is otherwise than before."""
    changes = []
    for one in seen:
        before = known.get((one.service, one.request))
        if before is None or not one.stands_as(before):
            changes.append(Change(before=before, after=one))
            known[one.service, one.request] = one
        else:
            known[one.service, one.request] = replace(one, since=before.since)
    return tuple(changes)
