"""`scripts/setup.sh`: which Python runs set-up, and what is said when none will do."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.setup.programs import program

REPOSITORY = Path(__file__).resolve().parents[3]
BASE = getattr(sys, "_base_executable", sys.executable)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder with the real script, and a set-up that only says who runs it."""
    root = tmp_path / "a clone"
    (root / "scripts/setup").mkdir(parents=True)
    shutil.copy(REPOSITORY / "scripts/setup.sh", root / "scripts/setup.sh")
    (root / "scripts/setup/__main__.py").write_text(
        "import os, sys; print(os.environ['CHOSEN'], *sys.argv[1:])", encoding="utf-8"
    )
    for tool in ("dirname", "sh"):
        found = shutil.which(tool)
        assert found is not None
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / tool).symlink_to(found)
    return root


def _python(clone: Path, name: str, *, refuse: str = "none") -> None:
    """Put a Python on PATH that says its name, and fails a check that has `refuse` as an argument."""
    program(
        clone.parent / "bin",
        name,
        f'for word in "$@"; do [ "$word" = {refuse} ] && exit 1; done\nCHOSEN={name} exec "{BASE}" "$@"',
    )


def _start(clone: Path, *arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [clone.parent / "bin/sh", clone / "scripts/setup.sh", *arguments],
        env={"PATH": os.fspath(clone.parent / "bin"), **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def test_takes_python3_when_it_will_do(clone: Path) -> None:
    for name in ("python3", "python3.13"):
        _python(clone, name)
    assert _start(clone, "argument").stdout == "python3 argument\n"


def test_takes_the_newest_numbered_one_when_python3_is_too_old(clone: Path) -> None:
    program(clone.parent / "bin", "python3", "exit 1")
    for name in ("python3.11", "python3.12"):
        _python(clone, name)
    assert _start(clone).stdout == "python3.12\n"


def test_prefers_one_that_can_create_environments(clone: Path) -> None:
    _python(clone, "python3", refuse="complete")
    _python(clone, "python3.12")
    assert _start(clone).stdout == "python3.12\n"


def test_falls_back_to_one_that_cannot_and_leaves_it_to_set_up_to_say_so(clone: Path) -> None:
    _python(clone, "python3", refuse="complete")
    assert _start(clone).stdout == "python3\n"


def test_passes_over_the_environment_that_it_may_replace(clone: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", clone / ".venv"], check=True)
    program(clone.parent / "bin", "python3", f'exec "{clone}/.venv/bin/python" "$@"')
    _python(clone, "python3.11")
    assert _start(clone).stdout == "python3.11\n"


def test_takes_the_one_that_is_asked_for(clone: Path) -> None:
    for name in ("python3", "mine"):
        _python(clone, name)
    assert _start(clone, PYTHON="mine").stdout == "mine\n"


def test_refuses_one_that_is_asked_for_and_will_not_do(clone: Path) -> None:
    _python(clone, "python3")
    ran = _start(clone, PYTHON="/no/such/python")
    assert (ran.returncode, ran.stdout) == (4, "")
    assert ran.stderr == (
        "set-up: PYTHON has to be a Python 3.11 or later outside this folder, got '/no/such/python'.\n"
    )


def test_says_in_one_sentence_that_there_is_no_python(clone: Path) -> None:
    ran = _start(clone)
    assert (ran.returncode, ran.stdout) == (4, "")
    assert ran.stderr.startswith("set-up: needs Python 3.11 or later, and none is on PATH.")
    assert ran.stderr.count("\n") == 1


def test_set_up_imports_nothing_but_the_standard_library() -> None:
    subprocess.run([BASE, "-S", "-c", "import scripts.setup.__main__"], cwd=REPOSITORY, check=True)
