"""Running a program so that neither Ctrl-C nor the death of Hatchway leaves it half done.

Terraform stops gracefully on SIGINT: it lets calls under way end, writes the state and gives back the lock.
A second SIGINT makes it stop at once, and loses what was under way. So it runs in a process group of its own,
where the terminal's Ctrl-C does not reach it beside ours, and on Linux gets a SIGINT when Hatchway dies. It
writes to a file, not to a pipe: a pipe whose reader has died kills the writer.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

__all__ = ["Interrupted", "interrupt_running", "run"]

_POLL_SECONDS = 0.1
_PR_SET_PDEATHSIG = 1
_HARD = 2


class Interrupted(KeyboardInterrupt):
    """The user pressed Ctrl-C, and the program has ended since.

    Attributes:
        forced: True if it was not left the time to put things in order.
    """

    def __init__(self, message: str = "", *, forced: bool = False) -> None:
        super().__init__(message)
        self.forced = forced


def run(  # noqa: PLR0913 -- all by name
    command: Sequence[str],
    *,
    directory: Path,
    environ: Mapping[str, str],
    log: Path,
    on_start: Callable[[int], None] = lambda _pid: None,
    on_line: Callable[[str], None] = lambda _line: None,
) -> int:
    """Run a command to its end, handing over each line as it comes; return the exit code.

    Args:
        command: The program and its arguments. No shell is involved.
        directory: Where it runs.
        environ: Its whole environment.
        log: The file that takes its output, both streams; created readable by the user alone.
        on_start: Called with its process id.
        on_line: Called with each line.

    Raises:
        Interrupted: The user pressed Ctrl-C. The program was told, and waited for.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(log, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as sink, log.open("rb") as source:
        process = subprocess.Popen(  # noqa: S603 -- the command is built by the caller, without a shell
            list(command),
            cwd=directory,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            process_group=0,
            preexec_fn=_end_with_parent(),  # noqa: PLW1509 -- one system call, no lock taken, before exec
        )
        interrupts = _Interrupts(process)
        _running.add(interrupts)
        try:
            with process:
                interrupts.guard(lambda: on_start(process.pid))
                for line in _lines(source, process, interrupts):
                    interrupts.guard(lambda line=line: on_line(line))  # type: ignore[misc]  # a default cannot be typed in a lambda
        finally:
            _running.discard(interrupts)
    if interrupts.count:
        raise Interrupted(forced=interrupts.count > 1)
    return process.returncode


def interrupt_running() -> None:
    """Tell every program under way of a Ctrl-C, which Python lets its main thread alone know of."""
    for interrupts in tuple(_running):
        interrupts.pass_on()


class _Interrupts:
    """Turns each Ctrl-C into a signal for the program: once gently, the second time hard, then by force."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self.count = 0

    def guard(self, action: Callable[[], object]) -> None:
        try:
            action()
        except KeyboardInterrupt:
            self.pass_on()

    def pass_on(self) -> None:
        self.count += 1
        self._process.send_signal(signal.SIGINT if self.count <= _HARD else signal.SIGKILL)


_running: set[_Interrupts] = set()


def _lines(source: IO[bytes], process: subprocess.Popen[bytes], interrupts: _Interrupts) -> Iterator[str]:
    rest = b""
    while True:
        ended = process.poll() is not None
        chunk = source.read()
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield line.decode(errors="replace")
        if ended:
            break
        if not chunk:
            interrupts.guard(lambda: time.sleep(_POLL_SECONDS))
    if rest:
        yield rest.decode(errors="replace")


def _end_with_parent() -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    # Loaded before the fork: the child must do nothing but the one call.
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    return lambda: prctl(_PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)
