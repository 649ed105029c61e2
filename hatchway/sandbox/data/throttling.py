"""Token buckets and quotas: what limits how often may be called.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
"""

import threading
import time
from collections.abc import Callable, Hashable
from datetime import UTC, datetime, timedelta

from hatchway.sandbox.data.world import Quota, Throttle

__all__ = ["Buckets", "Quotas"]

_MOST = 10_000


class Buckets:
    """Token buckets by key: each fills with the rate, up to the burst."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._left: dict[Hashable, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, key: Hashable, throttle: Throttle) -> bool:
        """Takes one token; tells whether there was one."""
        if throttle.rate < 0 or throttle.burst < 0:
            return True
        now = self._clock()
        with self._lock:
            if len(self._left) > _MOST:
                self._left.clear()
            left, since = self._left.get(key, (float(throttle.burst), now))
            left = min(float(throttle.burst), left + (now - since) * throttle.rate)
            allowed = left >= 1
            self._left[key] = (left - 1 if allowed else left, now)
        return allowed


class Quotas:
    """Counters by key, each for the period that the quota names, in UTC."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now
        self._used: dict[Hashable, tuple[str, int]] = {}
        self._lock = threading.Lock()

    def take(self, key: Hashable, quota: Quota) -> bool:
        """Counts a request; tells whether it is still within the quota."""
        period = _period(quota, self._now())
        with self._lock:
            counted, used = self._used.get(key, (period, 0))
            if counted != period:
                # The offset is what was used before the plan began, in its first period alone.
                used = 0
            elif key not in self._used:
                used = quota.offset
            if used >= quota.limit:
                return False
            self._used[key] = (period, used + 1)
        return True


def _period(quota: Quota, now: datetime) -> str:
    if quota.period == "WEEK":
        return (now - timedelta(days=(now.weekday() + 1) % 7)).strftime("%Y-%m-%d")
    return now.strftime("%Y-%m" if quota.period == "MONTH" else "%Y-%m-%d")
