"""A report for people: what is broken and how to mend it, the nine hops, later risks, the verdict."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from hatchway.report.act_on import print_advice
from hatchway.report.load_table import print_load
from hatchway.report.planned_changes import print_changes
from hatchway.report.printable import printable
from hatchway.report.summary import OUTCOMES, VERDICTS, advice, alike, meaning, named_requests, took
from hatchway.route.outcome import Outcome, Severity, Verdict
from hatchway.route.report import CheckResult, HopResult, Report, RouteResult

__all__ = ["print_report"]

_OUTCOMES = {
    Outcome.PASS: "green",
    Outcome.FAIL: "bold red",
    Outcome.UNKNOWN: "yellow",
    Outcome.NOT_APPLICABLE: "dim",
    Outcome.NOT_REACHED: "dim",
}
_VERDICTS = {Verdict.PASS: "bold green", Verdict.FAIL: "bold red", Verdict.UNDECIDED: "bold yellow"}


def print_report(report: Report, console: Console) -> None:
    """Print the report; at 80 columns nothing is lost, only wrapped."""
    report = printable(report)
    every = advice(report)
    first = [one for one in every if one.finding.severity is Severity.ERROR and not one.finding.accepted]
    print_advice(first, console)
    if report.changes is not None:
        print_changes(report.changes, console)
    brief = report.command == "review"
    for routes in alike(report.routes, brief=brief):
        time = (f"  {took(routes)}", "dim")
        console.print(Text.assemble("\n", (routes[0].service, "bold"), "  ", named_requests(routes), time))
        console.print(_hops(routes[0]))
    if not report.routes:
        console.print("no route: nothing that was given leads over a VPC link to a private API.")
    if report.load is not None:
        print_load(report.load, console)
    print_advice(every[len(first) :], console)
    verdict = (VERDICTS[report.verdict], _VERDICTS[report.verdict])
    console.print(Text.assemble("\nverdict: ", verdict, "  ", meaning(report)))


def _hops(route: RouteResult) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(justify="right", style="dim", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold", ratio=1)
    for result in route.hops:
        word, style = OUTCOMES[result.outcome], _OUTCOMES[result.outcome]
        first, *rest = _lines(result) or [Text("")]
        table.add_row(f"  {result.hop.number}", result.hop.value, Text(word, style=style), first)
        for line in rest:
            table.add_row("", "", "", line)
    return table


def _lines(result: HopResult) -> list[Text]:
    """Return a line for each check worth one; facts and rules that hold are only counted."""
    applying = [check for check in result.checks if check.outcome is not Outcome.NOT_APPLICABLE]
    if not applying:
        return [_line(check) for check in result.checks[:1]]
    shown = [_line(check) for check in applying if check.outcome is not Outcome.PASS or _is_call(check)]
    held = len(applying) - len(shown)
    counted = Text("1 check holds" if held == 1 else f"{held} checks hold", style="dim")
    return [*shown, counted] if held else shown


def _is_call(check: CheckResult) -> bool:
    """Whether it tells what a request showed of its hop: number 90. Refusals that hold are counted."""
    return check.id.endswith("90")


def _line(check: CheckResult) -> Text:
    accepted = ("  accepted", "dim") if check.accepted else ""
    return Text.assemble((check.id, _OUTCOMES[check.outcome]), "  ", check.observed, accepted)
