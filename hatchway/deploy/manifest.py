"""Which stacks a synthesis made, and in which order they are to be deployed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from hatchway.errors import ToolError, UsageError

__all__ = ["SynthesizedStack", "output_directory", "read_manifest", "select"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SynthesizedStack:
    """A stack in the output folder."""

    name: str
    directory: Path
    dependencies: tuple[str, ...]


def output_directory(environ: Mapping[str, str]) -> Path:
    """Return the folder that synthesis writes to: `CDKTF_OUTDIR`, else `cdktf.out`."""
    return Path(environ.get("CDKTF_OUTDIR") or "cdktf.out")


def read_manifest(folder: Path) -> tuple[SynthesizedStack, ...]:
    """Return the synthesized stacks, each after the ones it depends on.

    Raises:
        UsageError: There is no synthesis in the folder.
        ToolError: Its manifest is not one.
    """
    path = folder / "manifest.json"
    try:
        stacks = json.loads(path.read_text(encoding="utf-8"))["stacks"]
        found = {
            name: SynthesizedStack(
                name=name,
                directory=folder / stack["workingDirectory"],
                dependencies=tuple(stack.get("dependencies", ())),
            )
            for name, stack in stacks.items()
        }
        order = TopologicalSorter({name: found[name].dependencies for name in found}).static_order()
        return tuple(found[name] for name in order)
    except FileNotFoundError as error:
        raise UsageError(f"{path}: is not there. Run 'hatchway synth' first.") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError, CycleError) as error:
        raise ToolError(f"{path}: is not a CDKTF manifest. Run 'hatchway synth' again.") from error


def select(stacks: Sequence[SynthesizedStack], names: Sequence[str]) -> tuple[SynthesizedStack, ...]:
    """Return the named stacks, in the order of `stacks`; all of them if none is named.

    Raises:
        UsageError: A name is not the name of a stack.
    """
    known = [stack.name for stack in stacks]
    for name in names:
        if name not in known:
            raise UsageError(
                f"--stack: there is no such stack, got {name!r}. Choose from: {', '.join(known)}."
            )
    return tuple(stack for stack in stacks if not names or stack.name in names)
