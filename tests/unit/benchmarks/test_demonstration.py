"""How long Terraform ran during a demo."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.demonstration import STOPWATCH, running_seconds
from benchmarks.processes import PeerError


def note(began: float, ended: float, *command: str) -> str:
    return json.dumps({"command": command, "began": began, "ended": ended})


def test_what_runs_at_the_same_time_counts_once() -> None:
    notes = [note(20, 30, "apply"), note(0, 10, "plan"), note(5, 12, "init"), note(22, 25, "plan")]

    assert running_seconds(notes) == 22


def test_what_is_hatchways_own_affair_does_not_count() -> None:
    assert running_seconds([note(0, 5, "version", "-json"), note(5, 8, "init"), note(8, 9, "state")]) == 3


@pytest.mark.parametrize("notes", [[], [note(0, 5, "version")]])
def test_a_demo_without_terraform_is_not_measured(notes: list[str]) -> None:
    with pytest.raises(PeerError, match="none was noted"):
        running_seconds(notes)


@pytest.mark.parametrize(("code", "seen"), [("sys.exit(3)", 3), ("os.kill(os.getpid(), 9)", 137)])
def test_the_stopwatch_runs_the_program_and_notes_its_time(tmp_path: Path, code: str, seen: int) -> None:
    notes = tmp_path / "notes"
    program = ["-c", f"import os, sys, time; time.sleep(0.2); print('said'); sys.stdout.flush(); {code}"]
    before = time.monotonic()

    ran = subprocess.run(
        [sys.executable, "-SE", STOPWATCH, notes, sys.executable, *program],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ran.returncode, ran.stdout, ran.stderr) == (seen, "said\n", "")
    noted = json.loads(notes.read_text())
    assert noted["command"] == program
    assert before <= noted["began"] <= noted["ended"] - 0.2 <= time.monotonic()
