"""What to act on, for people: each finding once, with where, what, what a caller sees, and the fix."""

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from hatchway.route.outcome import Severity
from hatchway.route.report import CheckResult, Finding, RouteResult

__all__ = ["print_findings"]

_SEVERITIES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}
_Checks = Mapping[tuple[str, str], CheckResult]


def print_findings(findings: Iterable[Finding], routes: Sequence[RouteResult], console: Console) -> None:
    """Print findings: first what breaks the path, then the rest, each in the order of the path."""
    checks = {
        (check.id, check.subject): check for route in routes for hop in route.hops for check in hop.checks
    }
    for finding in sorted(findings, key=lambda one: not _breaks(one, checks)):
        console.print(_heading(finding, checks))
        console.print(_body(finding, checks.get((finding.id, finding.subject))))


def _breaks(finding: Finding, checks: _Checks) -> bool:
    check = checks.get((finding.id, finding.subject))
    return check is not None and not check.weakness


def _heading(finding: Finding, checks: _Checks) -> Text:
    check = checks.get((finding.id, finding.subject))
    hop = f"  {finding.hop.value}" if finding.hop else ""
    kind = "  a weakness: the path works" if check is not None and check.weakness else ""
    style = _SEVERITIES[finding.severity]
    return Text.assemble("\n", (f"{finding.severity.value}  {finding.id}{hop}", style), kind)


def _body(finding: Finding, check: CheckResult | None) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold", ratio=1)
    rows = {"  where": finding.subject, "  found": finding.message}
    if check is not None and check.observed in finding.message:
        rows["  expected"] = check.expected
        rows["  symptom"] = check.symptom
        if finding.message.startswith(check.observed):
            rows["  found"] = check.observed
    rows["  fix"] = finding.fix
    for label, text in rows.items():
        if text:
            table.add_row(label, Text(text, style="cyan" if label == "  fix" else ""))
    return table
