"""What AWS answered, and what it refused: the port between reading and everything made of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from hatchway.verify.aws.reads import Request

__all__ = ["Answers", "Reader", "Refusal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A read that gave no answer.

    Attributes:
        request: The read.
        reason: Why, as a sentence without a full stop.
        fix: What to do about it.
        lacks_credentials: True if there are none at all, for any account.
    """

    request: Request
    reason: str
    fix: str
    lacks_credentials: bool = False


class Reader(Protocol):
    """Makes one read."""

    def read(self, request: Request, /) -> Any:  # noqa: ANN401 -- JSON as AWS answers it
        """Return what AWS answered, None where there is no such thing, else a `Refusal`."""


class Answers:
    """Answers by request. A list answers a read that lists; None says that there is no such thing."""

    def __init__(self, given: Mapping[Request, Any] | None = None) -> None:
        self.given: dict[Request, Any] = dict(given or {})

    def of(self, operation: str) -> Iterator[tuple[Request, Any]]:
        """Give every answer to one kind of read that has one."""
        for request, answer in self.given.items():
            if request.operation == operation and answer is not None and not isinstance(answer, Refusal):
                yield request, answer

    def items(self, operation: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Give each listed item of every answer, with the account it is seen in."""
        for request, answer in self.of(operation):
            for one in answer:
                yield request.account, one

    def about(self, operation: str, **about: Any) -> Any:  # noqa: ANN401 -- JSON as AWS answers it
        """Return the answer to a read about something, None where there is none."""
        wanted = set(about.items())
        return next((answer for request, answer in self.of(operation) if wanted <= set(request.about)), None)

    def is_refused(self, operation: str, **about: Any) -> bool:  # noqa: ANN401 -- arguments of an AWS call
        """Whether a read about something gave no answer, so that it may be there all the same."""
        wanted = set(about.items())
        return any(
            one.request.operation == operation and wanted <= set(one.request.about) for one in self.refusals()
        )

    def refusals(self) -> tuple[Refusal, ...]:
        """Every read that gave no answer."""
        return tuple(one for one in self.given.values() if isinstance(one, Refusal))
