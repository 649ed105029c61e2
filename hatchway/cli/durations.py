"""Durations, rates and shares as people write them on the command line."""

import re
from collections.abc import Callable

import typer

__all__ = ["per_second_up_to", "seconds_up_to", "share"]

_RATE = re.compile(r"(\d+(?:\.\d+)?)(?:/([smh]))?", re.ASCII)
_UNITS = {None: 1, "s": 1, "m": 60, "h": 3600}
_SHARE = re.compile(r"(\d+(?:\.\d+)?)%?", re.ASCII)
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


def per_second_up_to(most: float) -> Callable[[str | float], float]:
    """Return a parser of rates such as `50`, `50/s` and `90/m`, in calls per second up to a limit."""

    def per_second(given: str | float) -> float:
        text = str(given).strip()
        found = _RATE.fullmatch(text)
        rate = float(found[1]) / _UNITS[found[2]] if found else 0.0
        if not rate:
            raise typer.BadParameter(f"is not a rate above 0 such as 50, 50/s or 90/m, got {text!r}.")
        if rate > most:
            raise typer.BadParameter(f"is more than {most:.0f} calls per second, got {text!r}.")
        return rate

    return per_second


def share(given: str | float) -> float:
    """Return a percentage such as `0.1%` as a share from 0 to 1."""
    text = str(given).strip()
    found = _SHARE.fullmatch(text)
    if found is None or float(found[1]) > 100:  # noqa: PLR2004 -- of a hundred
        raise typer.BadParameter(f"is not a percentage from 0 to 100 such as 0.1%, got {text!r}.")
    return float(found[1]) / 100
