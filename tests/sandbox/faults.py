"""What a fault is: what breaks, at which hop, and the key that the fix has to name."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass

from hatchway.route.hop import Hop
from tests.sandbox.levers import Levers

Injected = contextlib.AbstractContextManager[object]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A fault, and what verify has to say of it.

    Attributes:
        name: The fault as a sentence.
        hop: The hop that is broken by it.
        key: What the fix names: a Terraform argument or resource, or a key of the topology.
        inject: Breaks the path, and puts it back.
    """

    name: str
    hop: Hop
    key: str
    inject: Callable[[Levers], Injected]


def fault(name: str, hop: Hop, key: str, inject: Callable[[Levers], Injected]) -> Fault:
    """Make a fault."""
    return Fault(name=name, hop=hop, key=key, inject=inject)
