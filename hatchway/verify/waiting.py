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

    Attributes:
        waited: Whether anything was waited for.
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
        self.waited = False

    def until(
        self,
        satisfied: Callable[[Answer | NoAnswer], bool],
        call: Callable[[], Answer | NoAnswer],
        is_final: Callable[[], bool] = lambda: False,
    ) -> Answer | NoAnswer:
        """Call until the answer satisfies, or cannot change any more, or time is up; return the last.

        Args:
            satisfied: Whether an answer is the right one.
            call: Makes the call.
            is_final: Whether something is known that no waiting mends; asked after a wrong answer.

        Raises:
            HostUnknownError: Time is up and the host's name is still not known.
        """

        def is_worth_waiting(answer: Answer | NoAnswer) -> bool:
            return not satisfied(answer) and may_converge(answer) and self._has_time and not is_final()

        retrying: Retrying = Retrying(
            sleep=self._wait,
            wait=_PAUSES,
            stop=self._is_out_of_time,
            retry=retry_if_exception_type(HostUnknownError) | retry_if_result(is_worth_waiting),
            retry_error_callback=_last,
        )
        return retrying(call)

    @property
    def _has_time(self) -> bool:
        return self._clock() < self._deadline

    def _wait(self, seconds: float) -> None:
        self.waited = True
        self._pause(seconds)

    def _is_out_of_time(self, state: RetryCallState) -> bool:
        return self._clock() + state.upcoming_sleep > self._deadline


def _last(state: RetryCallState) -> Answer | NoAnswer:
    if state.outcome is None:  # never: tenacity asks after an attempt
        raise RuntimeError("nothing was attempted")
    last: Answer | NoAnswer = state.outcome.result()
    return last
