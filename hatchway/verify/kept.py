"""Calls one after the other over a connection that stays open, as programs make them."""

from contextlib import AbstractContextManager
from typing import Any, Self

import urllib3

from hatchway.topology.model.verification import SAFE_METHODS
from hatchway.verify.calling import Answer, Call, NoAnswer, Silence
from hatchway.verify.connections import Watch
from hatchway.verify.http import HttpCaller

__all__ = ["KeptCaller"]


class KeptCaller(HttpCaller):
    """Sends calls as another caller does, for one thread, and keeps the connection to each host."""

    @classmethod
    def of(cls, caller: HttpCaller) -> Self:
        """Return one that trusts, and connects, as a caller does."""
        kept = cls.__new__(cls)
        kept.__dict__ |= caller.__dict__
        kept._managers = {}  # noqa: SLF001 -- its own
        kept._relay = _Relay()  # noqa: SLF001 -- the same
        return kept

    _managers: dict[str, urllib3.PoolManager]
    _relay: "_Relay"

    def call(self, request: Call, /) -> Answer | NoAnswer:
        """Send one request, once more if the host had closed the connection that was kept.

        A host may close an idle connection while a request is on its way. Of a request that changes nothing,
        and to which not a byte was answered, that is no failure: https://www.rfc-editor.org/rfc/rfc9112#section-9.3.1
        """
        answer = super().call(request)
        if self._relay.reused and request.method in SAFE_METHODS and _went_unheard(answer):
            return super().call(request)
        return answer

    def close(self) -> None:
        """Close the connections that are kept."""
        for manager in self._managers.values():
            manager.clear()
        self._relay.close()

    def _answer(self, request: Call, watch: Watch) -> Answer | NoAnswer:
        host = request.url.split("/", 3)[2]
        if host not in self._managers:
            self._managers[host] = self._manager(request.url)
        self._relay.begin(watch)
        pool = self._pool(self._managers[host], request.url, self._relay)
        return self._exchanged(pool, request, watch)


def _went_unheard(answer: Answer | NoAnswer) -> bool:
    is_broken = isinstance(answer, NoAnswer) and answer.reason is Silence.BROKEN_OFF
    return is_broken and answer.timing.first_byte is None


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
