"""What `hatchway sandbox exec` does with a request to end: the command gets it, whenever it comes."""

import os
import signal
from typing import Any, cast

import pytest

from hatchway.sandbox import commands


class Process:
    """Stands for the command that was started."""

    def __init__(self) -> None:
        self.received: list[int] = []

    def send_signal(self, number: int) -> None:
        self.received.append(number)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_request_that_comes_while_the_command_starts_is_handed_on(number: int) -> None:
    process = Process()
    with commands.forwarding_signals() as hand_on_to:
        os.kill(os.getpid(), number)
        assert process.received == []
        hand_on_to(cast("Any", process))
        assert process.received == [number]


def test_a_later_request_is_handed_on_at_once() -> None:
    process = Process()
    with commands.forwarding_signals() as hand_on_to:
        hand_on_to(cast("Any", process))
        os.kill(os.getpid(), signal.SIGTERM)
        assert process.received == [signal.SIGTERM]


def test_handlers_are_put_back() -> None:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    with pytest.raises(RuntimeError), commands.forwarding_signals():
        raise RuntimeError
    assert [signal.getsignal(number) for number in numbers] == before
