"""The shape of a report in JSON, schema 1: a contract that only ever gains keys.

`docs/reference/report.schema.json` is written from these types, and their descriptions with them.
"""

from typing import Literal

# Of the standard library, Pydantic reads this one only from Python 3.12 on.
from typing_extensions import TypedDict

from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome, Severity, Verdict
from hatchway.route.planned import Action

__all__ = [
    "AcceptanceDocument",
    "ChangeDocument",
    "ChangesDocument",
    "CheckDocument",
    "FindingDocument",
    "HopDocument",
    "LatencyDocument",
    "LoadDocument",
    "LocationDocument",
    "ReportDocument",
    "RequestLoadDocument",
    "RouteDocument",
    "SecondsDocument",
    "ValueDocument",
    "WrongAnswersDocument",
]


class CheckDocument(TypedDict):
    """How one check ended for one subject."""

    id: str
    """Id of the check, such as HW602."""
    outcome: Outcome
    """How it ended, never as not_reached. Unknown is never a pass."""
    subject: str
    """What was looked at: a Terraform address, an AWS resource, a request."""
    observed: str
    """What was found."""
    expected: str
    """What should have been found; may be empty, as what follows."""
    symptom: str
    """What a caller sees when it is wrong."""
    fix: str
    """What to change."""
    accepted: bool
    """Whether a baseline accepts that it is wrong."""


class HopDocument(TypedDict):
    """The checks of one hop."""

    hop: Hop
    """Name of the hop."""
    outcome: Outcome
    """The worst outcome of its checks; not_reached where an earlier hop is broken."""
    checks: list[CheckDocument]
    """Its checks; empty where it was not reached."""


class SecondsDocument(TypedDict):
    """Where the time of a call went, in seconds; null for a part that was not come to."""

    resolve: float | None
    """Looking up the host's name; that of the proxy, where there is one."""
    connect: float | None
    """TCP, to the host or to the proxy."""
    tls: float | None
    """The TLS handshake, with what a proxy takes to open the way."""
    first_byte: float | None
    """From the request to status and headers of the answer."""
    total: float
    """From the beginning to the last byte, or to where it was given up."""


class RouteDocument(TypedDict):
    """One request, hop by hop."""

    service: str
    """Name of the service."""
    request: str
    """Method and path; may be empty."""
    verdict: Verdict
    """Verdict on this request. What a baseline accepts still fails here."""
    broken_hop: Hop | None
    """The first hop that is known to be broken."""
    hops: list[HopDocument]
    """All nine, in order."""
    seconds: SecondsDocument | None
    """How long the answer took; null where no request was sent."""


class AcceptanceDocument(TypedDict):
    """Why a finding was accepted."""

    reason: str
    """Why, in the words of who accepted it."""
    owner: str
    """Who answers for it; may be empty."""
    expires: str
    """The last day on which it is accepted, as YYYY-MM-DD."""
    expired: bool
    """Whether that day is over: then the finding counts again."""


class LocationDocument(TypedDict):
    """Where something is declared."""

    file: str
    """Path of the file, from the working directory if it is below it."""
    line: int | None
    """Line in it, counted from 1; null where it is not known."""


class FindingDocument(TypedDict):
    """Something to act on."""

    id: str
    """Id of the check."""
    hop: Hop | None
    """The hop; null where it concerns a whole route, or no hop can be named."""
    severity: Severity
    """How much it weighs: an error that nobody accepted makes the verdict fail."""
    subject: str
    """What it is about: a Terraform address, an AWS resource, a request."""
    message: str
    """What is wrong."""
    fix: str
    """What to do; may be empty."""
    location: LocationDocument | None
    """Where the subject is declared, if that is known."""
    accepted: bool
    """Whether a baseline accepts it today."""
    acceptance: AcceptanceDocument | None
    """What the baseline says about it, also when it has expired."""


class ValueDocument(TypedDict):
    """An argument that gets another value."""

    path: str
    """The argument, such as subnet_configuration[0].ipv4."""
    before: str
    """Its value as JSON, cut at 120 characters; (sensitive) or (absent) in place of one that is not shown."""
    after: str
    """The same for what it becomes; also (known after apply)."""


class ChangeDocument(TypedDict):
    """One resource that changes."""

    address: str
    """Terraform address in its stack."""
    action: Action
    """What happens to it."""
    outage: bool
    """Whether the path is interrupted by it."""
    reason: str
    """Why, where Terraform says so; may be empty."""
    values: list[ValueDocument]
    """What changes in it, or makes its replacement necessary; at most 20."""


class ChangesDocument(TypedDict):
    """What changes in one account through one stack."""

    account: str
    """Id of the account; empty where the plan does not tell, none for what is in no account of AWS."""
    provider: str
    """Alias of the provider, or the name of another one than aws; empty for the default one."""
    stack: str
    """The stack; empty where there is only one."""
    create: int
    """Number of resources to create."""
    update: int
    """Number of resources to change in place."""
    replace: int
    """Number of resources to destroy and create again."""
    destroy: int
    """Number of resources to destroy."""
    forget: int
    """Number of resources that stay and are no longer managed."""
    resources: list[ChangeDocument]
    """Each of them: outages first, then the most drastic."""


class LatencyDocument(TypedDict):
    """How long right answers took under load, in seconds from when each call was due; within 1 %."""

    p50: float
    """Half of them took no longer."""
    p95: float
    """95 of 100 took no longer."""
    p99: float
    """99 of 100 took no longer."""
    longest: float
    """None took longer."""


class WrongAnswersDocument(TypedDict):
    """Answers that are wrong in the same way."""

    count: int
    """How many there were."""
    symptom: str
    """What they mean."""
    broken_hop: Hop | None
    """The hop to blame; null if several explain it."""
    suspects: list[Hop]
    """The hops that explain them."""
    example: str
    """One of them, cut."""


class RequestLoadDocument(TypedDict):
    """What the load showed of one request."""

    service: str
    """Name of the service."""
    request: str
    """Method and path."""
    answered: int
    """How often it was answered, or was given up."""
    wrong: int
    """How many answers were not as expected."""
    wrong_share: float
    """The same as a part of the answers, from 0 to 1."""
    throttled: int
    """How many of the wrong answers were 429."""
    latency: LatencyDocument | None
    """Of right answers; null where there was none."""
    limit_milliseconds: int | None
    """What `latency_milliseconds` of the check allows 99 of 100 right answers; null if it does not say."""
    wrong_answers: list[WrongAnswersDocument]
    """What was wrong, the most frequent first."""


class LoadDocument(TypedDict):
    """A load as it was asked for, and as it was."""

    asked_per_second: float
    """Calls that were to be started each second."""
    asked_seconds: float
    """For how long."""
    seconds: float
    """How long it lasted."""
    sent_per_second: float
    """Calls that were started each second."""
    due: int
    """Calls that were due."""
    sent: int
    """Calls that were started."""
    late: int
    """Of these, how many started more than a tenth of a second after they were due."""
    unanswered: int
    """Calls that were under way when it was ended by hand."""
    at_once: int
    """The most calls that were under way at once."""
    kept_up: bool
    """Whether 99 of 100 calls were sent on time. If not, the client is part of what was measured."""
    ended_early: bool
    """Whether it was ended by hand."""
    budget: float
    """Which part of the answers to each request may be wrong, from 0 to 1."""
    requests: list[RequestLoadDocument]
    """What it showed of each request."""


class ReportDocument(TypedDict):
    """A report of `hatchway review` or `hatchway verify`."""

    schema: Literal[1]
    """Version of this shape. Keys may be added to it, none is removed or gets another meaning."""
    command: str
    """review or verify."""
    verdict: Verdict
    """The conclusion: pass is exit code 0, fail 1, undecided 3."""
    routes: list[RouteDocument]
    """Every request that was walked."""
    findings: list[FindingDocument]
    """What to act on."""
    changes: list[ChangesDocument] | None
    """What the plans that were reviewed change; null without a plan."""
    load: LoadDocument | None
    """What `verify --load` measured; null where no load was made."""
