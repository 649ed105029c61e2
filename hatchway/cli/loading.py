"""A load as a person follows it, and the options that ask for one."""

import time
from typing import TYPE_CHECKING

from hatchway.cli.terminal import messages
from hatchway.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from hatchway.route.report import Report
    from hatchway.verify.load.loading import Asked
    from hatchway.verify.load.open_loop import Pace
    from hatchway.verify.verifier import Verifier

__all__ = ["asked_load", "with_shown_load"]

_BETWEEN_LINES_SECONDS = 10


def asked_load(
    per_second: float | None, seconds: float | None, budget: float | None, *, watch: bool
) -> "Asked | None":
    """Return the load that options ask for together; None if they ask for none.

    Raises:
        UsageError: One of them is given without those that it needs.
    """
    from hatchway.verify.load.loading import Asked  # noqa: PLC0415 -- keeps help quick

    if per_second is None:
        for name, value in (("--for", seconds), ("--error-budget", budget)):
            if value is not None:
                raise UsageError(f"{name}: is about a load, give it with --load.")
        return None
    if not seconds:
        raise UsageError("--load: needs --for with how long it lasts, such as --for 1m.")
    if watch:
        raise UsageError("--load: is made once, and --watch goes on. Give one of them.")
    return Asked(per_second=per_second, seconds=seconds, budget=budget or 0.0)


def with_shown_load(verifier: "Verifier", report: "Report", asked: "Asked") -> "Report":
    """Make a load, and say on standard error how it goes."""
    from hatchway.verify.load.loading import with_load  # noqa: PLC0415 -- keeps help quick

    console = messages()
    if not console.is_terminal:
        return with_load(verifier, report, asked, _Lines(console, asked))
    with console.status("load") as status:
        return with_load(
            verifier, report, asked, lambda pace, wrong: status.update(_said(pace, wrong, asked))
        )


class _Lines:
    """Says now and then how a load goes, where no line can be written over."""

    def __init__(self, console: "Console", asked: "Asked") -> None:
        self._console = console
        self._asked = asked
        self._next = time.monotonic() + _BETWEEN_LINES_SECONDS

    def __call__(self, pace: "Pace", wrong: int) -> None:
        if time.monotonic() >= self._next:
            self._next += _BETWEEN_LINES_SECONDS
            self._console.print(_said(pace, wrong, self._asked), soft_wrap=True, highlight=False)


def _said(pace: "Pace", wrong: int, asked: "Asked") -> str:
    return (
        f"load: {pace.seconds:.0f} of {asked.seconds:.0f} s, {pace.sent} sent, {pace.under_way} under way, "
        f"{wrong} wrong"
    )
