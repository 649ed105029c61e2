import math

from hypothesis import given
from hypothesis import strategies as st

from hatchway.verify.load.histogram import Histogram

SECONDS = st.lists(st.floats(min_value=1e-6, max_value=3600), min_size=1, max_size=300)


def of(seconds: list[float]) -> Histogram:
    found = Histogram()
    for one in seconds:
        found.add(one)
    return found


@given(SECONDS, st.sampled_from([1, 50, 95, 99, 100]))
def test_a_percentile_is_within_one_percent_of_the_exact_one(seconds: list[float], percent: float) -> None:
    exact = sorted(seconds)[max(1, math.ceil(len(seconds) * percent / 100)) - 1]
    assert math.isclose(of(seconds).percentile(percent), exact, rel_tol=0.0101)


@given(SECONDS)
def test_no_percentile_exceeds_the_longest(seconds: list[float]) -> None:
    assert of(seconds).percentile(100) <= of(seconds).longest == max(seconds)


def test_nothing_counted_is_nothing() -> None:
    assert (Histogram().percentile(99), Histogram().longest, Histogram().count) == (0.0, 0.0, 0)


def test_a_million_durations_take_no_more_room_than_their_range() -> None:
    found = of([1e-6 * 1.0001**number for number in range(1, 200_000)])
    assert len(found) < 1112
