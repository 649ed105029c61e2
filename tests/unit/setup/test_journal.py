import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scripts.setup.journal import Journal, only_one

ROOT = Path(__file__).resolve().parents[3]


def test_remembers_the_key_a_step_was_done_with(tmp_path: Path) -> None:
    Journal.read(tmp_path / "setup.json").finish("tools", "one")
    again = Journal.read(tmp_path / "setup.json")
    assert again.is_done("tools", "one")
    assert not again.is_done("tools", "two")
    assert not again.is_done("packages", "one")


def test_knows_a_step_that_was_begun_and_never_ended(tmp_path: Path) -> None:
    Journal.read(tmp_path / "setup.json").begin("packages")
    again = Journal.read(tmp_path / "setup.json")
    assert again.was_interrupted("packages")
    assert not again.was_interrupted("tools")


def test_does_not_count_a_step_done_in_part_as_done(tmp_path: Path) -> None:
    journal = Journal.read(tmp_path / "setup.json")
    journal.finish("node", "key")
    journal.finish("node", None)
    assert not Journal.read(tmp_path / "setup.json").is_done("node", "key")


@pytest.mark.parametrize("content", ["", "{", "[1, 2]", '"text"', "\x00"])
def test_takes_a_damaged_journal_as_empty(tmp_path: Path, content: str) -> None:
    (tmp_path / "setup.json").write_text(content, encoding="utf-8")
    journal = Journal.read(tmp_path / "setup.json")
    journal.finish("tools", "one")
    assert json.loads((tmp_path / "setup.json").read_text(encoding="utf-8")) == {"tools": "one"}


def _holder(folder: Path) -> "subprocess.Popen[str]":
    script = (
        "import sys, time, pathlib; from scripts.setup.journal import only_one\n"
        "with only_one(pathlib.Path(sys.argv[1]), print):\n"
        "    print('held', flush=True)\n"
        "    time.sleep(60)\n"
    )
    held = subprocess.Popen(
        [sys.executable, "-c", script, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert held.stdout is not None
    assert held.stdout.readline() == "held\n"
    return held


def test_waits_for_the_set_up_that_runs_already_and_says_so(tmp_path: Path) -> None:
    said: list[str] = []
    held = _holder(tmp_path)
    waiter = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import time, os, sys; time.sleep(0.5); os.kill(int(sys.argv[1]), 9)",
            str(held.pid),
        ]
    )
    started = time.monotonic()
    with only_one(tmp_path, said.append):
        waited = time.monotonic() - started
    assert said == [f"another set-up of this folder is running (process {held.pid}); waiting for it"]
    assert waited > 0.3
    assert held.wait() == -signal.SIGKILL
    waiter.wait()
    assert held.stdout is not None
    held.stdout.close()


def test_is_not_held_up_by_a_set_up_that_was_killed(tmp_path: Path) -> None:
    held = _holder(tmp_path)
    held.kill()
    held.wait()
    assert held.stdout is not None
    held.stdout.close()
    said: list[str] = []
    with only_one(tmp_path, said.append):
        assert (tmp_path / "setup.lock").read_text(encoding="utf-8") == str(os.getpid())
    assert said == []
