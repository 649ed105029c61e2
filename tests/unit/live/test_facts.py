from tests.live.facts import settled


class Clock:
    """A clock that pauses move."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def pause(self, seconds: float) -> None:
        self.now += seconds


def test_targets_are_waited_for_until_all_are_healthy() -> None:
    clock = Clock()
    told = iter([{"a": "initial"}, {"a": "unhealthy", "b": "healthy"}, {"a": "healthy", "b": "healthy"}])
    states, seconds = settled(lambda: next(told), clock, clock.pause)
    assert (states, seconds) == ({"a": "healthy", "b": "healthy"}, 20)


def test_what_never_gets_healthy_is_told_as_it_was_at_the_end() -> None:
    clock = Clock()
    states, seconds = settled(lambda: {"a": "unhealthy"}, clock, clock.pause)
    assert states == {"a": "unhealthy"}
    assert seconds >= 900


def test_a_group_without_targets_is_not_healthy() -> None:
    clock = Clock()
    assert settled(dict, clock, clock.pause)[1] >= 900
