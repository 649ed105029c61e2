"""A report for people: nine hops per request, then what to act on."""

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from hatchway.route.outcome import Outcome, Severity, Verdict
from hatchway.route.report import CheckResult, Finding, HopResult, Report, RouteResult

__all__ = ["print_report"]

_OUTCOMES = {
    Outcome.PASS: ("pass", "green"),
    Outcome.FAIL: ("FAIL", "bold red"),
    Outcome.UNKNOWN: ("unknown", "yellow"),
    Outcome.NOT_APPLICABLE: ("n/a", "dim"),
    Outcome.NOT_REACHED: ("not reached", "dim"),
}
_VERDICTS = {
    Verdict.PASS: ("PASS", "bold green", "every hop is proven"),
    Verdict.FAIL: ("FAIL", "bold red", "see what to act on above"),
    Verdict.UNDECIDED: ("UNDECIDED", "bold yellow", "something could not be shown either way"),
}
_SEVERITIES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}


def print_report(report: Report, console: Console) -> None:
    """Print the report; at 80 columns nothing is lost, only wrapped."""
    for route in report.routes:
        console.print(_headline(route))
        console.print(_hops(route))
    for finding in report.findings:
        _print_finding(finding, console)
    word, style, meaning = _VERDICTS[report.verdict]
    console.print(Text.assemble("verdict: ", (word, style), f"  {meaning}"))


def _headline(route: RouteResult) -> Text:
    return Text.assemble("\n", (route.service, "bold"), "  ", route.request or "no request declared")


def _hops(route: RouteResult) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(justify="right", style="dim", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold", ratio=1)
    for result in route.hops:
        word, style = _OUTCOMES[result.outcome]
        rows = _notable(result)
        first = _line(rows[0]) if rows else Text("")
        table.add_row(f"  {result.hop.number}", result.hop.value, Text(word, style=style), first)
        for check in rows[1:]:
            table.add_row("", "", "", _line(check))
    return table


def _notable(result: HopResult) -> tuple[CheckResult, ...]:
    """Return the checks worth a line: all but those that do not apply beside others that do."""
    applying = tuple(check for check in result.checks if check.outcome is not Outcome.NOT_APPLICABLE)
    return applying or result.checks[:1]


def _line(check: CheckResult) -> Text:
    _, style = _OUTCOMES[check.outcome]
    return Text.assemble((check.id, style), "  ", check.observed)


def _print_finding(finding: Finding, console: Console) -> None:
    where = f"  {finding.hop.value}" if finding.hop else ""
    style = _SEVERITIES[finding.severity]
    console.print(Text.assemble("\n", (f"{finding.severity.value}  {finding.id}{where}", style)))
    console.print(Padding(Text(f"{finding.subject}: {finding.message}"), (0, 0, 0, 2)))
    if finding.fix:
        console.print(Padding(Text(finding.fix, style="cyan"), (0, 0, 1, 2)))
