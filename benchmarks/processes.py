"""Running a program and measuring what it takes."""

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.measuring import Sample, Side

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
    largest of them (`ru_maxrss`). That counter begins at what this process had when it forked, so this
    process stays small: it imports nothing that is large.
    """
    with tempfile.TemporaryFile() as output:
        begun = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 -- the benchmarks' own commands, and no shell
            [os.fspath(part) for part in command],
            cwd=cwd,
            env=None if environ is None else dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        _, status, usage = os.wait4(process.pid, 0)
        ended = time.perf_counter()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in expected:
            output.seek(0)
            tail = output.read().decode(errors="replace").splitlines()[-20:]
            lines = "\n".join(f"  | {line}" for line in tail)
            raise PeerError(f"{command[0]}: exit code {process.returncode}, in {cwd}\n{lines}")
    return Sample(
        wall_seconds=ended - begun,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        peak_bytes=usage.ru_maxrss * KIBIBYTE,
    )
