"""Running a program and measuring what it takes."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.measuring import Sample, Side

LAUNCH = Path(__file__).with_name("launch.py")
KIBIBYTE = 1024


class PeerError(Exception):
    """A side of a comparison failed, so there is nothing to compare."""


def program(
    command: Sequence[str | Path],
    *,
    cwd: Path,
    environ: Mapping[str, str] | None = None,
    expected: Sequence[int] = (0,),
) -> Side:
    """A side that is a program, from its start to its end.

    Args:
        command: The program and its arguments.
        cwd: Folder that it runs in.
        environ: Its whole environment; None for this process's own.
        expected: Exit codes that say that it did its work.
    """
    return lambda: run(command, cwd=cwd, environ=environ, expected=expected)


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path,
    environ: Mapping[str, str] | None = None,
    expected: Sequence[int] = (0,),
) -> Sample:
    """Runs a program once.

    Memory is what the kernel says of the program and of all processes that it waited for: the peak of the
    largest of them (`ru_maxrss`).
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as report:
        parts = [os.fspath(part) for part in command]
        launched = subprocess.run(  # noqa: S603 -- the benchmarks' own commands, and no shell
            [sys.executable, "-S", "-E", LAUNCH, str(report.fileno()), *parts],
            cwd=cwd,
            env=None if environ is None else dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=[report.fileno()],
            check=False,
        )
        report.seek(0)
        wall, processor, memory, code = report.read().split() or (b"0", b"0", b"0", launched.returncode)
        if int(code) not in expected:
            output.seek(0)
            tail = output.read().decode(errors="replace").splitlines()[-20:]
            lines = "\n".join(f"  | {line}" for line in tail)
            raise PeerError(f"{parts[0]}: exit code {int(code)}, in {cwd}\n{lines}")
    return Sample(wall_seconds=float(wall), cpu_seconds=float(processor), peak_bytes=int(memory) * KIBIBYTE)
