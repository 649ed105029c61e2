import io
import socket

import pytest

from hatchway.sandbox.control.plane import Answer
from hatchway.sandbox.relay import ControlHandler


class Connection:
    """A connection on which one request has come in; every send is kept as it was made."""

    def __init__(self, request: bytes) -> None:
        self._request = request
        self.sent: list[bytes] = []

    def makefile(self, mode: str, size: int = -1) -> io.BufferedIOBase:
        if "r" in mode:
            return io.BytesIO(self._request)
        return io.BufferedWriter(Sent(self.sent), size)

    def sendall(self, data: bytes) -> None:
        self.sent.append(bytes(data))

    def settimeout(self, seconds: float) -> None:
        pass

    def setsockopt(self, *option: int) -> None:
        assert option == (socket.IPPROTO_TCP, socket.TCP_NODELAY, True)


class Sent(io.RawIOBase):
    def __init__(self, sent: list[bytes]) -> None:
        self._sent = sent

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:
        self._sent.append(bytes(data))
        return len(data)


class Control:
    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def respond(self, *_: object) -> Answer:
        return self._answer


def answers(request: bytes, *, status: int = 201, body: bytes = b"{}") -> list[bytes]:
    """What is sent, write by write, in answer to the requests."""
    connection = Connection(request)
    control = Control(Answer(status=status, headers=(("Content-Type", "application/json"),), body=body))
    ControlHandler(connection, ("127.0.0.1", 1), None, "s.eu-west-1.amazonaws.com", control)
    return connection.sent


POST = b"POST /stages HTTP/1.1\r\nHost: s\r\nContent-Length: 2\r\n\r\n{}"


@pytest.mark.parametrize("size", [0, 2, 30_000])
def test_head_and_body_of_an_answer_leave_in_one_write(size):
    (sent,) = answers(POST, body=b"x" * size)
    head, _, body = sent.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 201")
    assert f"Content-Length: {size}".encode() in head
    assert len(body) == size


def test_each_of_two_requests_on_a_connection_is_answered_before_the_next_is_read():
    assert len(answers(POST + POST)) == 2


def test_an_answer_without_content_has_no_body():
    (sent,) = answers(POST, status=204, body=b"dropped")
    assert sent.endswith(b"\r\n\r\n")
