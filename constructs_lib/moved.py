"""Addresses that had to change: where Terraform finds what it knows under an older one.

An address is a contract, and to change one destroys a resource and builds another. Where there is no way
round it, the change is entered here, and every stack tells Terraform by a `moved` block.
https://developer.hashicorp.com/terraform/language/modules/develop/refactoring
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cdktf import App, TerraformResource, TerraformStack


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A change of addresses."""

    kind: str
    """Terraform type of the resources."""
    now: str
    """Pattern of the new name, as a regular expression over all of it."""
    before: str
    """The name it had, with the pattern's groups as `\\1`."""


# None so far. An entry stays for as long as somebody may upgrade from a version before it.
MOVES: tuple[Move, ...] = ()


def declare_moves(app: App, moves: Sequence[Move] = MOVES) -> None:
    """Adds the `moved` blocks to the stacks of an app; called when they are complete."""
    if not moves:
        return
    for stack in app.node.children:
        if not isinstance(stack, TerraformStack):
            continue
        resources = [each for each in stack.node.find_all() if isinstance(each, TerraformResource)]
        addresses = [f"{each.terraform_resource_type}.{each.friendly_unique_id}" for each in resources]
        blocks = moved_blocks(addresses, moves)
        if blocks:
            stack.add_override("moved", blocks)


def moved_blocks(addresses: Iterable[str], moves: Sequence[Move] = MOVES) -> list[dict[str, str]]:
    """Returns the `moved` blocks of a stack with these addresses.

    An older address that is in use again is left alone: it is another resource by now.
    """
    known = set(addresses)
    blocks = []
    for address in sorted(known):
        kind, _, name = address.partition(".")
        for move in moves:
            found = re.fullmatch(move.now, name) if move.kind == kind else None
            before = None if found is None else f"{kind}.{found.expand(move.before)}"
            if before is not None and before not in known:
                blocks.append({"from": before, "to": address})
    return blocks
