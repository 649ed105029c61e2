"""Which services share an endpoint, a load balancer and a VPC link, and which have their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hatchway.topology.model import Topology

SHARED = "shared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulkhead:
    """The services behind one endpoint, one load balancer and one VPC link.

    Attributes:
        name: Of its service, or of the account whose services share it.
        services: In the order of the file; more than one only if it is shared.
        is_shared: Whether it is the account's, so that services come and go while it stays.
    """

    name: str
    services: tuple[str, ...]
    is_shared: bool

    @property
    def leader(self) -> str:
        """The service whose `endpoint` and `load_balancer` describe it; all its services say the same."""
        return self.services[0]

    @property
    def display_name(self) -> str:
        """Part of the names of what is created for it."""
        return f"{SHARED}-{self.name}" if self.is_shared else self.name


def bulkheads(topology: "Topology") -> tuple[Bulkhead, ...]:
    """The bulkheads of a topology, in the order of the file."""
    return tuple(dict.fromkeys(_by_service(topology).values()))


def bulkhead_of(topology: "Topology", service: str) -> Bulkhead:
    """The bulkhead that a service is behind."""
    if topology.services[service].isolation != SHARED:
        return Bulkhead(name=service, services=(service,), is_shared=False)
    return _by_service(topology)[service]


def _by_service(topology: "Topology") -> Mapping[str, Bulkhead]:
    """The bulkhead of every service, found once: rules ask for each of hundreds."""
    return _found(_Identical(topology))


class _Identical:
    """A topology as a key: a model that holds dictionaries has no hash."""

    def __init__(self, topology: "Topology") -> None:
        self.topology = topology

    def __hash__(self) -> int:
        return id(self.topology)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Identical) and other.topology is self.topology


@lru_cache(maxsize=4)
def _found(key: _Identical) -> Mapping[str, Bulkhead]:
    from hatchway.topology.shapes import usable  # noqa: PLC0415 - importing the package has to stay quick

    topology = key.topology
    members: dict[tuple[bool, str], list[str]] = {}
    for name in topology.services:
        account = usable(name, lambda it: _shared_account(topology, it))
        members.setdefault((account is not None, account or name), []).append(name)
    return {
        service: bulkhead
        for (is_shared, name), services in members.items()
        for bulkhead in (Bulkhead(name=name, services=tuple(services), is_shared=is_shared),)
        for service in services
    }


def _shared_account(topology: "Topology", service: str) -> str | None:
    declared = topology.services[service]
    return declared.account if declared.isolation == SHARED else None
