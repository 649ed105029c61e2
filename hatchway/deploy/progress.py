"""Showing a deployment to a person: live on a terminal, as plain lines anywhere else."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.markup import escape
from rich.spinner import Spinner
from rich.text import Text

from hatchway.deploy.estate import StackResult, Stage
from hatchway.terraform.events import Diagnostic, Event, Phase, ResourceEvent
from hatchway.terraform.runner import Plan

__all__ = ["ConsoleProgress", "duration", "plan_summary"]

_SHOWN = 6
_SIGNS = {
    "create": ("[green]+[/]", "to create", "created"),
    "update": ("[yellow]~[/]", "to change", "changed"),
    "replace": ("[magenta]±[/]", "to replace", "replaced"),
    "delete": ("[red]-[/]", "to destroy", "destroyed"),
}
_DONE = {"create": "created", "update": "changed", "delete": "destroyed", "read": "read"}


def duration(seconds: float) -> str:
    """Return seconds as a person says them: `7 s`, `2 min 05 s`."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


def plan_summary(plan: Plan, *, applied: bool = False) -> str:
    """Return a plan's counts in a line: what is to be done, or was done."""
    if plan.is_empty:
        return "no changes"
    counts = ((plan.count(action), words[applied]) for action, (_, *words) in _SIGNS.items())
    return ", ".join(f"{count} {words}" for count, words in counts if count) or "changes in state only"


class ConsoleProgress:
    """Shows progress on a console.

    Args:
        console: Where to; standard error, so that reports on standard output stay clean.
        ask: Asks a yes-or-no question; None where every plan is to be applied.
        creations: Whether plans are shown with each resource to create, beside what is changed or destroyed.
    """

    def __init__(self, console: Console, ask: Callable[[str], bool] | None, *, creations: bool) -> None:
        self._console = console
        self._ask = ask
        self._hidden = set() if creations else {"create"}
        self._live: Live | None = None
        self._doing = ""
        self._since = time.monotonic()
        self._active: dict[str, tuple[str, float]] = {}
        self._total = self._done = 0

    def __enter__(self) -> Self:
        """Start the live display, if the console is a terminal."""
        self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the live display; what was printed stays."""
        self._stop()

    def enter(self, stack: str, stage: Stage) -> None:
        """Show what is being done now."""
        self._doing, self._since = f"{stack}: {stage.value}", time.monotonic()
        self._active.clear()
        self._done = 0
        if self._live is None:
            self._print(f"{stack}: {stage.value}")

    def planned(self, stack: str, plan: Plan) -> None:
        """Show the counts, and the changes one by one."""
        self._total = plan.count("create", "update", "delete") + 2 * plan.count("replace")
        self._print(f"{stack}: [bold]{plan_summary(plan)}[/]")
        for change in plan.changes:
            if change.action in _SIGNS.keys() - self._hidden:
                self._print(f"  {_SIGNS[change.action][0]} {escape(change.address)}")

    def confirm(self, stack: str) -> bool:
        """Ask, with the live display out of the way."""
        if self._ask is None:
            return True
        self._stop()
        try:
            return self._ask(f"Apply this to {stack}?")
        finally:
            self._start()

    def event(self, stack: str, event: Event) -> None:
        """Follow the resources under way."""
        if isinstance(event, Diagnostic) and event.severity == "warning":
            self._print(f"[yellow]{escape(stack)}: {escape(event.lines[0])}[/]")
        if not isinstance(event, ResourceEvent) or event.action not in _DONE:
            return
        if event.phase is Phase.STARTED:
            self._active[event.address] = (event.action, time.monotonic())
            return
        if event.phase is Phase.GOING_ON:
            return
        self._active.pop(event.address, None)
        self._done += 1
        if event.phase is Phase.FAILED:
            self._print(f"  [red]failed[/]  {escape(event.address)}")
        elif self._live is None and event.action != "read":
            took = duration(event.elapsed_seconds)
            self._print(f"  {_DONE[event.action]}  {escape(event.address)}  ({took})")

    def finished(self, result: StackResult) -> None:
        """Leave one line for the stack."""
        if result.waits_for:
            text = f"can be planned once deployed: {', '.join(result.waits_for)}"
            self._print(f"[yellow]…[/] {result.stack}: {text}")
        elif result.plan is None:
            self._print(f"[green]✓[/] {result.stack}: nothing there  ({duration(result.seconds)})")
        else:
            summary = plan_summary(result.plan, applied=result.applied)
            self._print(f"[green]✓[/] {result.stack}: {summary}  ({duration(result.seconds)})")

    def note(self, sentence: str) -> None:
        """Show a sentence."""
        self._print(f"[yellow]{escape(sentence)}[/]")

    def __rich__(self) -> RenderableType:
        """Render what is under way, at most a few lines of it."""
        now = time.monotonic()
        head = f"{self._doing}  {duration(now - self._since)}"
        if self._active:
            head += f"  ({self._done} of {self._total} done)"
        rows: list[RenderableType] = [Spinner("dots", text=Text(head, no_wrap=True, overflow="ellipsis"))]
        for address, (_, since) in list(self._active.items())[:_SHOWN]:
            line = f"    {duration(now - since):>11}  {address}"
            rows.append(Text(line, no_wrap=True, overflow="ellipsis", style="dim"))
        if len(self._active) > _SHOWN:
            rows.append(Text(f"    and {len(self._active) - _SHOWN} more", style="dim"))
        return Group(*rows)

    def _print(self, markup: str) -> None:
        self._console.print(markup, highlight=False, soft_wrap=not self._console.is_terminal)

    def _start(self) -> None:
        if self._console.is_terminal and self._live is None:
            self._live = Live(self, console=self._console, transient=True, refresh_per_second=4)
            self._live.start()

    def _stop(self) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None
