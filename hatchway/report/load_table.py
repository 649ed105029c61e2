"""What a load showed, for people: the load as a whole, and a row for each request."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from hatchway.route.load import Load, RequestLoad

__all__ = ["COLUMNS", "load_line", "load_row", "print_load"]

COLUMNS = ("request", "answers", "wrong", "429", "p50", "p95", "p99", "longest", "limit")


def load_line(load: Load) -> str:
    """Return the load as a whole, in one line."""
    asked = f"{load.asked_per_second:g} calls per second for {load.asked_seconds:g} s"
    was = f"{load.sent} sent in {load.seconds:.1f} s ({load.sent_per_second:.1f} per second)"
    more = [f"{load.late} of them late"] if load.late else []
    more += [f"{load.due - load.sent} not sent"] if load.due > load.sent else []
    more += [f"{load.unanswered} not waited for"] if load.unanswered else []
    return f"{asked}: " + ", ".join((was, *more, f"up to {load.at_once} at once"))


def load_row(one: RequestLoad) -> tuple[str, ...]:
    """Return what there is to say of a request, column by column; times are of right answers, in ms."""
    latency = one.latency
    times = () if latency is None else (latency.p50, latency.p95, latency.p99, latency.longest)
    shown = tuple(f"{seconds * 1000:.0f} ms" for seconds in times) or ("",) * 4
    wrong = f"{one.wrong_count} ({one.wrong_share:.2%})" if one.wrong_count else "0"
    limit = "" if one.limit_milliseconds is None else f"{one.limit_milliseconds} ms"
    return (f"{one.service} {one.request}", str(one.answered), wrong, str(one.throttled), *shown, limit)


def print_load(load: Load, console: Console) -> None:
    """Print what a load showed; times are of right answers."""
    console.print(Text.assemble("\n", ("load  ", "bold"), load_line(load)))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for number, name in enumerate(COLUMNS):
        table.add_column(name, justify="right" if number else "left", overflow="fold")
    for one in load.requests:
        table.add_row(*_styled(load_row(one), is_wrong=bool(one.wrong_count)))
    console.print(table)


def _styled(cells: Sequence[str], *, is_wrong: bool) -> list[Text]:
    # As Text: what a topology says is no markup.
    return [
        Text(cell, style="red" if is_wrong and name == "wrong" else "")
        for name, cell in zip(COLUMNS, cells, strict=True)
    ]
