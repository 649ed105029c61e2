"""Reads Terraform's configuration and plans from files and folders.

A folder is one stack, a file too; a synthesized folder with `stacks/<name>/cdk.tf.json` is all of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from os.path import realpath
from pathlib import Path

from hatchway.errors import UsageError
from hatchway.route.sources.configuration import Configuration, Json, Stack, mapping, read_stack
from hatchway.route.sources.documents import (
    FOR_PLANS,
    HCL_SUFFIX,
    JSON_SUFFIX,
    configuration_files,
    read_document,
    read_values,
)
from hatchway.route.sources.modules import Modules
from hatchway.route.sources.plan import is_plan, listed, path_of, read_plan
from hatchway.route.sources.variables import overridden


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What was read: every stack; by its name, the plans as they are, and the files."""

    configuration: Configuration
    plans: Mapping[str, Mapping[str, Json]]
    files: Mapping[str, Sequence[Path]]


def load(paths: Sequence[Path]) -> Inputs:
    """Read every stack under some files and folders; a plan stands for its stack.

    Raises:
        UsageError: A path does not exist, holds nothing to read, or is no Terraform JSON.
    """
    found: dict[Path, list[Path]] = {}
    seen: set[str] = set()
    for path in paths:
        files = list(_files(path))
        if not files:
            raise UsageError(f"{path}: no *.tf and no *.tf.json in it. Run `hatchway synth`, or {FOR_PLANS}.")
        for file in (one for one in files if realpath(one) not in seen):
            folder = file if path == file else file.parent
            found.setdefault(folder, []).append(file)
            seen.add(realpath(file))
    documents = {folder: [read_document(file) for file in sorted(files)] for folder, files in found.items()}
    read = _Reading(alone=len(documents) == 1)
    for folder, own in documents.items():
        read.add(folder, own, sorted(found[folder]))
    return read.inputs()


class _Reading:
    """Stacks as they are read: a plan stands for the configuration that it was made of."""

    def __init__(self, *, alone: bool) -> None:
        self._alone = alone
        self._stacks: dict[str, Stack] = {}
        self._plans: dict[str, Mapping[str, Json]] = {}
        self._files: dict[str, list[Path]] = {}

    def add(self, folder: Path, documents: Sequence[Mapping[str, Json]], files: list[Path]) -> None:
        """Read one folder or file."""
        is_planned = len(documents) == 1 and is_plan(documents[0])
        name = "" if self._alone else _name(folder)
        if name in self._files and is_planned == (name in self._plans):
            # Not a plan beside its configuration: another stack that happens to be called the same.
            name = str(folder)
        self._files.setdefault(name, []).extend(files)
        if is_planned:
            self._plans[name] = documents[0]
        else:
            self._stacks[name] = _configured(name, folder, documents)

    def inputs(self) -> Inputs:
        """Return what was read."""
        stacks = dict(self._stacks)
        plans: dict[str, Mapping[str, Json]] = {}
        for given, document in self._plans.items():
            beside = next((one for one in self._stacks.values() if _is_of(document, one)), None)
            name = beside.name if beside is not None and beside.name not in plans else given
            plans[name] = document
            stacks[name] = read_plan(name, document, beside)
            if name != given:
                self._files[name] += self._files.pop(given)
        return Inputs(configuration=Configuration(tuple(stacks.values())), plans=plans, files=self._files)


def _is_of(plan: Mapping[str, Json], stack: Stack) -> bool:
    """Whether a plan was made of a configuration: both declare the same."""
    body = mapping(mapping(plan.get("configuration")).get("root_module"))
    declared = {path_of(one) for one in listed(body.get("resources"))}
    calls = {("module", name) for name in mapping(body.get("module_calls"))}
    return bool(declared or calls) and declared | calls == {
        one.path for one in (*stack.resources, *stack.calls)
    }


def _configured(name: str, folder: Path, documents: Sequence[Mapping[str, Json]]) -> Stack:
    root = folder if folder.is_dir() else folder.parent
    stack = read_stack(name, documents, root)
    if folder.is_dir():
        stack = replace(stack, variables=overridden(stack.variables, read_values(folder)))
    return Modules(root).attached(stack)


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    elif path.is_dir():
        below = (sorted(path.glob(pattern)) for pattern in ("stacks/*/", "*/"))
        folders = [path], *below
        found = ([one for folder in each for one in configuration_files(folder)] for each in folders)
        yield from next(filter(None, found), [])
    else:
        raise UsageError(f"{path}: no such file or folder.")


def _name(folder: Path) -> str:
    if folder.suffix in {".json", HCL_SUFFIX}:
        stem = folder.name.removesuffix(JSON_SUFFIX).removesuffix(".json").removesuffix(HCL_SUFFIX)
        return folder.parent.name if stem in {"cdk", "plan", "tfplan", "main"} else stem
    return folder.name
