"""Starting calls at even distances, whether or not the calls before them were answered."""

import contextlib
import queue
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

__all__ = ["OpenLoop", "Pace"]

_LATE_SECONDS = 0.1
_GLANCE_SECONDS = 0.2
_GRACE_SECONDS = 2.0
_MOST_AT_ONCE = 256

Sender = Callable[[int, float], None]
"""Makes the call of a number, that was due at a time, and takes note of what comes."""


@dataclass(slots=True)
class Pace:
    """How a load goes.

    Attributes:
        seconds: How long calls have been due.
        due: Calls that were due in that time.
        sent: Calls that were started.
        late: Of these, how many a tenth of a second or more after they were due.
        ended: Calls that came to their end.
        at_once: The most calls that were under way at once.
        ended_early: Whether somebody ended it.
    """

    seconds: float = 0.0
    due: int = 0
    sent: int = 0
    late: int = 0
    ended: int = 0
    at_once: int = 0
    ended_early: bool = False

    @property
    def under_way(self) -> int:
        """Calls that were started and have not come to their end."""
        return self.sent - self.ended


class OpenLoop:
    """Starts calls on time, each in a thread that is free, or in a new one as long as there may be more.

    A loop that waits for an answer before it calls again goes slower as the other side does, and never sees
    what callers who come meanwhile see. Here each call has its time, and its latency counts from then.

    Args:
        per_second: Calls to start each second.
        seconds: For how long.
        new_sender: Opens what makes the calls of one thread.
        most_at_once: Most calls that may be under way at once.
    """

    def __init__(
        self,
        per_second: float,
        seconds: float,
        new_sender: Callable[[], AbstractContextManager[Sender]],
        most_at_once: int = _MOST_AT_ONCE,
    ) -> None:
        self._per_second = per_second
        self._seconds = seconds
        self._new_sender = new_sender
        self._most_at_once = most_at_once
        self._waiting: queue.SimpleQueue[tuple[int, float] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._error: BaseException | None = None
        self.pace = Pace()

    def run(self, glance: Callable[[Pace], object] = lambda _pace: None) -> Pace:
        """Make all the calls and wait for their ends. An interrupt ends it, with what was done till then.

        Args:
            glance: Called now and then with how it goes.
        """
        try:
            self._start_all(glance)
            self._give_way()
            self._let_go()
            while self.pace.under_way and self._error is None:
                time.sleep(_GLANCE_SECONDS / 4)
                glance(self.pace)
        except KeyboardInterrupt:
            self._let_go()
            self.pace.ended_early = True
        finally:
            for _ in self._threads:
                self._waiting.put(None)
        if self._error is not None:
            raise self._error
        if not self.pace.under_way:
            for thread in self._threads:
                thread.join()
        return self.pace

    def _start_all(self, glance: Callable[[Pace], object]) -> None:
        began = time.monotonic()
        glanced = began
        try:
            for number in range(max(1, round(self._per_second * self._seconds))):
                due = began + number / self._per_second
                while (left := due - time.monotonic()) > 0:
                    time.sleep(min(left, _GLANCE_SECONDS))
                self.pace.due += 1
                self._start(number, due)
                if (now := time.monotonic()) - glanced > _GLANCE_SECONDS:
                    glanced, self.pace.seconds = now, now - began
                    glance(self.pace)
                if self._error is not None:
                    return
            time.sleep(max(0.0, began + self._seconds - time.monotonic()))
        finally:
            self.pace.seconds = time.monotonic() - began

    def _start(self, number: int, due: float) -> None:
        with self._lock:
            busy = self.pace.under_way + self._waiting.qsize()
        self._waiting.put((number, due))
        if busy >= len(self._threads) < self._most_at_once:
            thread = threading.Thread(target=self._work, name="hatchway-load", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _give_way(self) -> None:
        """Let threads that are about to take a call do so: on a busy machine the last ones start late."""
        until = time.monotonic() + _GRACE_SECONDS
        while not self._waiting.empty() and time.monotonic() < until:
            time.sleep(_GLANCE_SECONDS / 10)

    def _let_go(self) -> None:
        """Give up the calls that were due and for which no thread was free: they are not sent any more."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._waiting.get_nowait()

    def _work(self) -> None:
        with self._new_sender() as send:
            while (work := self._waiting.get()) is not None:
                self._send(send, *work)

    def _send(self, send: Sender, number: int, due: float) -> None:
        with self._lock:
            self.pace.sent += 1
            self.pace.late += time.monotonic() - due > _LATE_SECONDS
            self.pace.at_once = max(self.pace.at_once, self.pace.under_way)
        try:
            send(number, due)
        except BaseException as error:  # noqa: BLE001 -- it is raised again by the thread that waits
            self._error = error
        finally:
            with self._lock:
                self.pace.ended += 1
