"""References by name from one section to another."""

from collections.abc import Iterable, Iterator

from hatchway.topology.model import Topology
from hatchway.topology.problems import KeyPath, Misfit
from hatchway.topology.wording import nearest


def reference(path: KeyPath, kind: str, name: str, declared: Iterable[str]) -> Iterator[Misfit]:
    """Report a name that is not declared. A name whose declaration has mistakes is declared."""
    names = list(declared)
    if name in names:
        return
    guess = nearest(name, names)
    fix = f"Did you mean '{guess}'?" if guess else f"Declared: {', '.join(names)}."
    yield Misfit(path=path, message=f"is not the name of {kind}", got=name, fix=fix)


def are_apart(topology: Topology, one: str, other: str) -> bool:
    """Whether two names are of different accounts. Of a name that is not declared, nothing is known."""
    return one != other and one in topology.accounts and other in topology.accounts
