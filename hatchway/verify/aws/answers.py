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
        self._given: dict[Request, Any] = {}
        # Each of hundreds of services asks for its own among those of all.
        self._by_operation: dict[str, dict[Request, Any]] = {}
        self._about: dict[tuple[str, frozenset[tuple[str, Any]]], list[Request]] = {}
        for request, answer in (given or {}).items():
            self.take(request, answer)

    @property
    def given(self) -> Mapping[Request, Any]:
        """Every answer, None and refusals among them."""
        return self._given

    def take(self, request: Request, answer: Any) -> None:  # noqa: ANN401 -- JSON as AWS answers it
        """Take note of an answer, in place of a former one to the same read."""
        if request not in self._given:
            self._about.setdefault((request.operation, frozenset(request.about)), []).append(request)
        self._given[request] = answer
        self._by_operation.setdefault(request.operation, {})[request] = answer

    def of(self, operation: str) -> Iterator[tuple[Request, Any]]:
        """Give every answer to one kind of read that has one."""
        for request, answer in self._by_operation.get(operation, {}).items():
            if answer is not None and not isinstance(answer, Refusal):
                yield request, answer

    def items(self, operation: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Give each listed item of every answer, with the account it is seen in."""
        for request, answer in self.of(operation):
            for one in answer:
                yield request.account, one

    def about(self, operation: str, **about: Any) -> Any:  # noqa: ANN401 -- JSON as AWS answers it
        """Return the answer to a read about something, None where there is none."""
        wanted = frozenset(about.items())
        exact = [self._given[request] for request in self._about.get((operation, wanted), ())]
        if exact:
            return next((one for one in exact if one is not None and not isinstance(one, Refusal)), None)
        return next((answer for request, answer in self.of(operation) if wanted <= set(request.about)), None)

    def is_refused(self, operation: str, **about: Any) -> bool:  # noqa: ANN401 -- arguments of an AWS call
        """Whether a read about something gave no answer, so that it may be there all the same."""
        wanted = set(about.items())
        return any(
            isinstance(answer, Refusal) and wanted <= set(request.about)
            for request, answer in self._by_operation.get(operation, {}).items()
        )

    def refusals(self) -> tuple[Refusal, ...]:
        """Every read that gave no answer."""
        return tuple(one for one in self._given.values() if isinstance(one, Refusal))
