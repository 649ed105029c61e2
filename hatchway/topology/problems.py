"""What is wrong with a topology file, and how a person reads it."""

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from hatchway.errors import UsageError

KeyPath = tuple[str | int, ...]

_WIDTH = 100
_LONGEST_VALUE = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfit:
    """Something wrong at a place in the file, before the place has a line."""

    path: KeyPath
    message: str
    got: object | None = None
    fix: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to correct in `hatchway.yaml`.

    Attributes:
        line: Line of the key, counted from 1; `None` where the problem has no place in the file.
        key: Path of the key as the file spells it, such as `services.orders.path`; empty for the whole file.
        message: What is wrong, in a few words.
        got: The value found; `None` where there is none to show, or where it might be a secret.
        fix: What to do.
    """

    line: int | None
    key: str
    message: str
    got: object | None = None
    fix: str | None = None

    def __str__(self) -> str:
        """The problem in one line, without its fix."""
        sentence = f"{self.key}: {self.message}" if self.key else self.message
        return _printable(sentence if self.got is None else f"{sentence}, got {_shown(self.got)}")


class TopologyError(UsageError):
    """A topology file that cannot be used. Carries all its problems, in file order."""

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        self.file = file
        self.problems = tuple(problems)
        super().__init__(render(file, self.problems))


def render(file: str, problems: Sequence[Problem]) -> str:
    """The report on a file: a count, then each problem with its line and what to do."""
    count = f"{len(problems)} problem" + ("" if len(problems) == 1 else "s")
    return "\n".join((f"{file}: {count}", *(_render_one(problem) for problem in problems)))


def spell(path: KeyPath) -> str:
    """A key path the way people write it: `services.orders.checks[0].request`."""
    return "".join(_part(part) for part in path).removeprefix(".")


def _part(part: str | int) -> str:
    if isinstance(part, int):
        return f"[{part}]"
    # Any text can be a key in YAML: what could be misread, or drive a terminal, is quoted.
    return "." + (part if re.fullmatch(r"[\w:/+=@-]+", part) else _shown(part))


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    try:
        text = repr(value)
    except ValueError:  # an integer beyond Python's limit for conversion to text
        return "a number too long to show"
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"


def _printable(text: str) -> str:
    """Text that cannot drive a terminal: names come from the file."""
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)


def _render_one(problem: Problem) -> str:
    place = "  " if problem.line is None else f"  line {problem.line}  "
    text = place + str(problem)
    if problem.fix is None:
        return text
    margin = " " * len(place)
    fix = textwrap.fill(
        _printable(problem.fix),
        width=_WIDTH,
        initial_indent=margin,
        subsequent_indent=margin,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return f"{text}\n{fix}"
