import threading
import time
from contextlib import AbstractContextManager, nullcontext

import pytest

from hatchway.verify.load.open_loop import OpenLoop, Sender


def noting(latencies: list[float], blocked: threading.Event) -> AbstractContextManager[Sender]:
    def send(_number: int, due: float) -> None:
        blocked.wait(5)
        latencies.append(time.monotonic() - due)

    return nullcontext(send)


def test_a_pause_of_the_other_side_is_seen_by_every_call_that_was_due_in_it() -> None:
    """One thread, so that all calls wait for the first: a loop that times from the sending would see one."""
    latencies: list[float] = []
    released = threading.Event()
    threading.Timer(0.5, released.set).start()
    pace = OpenLoop(20, 1, lambda: noting(latencies, released), most_at_once=1).run()
    assert (pace.due, pace.sent) == (20, 20)
    assert [one > 0.09 for one in latencies[:8]] == [True] * 8
    assert latencies[0] > latencies[4] > latencies[7]
    assert pace.late >= 7


def test_calls_start_on_time_although_none_was_answered() -> None:
    released = threading.Event()
    threading.Timer(0.6, released.set).start()
    pace = OpenLoop(40, 0.5, lambda: noting([], released)).run()
    assert (pace.sent, pace.at_once) == (20, 20)


def test_no_more_calls_are_under_way_than_may_be_and_the_rest_is_given_up() -> None:
    released = threading.Event()
    threading.Timer(3.5, released.set).start()
    pace = OpenLoop(40, 0.5, lambda: noting([], released), most_at_once=3).run()
    assert (pace.due, pace.sent, pace.at_once) == (20, 3, 3)


def test_an_interrupt_ends_it_with_what_was_done() -> None:
    def glance(_pace: object) -> None:
        raise KeyboardInterrupt

    pace = OpenLoop(100, 60, lambda: nullcontext(lambda _number, _due: None)).run(glance)
    assert pace.ended_early
    assert 0 < pace.sent <= pace.due < 100
    assert pace.seconds < 5


def test_an_error_that_is_no_answer_ends_it() -> None:
    def send(_number: int, _due: float) -> None:
        raise ValueError("a mistake of ours")

    with pytest.raises(ValueError, match="a mistake of ours"):
        OpenLoop(50, 60, lambda: nullcontext(send)).run()
