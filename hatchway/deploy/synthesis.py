"""Turning the topology into Terraform JSON by running `main.py`."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from hatchway.errors import HatchwayError, ToolError, UsageError

__all__ = ["synthesize"]

_TAIL = 20


def synthesize(
    topology: Path, environ: Mapping[str, str], project: Path | None = None, *, arguments: Sequence[str] = ()
) -> None:
    """Run `main.py` of the project with this interpreter.

    It runs as a program of its own because nothing in `hatchway` may import cdktf.

    Raises:
        UsageError: There is no `main.py` here, or it rejects the topology.
        ToolError: It fails in any other way.
    """
    project = project or Path.cwd()
    if not (project / "main.py").is_file():
        raise UsageError(f"main.py: is not in {project}. Run hatchway in the folder of the project.")
    ran = subprocess.run(  # noqa: S603 -- this interpreter, and no shell
        # Without asserts: those of the bindings check types, which takes a third of the time.
        [sys.executable, "-O", "main.py", *arguments],
        cwd=project,
        env={**environ, "HATCHWAY_TOPOLOGY": os.fspath(topology.resolve())},
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode == 0:
        return
    if ran.returncode == -signal.SIGINT:
        raise KeyboardInterrupt
    if ran.returncode == UsageError.exit_code and ran.stderr.strip():
        raise UsageError(ran.stderr.strip())
    lines = [line for line in ran.stderr.splitlines() if line.strip()]
    raise _failure(ran.returncode, lines)


def _failure(code: int, lines: list[str]) -> HatchwayError:
    return ToolError(f"main.py: synthesis failed, got exit code {code}.", tail=lines[-_TAIL:])
