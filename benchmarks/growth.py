"""What a service costs as their number grows: synth and review, in time and in memory."""

import json
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks.measuring import Sample, Side, Spread, alternate
from benchmarks.peers.environments import WORK
from benchmarks.processes import program
from benchmarks.results import Ratio, Result
from benchmarks.synth import environ, our_command
from benchmarks.topologies import topology

SIZES = (1, 10, 50, 200, 500)
SMALL, LARGE = 50, 500
MEBIBYTE = 1024 * 1024
REMARKS = (
    """Each service has a stack, an endpoint, a load balancer and a VPC link of its own; five share
  an account and its network.""",
    """Time per service is that of the whole process by the number of services. Beyond the first
  service, what a process takes anyway is taken off: the time with one service.""",
)


def synth(repetitions: int) -> Result:
    """`main.py` with more and more services."""
    sides = {_name(size): program(our_command(), cwd=_folder(size), environ=environ()) for size in SIZES}
    return _result("synth", sides, repetitions, at_most=1.15)


def review(repetitions: int) -> Result:
    """`hatchway review` of what was synthesized of them."""
    sides: dict[str, Side] = {}
    for size in SIZES:
        folder = _folder(size)
        sys.stderr.write(f"  synthesizing {size} services\n")
        program(our_command(), cwd=folder, environ=environ())()
        hatchway = Path(sys.executable).with_name("hatchway")
        sides[_name(size)] = program([hatchway, "review"], cwd=folder, environ=environ())
    return _result("review", sides, repetitions, at_most=1.2)


def _name(size: int) -> str:
    return f"{size} services"


def _folder(size: int) -> Path:
    """A folder with the topology, and without what was synthesized of it before."""
    folder = WORK / "growth" / str(size)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "hatchway.yaml").write_text(json.dumps(topology(size)), encoding="utf-8")
    return folder


def _result(what: str, sides: Mapping[str, Side], repetitions: int, *, at_most: float) -> Result:
    samples = alternate(sides, repetitions)
    return Result(
        samples=samples,
        ratios=[
            Ratio(
                measure=f"{what}, time per service at {LARGE} against at {SMALL}",
                spread=per_service(samples, _wall),
                at_most=at_most,
            ),
            Ratio(
                measure=f"{what}, time per service beyond the first, at {LARGE} against at {SMALL}",
                spread=per_service(samples, _wall, beyond_the_first=True),
            ),
            Ratio(
                measure=f"{what}, memory per service beyond the first, at {LARGE} against at {SMALL}",
                spread=per_service(samples, _peak, beyond_the_first=True),
            ),
        ],
        remarks=REMARKS,
    )


def per_service(
    samples: Mapping[str, Sequence[Sample]],
    measure: Callable[[Sample], float],
    *,
    beyond_the_first: bool = False,
) -> Spread:
    """A measure by the number of services, of many services over that of few, run by run."""
    found = []
    for one, few, many in zip(*(samples[_name(size)] for size in (1, SMALL, LARGE)), strict=True):
        anyway, taken = (measure(one), 1) if beyond_the_first else (0.0, 0)
        large = (measure(many) - anyway) / (LARGE - taken)
        small = (measure(few) - anyway) / (SMALL - taken)
        found.append(large / small)
    return Spread.of(found)


def _wall(sample: Sample) -> float:
    return sample.wall_seconds


def _peak(sample: Sample) -> float:
    return (sample.peak_bytes or 0) / MEBIBYTE
