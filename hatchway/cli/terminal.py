"""Where a person follows what goes on."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["messages"]


def messages() -> "Console":
    """Return the console on standard error, which leaves standard output to reports."""
    from rich.console import Console  # noqa: PLC0415 -- a third of the start-up of a command

    return Console(stderr=True)
