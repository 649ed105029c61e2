"""Alarms that go off at their time, however many are set: all in one thread."""

import heapq
import itertools
import threading
import time
from collections.abc import Callable

__all__ = ["Alarms"]


class Alarms:
    """Runs actions when their time has come, unless they were taken back.

    A thread for each would be started, and stopped again, for every call that is made. The one thread is
    started with the first alarm, ends with the process, and must not be kept: actions have to be short.

    Args:
        clock: Tells the time, in seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._numbers = itertools.count()
        self._actions: dict[int, Callable[[], object]] = {}
        self._due: list[tuple[float, int]] = []
        self._thread: threading.Thread | None = None

    def set(self, seconds: float, action: Callable[[], object]) -> int:
        """Have an action run after some time; return the number by which it is taken back."""
        with self._changed:
            number = next(self._numbers)
            self._actions[number] = action
            heapq.heappush(self._due, (self._clock() + seconds, number))
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="hatchway-alarms", daemon=True)
                self._thread.start()
            elif self._due[0][1] == number:
                self._changed.notify()
        return number

    def take_back(self, number: int) -> None:
        """Let an action not run; nothing if it did."""
        with self._changed:
            self._actions.pop(number, None)

    def _run(self) -> None:
        while True:
            self._next()()

    def _next(self) -> Callable[[], object]:
        """Wait for the next action that was not taken back."""
        with self._changed:
            while True:
                while self._due and self._due[0][1] not in self._actions:
                    heapq.heappop(self._due)
                left = self._due[0][0] - self._clock() if self._due else None
                if left is not None and left <= 0:
                    return self._actions.pop(heapq.heappop(self._due)[1])
                self._changed.wait(left)
