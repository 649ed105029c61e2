"""The page docs/reference/features.md: each feature, and what holds it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[1]
# Deployed, planned again without changes and destroyed: tests/sandbox/test_examples.py, and the article's in
# all of that folder. Whatever is deployed is validated on the way.
DEPLOYED = ("article", "six-services", "http-api")
EVERYTHING = "tests/fixtures/features/everything.yaml"
HARDENED = "hardened"
_HEADER = """# Features, and what holds them

Every feature of the constructs, where it stands in [hatchway.yaml](topology.md), and how far it is proved.
Each has a test of the Terraform that is emitted for it, in `tests/synth`.

- *Validated*: the real Terraform and the AWS provider 5.100 accept it, in an
  [example](../../examples/README.md), in `tests/fixtures/features/everything.yaml`, or in the test that is
  named.
- *Deployed*: the example that is named declares it, and is applied by the real Terraform in [the
  sandbox](sandbox.md), planned again without changes, called, and destroyed. Where none does, the reason
  stands there. Nothing here was observed on AWS.

Which example declares what is read from the examples. This page is written by `make docs`.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """A feature, where it is declared, and what holds it."""

    part: str
    feature: str
    synth: Sequence[str]
    key: str = ""
    validated_by: str = ""
    deployed_by: str = ""
    not_validated: str = ""
    not_deployed: str = ""

    @property
    def examples(self) -> list[str]:
        """Deployed examples that declare it."""
        return [name for name in DEPLOYED if declares(_document(_example(name)), self.key)]

    @property
    def validated(self) -> list[str]:
        """Topologies that are validated, though not deployed, and declare it."""
        named = {HARDENED: _example(HARDENED), "everything": EVERYTHING}
        return [name for name, path in named.items() if declares(_document(path), self.key)]


def features() -> list[Feature]:
    """Return every feature, in the order of the page."""
    listed = _document("scripts/features.yaml")
    return [Feature(part=part, **row) for part, rows in listed.items() for row in rows]


def declares(document: object, key: str) -> bool:
    """Tell whether a document has a value at a key, as `services.*.isolation=shared`."""
    path, _, wanted = key.partition("=")
    return any(not wanted or str(value) == wanted for value in _values(document, path.split(".")))


def page() -> str:
    """Return the page."""
    return "\n".join([_HEADER, *(_section(part, list(rows)) for part, rows in groupby(features(), _part))])


def _part(each: Feature) -> str:
    return each.part


def _section(part: str, rows: Sequence[Feature]) -> str:
    head = [f"## {part}", "", "| feature | key | validated | deployed |", "|---|---|---|---|"]
    cells = (
        (each.feature, f"`{each.key}`" if each.key else "", _validated(each), _deployed(each))
        for each in rows
    )
    return "\n".join([*head, *(f"| {' | '.join(row)} |" for row in cells), ""])


def _validated(each: Feature) -> str:
    if each.examples or each.deployed_by:
        return "yes"
    return ", ".join(each.validated) or (
        f"`{each.validated_by}`" if each.validated_by else f"no: {each.not_validated}"
    )


def _deployed(each: Feature) -> str:
    return ", ".join(each.examples) or (
        f"`{each.deployed_by}`" if each.deployed_by else f"no: {each.not_deployed}"
    )


def _values(value: object, path: Sequence[str]) -> Iterator[object]:
    if not path:
        yield value
        return
    entries = dict(enumerate(value)) if isinstance(value, list) else value
    if isinstance(entries, Mapping):
        for name, entry in entries.items():
            if path[0] in ("*", name):
                yield from _values(entry, path[1:])


def _example(name: str) -> str:
    return f"examples/{name}/hatchway.yaml"


@cache
def _document(path: str) -> Any:  # noqa: ANN401 - YAML
    return YAML(typ="safe").load(ROOT / path)
