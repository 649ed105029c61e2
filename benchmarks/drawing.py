"""Draws the plot of the page; run by a Python that has Matplotlib, in an environment of its own.

python -m benchmarks.drawing FILE
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from benchmarks.results import kept

BARS = (("synth-article", "Synth of the article"), ("synth-200", "Synth of 200 services"))
OURS, THEIRS, OTHER = "#0b6e4f", "#8a8d91", "#c1666b"
LINES = (
    ("synth-growth", "synth", OURS),
    ("review-growth", "review", THEIRS),
    ("verify-growth", "verify", OTHER),
)
MEBIBYTE = 1024 * 1024

Samples = Mapping[str, Sequence[Mapping[str, float]]]


def main(target: Path) -> int:
    """Writes the plot as SVG; the same results give the same bytes."""
    mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "hatchway", "font.size": 9})
    results = kept()
    figure = Figure(figsize=(10, 7), layout="constrained")
    axes = figure.subplots(2, 2)
    for axis, (name, title) in zip(axes[0], BARS, strict=True):
        _bars(axis, title, results[name]["samples"]) if name in results else axis.set_axis_off()
    _lines(axes[1][0], "Time per service", "milliseconds", results, "wall_seconds", 1000)
    _lines(axes[1][1], "Memory of the largest process", "MB", results, "peak_bytes", 1 / MEBIBYTE)
    figure.savefig(target, format="svg", metadata={"Date": None, "Creator": None})
    lines = target.read_text(encoding="utf-8").splitlines()
    target.write_text("\n".join(line.rstrip() for line in lines) + "\n", encoding="utf-8")
    return 0


def _bars(axis: Any, title: str, samples: Samples) -> None:  # noqa: ANN401 -- Matplotlib has no types here
    names = [name for name in samples if not name.endswith(", cold")][::-1]
    values = [median(one["wall_seconds"] for one in samples[name]) for name in names]
    colours = [OURS if name == "Hatchway" else THEIRS for name in names]
    bars = axis.barh(names, values, color=colours)
    axis.bar_label(bars, fmt="%.2f s", padding=3)
    axis.set_title(title, loc="left")
    axis.set_xlabel("seconds, median")
    axis.margins(x=0.15)
    axis.spines[["top", "right"]].set_visible(False)


def _lines(  # noqa: PLR0913, PLR0917 -- two panels that differ in these
    axis: Any,  # noqa: ANN401 -- as above
    title: str,
    unit: str,
    results: Mapping[str, Any],
    measure: str,
    factor: float,
) -> None:
    per_service = measure == "wall_seconds"
    for name, label, colour in LINES:
        samples: Samples = results.get(name, {}).get("samples", {})
        sizes = [int(side.split()[0]) for side in samples]
        values = [median(one[measure] for one in runs) * factor for runs in samples.values()]
        if per_service:
            values = [value / size for value, size in zip(values, sizes, strict=True)]
        axis.plot(sizes, values, marker="o", label=label, color=colour)
    if per_service:
        axis.set_xscale("log")
        axis.set_xticks([1, 10, 50, 200, 500], ["1", "10", "50", "200", "500"])
        axis.set_yscale("log")
    axis.set_ylim(bottom=None if per_service else 0)
    axis.set_xlabel("services")
    axis.set_ylabel(unit)
    axis.set_title(title, loc="left")
    axis.legend(frameon=False)
    axis.grid(visible=True, alpha=0.3)
    axis.spines[["top", "right"]].set_visible(False)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
