"""Accepted findings: `--baseline FILE`. Each has a reason and an end, and is shown wherever it counts."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from hatchway.review.acceptance import Accepted, Baseline
from hatchway.route.report import Acceptance
from hatchway.topology import TopologyError
from hatchway.topology.document import Document, FileKind, parse
from hatchway.topology.loading import text_of
from hatchway.topology.model.declared import Declared
from hatchway.topology.problems import Misfit
from hatchway.topology.shapes import read_as, usable

__all__ = ["MOST_DAYS", "load_baseline"]

MOST_DAYS = 366
_KIND = FileKind(
    name="baseline",
    page="docs/how-to/accept-a-finding.md",
    keys="'version: 1' and 'accepted'",
    options="--baseline",
)


def _date(value: object) -> object:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        raise ValueError("has to be a day, such as 2030-01-31") from None


def _check(value: str) -> str:
    if not re.fullmatch(r"HW\d{3}", value):
        raise ValueError("has to be the id of a check, such as HW602")
    return value


def _said(value: str) -> str:
    if not value.strip():
        raise ValueError("says nothing")
    return value


Day = Annotated[date, BeforeValidator(_date)]
Id = Annotated[str, AfterValidator(_check)]
Words = Annotated[str, AfterValidator(_said)]


class _Entry(Declared):
    """A finding that somebody accepts."""

    id: Id = Field(description="Id of the check, such as HW602.")
    subject: Words = Field(description="What the finding names under 'where'.")
    reason: Words = Field(description="Why it is accepted.")
    expires: Day = Field(description="The last day on which it is accepted, at most a year ahead.")
    owner: str = Field(default="", description="Who answers for it.")


class _File(Declared):
    version: Literal[1] = Field(description="Version of the format: 1.")
    accepted: tuple[_Entry, ...] = Field(description="What is accepted.")


def load_baseline(path: Path, today: date) -> Baseline:
    """Read and check a baseline.

    Raises:
        TopologyError: The file cannot be used. It carries every problem of the file.
    """
    document = parse(str(path), text_of(path, _KIND), _KIND)
    file, misfits = read_as(_File, document)
    found = [*document.misfits, *misfits, *_rules(file, document, today)]
    if found:
        raise TopologyError(str(path), document.problems(found))
    entries = (
        _accepted(document.place(("accepted", index))[0], entry, today)
        for index, entry in enumerate(file.accepted)
    )
    return Baseline(file=str(path), entries=tuple(entries))


def _accepted(line: int, entry: _Entry, today: date) -> Accepted:
    expired = entry.expires < today
    acceptance = Acceptance(reason=entry.reason, expires=entry.expires, owner=entry.owner, expired=expired)
    return Accepted(line=line, id=entry.id, subject=entry.subject, acceptance=acceptance)


def _rules(file: _File, document: Document, today: date) -> Iterator[Misfit]:
    latest = today + timedelta(days=MOST_DAYS)
    first: dict[tuple[str, str], int] = {}
    for index, entry in enumerate(usable(file, lambda one: one.accepted) or ()):
        path = ("accepted", index)
        expires = usable(entry, lambda one: one.expires)
        if expires is not None and expires > latest:
            yield Misfit(
                path=(*path, "expires"),
                message="is more than a year ahead",
                got=expires.isoformat(),
                fix=f"Choose a day up to {latest.isoformat()}: whatever is accepted is looked at each year.",
            )
        key = usable(entry, lambda one: (one.id, one.subject))
        if key in first:
            message = f"is accepted twice, first on line {first[key]}"
            yield Misfit(path=path, message=message, fix="Keep one of the two.")
        elif key is not None:
            first[key] = document.place(path)[0]
