"""The page docs/reference/checks.md, written from the registry of checks."""

from collections.abc import Iterable

from hatchway.route.check_ids import CALLS, CheckId
from hatchway.route.hop import Hop

__all__ = ["page"]

_HEADER = """# Checks

Every check has an id that never changes its meaning: `HW301` is hop 3, check 01. This page is written by
`make docs`.

Numbers 90 to 99 of a hop are what `hatchway verify` sees by calling the deployed path. Lower numbers are
rules on configuration. `HW0xx` concerns a route as a whole.

A *weakness* does not break the path: calls get through, also some that must not. It is a finding of severity
`error`, the verdict is `fail`, and `broken_hop` stays null.
"""


def page(checks: Iterable[CheckId] = CALLS) -> str:
    """Return the page."""
    listed = tuple(checks)
    whole = _section("The route as a whole", [check for check in listed if check.hop is None])
    hops = (
        _section(f"{hop.number} {hop.value}", [check for check in listed if check.hop is hop]) for hop in Hop
    )
    return "\n".join(section for section in (_HEADER, whole, *hops) if section)


def _section(title: str, checks: list[CheckId]) -> str:
    if not checks:
        return ""
    rows = [
        f"| {check.id} | {check.title} | {'weakness' if check.weakness else 'path'} | {_source(check)} |"
        for check in checks
    ]
    return "\n".join(
        [f"## {title}", "", "| id | what has to hold | kind | source |", "|---|---|---|---|", *rows, ""]
    )


def _source(check: CheckId) -> str:
    return f"[AWS]({check.source})" if check.source else ""
