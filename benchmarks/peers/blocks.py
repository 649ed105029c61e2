"""What was synthesized, block by block, as a peer has to write it."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

Body = dict[str, Any]

COMMENT = "//"
REFERENCE = re.compile(r"\$\{([a-z][a-z0-9_]*)\.([A-Za-z0-9_-]+)\.([a-z0-9_]+)\}")
ADDRESS = re.compile(r"\b([a-z][a-z0-9_]*)\.([A-Za-z0-9_-]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A resource or data source."""

    kind: str
    """Terraform type."""
    name: str
    """Its name in Terraform."""
    body: Body
    is_data: bool = False

    @property
    def construct_id(self) -> str:
        """Its id as a child of the stack, where names of different types must differ."""
        return f"{self.name}_{self.kind}"

    @property
    def variable(self) -> str:
        """What a program calls it."""
        return re.sub(r"\W", "_", f"{self.kind.removeprefix('aws_')}_{self.name}")


@dataclass(frozen=True, kw_only=True)
class StackBlocks:
    """What one stack consists of."""

    name: str
    document: Body
    dependencies: tuple[str, ...]

    @cached_property
    def blocks(self) -> dict[tuple[str, str], Block]:
        """Every resource and data source, each after those that it refers to."""
        found = {
            (kind, name): Block(kind=kind, name=name, body=body, is_data=section == "data")
            for section in ("data", "resource")
            for kind, named in self.document.get(section, {}).items()
            for name, body in named.items()
        }
        needed = {key: list(_mentioned(block.body, found, key)) for key, block in found.items()}
        return {key: found[key] for key in TopologicalSorter(needed).static_order()}

    def renamed(self, text: str) -> str:
        """Text with the addresses that this stack's blocks have in a peer."""

        def new(match: re.Match[str]) -> str:
            block = self.blocks.get((match[1], match[2]))
            return match[0] if block is None else f"{block.kind}.{block.construct_id}"

        return ADDRESS.sub(new, text)


def stacks_of(outdir: Path) -> list[StackBlocks]:
    """The stacks of a synthesized folder, each after those that it depends on."""
    manifest = json.loads((outdir / "manifest.json").read_text(encoding="utf-8"))["stacks"]
    order = TopologicalSorter(
        {name: entry["dependencies"] for name, entry in manifest.items()}
    ).static_order()
    return [
        StackBlocks(
            name=name,
            document=json.loads(
                (outdir / manifest[name]["synthesizedStackPath"]).read_text(encoding="utf-8")
            ),
            dependencies=tuple(manifest[name]["dependencies"]),
        )
        for name in order
    ]


def strings(value: object) -> Iterator[str]:
    """Every string in a value of JSON, those in comments left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, each in value.items():
            if name != COMMENT:
                yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)


def _mentioned(
    body: Body, known: Mapping[tuple[str, str], Block], itself: tuple[str, str]
) -> Iterator[tuple[str, str]]:
    for text in strings(body):
        for kind, name in ADDRESS.findall(text):
            if (kind, name) in known and (kind, name) != itself:
                yield kind, name
