"""What a service costs as their number grows: synth, review and verify, in time and in memory."""

import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks import many_services
from benchmarks.measuring import Sample, Side, Spread, alternate
from benchmarks.peers.environments import WORK
from benchmarks.processes import program
from benchmarks.results import ROOT, Ratio, Result
from benchmarks.synth import environ, our_command
from benchmarks.topologies import topology
from tests.corpus.make import running_sandbox

SIZES = (1, 10, 50, 200, 500)
SMALL, LARGE = 50, 500
MEBIBYTE = 1024 * 1024
OWN = """Each service has a stack, an endpoint, a load balancer and a VPC link of its own; five share
  an account and its network."""
SHARED = """Each number of services answers in a sandbox of its own, behind one bulkhead. Processor time is
  that of `hatchway verify` alone; most of the wall time is the sandbox's."""
PER_SERVICE = """Time per service is that of the whole process by the number of services. Beyond the first
  service, what a process takes anyway is taken off: the time with one service."""


def synth(repetitions: int) -> Result:
    """`main.py` with more and more services."""
    sides = {_name(size): program(our_command(), cwd=_folder(size), environ=environ()) for size in SIZES}
    return _result("synth", alternate(sides, repetitions), (OWN, PER_SERVICE), at_most=1.15)


def review(repetitions: int) -> Result:
    """`hatchway review` of what was synthesized of them."""
    sides: dict[str, Side] = {}
    for size in SIZES:
        folder = _folder(size)
        sys.stderr.write(f"  synthesizing {size} services\n")
        program(our_command(), cwd=folder, environ=environ())()
        hatchway = Path(sys.executable).with_name("hatchway")
        sides[_name(size)] = program([hatchway, "review"], cwd=folder, environ=environ())
    return _result("review", alternate(sides, repetitions), (OWN, PER_SERVICE), at_most=1.2)


def verify(repetitions: int) -> Result:
    """`hatchway verify` of what answers in sandboxes, one for each number of services."""
    with ExitStack() as running:
        sides = {_name(size): _answering(size, running) for size in SIZES}
        samples = alternate(sides, repetitions)
    return _result("verify", samples, (SHARED, PER_SERVICE))


def _answering(size: int, running: ExitStack) -> Side:
    """Deploys so many services into a sandbox that stays until the end."""
    sys.stderr.write(f"  deploying {size} services into a sandbox\n")
    folder = Path(running.enter_context(tempfile.TemporaryDirectory()))
    sandbox = running.enter_context(running_sandbox(None, folder))
    many_services.deploy(sandbox, folder, size)
    hatchway = Path(sys.executable).with_name("hatchway")
    declared: list[str | Path] = ["--topology", folder / many_services.TOPOLOGY]
    outputs: list[str | Path] = ["--from-outputs", folder / many_services.OUTPUTS]
    return program([hatchway, "verify", *declared, *outputs], cwd=ROOT, environ=sandbox.environment())


def _name(size: int) -> str:
    return f"{size} services"


def _folder(size: int) -> Path:
    """A folder with the topology, and without what was synthesized of it before."""
    folder = WORK / "growth" / str(size)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "hatchway.yaml").write_text(json.dumps(topology(size)), encoding="utf-8")
    return folder


def _result(
    what: str,
    samples: dict[str, list[Sample]],
    remarks: Sequence[str],
    *,
    at_most: float | None = None,
) -> Result:
    sizes = f"at {LARGE} against at {SMALL}"
    beyond = f"per service beyond the first, {sizes}"
    return Result(
        samples=samples,
        ratios=[
            Ratio(
                measure=f"{what}, time per service {sizes}",
                spread=per_service(samples, _wall),
                at_most=at_most,
            ),
            Ratio(
                measure=f"{what}, time {beyond}",
                spread=per_service(samples, _wall, beyond_the_first=True),
            ),
            Ratio(
                measure=f"{what}, processor time {beyond}",
                spread=per_service(samples, _processor, beyond_the_first=True),
            ),
            Ratio(
                measure=f"{what}, memory {beyond}",
                spread=per_service(samples, _peak, beyond_the_first=True),
            ),
        ],
        remarks=remarks,
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


def _processor(sample: Sample) -> float:
    return sample.cpu_seconds or 0.0


def _peak(sample: Sample) -> float:
    return (sample.peak_bytes or 0) / MEBIBYTE
