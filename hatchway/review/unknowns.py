"""What becomes of hops that could not be decided: `--unknown-as`."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from hatchway.route.outcome import Outcome, Severity, UnknownAs, Verdict
from hatchway.route.report import Finding, Report, RouteResult

__all__ = ["judged_with"]


def judged_with(report: Report, unknown_as: UnknownAs) -> Report:
    """Return the report with a verdict on what could not be decided. Hops and routes stay unknown in it.

    A report without a single route is never made a pass: there is nothing that the verdict could rest on.
    """
    if unknown_as is UnknownAs.FAIL:
        findings = (*report.findings, *_findings(report.routes, Severity.ERROR))
        return replace(report, findings=findings, undecided_as=Verdict.FAIL)
    noted = tuple(_findings(report.routes, Severity.WARNING)) if unknown_as is UnknownAs.WARN else ()
    if not report.routes:
        return report
    return replace(report, findings=(*report.findings, *noted), undecided_as=Verdict.PASS)


def _findings(routes: Iterable[RouteResult], severity: Severity) -> Iterator[Finding]:
    """Give one finding for each check that is unknown, each once, in the order of the path."""
    found = (
        Finding(
            id=check.id,
            hop=result.hop,
            severity=severity,
            subject=check.subject,
            message=f"cannot be decided: {check.observed}",
            fix=check.fix,
        )
        for route in routes
        for result in route.hops
        for check in result.checks
        if check.outcome is Outcome.UNKNOWN
    )
    yield from dict.fromkeys(found)
