"""`hatchway sandbox demo`, whole, against the time in which Terraform runs."""

import json
import os
import shlex
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measuring import Sample, Spread
from benchmarks.processes import PeerError, run
from benchmarks.results import ROOT, Ratio, Result
from hatchway.terraform.binary import find_terraform

WHOLE = "hatchway sandbox demo"
TERRAFORM = "Terraform's commands in it"
COUNTED = ("init", "plan", "apply")
STOPWATCH = Path(__file__).with_name("stopwatch.py")
REMARKS = (
    "The article: sandbox up, synth, deploy, a call, verify, a second plan, destroy, sandbox down.",
    """Terraform's time is that in which at least one `init`, `plan` or `apply` runs: what runs at the same
  time counts once. Its other commands (`version`, `providers`, `state`) are Hatchway's own affair and count
  for the whole alone.""",
    "Both are of the same run: a program in Terraform's place notes when each command begins and ends.",
)


def measure(repetitions: int) -> Result:
    """Runs the demo so many times, after one that does not count."""
    wholes: list[Sample] = []
    terraforms: list[Sample] = []
    for number in range(-1, repetitions):
        whole, commands = _demo()
        sys.stderr.write(f"  {WHOLE}: {whole.wall_seconds:.1f} s, {commands.wall_seconds:.1f} s Terraform\n")
        if number >= 0:
            wholes.append(whole)
            terraforms.append(commands)
    ratios = [one.wall_seconds / two.wall_seconds for one, two in zip(wholes, terraforms, strict=True)]
    return Result(
        samples={WHOLE: wholes, TERRAFORM: terraforms},
        ratios=[
            Ratio(
                measure="demo, whole, wall, against its Terraform commands",
                spread=Spread.of(ratios),
                at_most=1.25,
            )
        ],
        remarks=REMARKS,
    )


def _demo() -> tuple[Sample, Sample]:
    with tempfile.TemporaryDirectory() as folder:
        notes, stand_in = Path(folder, "notes"), Path(folder, "terraform")
        command = [sys.executable, "-SE", STOPWATCH, notes, find_terraform(directory=ROOT).resolve()]
        stand_in.write_text(f'#!/bin/sh\nexec {shlex.join(map(str, command))} "$@"\n', encoding="utf-8")
        stand_in.chmod(0o700)
        whole = run(
            [Path(sys.executable).with_name("hatchway"), "sandbox", "demo"],
            cwd=ROOT,
            environ={**os.environ, "HATCHWAY_TERRAFORM": str(stand_in)},
        )
        noted = notes.read_text(encoding="utf-8") if notes.exists() else ""
        return whole, Sample(wall_seconds=running_seconds(noted.splitlines()))


def running_seconds(notes: Sequence[str]) -> float:
    """How long at least one of the commands ran that count.

    Args:
        notes: Lines that `stopwatch.py` wrote.

    Raises:
        PeerError: None of them counts, so that there is nothing to compare.
    """
    runs = [json.loads(line) for line in notes]
    spans = sorted((each["began"], each["ended"]) for each in runs if each["command"][0] in COUNTED)
    if not spans:
        raise PeerError(f"{TERRAFORM}: none was noted")
    total, until = 0.0, spans[0][0]
    for began, ended in spans:
        total += max(0.0, ended - max(began, until))
        until = max(until, ended)
    return total
