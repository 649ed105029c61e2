"""Entries of a route table by their destination, found without looking at each of them."""

from bisect import bisect_left
from collections.abc import Iterable
from ipaddress import IPv4Network
from typing import Generic, Protocol, TypeVar


class Destined(Protocol):
    """Something that leads to a network, None for one that is not known yet."""

    @property
    def destination(self) -> IPv4Network | None:
        """Where it leads."""


Entry = TypeVar("Entry", bound=Destined)


class Prefixes(Generic[Entry]):
    """The entries of one table."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._unknown: list[Entry] = []
        self._known: dict[IPv4Network, list[Entry]] = {}
        for entry in entries:
            if entry.destination is None:
                self._unknown.append(entry)
            else:
                self._known.setdefault(entry.destination, []).append(entry)
        self._starts = sorted(self._known, key=lambda one: int(one.network_address))
        self._numbers = [int(one.network_address) for one in self._starts]
        self._lengths = sorted({one.prefixlen for one in self._known})

    def split(self, destination: IPv4Network | None) -> tuple[list[Entry], list[Entry]]:
        """Return the entries that cover a destination for certain, and those that may cover some of it."""
        if destination is None:
            every = [entry for entries in self._known.values() for entry in entries]
            covering = [entry for entry in every if entry.destination and entry.destination.prefixlen == 0]
            doubtful = [entry for entry in every if entry.destination and entry.destination.prefixlen > 0]
            return covering, doubtful + self._unknown
        covering = [
            entry
            for length in self._lengths
            if length <= destination.prefixlen
            for entry in self._known.get(destination.supernet(new_prefix=length), ())
        ]
        return covering, [*self._inside(destination), *self._unknown]

    def _inside(self, destination: IPv4Network) -> list[Entry]:
        """Return the entries to a part of a destination."""
        start = bisect_left(self._numbers, int(destination.network_address))
        end = bisect_left(self._numbers, int(destination.broadcast_address) + 1)
        return [
            entry
            for network in self._starts[start:end]
            if network.prefixlen > destination.prefixlen
            for entry in self._known[network]
        ]
