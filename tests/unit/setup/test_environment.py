import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.setup.launcher import Launcher
from scripts.setup.python_packages import environment_problem
from tests.unit.setup.programs import place


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A clone in a folder whose name has a space and a quote, with an environment that holds nothing."""
    folder = tmp_path / "it's a clone"
    folder.mkdir()
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / ".venv"], check=True)
    return folder


def test_finds_nothing_wrong_with_a_new_environment(root: Path) -> None:
    assert environment_problem(root / ".venv") is None


def test_sees_that_an_environment_is_missing(tmp_path: Path) -> None:
    assert environment_problem(tmp_path / ".venv") == "is missing"


def test_sees_that_an_environment_was_moved(root: Path) -> None:
    moved = root.rename(root.with_name("elsewhere"))
    assert environment_problem(moved / ".venv") == "was moved"


@pytest.mark.parametrize("lost", ["bin/python", "pyvenv.cfg", "bin/activate"])
def test_sees_that_an_environment_is_broken(root: Path, lost: str) -> None:
    (root / ".venv" / lost).unlink()
    assert environment_problem(root / ".venv") == "was broken"


def test_sees_that_the_interpreter_behind_an_environment_is_gone(root: Path) -> None:
    python = root / ".venv/bin/python"
    python.unlink()
    python.symlink_to("/no/such/python3")
    assert environment_problem(root / ".venv") == "was broken"


def test_the_command_runs_this_clone_from_any_folder(root: Path, tmp_path: Path) -> None:
    package = root / "hatchway"
    package.mkdir()
    (package / "__init__.py").write_text("", encoding="utf-8")
    (package / "__main__.py").write_text("import sys; print('clone', *sys.argv[1:])", encoding="utf-8")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "hatchway.py").write_text("print('the wrong one')", encoding="utf-8")
    step = Launcher(place(root))
    assert not step.intact()
    step.run(interrupted=False)
    ran = subprocess.run(
        [root / ".venv/bin/hatchway", "verify", "a b"],
        cwd=elsewhere,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout == "clone verify a b\n"
    assert step.intact()


def test_the_command_is_written_again_after_a_move(root: Path) -> None:
    Launcher(place(root)).run(interrupted=False)
    moved = root.with_name("moved")
    shutil.copytree(root, moved, symlinks=True)
    assert not Launcher(place(moved)).intact()
