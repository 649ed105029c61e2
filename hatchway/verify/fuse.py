"""Sparing a host that does not answer the calls that can wait."""

from collections.abc import Callable

from hatchway.verify.calling import Answer, Call, NoAnswer, Silence

__all__ = ["Fuse"]

_WAITED_FOR = (Silence.TIMEOUT, Silence.TOO_SLOW)


class Fuse:
    """Sends calls until one waited out its time; after that only those that have to be made.

    A service that is silent would otherwise be waited for as many times as there are calls that must be
    refused, half a minute each, for answers that decide nothing.

    Args:
        send: Sends a call.
    """

    def __init__(self, send: Callable[[Call], Answer | NoAnswer]) -> None:
        self._send = send
        self._blown = False

    def send(self, call: Call) -> Answer | NoAnswer:
        """Send a call that has to be made, and return what came."""
        answer = self._send(call)
        if isinstance(answer, NoAnswer) and answer.reason in _WAITED_FOR:
            self._blown = True
        return answer

    def spare(self, call: Call) -> Answer | NoAnswer:
        """Send a call that can wait, unless another one waited out its time."""
        return NoAnswer(reason=Silence.NOT_CALLED) if self._blown else self.send(call)
