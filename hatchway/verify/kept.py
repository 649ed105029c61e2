"""Calls one after the other over a connection that stays open, as programs make them."""

import threading
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Self

import urllib3

from hatchway.topology.model.verification import SAFE_METHODS
from hatchway.verify.calling import Answer, Call, NoAnswer, Silence
from hatchway.verify.connections import Watch
from hatchway.verify.http import HttpCaller

__all__ = ["KeptCaller", "KeptCallers"]


class KeptCaller(HttpCaller):
    """Sends calls as another caller does, for one thread, and keeps the connection to each host."""

    @classmethod
    def of(cls, caller: HttpCaller) -> Self:
        """Return one that trusts, and connects, as a caller does."""
        kept = cls.__new__(cls)
        kept.__dict__ |= caller.__dict__
        kept._lanes = {}  # noqa: SLF001 -- its own
        return kept

    _lanes: dict[str, "_Lane"]

    def call(self, request: Call, /) -> Answer | NoAnswer:
        """Send one request, once more if the host had closed the connection that was kept.

        A host may close an idle connection while a request is on its way. Of a request that changes nothing,
        and to which not a byte was answered, that is no failure: https://www.rfc-editor.org/rfc/rfc9112#section-9.3.1
        """
        answer = super().call(request)
        was_kept = self._lane(request).relay.reused
        if was_kept and request.method in SAFE_METHODS and _went_unheard(answer):
            return super().call(request)
        return answer

    def close(self) -> None:
        """Close the connections that are kept."""
        for lane in self._lanes.values():
            lane.close()

    def _answer(self, request: Call, watch: Watch) -> Answer | NoAnswer:
        lane = self._lane(request)
        lane.relay.begin(watch)
        return self._exchanged(lane.pool, request, watch)

    def _lane(self, request: Call) -> "_Lane":
        host = request.url.split("/", 3)[2]
        if host not in self._lanes:
            manager, relay = self._manager(request.url), _Relay()
            pool = self._pool(manager, request.url, relay)
            self._lanes[host] = _Lane(manager=manager, pool=pool, relay=relay)
        return self._lanes[host]


class KeptCallers:
    """Sends calls of many threads, and keeps the connections of each thread for its next calls.

    Args:
        caller: Trusts, and connects, as each of them shall.
    """

    def __init__(self, caller: HttpCaller) -> None:
        self._caller = caller
        self._local = threading.local()
        self._all: list[KeptCaller] = []

    def call(self, request: Call, /) -> Answer | NoAnswer:
        """Send one request over the connection of this thread; see `KeptCaller.call`."""
        if not hasattr(self._local, "caller"):
            self._local.caller = KeptCaller.of(self._caller)
            self._all.append(self._local.caller)
        found: KeptCaller = self._local.caller
        return found.call(request)

    def close(self) -> None:
        """Close the connections of all threads."""
        for caller in self._all:
            caller.close()


def _went_unheard(answer: Answer | NoAnswer) -> bool:
    is_broken = isinstance(answer, NoAnswer) and answer.reason is Silence.BROKEN_OFF
    return is_broken and answer.timing.first_byte is None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lane:
    """The way to one host: its connection, and what stands for the watch of the call that is on it."""

    manager: urllib3.PoolManager
    pool: urllib3.connectionpool.HTTPConnectionPool
    relay: "_Relay"

    def close(self) -> None:
        self.manager.clear()
        self.relay.close()


class _Relay:
    """Stands for the watch of the call that is made: a connection outlives the calls over it.

    Attributes:
        reused: Whether the call went over a connection that was there before it.
    """

    def __init__(self) -> None:
        self._watch: Watch | None = None
        self._connected: Any = None
        self.reused = False

    def begin(self, watch: Watch) -> None:
        """Turn to another call."""
        self._watch = watch
        self.reused = self._connected is not None
        if self._connected is not None:
            watch.guard(self._connected)

    def guard(self, connected: Any) -> None:  # noqa: ANN401 -- a socket, of whatever kind
        """Take note of the connection to break off."""
        self.close()
        self._connected = connected.dup()
        self.reused = False
        self._current.guard(connected)

    def part(self, name: str) -> AbstractContextManager[None]:
        """Time a part of the call."""
        found: AbstractContextManager[None] = self._current.part(name)
        return found

    def close(self) -> None:
        """Let the connection go."""
        if self._connected is not None:
            self._connected.close()
            self._connected = None

    @property
    def _current(self) -> Watch:
        if self._watch is None:  # never: a connection is made by a call
            raise RuntimeError("no call is made")
        return self._watch
