"""Showing a deployment to a person: live on a terminal, as plain lines anywhere else."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
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


@dataclass(slots=True)
class _UnderWay:
    """What is being done to a stack."""

    stage: Stage
    since: float
    total: int = 0
    done: int = 0
    active: dict[str, float] = field(default_factory=dict)


class ConsoleProgress:
    """Shows progress on a console, of one stack or of several at once.

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
        self._under_way: dict[str, _UnderWay] = {}
        self._totals: dict[str, int] = {}
        self._lock = threading.RLock()

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
        with self._lock:
            self._under_way[stack] = _UnderWay(stage, time.monotonic(), self._totals.get(stack, 0))
            if self._live is None:
                self._print(f"{stack}: {stage.value}")

    def planned(self, stack: str, plan: Plan) -> None:
        """Show the counts, and the changes one by one."""
        with self._lock:
            self._totals[stack] = plan.count("create", "update", "delete") + 2 * plan.count("replace")
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
        with self._lock:
            if isinstance(event, Diagnostic) and event.severity == "warning":
                self._print(f"[yellow]{escape(stack)}: {escape(event.lines[0])}[/]")
            if isinstance(event, ResourceEvent) and event.action in _DONE:
                doing = self._under_way.setdefault(stack, _UnderWay(Stage.APPLY, time.monotonic()))
                self._resource(stack, doing, event)

    def finished(self, result: StackResult) -> None:
        """Leave one line for the stack."""
        self.left(result.stack)
        if result.waits_for:
            text = f"can be planned once deployed: {', '.join(result.waits_for)}"
            self._print(f"[yellow]…[/] {result.stack}: {text}")
        elif result.plan is None:
            self._print(f"[green]✓[/] {result.stack}: nothing there  ({duration(result.seconds)})")
        else:
            summary = plan_summary(result.plan, applied=result.applied)
            self._print(f"[green]✓[/] {result.stack}: {summary}  ({duration(result.seconds)})")

    def left(self, stack: str) -> None:
        """Show nothing of a stack any more."""
        with self._lock:
            self._under_way.pop(stack, None)

    def note(self, sentence: str) -> None:
        """Show a sentence."""
        with self._lock:
            self._print(f"[yellow]{escape(sentence)}[/]")

    def __rich__(self) -> RenderableType:
        """Render what is under way, at most a few lines of it for each stack."""
        now = time.monotonic()
        with self._lock:
            shown = max(1, _SHOWN // max(1, len(self._under_way)))
            rows: list[RenderableType] = []
            for stack, doing in self._under_way.items():
                rows += _rows(stack, doing, now, shown)
        return Group(*rows)

    def _resource(self, stack: str, doing: _UnderWay, event: ResourceEvent) -> None:
        if event.phase is Phase.STARTED:
            doing.active[event.address] = time.monotonic()
            return
        if event.phase is Phase.GOING_ON:
            return
        doing.active.pop(event.address, None)
        doing.done += 1
        of = f"  {escape(stack)}:" if len(self._under_way) > 1 else " "
        if event.phase is Phase.FAILED:
            self._print(f"{of} [red]failed[/]  {escape(event.address)}")
        elif self._live is None and event.action != "read":
            took = duration(event.elapsed_seconds)
            self._print(f"{of} {_DONE[event.action]}  {escape(event.address)}  ({took})")

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


def _rows(stack: str, doing: _UnderWay, now: float, shown: int) -> Iterator[RenderableType]:
    """Render one stack."""
    head = f"{stack}: {doing.stage.value}  {duration(now - doing.since)}"
    if doing.active:
        head += f"  ({doing.done} of {doing.total} done)"
    yield Spinner("dots", text=Text(head, no_wrap=True, overflow="ellipsis"))
    for address, since in list(doing.active.items())[:shown]:
        line = f"    {duration(now - since):>11}  {address}"
        yield Text(line, no_wrap=True, overflow="ellipsis", style="dim")
    if len(doing.active) > shown:
        yield Text(f"    and {len(doing.active) - shown} more", style="dim")
