"""What set-up has done already, so that the next run does only the rest."""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

_BEGUN = "begun"


class Journal:
    """The key each step was last done with, or a mark that it was begun and never ended.

    It is written before and after every step, by renaming, so a kill at any moment leaves it readable.
    """

    def __init__(self, path: Path, entries: dict[str, str]) -> None:
        self._path = path
        self._entries = entries

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return the journal at `path`; one that is missing or not readable as a journal counts as empty."""
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            found = {}
        entries = found.items() if isinstance(found, dict) else ()
        return cls(path, {str(name): str(key) for name, key in entries})

    def is_done(self, name: str, key: str) -> bool:
        """Tell whether the step was last done with exactly this key."""
        return self._entries.get(name) == key

    def was_interrupted(self, name: str) -> bool:
        """Tell whether the last run of the step was killed."""
        return self._entries.get(name) == _BEGUN

    def begin(self, name: str) -> None:
        """Mark the step as begun."""
        self._entries[name] = _BEGUN
        self._write()

    def finish(self, name: str, key: str | None) -> None:
        """Mark the step as done with this key; with None, as one to try again next time."""
        if key is None:
            self.forget(name)
            return
        self._entries[name] = key
        self._write()

    def forget(self, name: str) -> None:
        """Forget the step, so that the next run does it again."""
        self._entries.pop(name, None)
        self._write()

    def _write(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_suffix(".new")
        draft.write_text(json.dumps(self._entries, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        draft.replace(self._path)


@contextmanager
def only_one(folder: Path, tell: Callable[[str], None]) -> Iterator[None]:
    """Hold the set-up lock of this clone, waiting for another set-up to end.

    The kernel drops the lock with the process, so a set-up that was killed holds nobody up.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "setup.lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            tell(f"another set-up of this folder is running (process {holder}); waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
