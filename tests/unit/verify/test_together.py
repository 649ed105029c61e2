import threading
import time

import pytest

from hatchway.verify.together import all_at_once


def test_results_keep_the_order_of_their_subjects() -> None:
    delays = [0.05, 0.0, 0.02]
    assert all_at_once(lambda delay: (time.sleep(delay), delay)[1], delays, 3) == delays


def test_no_more_than_asked_for_work_at_once() -> None:
    running, most, lock = 0, 0, threading.Lock()

    def work(_: int) -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.01)
        with lock:
            running -= 1

    all_at_once(work, range(20), 4)
    assert most == 4


def test_an_error_is_raised_without_waiting_for_the_others() -> None:
    def work(subject: int) -> None:
        if subject == 0:
            raise ValueError("first")
        time.sleep(30)

    started = time.monotonic()
    with pytest.raises(ValueError, match="first"):
        all_at_once(work, range(4), 4)
    assert time.monotonic() - started < 10


def test_what_has_not_begun_is_left_alone_after_an_error() -> None:
    done: list[int] = []

    def work(subject: int) -> None:
        if subject == 0:
            raise ValueError("first")
        time.sleep(0.02)
        done.append(subject)

    with pytest.raises(ValueError, match="first"):
        all_at_once(work, range(20), 1)
    time.sleep(0.6)
    assert len(done) <= 2


def test_nobody_waits_for_the_threads_at_the_end() -> None:
    assert all_at_once(lambda _: threading.current_thread().daemon, range(3), 3) == [True] * 3


def test_nothing_to_do_is_done() -> None:
    assert all_at_once(lambda it: it, [], 4) == []
