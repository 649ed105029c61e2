"""Waiting for what may still come right, and for nothing else."""

import time
from collections.abc import Callable

from tenacity import RetryCallState, Retrying, retry_if_exception_type, retry_if_result, wait_exponential

from hatchway.verify.calling import Answer, HostUnknownError, NoAnswer

__all__ = ["Patience", "may_converge"]

_PAUSES = wait_exponential(multiplier=0.5, exp_base=1.6, max=5.0)


def may_converge(answer: Answer | NoAnswer) -> bool:
    """Whether the same call may be answered otherwise a little later, with nothing changed.

    A new deployment, policy or target takes a while to be everywhere; a throttled call is let in later. A
    refused credential or a wrong body stays what it is.
    """
    if isinstance(answer, NoAnswer):
        return True
    if answer.status == 403:  # noqa: PLR2004 -- HTTP's own number
        return not answer.message.startswith("User is not authorized")
    return answer.status == 429 or answer.status >= 500  # noqa: PLR2004 -- HTTP's own numbers


class Patience:
    """A deadline that all the waiting of a verification shares.

    Args:
        seconds: How long, from now on.
        clock: Tells the time.
        pause: Waits.
    """

    def __init__(
        self,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], object] = time.sleep,
    ) -> None:
        self._clock = clock
        self._pause = pause
        self._deadline = clock() + seconds

    def until(
        self, satisfied: Callable[[Answer | NoAnswer], bool], call: Callable[[], Answer | NoAnswer]
    ) -> Answer | NoAnswer:
        """Call until the answer satisfies, or cannot change any more, or time is up; return the last.

        Raises:
            HostUnknownError: Time is up and the host's name is still not known.
        """
        retrying: Retrying = Retrying(
            sleep=self._wait,
            wait=_PAUSES,
            stop=self._is_out_of_time,
            retry=retry_if_exception_type(HostUnknownError)
            | retry_if_result(lambda answer: not satisfied(answer) and may_converge(answer)),
            retry_error_callback=_last,
        )
        return retrying(call)

    def _wait(self, seconds: float) -> None:
        self._pause(seconds)

    def _is_out_of_time(self, state: RetryCallState) -> bool:
        return self._clock() + state.upcoming_sleep > self._deadline


def _last(state: RetryCallState) -> Answer | NoAnswer:
    if state.outcome is None:  # never: tenacity asks after an attempt
        raise RuntimeError("nothing was attempted")
    last: Answer | NoAnswer = state.outcome.result()
    return last
