from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest

from hatchway.errors import ToolError, UndecidedError, UsageError
from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome, Verdict
from hatchway.route.report import CheckResult, HopResult, Report, RouteResult
from hatchway.route.timing import Timing
from hatchway.verify.watching import Round, watch

BEGAN = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = BEGAN
        self.pauses: list[float] = []

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += timedelta(seconds=seconds)


def report(broken: Hop | None = None, seconds: float = 0.1) -> Report:
    hops = tuple(
        HopResult(
            hop=hop,
            checks=(
                CheckResult(
                    id=f"HW{hop.number}90",
                    outcome=Outcome.FAIL if hop is broken else Outcome.PASS,
                    subject="x",
                    observed="y",
                ),
            ),
        )
        for hop in Hop
    )
    outcome = Outcome.PASS if broken is None else Outcome.FAIL
    route = RouteResult(
        service="orders", request="GET /", hops=hops, answer=outcome, timing=Timing(total=seconds)
    )
    return Report(command="verify", routes=(route,))


def rounds(*results: Report | Exception, took: float = 0) -> tuple[list[Round], Clock]:
    clock = Clock()
    coming = iter(results)

    def verify() -> Report:
        clock.now += timedelta(seconds=took)
        following = next(coming)
        if isinstance(following, Exception):
            raise following
        return following

    return list(islice(watch(verify, 30, lambda: clock.now, clock.pause), len(results))), clock


def test_what_stands_as_before_is_no_change_and_keeps_its_time() -> None:
    (first, second, third), _ = rounds(report(), report(seconds=0.2), report())
    assert [len(one.changes) for one in (first, second, third)] == [1, 0, 0]
    (one,) = third.watched
    assert one.since == BEGAN
    assert second.watched[0].timing == Timing(total=0.2)


def test_what_breaks_is_a_change_with_where_and_since_when() -> None:
    (_, second), _ = rounds(report(), report(Hop.ENDPOINT))
    (change,) = second.changes
    assert change.before is not None
    assert (change.before.state, change.after.state) == ("pass", "fail at endpoint")
    assert change.after.since == BEGAN + timedelta(seconds=30)


def test_a_break_that_moves_to_another_hop_is_a_change() -> None:
    (_, second), _ = rounds(report(Hop.ENDPOINT), report(Hop.ENTRY))
    assert second.changes[0].after.broken_hop is Hop.ENTRY


@pytest.mark.parametrize("error", [ToolError("no network"), UndecidedError("no permission")])
def test_a_round_that_fails_makes_everything_unknown_and_the_next_one_tries_again(error: Exception) -> None:
    (_, second, third), _ = rounds(report(), error, report())
    assert (second.report, second.error) == (None, str(error))
    assert [one.state for one in second.watched] == ["not known"]
    assert third.changes[0].after.verdict is Verdict.PASS


def test_a_wrong_call_ends_the_watch() -> None:
    with pytest.raises(UsageError):
        rounds(UsageError("--service: there is no such service"))


def test_rounds_begin_at_equal_distances() -> None:
    _, clock = rounds(report(), report(), report(), took=10)
    assert clock.pauses == [20, 20]


def test_a_round_that_takes_longer_is_followed_at_once() -> None:
    _, clock = rounds(report(), report(), took=40)
    assert clock.pauses == [0]
