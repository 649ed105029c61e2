"""The corpus: the path as different people write it, and what each small edit does to it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

FOLDER = Path(__file__).parent
CONFIGURATIONS = ("modules", "placement", "flat", "http")
Sources = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One edit of one configuration, and what review has to say about it; without a check, it is good."""

    configuration: str
    name: str
    sources: Sources
    """Every file of the configuration by its path, edited."""
    check: str | None = None
    hop: str | None = None
    also: frozenset[str] = frozenset()
    """Other errors that the edit has to raise."""
    weakness: bool = False
    """The path works, so that no hop is broken."""
    risk: bool = False
    """The path works, and it is a warning that has to be given."""
    undecided: frozenset[str] = frozenset()
    """Sources that cannot tell: `configuration`, `plan`."""
    source: str = ""
    is_planned: bool = True
    """Whether Terraform plans it at all; what it refuses is reviewed from the configuration alone."""
    stacks: Sources = field(default_factory=dict)
    """The configuration as it is reviewed, where that is not what is planned."""

    @property
    def id(self) -> str:
        return f"{self.configuration}-{self.name}"

    @property
    def digest(self) -> str:
        """Tells whether a plan was made of these very sources."""
        digest = hashlib.sha256()
        for path, content in sorted(self.sources.items()):
            digest.update(f"{path}\0{content}\0".encode())
        return digest.hexdigest()

    def write(self, folder: Path) -> None:
        """Write the edited configuration, and take away what is no longer of it."""
        for stale in folder.rglob("*.tf*"):
            if stale.is_file() and not stale.relative_to(folder).parts[0].startswith("."):
                stale.unlink()
        for path, content in self.sources.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(content)


def cases(configuration: str) -> tuple[Case, ...]:
    """Return the good variants, the first as it is written, then the faults."""
    table = _table(configuration)
    original = _original(configuration)
    return (
        *(_case(configuration, original, row) for row in table["good"]),
        *(_case(configuration, original, row) for row in table["faults"]),
    )


@cache
def _table(configuration: str) -> Any:
    return YAML(typ="safe").load(FOLDER / configuration / "cases.yaml")


@cache
def _original(configuration: str) -> Sources:
    folder = FOLDER / configuration
    return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*.tf"))}


def _case(configuration: str, original: Sources, row: Mapping[str, Any]) -> Case:
    sources = dict(original)
    for edit in row.get("edits", ()):
        sources[edit["file"]] = _edited(sources[edit["file"]], edit, f"{configuration}: {row['name']}")
    known = {name: row[name] for name in ("check", "hop", "weakness", "risk", "source") if name in row}
    sets = {name: frozenset(row.get(name, ())) for name in ("also", "undecided")}
    return Case(configuration=configuration, name=row["name"], sources=sources, **sets, **known)


def _edited(content: str, edit: Mapping[str, str], place: str) -> str:
    if "append" in edit:
        return content + edit["append"]
    if "drop" in edit:
        return _without_block(content.splitlines(keepends=True), edit["drop"], place)
    if content.count(edit["old"]) != 1:
        raise ValueError(f"{place}: stands {content.count(edit['old'])} times, got {edit['old']!r}")
    return content.replace(edit["old"], edit["new"])


def _without_block(lines: Sequence[str], header: str, place: str) -> str:
    starts = [number for number, line in enumerate(lines) if line.startswith(f"{header} {{")]
    if len(starts) != 1:
        raise ValueError(f"{place}: stands {len(starts)} times, got {header!r}")
    end = next(number for number in range(starts[0], len(lines)) if lines[number].rstrip() == "}")
    return "".join([*lines[: starts[0]], *lines[end + 1 :]])
