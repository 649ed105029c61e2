"""The data plane's log: one JSON line for each request, with its way through the hops."""

import json
import threading
import traceback
from collections import deque
from datetime import UTC, datetime
from pathlib import Path

from hatchway.sandbox.data.message import Trace

__all__ = ["HopLog"]

_REMEMBERED = 200


class HopLog:
    """Appends to `requests.jsonl` in the sandbox's folder, and keeps the last lines in memory."""

    def __init__(self, directory: Path) -> None:
        self.path = directory / "requests.jsonl"
        self._recent: deque[dict[str, object]] = deque(maxlen=_REMEMBERED)
        self._lock = threading.Lock()

    @property
    def recent(self) -> tuple[dict[str, object], ...]:
        """The last requests, oldest first."""
        with self._lock:
            return tuple(self._recent)

    def request(self, trace: Trace, request: str, status: int) -> None:
        """Writes what became of a request. Headers and bodies are left out: they hold credentials."""
        self._write(
            {"request_id": trace.request_id, "request": request, "status": status, "hops": trace.hops}
        )

    def failure(self, place: str, error: BaseException) -> None:
        """Writes a failure of the sandbox itself."""
        lines = traceback.format_exception(error)
        self._write({"failure": place, "error": f"{type(error).__name__}: {error}", "traceback": lines})

    def _write(self, entry: dict[str, object]) -> None:
        entry = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), **entry}
        with self._lock:
            self._recent.append(entry)
            with self.path.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(entry) + "\n")
