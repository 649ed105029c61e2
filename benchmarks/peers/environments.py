"""Installs what peers need, each in an environment of its own."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.processes import PeerError

WORK = Path(__file__).resolve().parents[1] / ".work"
INSTALLED = "installed.txt"


def python_environment(name: str, requirements: Sequence[str]) -> Path:
    """A virtual environment with these packages and none of ours; returns its Python.

    Made when it is not there, or was made for other requirements.
    """
    folder = WORK / name
    python = folder / "bin" / "python"
    if _is_stale(folder, requirements):
        sys.stderr.write(f"  installing {', '.join(requirements)}\n")
        _must([sys.executable, "-m", "venv", "--clear", folder], WORK)
        _must([python, "-m", "pip", "install", "--quiet", *requirements], WORK)
        _note(folder, requirements)
    return python


def node_project(name: str, requirements: Sequence[str]) -> Path:
    """A folder with these npm packages; returns it. No script of a package runs."""
    folder = WORK / name
    if _is_stale(folder, requirements):
        sys.stderr.write(f"  installing {', '.join(requirements)}\n")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}\n', encoding="utf-8")
        options = ["--ignore-scripts", "--no-audit", "--no-fund", "--save-exact", "--loglevel=error"]
        _must(["npm", "install", *options, *requirements], folder)
        _note(folder, requirements)
    return folder


def versions(python: Path, packages: Sequence[str]) -> Mapping[str, str]:
    """Releases of the packages that an environment has."""
    program = "import importlib.metadata as m, sys; print(*map(m.version, sys.argv[1:]))"
    ran = subprocess.run(  # noqa: S603 -- a Python of ours, and no shell
        [python, "-c", program, *packages], capture_output=True, text=True, check=True
    )
    return dict(zip(packages, ran.stdout.split(), strict=True))


def _is_stale(folder: Path, requirements: Sequence[str]) -> bool:
    note = folder / INSTALLED
    return not note.is_file() or note.read_text(encoding="utf-8").splitlines() != list(requirements)


def _note(folder: Path, requirements: Sequence[str]) -> None:
    (folder / INSTALLED).write_text("\n".join(requirements) + "\n", encoding="utf-8")


def _must(command: Sequence[str | Path], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    ran = subprocess.run(  # noqa: S603 -- named above, and no shell
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    if ran.returncode != 0:
        lines = "\n".join(f"  | {line}" for line in (ran.stdout + ran.stderr).splitlines()[-20:])
        raise PeerError(f"{command[0]}: exit code {ran.returncode}\n{lines}")
