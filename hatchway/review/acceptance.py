"""What a baseline does to a report: what is accepted is marked, shown, and no reason to fail."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from hatchway.route.check_ids import CheckId
from hatchway.route.outcome import Outcome, Severity
from hatchway.route.report import Acceptance, CheckResult, Finding, Report, RouteResult

__all__ = ["MATCHES", "Accepted", "Baseline"]

MATCHES = CheckId(id="HW020", hop=None, title="What a baseline accepts is still found.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """An entry of a baseline: the finding it names, why it is accepted, and until when."""

    line: int
    id: str
    subject: str
    acceptance: Acceptance

    def matches(self, finding: Finding) -> bool:
        """Whether it names a finding, with or without the name of its stack."""
        named = {finding.subject, finding.subject.partition(": ")[2]}
        return self.id == finding.id and self.subject in named


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The findings that a file accepts, or accepted."""

    file: str
    entries: tuple[Accepted, ...]

    def applied(self, report: Report) -> Report:
        """Return the report with what is accepted marked, and a warning for each entry that matches nothing.

        An entry that has expired is marked too, and accepts no longer.
        """
        findings = tuple(map(self._judged, report.findings))
        accepted = {(one.id, one.subject) for one in findings if one.accepted}
        routes = tuple(_marked(route, accepted) for route in report.routes)
        return replace(report, routes=routes, findings=(*findings, *self._stale(report.findings)))

    def _judged(self, finding: Finding) -> Finding:
        naming = (one for one in self.entries if one.matches(finding))
        entry = min(naming, key=lambda one: one.acceptance.expired, default=None)
        return finding if entry is None else replace(finding, acceptance=entry.acceptance)

    def _stale(self, findings: Sequence[Finding]) -> Iterator[Finding]:
        for entry in self.entries:
            if any(map(entry.matches, findings)):
                continue
            yield Finding(
                id=MATCHES.id,
                hop=None,
                severity=Severity.WARNING,
                subject=f"{self.file}:{entry.line}",
                message=f"accepts {entry.id} of {entry.subject}, which was not found",
                fix="Remove the entry, or correct its id and subject.",
            )


def _marked(route: RouteResult, accepted: set[tuple[str, str]]) -> RouteResult:
    def mark(check: CheckResult) -> CheckResult:
        open_ = check.outcome in {Outcome.FAIL, Outcome.UNKNOWN}
        return replace(check, accepted=True) if open_ and (check.id, check.subject) in accepted else check

    hops = (replace(hop, checks=tuple(map(mark, hop.checks))) for hop in route.hops)
    return replace(route, hops=tuple(hops))
