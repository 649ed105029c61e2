"""Running other programs: their output goes to the log, and its end to the person if they fail."""

import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from hatchway.errors import ToolError

TAIL_LINES = 12

# Settings that would send packages elsewhere than into the environment that set-up names.
_DROPPED = frozenset(
    {
        "VIRTUAL_ENV",
        "PYTHONHOME",
        "PYTHONPATH",
        "PYTHONSAFEPATH",
        "__PYVENV_LAUNCHER__",
        "PIP_USER",
        "PIP_TARGET",
        "PIP_PREFIX",
        "PIP_REQUIRE_VIRTUALENV",
        "PIP_REQUIREMENT",
        "PIP_CONSTRAINT",
        "MAKEFLAGS",
        "MAKELEVEL",
        "MFLAGS",
        "NODE_ENV",
    }
)
_KEPT_OF_PIPENV = frozenset({"PIPENV_PYPI_MIRROR", "PIPENV_CACHE_DIR", "PIPENV_INSTALL_TIMEOUT"})


def clean_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without what an active virtual environment, Pipenv or make left in it."""
    return {
        name: value
        for name, value in environ.items()
        if name not in _DROPPED and (not name.startswith("PIPENV_") or name in _KEPT_OF_PIPENV)
    }


class Runner:
    """Runs programs in the clone's folder."""

    def __init__(self, root: Path, environ: Mapping[str, str], log: Path) -> None:
        self.root = root
        self.environ = clean_environment(environ)
        self.log = log

    def run(
        self, command: Sequence[str | Path], *, failure: str, environ: Mapping[str, str] | None = None
    ) -> None:
        """Run a program to its end.

        Args:
            command: The program and its arguments; never a shell.
            failure: What a person reads if it fails: what is wrong and what to do.
            environ: Variables on top of the clean environment.

        Raises:
            ToolError: It could not be started, or ended with another code than 0.
        """
        words = [str(word) for word in command]
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            start = log.tell()
            log.write(f"--- {time.strftime('%Y-%m-%d %H:%M:%S')} {' '.join(words)}\n".encode())
            log.flush()
            try:
                ran = subprocess.run(  # noqa: S603 -- only set-up's own steps call it, with words of their own
                    words,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    cwd=self.root,
                    env={**self.environ, **(environ or {})},
                    check=False,
                )
            except OSError as error:
                raise ToolError(f"{failure} ({words[0]}: {error.strerror})") from error
        if ran.returncode:
            raise ToolError(
                f"{failure} (exit code {ran.returncode}; all of it is in {self._shown_log})",
                tail=self._tail(start),
            )

    def answer(self, command: Sequence[str | Path], *, seconds: float = 60) -> str | None:
        """Return what a program prints, or None if it does not run."""
        try:
            ran = subprocess.run(  # noqa: S603 -- the same
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                cwd=self.root,
                env=self.environ,
                timeout=seconds,
                check=True,
            )
        except (OSError, subprocess.SubprocessError):
            return None
        return ran.stdout.strip()

    @property
    def _shown_log(self) -> Path:
        return self.log.relative_to(self.root) if self.log.is_relative_to(self.root) else self.log

    def _tail(self, start: int) -> list[str]:
        with self.log.open("rb") as log:
            log.seek(start)
            lines = log.read().decode(errors="replace").splitlines()[1:]
        return [line.rstrip() for line in lines if line.strip()][-TAIL_LINES:]
