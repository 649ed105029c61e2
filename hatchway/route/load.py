"""What a load showed: rates, latencies, and what was answered wrongly."""

from dataclasses import dataclass

from hatchway.route.hop import Hop

__all__ = ["Latency", "Load", "RequestLoad", "WrongAnswers"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """How long right answers took, in seconds from when each call was due; within 1 % of the truth.

    Attributes:
        p50: Half of them took no longer.
        p95: 95 of 100 took no longer.
        p99: 99 of 100 took no longer.
        longest: None took longer.
    """

    p50: float
    p95: float
    p99: float
    longest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongAnswers:
    """Answers that are wrong in the same way.

    Attributes:
        count: How many there were.
        symptom: What they mean.
        suspects: The hops that explain them, in order; a single one is certain.
        example: One of them.
        fix: What to look at or to change.
    """

    count: int
    symptom: str
    suspects: tuple[Hop, ...]
    example: str
    fix: str = ""

    @property
    def broken_hop(self) -> Hop | None:
        """The hop to blame, if there is but one."""
        return self.suspects[0] if len(self.suspects) == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLoad:
    """What the load showed of one request.

    Attributes:
        service: Name of the service.
        request: Method and path.
        answered: How often it was answered, or was given up.
        throttled: How often the answer was 429, where that was not what was expected.
        latency: Of right answers; None where there was none.
        limit_milliseconds: What `latency_milliseconds` of the check allows, if it says.
        wrong: What was answered otherwise than expected, the most frequent first.
    """

    service: str
    request: str
    answered: int
    throttled: int
    latency: Latency | None
    limit_milliseconds: int | None
    wrong: tuple[WrongAnswers, ...]

    @property
    def wrong_count(self) -> int:
        """How many answers were wrong."""
        return sum(one.count for one in self.wrong)

    @property
    def wrong_share(self) -> float:
        """Which part of the answers was wrong, from 0 to 1."""
        return self.wrong_count / self.answered if self.answered else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """A load as it was asked for, and as it was.

    Attributes:
        asked_per_second: Calls that were to be started each second.
        asked_seconds: For how long.
        seconds: How long it lasted.
        due: Calls that were due in that time.
        sent: Calls that were started.
        late: Of these, how many started later than they were due, by more than a tenth of a second.
        unanswered: Calls that were still under way when the load was ended by hand.
        at_once: The most calls that were under way at once.
        budget: Which part of the answers to each request may be wrong, from 0 to 1.
        ended_early: Whether it was ended by hand.
        requests: What it showed of each request.
    """

    asked_per_second: float
    asked_seconds: float
    seconds: float
    due: int
    sent: int
    late: int
    unanswered: int
    at_once: int
    budget: float
    ended_early: bool
    requests: tuple[RequestLoad, ...]

    @property
    def sent_per_second(self) -> float:
        """Calls that were started each second."""
        return self.sent / self.seconds if self.seconds else 0.0

    @property
    def kept_up(self) -> bool:
        """Whether the load was made that was asked for: 99 of 100 calls were sent, and on time."""
        return self.sent - self.late >= 0.99 * self.due
