"""What a review or a verification found, in the shape that every output format starts from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from hatchway.route.hop import Hop
from hatchway.route.load import Load
from hatchway.route.outcome import Outcome, Severity, Verdict
from hatchway.route.planned import AccountChanges
from hatchway.route.timing import Timing

__all__ = [
    "Acceptance",
    "CheckResult",
    "Finding",
    "HopResult",
    "Location",
    "Report",
    "RouteResult",
    "findings_of",
    "together",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """How one check ended for one subject.

    Attributes:
        id: Id of the check, such as `HW291`.
        outcome: How it ended.
        subject: What was looked at: a Terraform address, an AWS resource, a request.
        observed: What was found.
        expected: What should have been found.
        symptom: What a caller sees when it is wrong.
        fix: What to change, in the terms of `hatchway.yaml` or of Terraform.
        weakness: True if a failure is a security weakness, which does not break the path.
        accepted: True if a baseline accepts that it fails.
    """

    id: str
    outcome: Outcome
    subject: str
    observed: str = ""
    expected: str = ""
    symptom: str = ""
    fix: str = ""
    weakness: bool = False
    accepted: bool = False

    @property
    def breaks_path(self) -> bool:
        """Whether no request gets past what was found."""
        return self.outcome is Outcome.FAIL and not self.weakness


@dataclass(frozen=True, slots=True, kw_only=True)
class HopResult:
    """The checks of one hop of one route. `outcome` is given for a hop that was not reached."""

    hop: Hop
    checks: tuple[CheckResult, ...] = ()
    reached: bool = True

    @property
    def outcome(self) -> Outcome:
        """The worst outcome of the checks."""
        if not self.reached:
            return Outcome.NOT_REACHED
        return Outcome.of_checks(check.outcome for check in self.checks)

    @property
    def outcome_to_judge(self) -> Outcome:
        """The worst outcome of the checks that nobody accepted."""
        if not self.reached:
            return Outcome.NOT_REACHED
        left = [check.outcome for check in self.checks if not check.accepted]
        # Nothing is left to judge where all was accepted; a hop without a single check stays unknown.
        return Outcome.of_checks(left) if left or not self.checks else Outcome.NOT_APPLICABLE

    @property
    def breaks_path(self) -> bool:
        """Whether a check failed that no request gets past."""
        return any(check.breaks_path for check in self.checks)


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteResult:
    """One request, hop by hop.

    Attributes:
        service: Name of the service under `services`.
        request: Method and path, as in `checks`.
        hops: All nine, in order.
        answer: Whether the request was answered as expected: pass, fail, unknown, or not applicable
            where no request was sent. An answer that is wrong makes the verdict fail even if
            nothing can tell which hop is to blame.
        timing: How long the answer took; None where no request was sent.
    """

    service: str
    request: str
    hops: tuple[HopResult, ...]
    answer: Outcome = Outcome.NOT_APPLICABLE
    timing: Timing | None = None

    @property
    def broken_hop(self) -> Hop | None:
        """The first hop that is known to be broken."""
        return next((result.hop for result in self.hops if result.breaks_path), None)

    @property
    def verdict(self) -> Verdict:
        """Fail if anything failed, pass only if every hop is proven, else undecided."""
        return Verdict.of_outcomes([*(result.outcome for result in self.hops), self.answer])

    @property
    def is_accepted(self) -> bool:
        """Whether the hop that is broken is accepted as broken."""
        breaks = [check for result in self.hops for check in result.checks if check.breaks_path]
        return bool(breaks) and all(check.accepted for check in breaks)

    @property
    def verdict_to_judge(self) -> Verdict:
        """The verdict without what was accepted, and what lies behind a hop accepted as broken."""
        reached = (result for result in self.hops if result.reached or not self.is_accepted)
        found = [*(result.outcome_to_judge for result in reached), self.answer]
        nothing_left = set(found) == {Outcome.NOT_APPLICABLE}
        return Verdict.PASS if nothing_left else Verdict.of_outcomes(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """Why a finding was accepted, by whom, and the last day on which it is."""

    reason: str
    expires: date
    owner: str = ""
    expired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where in the files that were reviewed something is declared. Lines count from 1."""

    file: str
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something to act on. `hop` is None where it concerns a whole route, or no hop can be named."""

    id: str
    hop: Hop | None
    severity: Severity
    subject: str
    message: str
    fix: str = ""
    acceptance: Acceptance | None = None

    @property
    def accepted(self) -> bool:
        """Whether somebody accepted it, and still does."""
        return self.acceptance is not None and not self.acceptance.expired


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything a command found.

    Attributes:
        command: `review` or `verify`.
        routes: Every request that was walked.
        findings: What to act on.
        undecided_as: The verdict where all that is wrong is that something could not be decided.
        changes: What the plans that were reviewed change, by account and stack; None without a plan.
        locations: Where subjects are declared, as far as that is known.
        is_open: Whether something beside the routes could not be decided.
        load: What a load showed; None where none was made.
    """

    command: str
    routes: tuple[RouteResult, ...]
    findings: tuple[Finding, ...] = field(default=())
    undecided_as: Verdict = Verdict.UNDECIDED
    changes: tuple[AccountChanges, ...] | None = None
    locations: Mapping[str, Location] = field(default_factory=dict)
    is_open: bool = False
    load: Load | None = None

    @property
    def verdict(self) -> Verdict:
        """Fail if a route or a finding of severity error says so; pass only if every route passed.

        What a baseline accepts is no reason to fail.
        """
        if any(finding.severity is Severity.ERROR and not finding.accepted for finding in self.findings):
            return Verdict.FAIL
        verdict = Verdict.of_verdicts(route.verdict_to_judge for route in self.routes)
        if self.is_open and verdict is Verdict.PASS:
            verdict = Verdict.UNDECIDED
        return self.undecided_as if verdict is Verdict.UNDECIDED else verdict


def findings_of(routes: Iterable[RouteResult]) -> tuple[Finding, ...]:
    """Return one finding for each check that failed, each once, in the order of the path."""
    found = (
        Finding(
            id=check.id,
            hop=result.hop,
            severity=Severity.ERROR,
            subject=check.subject,
            message=f"{check.observed}; expected: {check.expected}" if check.expected else check.observed,
            fix=check.fix,
        )
        for route in routes
        for result in route.hops
        for check in result.checks
        if check.outcome is Outcome.FAIL
    )
    return tuple(dict.fromkeys(found))


def together(reports: Sequence[Report]) -> Report:
    """One report of several that have a command in common, such as one for each gateway."""
    first, *_ = reports
    return replace(
        first,
        routes=tuple(route for report in reports for route in report.routes),
        findings=tuple(dict.fromkeys(finding for report in reports for finding in report.findings)),
    )
