"""The benchmarks, in the order of the page: a new one is a line here."""

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.results import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """A comparison that `make bench BENCH=name` runs."""

    name: str
    """Name on the command line and of its file in `results/`."""
    title: str
    """Its heading on the page."""
    minutes: float
    """How long it takes, roughly, once its peers are installed."""
    where: str
    """Module and function: the function takes how often to repeat, and returns a `Result`."""
    repetitions: int = 5
    """How often each side runs, unless asked otherwise."""

    def run(self, repetitions: int | None = None) -> "Result":
        """Measures; imports what it needs only now."""
        module, _, function = self.where.partition(":")
        measure = cast("Callable[[int], Result]", getattr(import_module(module), function))
        return measure(repetitions or self.repetitions)


BENCHMARKS = {
    benchmark.name: benchmark
    for benchmark in (
        Benchmark(
            name="synth-article",
            title="Synth of the article",
            minutes=5,
            where="benchmarks.synth:article",
            repetitions=5,
        ),
        Benchmark(
            name="synth-200",
            title="Synth of 200 services",
            minutes=6,
            where="benchmarks.synth:two_hundred",
            repetitions=5,
        ),
        Benchmark(
            name="review-article",
            title="Review of the article's plan",
            minutes=1,
            where="benchmarks.reviewing:measure",
            repetitions=9,
        ),
        Benchmark(
            name="synth-growth",
            title="Synth of more and more services",
            minutes=5,
            where="benchmarks.growth:synth",
            repetitions=3,
        ),
        Benchmark(
            name="review-growth",
            title="Review of more and more services",
            minutes=4,
            where="benchmarks.growth:review",
            repetitions=3,
        ),
        Benchmark(
            name="verify-growth",
            title="Verification of more and more services",
            minutes=15,
            where="benchmarks.growth:verify",
            repetitions=3,
        ),
        Benchmark(
            name="verify-200",
            title="Verification of 200 services",
            minutes=9,
            where="benchmarks.verifying:measure",
            repetitions=3,
        ),
        Benchmark(
            name="help",
            title="Start-up of the command line",
            minutes=0.2,
            where="benchmarks.start_up:measure",
            repetitions=15,
        ),
        Benchmark(
            name="demo",
            title="The demo",
            minutes=12,
            where="benchmarks.demonstration:measure",
            repetitions=2,
        ),
    )
}
