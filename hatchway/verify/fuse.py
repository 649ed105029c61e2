"""Sparing a host that does not answer the calls that can wait."""

from collections.abc import Callable

from hatchway.topology.model.verification import SAFE_METHODS
from hatchway.verify.calling import Answer, Call, NoAnswer, Silence

__all__ = ["Fuse"]

_WAITED_FOR = (Silence.TIMEOUT, Silence.TOO_SLOW)


class Fuse:
    """Sends calls until one waited out its time; after that only those that have to be made.

    A service that is silent would otherwise be waited for as many times as there are calls that must be
    refused, half a minute each, for answers that decide nothing.

    Args:
        send: Sends a call over a connection of its own, so that its time has all its parts.
        send_on: Sends a call over the connection of the call before, if it is still open.
    """

    def __init__(
        self,
        send: Callable[[Call], Answer | NoAnswer],
        send_on: Callable[[Call], Answer | NoAnswer],
    ) -> None:
        self._send = send
        self._send_on = send_on
        self._blown = False

    def send(self, call: Call) -> Answer | NoAnswer:
        """Send a call that has to be made, and return what came."""
        return self._noted(self._send(call))

    def spare(self, call: Call) -> Answer | NoAnswer:
        """Send a call that can wait, unless another one waited out its time.

        One that may change something is not sent over a connection that was kept: if the host closed it
        meanwhile, nobody knows whether the call arrived, and it must not be sent twice.
        """
        if self._blown:
            return NoAnswer(reason=Silence.NOT_CALLED)
        return self._noted((self._send_on if call.method in SAFE_METHODS else self._send)(call))

    def _noted(self, answer: Answer | NoAnswer) -> Answer | NoAnswer:
        if isinstance(answer, NoAnswer) and answer.reason in _WAITED_FOR:
            self._blown = True
        return answer
