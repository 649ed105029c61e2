"""Text of others made safe to show: names, addresses and answers come from files and servers."""

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, TypeVar, cast

from hatchway.route.report import Report

__all__ = ["printable"]

T = TypeVar("T")


def printable(report: Report) -> Report:
    """Return the report with everything escaped that is not to be seen as itself.

    Escape sequences of terminals, line breaks, marks that turn the direction of text, and halves of
    surrogate pairs become visible, as Python writes them: after that every format has lines of plain
    text to escape by its own rules. A second time changes nothing.
    """
    return _shown(report)


def _shown(value: T) -> T:
    found: Any = value
    if isinstance(value, str) and not isinstance(value, Enum):
        found = value if value.isprintable() else "".join(map(_visible, value))
    elif isinstance(value, tuple):
        items = tuple(map(_shown, value))
        # Most reports have nothing to escape: what is unchanged is kept, and not made again.
        found = items if any(new is not old for new, old in zip(items, value, strict=True)) else value
    elif isinstance(value, dict):
        shown = {_shown(key): _shown(one) for key, one in value.items()}
        found = shown if shown != value else value
    elif is_dataclass(value):
        old = {one.name: getattr(value, one.name) for one in fields(value)}
        new = {name: _shown(each) for name, each in old.items()}
        changed = {name: each for name, each in new.items() if each is not old[name]}
        found = replace(cast("Any", value), **changed) if changed else value
    return cast("T", found)


def _visible(sign: str) -> str:
    return sign if sign.isprintable() else repr(sign)[1:-1]
