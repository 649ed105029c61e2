"""Letting Ctrl-C in only where it loses nothing."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any, Self

__all__ = ["Interruptions"]

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interruptions:
    """Holds Ctrl-C, and SIGTERM, back until a place is reached that says it may come.

    Python raises KeyboardInterrupt between any two steps of the main thread: between the start of a Terraform
    and the note that it was started, for one. Where signals are ignored, or outside of the main thread,
    nothing is changed.
    """

    def __init__(self) -> None:
        self._handlers: dict[signal.Signals, Any] = {}
        self._may_come = False
        self._came = False

    def __enter__(self) -> Self:
        """Begin to hold back."""
        if threading.current_thread() is threading.main_thread():
            for number in _SIGNALS:
                if signal.getsignal(number) is not signal.SIG_IGN:
                    self._handlers[number] = signal.signal(number, self._take)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let everything through again."""
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    @contextmanager
    def allowed(self) -> Iterator[None]:
        """Let what was held back, and what comes now, raise KeyboardInterrupt."""
        self._may_come = True
        try:
            if self._came:
                self._came = False
                raise KeyboardInterrupt
            yield
        finally:
            self._may_come = False

    def _take(self, _number: int, _frame: FrameType | None) -> None:
        if self._may_come:
            raise KeyboardInterrupt
        self._came = True
