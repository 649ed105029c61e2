"""Pipenv in an environment of its own, and through it the project's packages in `.venv`."""

import shutil
import sys
from pathlib import Path

from hatchway.errors import ToolError
from scripts.setup.step import Place, Whole

REQUIREMENTS = "scripts/setup/pipenv.txt"
_SETTINGS = {
    "PIPENV_VENV_IN_PROJECT": "1",
    "PIPENV_IGNORE_VIRTUALENVS": "1",
    "PIPENV_DONT_LOAD_ENV": "1",
    "PIPENV_NOSPIN": "1",
    "PIPENV_YES": "1",
    "PIPENV_VERBOSITY": "-1",
}


class Pipenv(Whole):
    """Pipenv, pinned by hash, apart from the project's packages: neither decides the other's versions."""

    name = "pipenv"
    title = "Pipenv"

    def __init__(self, place: Place) -> None:
        self._place = place
        self._folder = place.tools / "pipenv"

    def key(self) -> str:
        """Return a digest of the pinned versions."""
        return self._place.digest(REQUIREMENTS)

    def intact(self) -> bool:
        """Tell whether the program is there and its interpreter still exists."""
        return (self._folder / "bin/python").exists() and (self._folder / "bin/pipenv").exists()

    def run(self, *, interrupted: bool) -> str:  # noqa: ARG002 -- it starts from an empty folder each time
        """Install Pipenv into an empty environment.

        Raises:
            ToolError: The environment cannot be created, or a package not be fetched.
        """
        create_environment(self._place, self._folder)
        self._place.runner.run(
            [
                *(self._folder / "bin/python", "-m", "pip", "install", "--require-hashes", "--no-deps"),
                *("--disable-pip-version-check", "--no-input", "-r", REQUIREMENTS),
            ],
            failure="Pipenv cannot be installed: pip found no index that has it. See what it says above",
        )
        return _pinned_version(self._place.root / REQUIREMENTS)


class PythonPackages(Whole):
    """The packages of `Pipfile.lock`, those for development included."""

    name = "python-packages"
    title = "Python packages from Pipfile.lock (a minute or two)"

    def __init__(self, place: Place) -> None:
        self._place = place
        self._folder = place.root / ".venv"

    def key(self) -> str:
        """Return a digest of the lock."""
        return self._place.digest("Pipfile", "Pipfile.lock")

    def intact(self) -> bool:
        """Tell whether the environment is there and made for this folder."""
        return environment_problem(self._folder) is None and (self._folder / "bin/pytest").exists()

    def run(self, *, interrupted: bool) -> str:
        """Bring `.venv` to what the lock says; one that is broken, moved or half-made is made anew.

        Raises:
            ToolError: The environment cannot be created, or a package not be fetched.
        """
        problem = "was interrupted" if interrupted else environment_problem(self._folder)
        if problem:
            create_environment(self._place, self._folder)
        self._place.runner.run(
            [self._place.tools / "pipenv/bin/python", "-m", "pipenv", "sync", "--dev"],
            failure="the Python packages of Pipfile.lock cannot be installed. See what pip says above",
            environ={**_SETTINGS, "PIPENV_PIPFILE": str(self._place.root / "Pipfile")},
        )
        return "" if problem in (None, "is missing") else f"(.venv made anew: it {problem})"


def environment_problem(folder: Path) -> str | None:
    """Return what is wrong with a virtual environment, or None."""
    if not folder.exists():
        return "is missing"
    if not (folder / "bin/python").exists() or not (folder / "pyvenv.cfg").is_file():
        return "was broken"
    try:
        activate = (folder / "bin/activate").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return "was broken"
    return None if str(folder) in activate else "was moved"


def create_environment(place: Place, folder: Path) -> None:
    """Create an empty virtual environment, in place of whatever is there.

    Raises:
        ToolError: It cannot be created.
    """
    if folder.is_symlink() or folder.is_file():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)
    place.runner.run(
        [_base_interpreter(), "-m", "venv", folder],
        failure=f"the virtual environment {folder.name} cannot be created. See what Python says above",
    )
    if not (folder / "bin/pip").exists():
        raise ToolError(
            f"the virtual environment {folder.name} has no pip. Install Python's 'ensurepip' module."
        )


def _base_interpreter() -> str:
    # Started from an environment, its own folder may be the one that is replaced.
    return getattr(sys, "_base_executable", None) or sys.executable


def _pinned_version(requirements: Path) -> str:
    pins = requirements.read_text(encoding="utf-8").splitlines()
    return next(pin.split()[0].partition("==")[2] for pin in pins if pin.startswith("pipenv=="))
