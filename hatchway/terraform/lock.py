"""State locks: who holds one, and whether it was left behind by a run of ours that died."""

import getpass
import json
import os
import re
import socket
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from hatchway.terraform.events import Diagnostic

__all__ = ["Journal", "Lock", "find_lock", "is_left_behind", "is_running"]

# Terraform takes the lock before it does anything that takes long.
_LOCKS_WITHIN_SECONDS = 60
_CLOCK_SKEW_SECONDS = 2
_FIELD = re.compile(r"^\s*(ID|Path|Operation|Who|Created):\s*(.*?)\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """A state lock as Terraform describes it."""

    id: str
    path: str
    operation: str
    who: str
    created: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """What is noted of a Terraform run while it lasts, so that the next one can tell what became of it."""

    pid: int
    process_start: str
    started: float
    command: str

    @classmethod
    def of(cls, pid: int, command: str) -> "Journal":
        """Describe a run that has just been started."""
        now = datetime.now(UTC).timestamp()
        return cls(pid=pid, process_start=_process_start(pid), started=now, command=command)

    @classmethod
    def read(cls, path: Path) -> "Journal | None":
        """Return what was noted, or None if nothing was, or nothing that can be read."""
        try:
            noted = json.loads(path.read_text(encoding="utf-8"))
            return cls(
                pid=int(noted["pid"]),
                process_start=str(noted["process_start"]),
                started=float(noted["started"]),
                command=str(noted["command"]),
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, path: Path) -> None:
        """Note the run in a file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")


def find_lock(diagnostics: Iterable[Diagnostic]) -> Lock | None:
    """Return the lock that kept Terraform from working, or None if that was not the trouble."""
    for diagnostic in diagnostics:
        if "state lock" not in diagnostic.summary:
            continue
        found = dict(_FIELD.findall(diagnostic.detail))
        if found.get("ID"):
            return Lock(
                id=found["ID"],
                path=found.get("Path", ""),
                operation=found.get("Operation", ""),
                who=found.get("Who", ""),
                created=found.get("Created", ""),
            )
    return None


def is_running(journal: Journal) -> bool:
    """Whether the process that was noted is still there, and not another one with its id."""
    try:
        os.kill(journal.pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return False  # The id belongs to another user's process by now.
    return _process_start(journal.pid) == journal.process_start


def is_left_behind(lock: Lock, journal: Journal | None) -> bool:
    """Whether the lock was taken by the run that was noted, here, by this user, and that run is dead.

    A lock of anybody else's, or one whose origin cannot be shown, is never taken for our own.
    """
    if journal is None or is_running(journal):
        return False
    created = _moment(lock.created)
    if created is None or lock.who != f"{getpass.getuser()}@{socket.gethostname()}":
        return False
    return -_CLOCK_SKEW_SECONDS <= created - journal.started <= _LOCKS_WITHIN_SECONDS


def _moment(text: str) -> float | None:
    # Go's form: 2024-05-01 10:11:12.131415161 +0000 UTC
    parsed = re.match(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d+)? \+0000 UTC", text)
    if parsed is None:
        return None
    return datetime.fromisoformat(f"{parsed[1]}T{parsed[2]}+00:00").timestamp() + 1


def _process_start(pid: int) -> str:
    try:
        # Field 22, counted after the command in parentheses, which may itself hold blanks.
        # https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""
