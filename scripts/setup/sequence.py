"""The steps of set-up, in order, and which of them are still to be done."""

import time
from collections.abc import Sequence

from hatchway.errors import HatchwayError
from scripts.setup.console import Console
from scripts.setup.journal import Journal
from scripts.setup.launcher import Launcher
from scripts.setup.node_packages import NodePackages
from scripts.setup.prerequisites import Prerequisites
from scripts.setup.provider import Provider
from scripts.setup.python_packages import Pipenv, PythonPackages
from scripts.setup.step import Place, Step
from scripts.setup.terraform import Terraform


def all_steps(place: Place) -> tuple[Step, ...]:
    """Return every step: quick refusals first, then what takes long."""
    return (
        Prerequisites(place),
        Terraform(place),
        Provider(place),
        Pipenv(place),
        PythonPackages(place),
        Launcher(place),
        NodePackages(place),
    )


def carry_out(steps: Sequence[Step], journal: Journal, console: Console) -> None:
    """Run the steps that are not done, or whose result is gone, and tell how it went.

    Raises:
        HatchwayError: A step failed; those before it are done and stay so.
    """
    started = time.monotonic()
    done = 0
    for number, step in enumerate(steps, start=1):
        # Asked when its turn comes: a step before may have removed what this one made.
        if not (journal.is_done(step.name, step.key()) and step.intact()):
            _run(step, journal, console, f"{number}/{len(steps)}")
            done += 1
    for step in steps:
        console.notes(step.remarks())
    elapsed = time.monotonic() - started
    console.note(f"ready in {elapsed:.1f} s" if done else f"nothing to do ({elapsed:.1f} s)")


def _run(step: Step, journal: Journal, console: Console, counter: str) -> None:
    with console.stage(counter, step.title) as stage:
        interrupted = journal.was_interrupted(step.name)
        journal.begin(step.name)
        try:
            stage.result = step.run(interrupted=interrupted)
        except HatchwayError:
            # It ended by itself, so nothing is half-written: only a kill leaves the mark of `begin`.
            journal.forget(step.name)
            raise
        journal.finish(step.name, step.key() if step.complete() else None)
