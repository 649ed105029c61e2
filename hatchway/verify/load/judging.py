"""What a load says of the path: findings on wrong answers, on latency, and on the load itself. Pure."""

from collections.abc import Iterator

from hatchway.route.check_ids import BUDGET_HELD, LATENCY_UNDER_LOAD, LOAD_MADE
from hatchway.route.hop import Hop
from hatchway.route.load import Load, RequestLoad
from hatchway.route.outcome import Severity
from hatchway.route.report import Finding

__all__ = ["findings_on_load"]

_SHOWN = 3
_SLOW = (
    "Compare the latencies of both APIs and of the backend in metrics and access logs, or raise the limit."
)


def findings_on_load(load: Load) -> Iterator[Finding]:
    """Give what the load showed to be wrong, and whether it was the load that was asked for."""
    yield from _made(load)
    for one in load.requests:
        yield from _right(one, load.budget)
        yield from _quick(one)


def _made(load: Load) -> Iterator[Finding]:
    if load.ended_early:
        message = f"was ended by hand after {load.seconds:.0f} of {load.asked_seconds:.0f} seconds"
        if load.unanswered:
            message += f", with {load.unanswered} calls under way"
        fix = "Let it come to its end."
    elif not load.kept_up:
        message = (
            f"{load.sent} of {load.due} calls were sent, {load.late} of them late, with up to {load.at_once} "
            "under way at once: this machine could not keep up, and latencies have its delay in them"
        )
        fix = "Ask for less, shorten what answers take, or run it from several machines."
    else:
        return
    yield Finding(
        id=LOAD_MADE.id,
        hop=None,
        severity=Severity.WARNING,
        subject=f"{load.asked_per_second:g} calls per second",
        message=message,
        fix=fix,
    )


def _right(one: RequestLoad, budget: float) -> Iterator[Finding]:
    if not one.wrong:
        return
    kinds = [
        f"{kind.count} x {kind.example!r} ({_where(kind.suspects)}: {kind.symptom})"
        for kind in one.wrong[:_SHOWN]
    ]
    more = len(one.wrong) - _SHOWN
    said = "; ".join(kinds) + (f"; and {more} more kinds" if more > 0 else "")
    hops = {kind.broken_hop for kind in one.wrong}
    is_over = one.wrong_share > budget
    yield Finding(
        id=BUDGET_HELD.id,
        hop=hops.pop() if len(hops) == 1 else None,
        severity=Severity.ERROR if is_over else Severity.NOTE,
        subject=f"{one.service}: {one.request}",
        message=f"{one.wrong_count} of {one.answered} answers were wrong, {one.wrong_share:.2%}: {said}. "
        f"The error budget of {budget:.2%} is {'exceeded' if is_over else 'kept'}",
        fix=one.wrong[0].fix,
    )


def _quick(one: RequestLoad) -> Iterator[Finding]:
    limit = one.limit_milliseconds
    if limit is None or one.latency is None or one.latency.p99 * 1000 <= limit:
        return
    yield Finding(
        id=LATENCY_UNDER_LOAD.id,
        hop=None,
        severity=Severity.ERROR,
        subject=f"{one.service}: {one.request}",
        message=f"99 of 100 right answers came within {one.latency.p99 * 1000:.0f} ms; expected: at most "
        f"{limit} ms",
        fix=_SLOW,
    )


def _where(suspects: tuple[Hop, ...]) -> str:
    if len(suspects) == 1:
        return suspects[0].value
    return "one of " + ", ".join(suspects) if len(suspects) <= _SHOWN else "one of several hops"
