"""One run of Terraform, noted in a journal while it lasts, so that the next can tell what became of it."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from hatchway.errors import ToolError
from hatchway.terraform.events import Diagnostic, Event, parse_event
from hatchway.terraform.lock import Journal, is_running
from hatchway.terraform.process import Interrupted, run

__all__ = ["Ended", "Invoker"]

# The others take no lock, and must not wipe out the trace of one that died with it.
_LOCKING = ("plan", "apply", "untaint")
# With -json, the others speak of their progress, one message a line.
_ONE_DOCUMENT = ("show",)
_WAIT_FOR_PREDECESSOR_SECONDS = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a run ended. `text` holds its lines if it was not asked for JSON.

    `code` is negative if a signal ended it, and tells which.
    """

    code: int
    diagnostics: tuple[Diagnostic, ...]
    text: tuple[str, ...]
    predecessor: Journal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoker:
    """Runs Terraform for one stack.

    Attributes:
        stack: Name of the stack, for messages.
        binary: The program.
        directory: Where it runs.
        environ: Its whole environment.
        runs: Folder for the journal and the log of a run while it lasts.
        note: Takes sentences that a person should see.
    """

    stack: str
    binary: Path
    directory: Path
    environ: Mapping[str, str]
    runs: Path
    note: Callable[[str], object]

    def invoke(self, *arguments: str, on_event: Callable[[Event], object] = lambda _event: None) -> Ended:
        """Run one command to its end, good or bad.

        Raises:
            Interrupted: The user pressed Ctrl-C; the message says what state things are in.
            ToolError: It cannot be started, or an earlier run does not end.
        """
        command, log = arguments[0], self.runs / f"{self.stack}.log"
        predecessor = self._wait_for_predecessor()
        lines = _Lines(json="-json" in arguments and command not in _ONE_DOCUMENT, on_event=on_event)
        try:
            code = run(
                [str(self.binary), *arguments],
                directory=self.directory,
                environ=self.environ,
                log=log,
                on_start=lambda pid: self._note_start(pid, command),
                on_line=lines.take,
            )
        except Interrupted as interrupted:
            log.unlink(missing_ok=True)
            if not interrupted.forced:
                self._forget(command)
            raise Interrupted(
                _after_interrupt(self.stack, command), forced=interrupted.forced
            ) from interrupted
        except OSError as error:
            raise ToolError(f"{self.binary}: cannot be started, got {error.strerror!r}.") from error
        # One that was killed gave no lock back: its trace tells the next run whose lock that is.
        if code >= 0:
            self._forget(command)
        log.unlink(missing_ok=True)
        return Ended(
            code=code,
            diagnostics=tuple(lines.diagnostics),
            text=tuple(lines.text),
            predecessor=predecessor,
        )

    @property
    def _journal(self) -> Path:
        return self.runs / f"{self.stack}.json"

    def _note_start(self, pid: int, command: str) -> None:
        if command in _LOCKING:
            Journal.of(pid, command).write(self._journal)

    def _forget(self, command: str) -> None:
        if command in _LOCKING:
            self._journal.unlink(missing_ok=True)

    def _wait_for_predecessor(self) -> Journal | None:
        """Return the journal of a run that did not end by itself, once it has ended.

        When Hatchway is killed, Terraform gets a SIGINT and takes its time to leave everything in order.
        """
        journal = Journal.read(self._journal)
        if journal is None or not is_running(journal):
            return journal
        earlier = f"{self.stack}: an earlier 'terraform {journal.command}' (process {journal.pid})"
        self.note(f"{earlier} is still ending; waiting for it.")
        deadline = time.monotonic() + _WAIT_FOR_PREDECESSOR_SECONDS
        while is_running(journal):
            if time.monotonic() > deadline:
                raise ToolError(f"{earlier} does not end. End it, then try again.")
            time.sleep(0.5)
        return journal


class _Lines:
    """Sorts the lines of a run into events, diagnostics and text."""

    def __init__(self, *, json: bool, on_event: Callable[[Event], object]) -> None:
        self._json = json
        self._on_event = on_event
        self.diagnostics: list[Diagnostic] = []
        self.text: list[str] = []

    def take(self, line: str) -> None:
        if not self._json:
            self.text.append(line)
            return
        event = parse_event(line)
        if isinstance(event, Diagnostic):
            self.diagnostics.append(event)
        if event is not None:
            self._on_event(event)


def _after_interrupt(stack: str, command: str) -> str:
    if command == "apply":
        return (
            f"stopped while changing {stack}; what was done is in its state. Run the same command to go on."
        )
    return f"stopped at 'terraform {command}' of {stack}; nothing was changed."
