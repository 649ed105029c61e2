"""Measuring several sides of a comparison in one run."""

import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One run of one side."""

    wall_seconds: float
    """From the start to the end."""
    cpu_seconds: float | None = None
    """Processor time, that of all processes together; None where it was not taken."""
    peak_bytes: int | None = None
    """Resident memory of the largest process at its peak; None where it was not taken."""


Side = Callable[[], Sample]
"""Runs one side once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """What several runs say together."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """The median of some values, with the least and the greatest of them."""
        return cls(median=statistics.median(values), low=min(values), high=max(values))


def alternate(
    sides: Mapping[str, Side], repetitions: int, *, warm_up: bool = True
) -> dict[str, list[Sample]]:
    """Runs each side that many times, in turns, so that what else the machine does falls on all alike.

    The order turns round with each repetition. A first run of each is thrown away, so that what is
    measured has warm caches; without `warm_up` it counts.
    """
    samples: dict[str, list[Sample]] = {name: [] for name in sides}
    for number in range(-1 if warm_up else 0, repetitions):
        names = list(sides) if number % 2 == 0 else list(sides)[::-1]
        for name in names:
            sample = sides[name]()
            note = "warm-up" if number < 0 else f"{number + 1} of {repetitions}"
            sys.stderr.write(f"  {name}: {sample.wall_seconds:.3f} s ({note})\n")
            if number >= 0:
                samples[name].append(sample)
    return samples


def paired(over: Sequence[float], under: Sequence[float]) -> Spread:
    """The ratio of two sides, run by run: what was measured next to each other is compared."""
    return Spread.of([first / second for first, second in zip(over, under, strict=True)])
