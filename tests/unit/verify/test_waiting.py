from collections.abc import Callable

import pytest

from hatchway.verify.calling import Answer, HostUnknownError, NoAnswer, Silence
from hatchway.verify.waiting import Patience, may_converge
from tests.unit.verify.conftest import answer, gateway_error

NOT_YET, GOOD = answer(503), answer(200)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0
        self.pauses: list[float] = []

    def time(self) -> float:
        return self.now

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


def play(*answers: Answer | Exception) -> Callable[[], Answer]:
    coming = iter(answers)

    def call() -> Answer:
        following = next(coming)
        if isinstance(following, Exception):
            raise following
        return following

    return call


def wait(seconds: float, *answers: Answer | Exception) -> tuple[Answer | NoAnswer, list[float]]:
    clock = Clock()
    patience = Patience(seconds, clock.time, clock.pause)
    return patience.until(lambda got: got is GOOD, play(*answers)), clock.pauses


def test_a_good_answer_is_not_waited_for() -> None:
    assert wait(30, GOOD) == (GOOD, [])


def test_what_may_come_right_is_asked_again_at_growing_intervals() -> None:
    got, pauses = wait(30, NOT_YET, NOT_YET, NOT_YET, GOOD)
    assert got is GOOD
    assert pauses == sorted(pauses)
    assert len(pauses) == 3


def test_the_last_answer_counts_when_time_is_up() -> None:
    got, pauses = wait(1, *[NOT_YET] * 20)
    assert got is NOT_YET
    assert sum(pauses) <= 1


def test_without_patience_there_is_one_call() -> None:
    assert wait(0, NOT_YET) == (NOT_YET, [])


def test_a_name_that_is_not_known_yet_is_asked_again() -> None:
    assert wait(30, HostUnknownError("no"), GOOD)[0] is GOOD


def test_a_name_that_stays_unknown_is_an_error() -> None:
    with pytest.raises(HostUnknownError):
        wait(0, HostUnknownError("no"))


@pytest.mark.parametrize(
    "final",
    [
        answer(200),
        answer(404),
        gateway_error(401, "Unauthorized"),
        gateway_error(403, "User is not authorized"),
    ],
)
def test_what_cannot_come_right_is_not_waited_for(final: Answer) -> None:
    assert not may_converge(final)


@pytest.mark.parametrize(
    "passing",
    [
        answer(429),
        answer(500),
        answer(504),
        gateway_error(403, "Missing Authentication Token"),
        gateway_error(403, "Forbidden"),
        NoAnswer(reason=Silence.TIMEOUT),
    ],
)
def test_what_may_come_right_is(passing: Answer | NoAnswer) -> None:
    assert may_converge(passing)


def test_what_is_known_not_to_mend_is_not_waited_for() -> None:
    clock = Clock()
    patience = Patience(30, clock.time, clock.pause)
    assert patience.until(lambda got: got is GOOD, play(NOT_YET, GOOD), lambda: True) is NOT_YET
    assert not patience.waited


def test_says_whether_anything_was_waited_for() -> None:
    clock = Clock()
    patience = Patience(30, clock.time, clock.pause)
    patience.until(lambda got: got is GOOD, play(NOT_YET, GOOD))
    assert patience.waited
