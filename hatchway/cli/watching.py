"""A watch as a person sees it: a live table on a terminal, a line for each change anywhere else."""

from collections.abc import Iterable
from contextlib import ExitStack
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from hatchway.route.outcome import Verdict

if TYPE_CHECKING:
    from hatchway.verify.watching import Change, Round, Watched

__all__ = ["WatchConsole"]

_STYLES = {Verdict.PASS: "green", Verdict.FAIL: "bold red", Verdict.UNDECIDED: "yellow", None: "yellow"}


class WatchConsole:
    """Shows the rounds of a watch; a change stays visible above the table.

    Args:
        console: Where to; standard error, so that reports on standard output stay clean.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._open = ExitStack()
        self._live: Live | None = None

    def __enter__(self) -> Self:
        """Start the live table, if there is a terminal."""
        if self._console.is_terminal:
            self._live = self._open.enter_context(
                Live("verifying", console=self._console, auto_refresh=False, transient=False)
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the live table; its last state stays."""
        self._open.close()

    def show(self, found: "Round") -> None:
        """Show a round: what changed in it, and how everything stands."""
        if found.number > 1 or self._live is None:
            for change in found.changes:
                self._console.print(_line(change), soft_wrap=True)
        if found.error and (found.changes or self._live is None):
            self._console.print(Text(f"round {found.number}: {found.error}", style="yellow"), soft_wrap=True)
        if self._live is not None:
            self._live.update(_table(found.watched, found), refresh=True)


def _line(change: "Change") -> Text:
    after = change.after
    was = f" (was {change.before.state} since {_time(change.before.since)})" if change.before else ""
    return Text.assemble(
        f"{_time(after.since)}  {after.service}  {after.request}  ",
        (after.state, _STYLES[after.verdict]),
        was,
    )


def _table(watched: Iterable["Watched"], found: "Round") -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), caption_justify="left")
    for name in ("service", "request", "state", "since", "last answer"):
        table.add_column(name, justify="left", overflow="fold")
    for one in watched:
        took = "" if one.timing is None else f"{one.timing.total * 1000:.0f} ms"
        table.add_row(one.service, one.request, Text(one.state, _STYLES[one.verdict]), _time(one.since), took)
    table.caption = f"round {found.number}; Ctrl-C ends it"
    return table


def _time(moment: datetime) -> str:
    return moment.astimezone().strftime("%H:%M:%S")
