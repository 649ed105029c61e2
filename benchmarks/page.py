"""`docs/reference/performance.md`, written from the results that are kept."""

from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.measuring import Spread
from benchmarks.registry import BENCHMARKS
from benchmarks.results import kept

MEBIBYTE = 1024 * 1024
INTRODUCTION = """\
# Performance

How fast Hatchway is, next to what else does the same work. Every figure is a ratio of two sides that ran in
turns, in one run on one machine. `make bench` measures it again and writes this page; `make bench BENCH=help`
measures one part.

- A ratio is of two runs that followed each other. Shown is the median, in brackets lowest and highest.
- Caches are warm: a first run of each side is not counted. What is measured cold says so.
- Memory is that of the largest process at its peak.
- The load is how many processes wanted to run on average in the minute before and in the minute after.
- The raw samples are in [`benchmarks/results`](../../benchmarks/results); how to add a benchmark is in
  [`benchmarks/README.md`](../../benchmarks/README.md).

![Wall times side by side, and time and memory by the number of services](performance.svg)
"""


def page(results: Mapping[str, Mapping[str, Any]] | None = None) -> str:
    """Renders the page of some results, by default of those that are kept."""
    results = kept() if results is None else results
    known = {name: results[name] for name in BENCHMARKS if name in results}
    sections = ["\n".join(_section(name, result)) for name, result in known.items()]
    return "\n".join([INTRODUCTION, "\n".join(_summary(known)), *sections])


def _summary(results: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    yield "## What has to hold"
    yield ""
    yield "| measure | found | at most | |"
    yield "|---|---|---|---|"
    for result in results.values():
        for ratio in result["ratios"]:
            if ratio["at_most"] is not None:
                verdict = "holds" if ratio["holds"] else "**not reached**"
                yield f"| {ratio['measure']} | {_spread(ratio)} | {ratio['at_most']:g} | {verdict} |"
    yield ""


def _section(name: str, result: Mapping[str, Any]) -> Iterator[str]:
    yield f"## {BENCHMARKS[name].title}"
    yield ""
    yield f"`make bench BENCH={name}`, {result['date'][:10]}, commit {result['commit']}. {_machine(result)}"
    yield ""
    for remark in result["remarks"]:
        yield f"- {remark}"
    if result["remarks"]:
        yield ""
    yield "| side | wall, s | processor, s | memory, MB | runs |"
    yield "|---|---|---|---|---|"
    for side, samples in result["samples"].items():
        yield f"| {side} | {' | '.join(_columns(samples))} | {len(samples)} |"
    yield ""
    yield "| ratio | found |"
    yield "|---|---|"
    for ratio in result["ratios"]:
        yield f"| {ratio['measure']} | {_spread(ratio)} |"
    yield ""


def _machine(result: Mapping[str, Any]) -> str:
    machine, load = result["machine"], result["load"]
    return (
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory_mebibytes'] // 1024} GB, "
        f"{machine['system']}, Python {machine['python']}, Node {machine['node'].removeprefix('v')}; "
        f"load {load['before'][0]:.1f} and {load['after'][0]:.1f}."
    )


def _columns(samples: list[Mapping[str, float | None]]) -> Iterator[str]:
    for measure, digits, unit in (("wall_seconds", 3, 1), ("cpu_seconds", 3, 1), ("peak_bytes", 0, MEBIBYTE)):
        values = [value / unit for sample in samples if (value := sample[measure]) is not None]
        yield f"{Spread.of(values).median:.{digits}f}" if values else "-"


def _spread(ratio: Mapping[str, Any]) -> str:
    return f"{ratio['median']:.3f} ({ratio['low']:.3f} to {ratio['high']:.3f})"
