"""Durations counted in buckets: percentiles of any number of them, in memory that does not grow."""

import math
from collections import Counter

__all__ = ["Histogram"]

# A bucket ends 2 % above where it begins: its middle is within 1 % of everything in it.
_RATIO = math.log(1.02)
_LEAST = 1e-6


class Histogram:
    """Counts durations in buckets of equal ratio: a microsecond to an hour are 1,112 of them.

    Its length is the number of buckets that are in use.
    """

    def __init__(self) -> None:
        self._counts: Counter[int] = Counter()
        self._longest = 0.0
        self.count = 0

    def add(self, seconds: float) -> None:
        """Count a duration."""
        self._counts[int(math.log(max(seconds, _LEAST) / _LEAST) / _RATIO)] += 1
        self._longest = max(self._longest, seconds)
        self.count += 1

    def __len__(self) -> int:
        return len(self._counts)

    @property
    def longest(self) -> float:
        """The longest duration; 0 if there was none."""
        return self._longest

    def percentile(self, percent: float) -> float:
        """Return what so many of a hundred durations do not exceed, within 1 %; 0 if there was none."""
        rank = max(1, math.ceil(self.count * percent / 100))
        passed = 0
        for bucket in sorted(self._counts):
            passed += self._counts[bucket]
            if passed >= rank:
                return min(_LEAST * math.exp((bucket + 0.5) * _RATIO), self._longest)
        return 0.0
