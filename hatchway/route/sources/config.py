"""Reads Terraform's JSON configuration from files and folders, within bounds.

A folder is one stack, a file too; a synthesized folder with `stacks/<name>/cdk.tf.json` is all of them.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hatchway.errors import UsageError
from hatchway.route.sources.configuration import Configuration, Json, Stack, read_stack
from hatchway.route.sources.plan import is_plan, read_plan

MAX_BYTES = 64 * 1024 * 1024
MAX_DEPTH = 100
_SUFFIX = ".tf.json"
_FOR_HCL = "of HCL or a saved plan, give what `terraform show -json PLAN` prints"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What was read: every stack, and the plans as they are, by the name of their stack."""

    configuration: Configuration
    plans: Mapping[str, Mapping[str, Json]]


def load(paths: Sequence[Path]) -> Inputs:
    """Read every stack under some files and folders; a plan stands for its stack.

    Raises:
        UsageError: A path does not exist, holds nothing to read, or is no Terraform JSON.
    """
    found: dict[Path, list[Path]] = {}
    seen: set[Path] = set()
    for path in paths:
        files = list(_files(path))
        if not files:
            raise UsageError(f"{path}: no *.tf.json in it. Run `hatchway synth`, or {_FOR_HCL}.")
        for file in (one for one in files if one.resolve() not in seen):
            folder = file if path == file else file.parent
            found.setdefault(folder, []).append(file)
            seen.add(file.resolve())
    documents = {folder: [_document(file) for file in sorted(files)] for folder, files in found.items()}
    stacks: dict[str, Stack] = {}
    plans: dict[str, Mapping[str, Json]] = {}
    for folder, own in documents.items():
        planned = len(own) == 1 and is_plan(own[0])
        name = _name(folder) if len(documents) > 1 else ""
        if name in stacks and planned == (name in plans):
            # Not a plan beside its configuration: another stack that happens to be called the same.
            name = str(folder)
        if planned:
            plans[name] = own[0]
            stacks[name] = read_plan(name, own[0])
        elif name not in plans:
            stacks[name] = _configured(name, folder, own)
    return Inputs(configuration=Configuration(tuple(stacks.values())), plans=plans)


def _configured(name: str, folder: Path, documents: Sequence[Mapping[str, Json]]) -> Stack:
    stack = read_stack(name, documents)
    if stack.calls_modules:
        # What a module declares would count as absent, and be reported as a fault.
        raise UsageError(
            f"{folder}: calls modules, which are read only from a plan. "
            "Give what `terraform show -json PLAN` prints."
        )
    return stack


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    elif path.is_dir():
        own = sorted(path.glob(f"*{_SUFFIX}"))
        yield from own or sorted(path.glob(f"stacks/*/*{_SUFFIX}")) or sorted(path.glob(f"*/*{_SUFFIX}"))
    else:
        raise UsageError(f"{path}: no such file or folder.")


def _name(folder: Path) -> str:
    if folder.suffix == ".json":
        stem = folder.name.removesuffix(_SUFFIX).removesuffix(".json")
        return folder.parent.name if stem in {"cdk", "plan", "tfplan"} else stem
    return folder.name


def _document(path: Path) -> Mapping[str, Json]:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise UsageError(f"{path}: {size} bytes are more than the {MAX_BYTES} that are read.")
        document = json.loads(path.read_bytes())
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path}: is not JSON ({_short(error)}). Give *.tf.json; {_FOR_HCL}.") from error
    if not isinstance(document, dict):
        raise UsageError(
            f"{path}: is not a Terraform configuration, got {_kind(document)} in place of an object."
        )
    if _depth(document) > MAX_DEPTH:
        raise UsageError(f"{path}: is nested deeper than {MAX_DEPTH} levels.")
    return document


def _short(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)[:100]


def _kind(document: object) -> str:
    return {list: "a list", str: "text", type(None): "null"}.get(type(document), "a number")


def _depth(document: object) -> int:
    """Depth of nesting, without recursion: the input may be hostile."""
    deepest, waiting = 0, [(document, 1)]
    while waiting:
        value, depth = waiting.pop()
        deepest = max(deepest, depth)
        if depth > MAX_DEPTH:
            break
        if isinstance(value, dict):
            waiting += [(one, depth + 1) for one in value.values()]
        elif isinstance(value, list):
            waiting += [(one, depth + 1) for one in value]
    return deepest
