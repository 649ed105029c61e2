"""Durations as people write them on the command line."""

import re
from collections.abc import Callable

import typer

__all__ = ["seconds_up_to"]

_FORM = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s?)?", re.ASCII)


def seconds_up_to(most: float) -> Callable[[str | float], float]:
    """Return a parser of durations such as `90`, `1.5s`, `5m` and `1h30m`, in seconds up to a limit."""

    def seconds(given: str | float) -> float:
        text = str(given).strip()  # a default comes as a number
        found = _FORM.fullmatch(text)
        if not text or found is None:
            raise typer.BadParameter(f"is not a duration such as 90s, 5m or 1h30m, got {text!r}.")
        hours, minutes, rest = (float(part or 0) for part in found.groups())
        total = hours * 3600 + minutes * 60 + rest
        if total > most:
            raise typer.BadParameter(f"is more than {most:.0f} seconds, got {text!r}.")
        return total

    return seconds
