"""A report as a comment on a pull request: the verdict first, and never longer than GitHub takes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hatchway.report.load_table import COLUMNS, load_line, load_row
from hatchway.report.planned_changes import because, is_drastic, named, owner_of, totals
from hatchway.report.summary import (
    OUTCOMES,
    VERDICTS,
    Advice,
    advice,
    alike,
    counted,
    meaning,
    named_requests,
    took,
)
from hatchway.route.hop import Hop
from hatchway.route.load import Load, RequestLoad
from hatchway.route.outcome import Outcome, Severity, Verdict
from hatchway.route.planned import AccountChanges, PlannedChange
from hatchway.route.report import Report, RouteResult

__all__ = ["LIMIT", "as_markdown"]

LIMIT = 65_000
"""GitHub refuses a comment of more than 65,536 characters; this is counted in bytes, and leaves a reserve."""

_RESERVE = 300
_SIGNS = {
    Outcome.PASS: "✓",
    Outcome.FAIL: "✗",
    Outcome.UNKNOWN: "?",
    Outcome.NOT_APPLICABLE: "○",
    Outcome.NOT_REACHED: "·",
}
_VERDICTS = {Verdict.PASS: "✅", Verdict.FAIL: "❌", Verdict.UNDECIDED: "❔"}
_SYNTAX = re.compile(r"[&<>\\`*_{}\[\]#+!|~@:$^]|(?<=www)\.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Section:
    """A part of the comment: whole items are left out where it has no room for all."""

    head: str
    items: Sequence[str]
    foot: str = "\n"
    share: float = 1.0
    """How much of what is left it may take."""


def as_markdown(report: Report) -> str:
    """Return the report in GitHub's Markdown. What was not ours to write is never read as markup."""
    title = f"hatchway {report.command}: {VERDICTS[report.verdict]}"
    head = f"## {_VERDICTS[report.verdict]} {title}\n\n{_prose(meaning(report))}\n"
    return _fitted(head, list(_sections(report)))


def _sections(report: Report) -> Iterator[_Section]:
    every = advice(report)
    first = [one for one in every if one.finding.severity is Severity.ERROR and not one.finding.accepted]
    yield _routes(report)
    if first:
        yield _Section(head=f"\n### {counted(len(first), 'error')}\n\n", items=list(map(_finding, first)))
    if report.changes is not None:
        yield from _changes(report.changes)
    if report.load is not None:
        yield _load(report.load)
    others = every[len(first) :]
    open_ = [one for one in others if not one.finding.accepted]
    if open_:
        yield _folded(counted(len(open_), "warning"), list(map(_finding, open_)))
    accepted = others[len(open_) :]
    if accepted:
        yield _folded(f"{len(accepted)} accepted by the baseline", list(map(_finding, accepted)))
    undecided = list(dict.fromkeys(_undecided(report.routes)))
    if undecided:
        yield _folded(f"{counted(len(undecided), 'check')} could not be decided", undecided)


def _fitted(head: str, sections: Sequence[_Section]) -> str:
    text, left_out = head, 0
    for section in sections:
        room = (LIMIT - _RESERVE - _size(text)) * section.share - _size(section.head + section.foot)
        kept: list[str] = []
        for item in section.items:
            room -= _size(item)
            if room < 0:
                break
            kept.append(item)
        left_out += len(section.items) - len(kept)
        if kept:
            text += section.head + "".join(kept) + section.foot
    if not left_out:
        return text
    return (
        f"{text}\n**{left_out} entries are left out**: GitHub limits a comment. The other formats have all.\n"
    )


def _size(text: str) -> int:
    return len(text.encode())


def _folded(summary: str, items: Sequence[str]) -> _Section:
    head = f"\n<details><summary>{_prose(summary)}</summary>\n\n"
    return _Section(head=head, items=items, foot="\n</details>\n")


def _routes(report: Report) -> _Section:
    if not report.routes:
        said = "No route: nothing that was given leads over a VPC link to a private API.\n"
        return _Section(head="\n", items=[said])
    names = "".join(f" {hop.number} {hop.value} |" for hop in Hop)
    head = f"\n| route |{names}\n|---|{'---|' * len(Hop)}\n"
    groups = sorted(alike(report.routes, brief=True), key=lambda one: _BADNESS.index(one[0].verdict))
    # Of very many routes, those that fail come first, and leave room for what to do about them.
    return _Section(head=head, items=list(map(_route, groups)), share=0.4)


_BADNESS = (Verdict.FAIL, Verdict.UNDECIDED, Verdict.PASS)


def _route(group: Sequence[RouteResult]) -> str:
    route = group[0]
    time = took(group)
    cells = [f"{_code(route.service, table=True)} {_code(named_requests(group), table=True)}"]
    cells[0] += f" {_prose(time)}" if time else ""
    for result in route.hops:
        word = f"{_SIGNS[result.outcome]} {OUTCOMES[result.outcome]}"
        accepted = " (accepted)" if result.breaks_path and route.is_accepted else ""
        cells.append(f"**{word}**{accepted}" if result.outcome is Outcome.FAIL else word)
    return f"| {' | '.join(cells)} |\n"


def _finding(one: Advice) -> str:
    finding = one.finding
    hop = f" · {finding.hop.value}" if finding.hop else ""
    kind = " · a weakness: the path works" if one.weakness else ""
    rows = one.rows
    lines = [
        f"- **{finding.severity.value} {_prose(finding.id)}**{hop}{kind}: {_code(rows.pop('where', '?'))}"
    ]
    lines += [f"  - {label}: {_prose(text)}" for label, text in rows.items()]
    return "\n".join(lines) + "\n"


def _changes(changes: Sequence[AccountChanges]) -> Iterator[_Section]:
    if not changes:
        yield _Section(head="\n### What changes\n\n", items=["Nothing.\n"])
    if changes:
        counts = [f"- {_prose(owner_of(one))}: {totals(one)}\n" for one in changes]
        yield _Section(head="\n### What changes\n\n", items=counts)
    drastic = [_change(change, one) for one in changes for change in one.resources if is_drastic(change)]
    if drastic:
        yield _Section(head="\nReplaced, destroyed or forgotten:\n\n", items=drastic)
    rest = [_change(change, one) for one in changes for change in one.resources if not is_drastic(change)]
    if rest:
        yield _folded(f"{len(rest)} to create or update", rest)


def _change(change: PlannedChange, account: AccountChanges) -> str:
    said = because(change)
    cause = f": {_prose(said)}" if said else ""
    word = f"**{named(change)}**" if change.outage else named(change)
    return f"- {word} {_code(change.address)} in {_prose(owner_of(account))}{cause}\n"


def _load(load: Load) -> _Section:
    names, rule = " | ".join(COLUMNS), "---|" * len(COLUMNS)
    head = f"\n### Load\n\n{_prose(load_line(load))}. Times are of right answers.\n\n| {names} |\n|{rule}\n"
    return _Section(head=head, items=list(map(_load_row, load.requests)))


def _load_row(one: RequestLoad) -> str:
    request, *numbers = load_row(one)
    return f"| {' | '.join((_code(request, table=True), *map(_prose, numbers)))} |\n"


def _undecided(routes: Sequence[RouteResult]) -> Iterator[str]:
    for route in routes:
        for result in route.hops:
            for check in result.checks:
                if check.outcome is Outcome.UNKNOWN:
                    where = f"{check.id} · {result.hop.value}: {_code(check.subject)}"
                    yield f"- {where}: {_prose(check.observed)}\n"


def _code(text: str, *, table: bool = False) -> str:
    """Return text as a code span, in which nothing is markup, a mention or a link."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    padded = f" {text} " if "`" in text or text != text.strip() or not text else text
    span = f"{fence}{padded}{fence}"
    # A table is cut into cells before code spans are looked for.
    return span.replace("|", r"\|") if table else span


def _prose(text: str) -> str:
    """Return a sentence with the signs that Markdown or GitHub would act on as entities."""
    return _SYNTAX.sub(_entity, text)


def _entity(match: re.Match[str]) -> str:
    # GitHub looks for mentions and references after entities are resolved: a blank of no width parts them.
    parted = "&#8203;" if match[0] in "@#" else ""
    return f"&#{ord(match[0])};{parted}"
