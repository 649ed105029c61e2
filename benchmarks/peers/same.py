"""Whether a peer's output is ours."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.peers.blocks import COMMENT, StackBlocks, stacks_of
from benchmarks.processes import PeerError

SHOWN = 5


def require_same(ours: Path, theirs: Path, peer: str) -> int:
    """Compares two synthesized folders, and returns how many resources both have.

    What is not compared: cdktf's comments with construct paths, the order of keys, and names, which a peer
    gives by a scheme of its own: ours are translated to it first.

    Raises:
        PeerError: They differ.
    """
    our_stacks, their_stacks = stacks_of(ours), {stack.name: stack for stack in stacks_of(theirs)}
    if {stack.name for stack in our_stacks} != set(their_stacks):
        raise PeerError(f"{peer}: other stacks than ours, got {', '.join(their_stacks)}")
    for stack in our_stacks:
        other = their_stacks[stack.name]
        found = list(_differences(_comparable(_translated(stack)), _comparable(other.document)))
        found += [] if set(stack.dependencies) == set(other.dependencies) else ["dependencies"]
        if found:
            shown = "\n".join(f"  | {each}" for each in found[:SHOWN])
            raise PeerError(f"{peer}: stack {stack.name} differs from ours in {len(found)} places\n{shown}")
    return sum(len(stack.blocks) for stack in our_stacks)


def _translated(stack: StackBlocks) -> dict[str, Any]:
    """Our document with the names that a peer gives."""

    def value(it: Any) -> Any:  # noqa: ANN401 -- any value of JSON
        if isinstance(it, str):
            return stack.renamed(it)
        if isinstance(it, dict):
            return {name: value(each) for name, each in it.items()}
        return [value(each) for each in it] if isinstance(it, list) else it

    translated = {section: value(body) for section, body in stack.document.items()}
    for section in ("resource", "data"):
        translated.pop(section, None)
    for block in stack.blocks.values():
        section = translated.setdefault("data" if block.is_data else "resource", {})
        section.setdefault(block.kind, {})[block.construct_id] = value(block.body)
    return translated


def _comparable(value: Any) -> Any:  # noqa: ANN401 -- any value of JSON
    """A value without what is not compared."""
    if isinstance(value, dict):
        kept = {name: _comparable(each) for name, each in value.items() if name != COMMENT}
        # Terraform reads a source without a namespace as one of hashicorp.
        source = kept.get("source")
        return kept | ({"source": source.removeprefix("hashicorp/")} if isinstance(source, str) else {})
    return [_comparable(each) for each in value] if isinstance(value, list) else value


def _differences(ours: Any, theirs: Any, place: str = "") -> Iterator[str]:  # noqa: ANN401 -- values of JSON
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for name in sorted({*ours, *theirs}):
            here = f"{place}/{name}"
            if name not in ours or name not in theirs:
                yield f"{here} {'only theirs' if name in theirs else 'only ours'}"
            else:
                yield from _differences(ours[name], theirs[name], here)
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for number, (first, second) in enumerate(zip(ours, theirs, strict=True)):
            yield from _differences(first, second, f"{place}/{number}")
    elif type(ours) is not type(theirs) or ours != theirs:
        yield f"{place}: {ours!r} is ours, {theirs!r} theirs"
