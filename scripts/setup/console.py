"""What a person sees of set-up: one line per step, with its time, and one sentence when it fails."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TextIO


@dataclass
class Stage:
    """A step under way; `result` is what its line ends with."""

    result: str = ""


class Console:
    """Writes progress to a stream, line by line, so that a log file reads as well as a terminal."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._open_line = False

    @contextmanager
    def stage(self, counter: str, title: str) -> Iterator[Stage]:
        """Show a line for the step at once, and complete it with time and result when the step is done."""
        started = time.monotonic()
        stage = Stage()
        self._write(f"set-up {counter}  {title} … ")
        self._open_line = True
        yield stage
        self._write(f"{time.monotonic() - started:.1f} s  {stage.result}".rstrip() + "\n")
        self._open_line = False

    def note(self, text: str) -> None:
        """Write a line of its own."""
        self._close_line()
        self._write(f"set-up: {text}\n")

    def notes(self, texts: Sequence[str]) -> None:
        """Write each text as a line of its own."""
        for text in texts:
            self.note(text)

    def failure(self, sentence: str, tail: Sequence[str] = ()) -> None:
        """Write the last lines of what failed, then the sentence, so that the sentence is what is read."""
        self._close_line()
        for line in tail:
            self._write(f"    {line}\n")
        self.note(sentence)

    def _close_line(self) -> None:
        if self._open_line:
            self._write("failed\n")
            self._open_line = False

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
