"""What to act on, for people: each finding once, with where, what, what a caller sees, and the fix."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from hatchway.report.summary import Advice
from hatchway.route.outcome import Severity

__all__ = ["print_advice"]

_SEVERITIES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}


def print_advice(advice: Iterable[Advice], console: Console) -> None:
    """Print findings in the order given."""
    for one in advice:
        console.print(_heading(one))
        console.print(_body(one))


def _heading(one: Advice) -> Text:
    finding = one.finding
    hop = f"  {finding.hop.value}" if finding.hop else ""
    kind = "  a weakness: the path works" if one.weakness else ""
    word, style = finding.severity.value, _SEVERITIES[finding.severity]
    if finding.accepted:
        word, style = f"accepted {word}", "dim"
    return Text.assemble("\n", (f"{word}  {finding.id}{hop}", style), kind)


def _body(one: Advice) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold", ratio=1)
    for label, text in one.rows.items():
        table.add_row(f"  {label}", Text(text, style="cyan" if label == "fix" else ""))
    return table
