"""`hatchway --help` against a Python that does nothing."""

import sys
from pathlib import Path

from benchmarks.measuring import alternate, paired
from benchmarks.processes import program
from benchmarks.results import ROOT, Ratio, Result

OURS = "hatchway --help"
NOTHING = "python -c pass"


def measure(repetitions: int) -> Result:
    """Measures both as whole processes."""
    samples = alternate(
        {
            OURS: program([Path(sys.executable).with_name("hatchway"), "--help"], cwd=ROOT),
            NOTHING: program([sys.executable, "-c", "pass"], cwd=ROOT),
        },
        repetitions,
    )
    walls = {name: [sample.wall_seconds for sample in runs] for name, runs in samples.items()}
    ratio = paired(walls[OURS], walls[NOTHING])
    return Result(
        samples=samples,
        ratios=[Ratio(measure="`hatchway --help`, wall, against `python -c pass`", spread=ratio, at_most=6)],
    )
