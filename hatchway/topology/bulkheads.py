"""Which services share an endpoint, a load balancer and a VPC link, and which have their own."""

from dataclasses import dataclass
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
    from hatchway.topology.shapes import usable  # noqa: PLC0415 - importing the package has to stay quick

    members: dict[tuple[bool, str], list[str]] = {}
    for name in topology.services:
        account = usable(name, lambda it: _shared_account(topology, it))
        members.setdefault((account is not None, account or name), []).append(name)
    return tuple(
        Bulkhead(name=name, services=tuple(services), is_shared=is_shared)
        for (is_shared, name), services in members.items()
    )


def bulkhead_of(topology: "Topology", service: str) -> Bulkhead:
    """The bulkhead that a service is behind."""
    if topology.services[service].isolation != SHARED:
        return Bulkhead(name=service, services=(service,), is_shared=False)
    return next(bulkhead for bulkhead in bulkheads(topology) if service in bulkhead.services)


def _shared_account(topology: "Topology", service: str) -> str | None:
    declared = topology.services[service]
    return declared.account if declared.isolation == SHARED else None
