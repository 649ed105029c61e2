"""Many alarms in one thread: each at its time, none that was taken back."""

import threading
import time

import pytest

from hatchway.verify.alarms import Alarms


def test_each_goes_off_at_its_time_and_not_in_the_order_it_was_set() -> None:
    alarms, order, done = Alarms(), [], threading.Event()
    before = time.monotonic()
    at: list[float] = []

    def note(name: str) -> None:
        order.append(name)
        at.append(time.monotonic() - before)
        if name == "late":
            done.set()

    alarms.set(0.2, lambda: note("late"))
    alarms.set(0.05, lambda: note("early"))
    alarms.set(0.1, lambda: note("later"))
    assert done.wait(5)
    assert order == ["early", "later", "late"]
    assert [took >= due for took, due in zip(at, (0.05, 0.1, 0.2), strict=True)] == [True] * 3


def test_one_that_was_taken_back_does_not_go_off() -> None:
    alarms, gone, done = Alarms(), [], threading.Event()
    number = alarms.set(0.05, lambda: gone.append("off"))
    alarms.set(0.15, done.set)
    alarms.take_back(number)
    assert done.wait(5)
    assert gone == []
    alarms.take_back(number)


def test_many_take_one_thread() -> None:
    alarms = Alarms()
    before = threading.active_count()
    numbers = [alarms.set(60, lambda: None) for _ in range(1000)]
    assert threading.active_count() <= before + 1
    for number in numbers:
        alarms.take_back(number)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_action_that_fails_does_not_silence_those_after_it() -> None:
    def fail() -> None:
        raise OSError

    alarms, done = Alarms(), threading.Event()
    alarms.set(0.02, fail)
    time.sleep(0.2)
    alarms.set(0.02, done.set)
    assert done.wait(5)
