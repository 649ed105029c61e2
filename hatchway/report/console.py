"""A report for people: what is broken and how to mend it, the nine hops, later risks, the verdict."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from hatchway.report.act_on import print_findings
from hatchway.route.outcome import Outcome, Severity, Verdict
from hatchway.route.report import CheckResult, HopResult, Report, RouteResult

__all__ = ["print_report"]

_OUTCOMES = {
    Outcome.PASS: ("pass", "green"),
    Outcome.FAIL: ("FAIL", "bold red"),
    Outcome.UNKNOWN: ("unknown", "yellow"),
    Outcome.NOT_APPLICABLE: ("n/a", "dim"),
    Outcome.NOT_REACHED: ("not reached", "dim"),
}
_VERDICTS = {
    Verdict.PASS: ("PASS", "bold green"),
    Verdict.FAIL: ("FAIL", "bold red"),
    Verdict.UNDECIDED: ("UNDECIDED", "bold yellow"),
}
_NAMED_REQUESTS = 3


def print_report(report: Report, console: Console) -> None:
    """Print the report; at 80 columns nothing is lost, only wrapped."""
    errors = [finding for finding in report.findings if finding.severity is Severity.ERROR]
    others = [finding for finding in report.findings if finding.severity is not Severity.ERROR]
    print_findings(errors, report.routes, console)
    brief = report.command == "review"
    for routes in _alike(report.routes, brief=brief):
        console.print(_headline(routes))
        console.print(_hops(routes[0], brief=brief))
    if not report.routes:
        console.print("no route: nothing that was given leads over a VPC link to a private API.")
    print_findings(others, report.routes, console)
    word, style = _VERDICTS[report.verdict]
    console.print(Text.assemble("\nverdict: ", (word, style), "  ", _meaning(report)))


def _meaning(report: Report) -> str:
    broken = dict.fromkeys(route.broken_hop.value for route in report.routes if route.broken_hop)
    undecided = any(route.verdict is Verdict.UNDECIDED for route in report.routes)
    if report.verdict is Verdict.FAIL:
        return f"broken at {', '.join(broken)}" if broken else "see what to act on above"
    if report.verdict is Verdict.UNDECIDED:
        ways = " Give every stack of the path, or --unknown-as." if report.command == "review" else ""
        return f"something could not be shown either way.{ways}"
    if undecided:
        return "nothing is known to be broken, not all is proven"
    # Only a call proves a hop; a review has read what is declared.
    return "every check holds; nothing was called" if report.command == "review" else "every hop is proven"


def _alike(routes: Iterable[RouteResult], *, brief: bool) -> list[list[RouteResult]]:
    """Put routes of a service together about which there is the same to be said."""
    groups: dict[object, list[RouteResult]] = {}
    for route in routes:
        said = tuple((result.outcome, tuple(map(str, _lines(result, brief=brief)))) for result in route.hops)
        groups.setdefault((route.service, route.answer, said), []).append(route)
    return list(groups.values())


def _headline(routes: Sequence[RouteResult]) -> Text:
    requests = [route.request or "no request declared" for route in routes]
    more = len(requests) - _NAMED_REQUESTS
    named = ", ".join(requests[:_NAMED_REQUESTS]) + (f" and {more} more" if more > 0 else "")
    return Text.assemble("\n", (routes[0].service, "bold"), "  ", named)


def _hops(route: RouteResult, *, brief: bool) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(justify="right", style="dim", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold", ratio=1)
    for result in route.hops:
        word, style = _OUTCOMES[result.outcome]
        first, *rest = _lines(result, brief=brief) or [Text("")]
        table.add_row(f"  {result.hop.number}", result.hop.value, Text(word, style=style), first)
        for line in rest:
            table.add_row("", "", "", line)
    return table


def _lines(result: HopResult, *, brief: bool) -> list[Text]:
    """Return a line for each check worth one; in a review, those that hold are only counted."""
    applying = [check for check in result.checks if check.outcome is not Outcome.NOT_APPLICABLE]
    if not brief or not applying:
        return [_line(check) for check in applying or result.checks[:1]]
    shown = [_line(check) for check in applying if check.outcome is not Outcome.PASS]
    held = len(applying) - len(shown)
    counted = Text("1 check holds" if held == 1 else f"{held} checks hold", style="dim")
    return [*shown, counted] if held else shown


def _line(check: CheckResult) -> Text:
    _, style = _OUTCOMES[check.outcome]
    return Text.assemble((check.id, style), "  ", check.observed)
