"""The page docs/reference/checks.md, written from the registry of checks."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from hatchway.route.check_ids import CALLS, CheckId
from hatchway.route.checks.registry import ALL, LIVE
from hatchway.route.hop import Hop

__all__ = ["Entry", "entries", "page"]

_HEADER = """# Checks

Every check has an id that never changes its meaning: `HW301` is hop 3, check 01; `HW0xx` concerns a route as
a whole. This page is written by `make docs`.

| kind | what a failure means | severity | verdict |
|---|---|---|---|
| break | No request gets past it; what lies behind it is not reached. | error | fail |
| weakness | The path works, also for some who must not get through; `broken_hop` stays null. | error | fail |
| risk | The path works now; a later change breaks it, or has no effect. | warning | |
| call | A call by `hatchway verify` did not end as it must: HW001, HW002, HWx90 to HWx99. | error | fail |

`hatchway review` judges breaks, weaknesses and risks from Terraform; `hatchway verify` makes the calls. A
check that cannot be decided is unknown, which is never a pass.

The source is what a rule rests on. A symptom is what we expect a caller, or whoever applies, to see: the
source does not always say so. The fix is in Terraform's terms.
"""
_SOURCES = {
    "docs.aws.amazon.com": "AWS",
    "repost.aws": "AWS re:Post",
    "registry.terraform.io": "Terraform AWS provider",
    "developer.hashicorp.com": "Terraform",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A check as the page shows it."""

    id: CheckId
    kind: str
    symptom: str = ""
    fix: str = ""


def entries(others: Iterable[Entry] = ()) -> list[Entry]:
    """Return every check by its id: those of a route, the calls, and what else is given."""
    calls = (Entry(id=check, kind="weakness" if check.weakness else "call") for check in CALLS)
    rules = (Entry(id=one.id, kind=one.kind.value, symptom=one.symptom, fix=one.fix) for one in (*ALL, *LIVE))
    return sorted((*calls, *rules, *others), key=lambda entry: entry.id.id)


def page(others: Iterable[Entry] = ()) -> str:
    """Return the page: the checks of every route, the calls, and what else is given."""
    listed = entries(others)
    parts = [_HEADER, *_section("The route as a whole", [one for one in listed if one.id.hop is None])]
    for hop in Hop:
        parts += _section(f"{hop.number} {hop.value}", [one for one in listed if one.id.hop is hop])
    return "\n".join(parts)


def _section(title: str, listed: list[Entry]) -> list[str]:
    return [f"## {title}\n", *map(_entry, listed)] if listed else []


def _entry(entry: Entry) -> str:
    facts = {"symptom": entry.symptom, "fix": entry.fix, "source": _source(entry.id)}
    lines = [f"- {name}: {text}" for name, text in facts.items() if text]
    listed = ["", *lines] if lines else []
    return "\n".join([f"### {entry.id.id}", "", f"{entry.id.title} *{entry.kind}*", *listed, ""])


def _source(check: CheckId) -> str:
    return f"[{_SOURCES[urlsplit(check.source).netloc]}]({check.source})" if check.source else ""
