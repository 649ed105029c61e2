"""Token buckets and quotas, with a clock that the test turns."""

from datetime import UTC, datetime

import pytest

from hatchway.sandbox.data.throttling import Buckets, Quotas
from hatchway.sandbox.data.world import Quota, Throttle


def test_a_bucket_holds_the_burst_and_fills_with_the_rate() -> None:
    now = [0.0]
    buckets, limit = Buckets(lambda: now[0]), Throttle(rate=2, burst=3)
    assert [buckets.take("k", limit) for _ in range(4)] == [True, True, True, False]
    now[0] = 0.5
    assert [buckets.take("k", limit) for _ in range(2)] == [True, False]
    now[0] = 100
    assert [buckets.take("k", limit) for _ in range(4)] == [True, True, True, False]


def test_keys_have_buckets_of_their_own() -> None:
    buckets, limit = Buckets(lambda: 0.0), Throttle(rate=1, burst=1)
    assert [buckets.take(key, limit) for key in ("a", "b", "a")] == [True, True, False]


def test_a_burst_of_nothing_lets_nothing_pass_and_a_negative_one_everything() -> None:
    buckets = Buckets(lambda: 0.0)
    assert not buckets.take("k", Throttle(rate=0, burst=0))
    assert buckets.take("k", Throttle(rate=-1, burst=-1))


@pytest.mark.parametrize(
    ("period", "same", "next_one"),
    [
        ("DAY", datetime(2026, 1, 5, 23, 59, tzinfo=UTC), datetime(2026, 1, 6, tzinfo=UTC)),
        ("WEEK", datetime(2026, 1, 10, tzinfo=UTC), datetime(2026, 1, 11, tzinfo=UTC)),
        ("MONTH", datetime(2026, 1, 31, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)),
    ],
)
def test_a_quota_begins_anew_with_its_period(period: str, same: datetime, next_one: datetime) -> None:
    now = [datetime(2026, 1, 5, tzinfo=UTC)]
    quotas, quota = Quotas(lambda: now[0]), Quota(limit=1, period=period)
    assert [quotas.take("k", quota), quotas.take("k", quota)] == [True, False]
    now[0] = same
    assert not quotas.take("k", quota)
    now[0] = next_one
    assert quotas.take("k", quota)


def test_the_offset_counts_in_the_first_period_alone() -> None:
    now = [datetime(2026, 1, 5, tzinfo=UTC)]
    quotas, quota = Quotas(lambda: now[0]), Quota(limit=2, period="DAY", offset=1)
    assert [quotas.take("k", quota), quotas.take("k", quota)] == [True, False]
    now[0] = datetime(2026, 1, 6, tzinfo=UTC)
    assert [quotas.take("k", quota) for _ in range(3)] == [True, True, False]
