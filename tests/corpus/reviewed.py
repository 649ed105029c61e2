"""What review says about a case, in the terms the table of cases is written in."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hatchway.review import review
from hatchway.route.outcome import Outcome, Severity
from hatchway.route.report import Report
from tests.corpus.cases import Case
from tests.corpus.plans import Plan


@dataclass(frozen=True, slots=True)
class Said:
    """The verdict, the first broken hops of all routes, and the ids of errors and warnings."""

    verdict: str
    hops: frozenset[str]
    errors: frozenset[str] = frozenset()
    warnings: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()

    @staticmethod
    def of(report: Report) -> "Said":
        unknown = {
            check.id
            for route in report.routes
            for hop in route.hops
            for check in hop.checks
            if check.outcome is Outcome.UNKNOWN
        }
        return Said(
            verdict=report.verdict.value,
            hops=frozenset(route.broken_hop.value for route in report.routes if route.broken_hop is not None),
            errors=frozenset(one.id for one in report.findings if one.severity is Severity.ERROR),
            warnings=frozenset(one.id for one in report.findings if one.severity is Severity.WARNING),
            unknown=frozenset(unknown),
        )

    @property
    def short(self) -> str:
        """One line for a person."""
        hops = ", ".join(sorted(self.hops)) or "no hop"
        errors = " ".join(sorted(self.errors)) or "no error"
        unknown = f"; unknown {' '.join(sorted(self.unknown))}" if self.unknown else ""
        return f"{self.verdict}: {hops}, {errors}{unknown}"


def expected(case: Case) -> Said:
    """Return what has to be said about a case: nothing more, nothing less."""
    if case.check is None or case.hop is None:
        return Said("pass", frozenset())
    named = frozenset({case.check, *case.also})
    if case.risk:
        return Said("pass", frozenset(), warnings=named)
    hops = frozenset() if case.weakness else frozenset({case.hop})
    return Said("fail", hops, named)


def from_configuration(case: Case, folder: Path) -> Said:
    """Review the sources of a case."""
    write(case.stacks or case.sources, folder)
    return Said.of(review([folder]))


def from_plan(plan: Plan, folder: Path) -> Said:
    """Review the plan of a case."""
    path = folder / "plan.json"
    path.write_text(json.dumps(plan))
    return Said.of(review([path]))


def write(sources: Mapping[str, str], folder: Path) -> None:
    for name, content in sources.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content)


def from_both(case: Case, plan: Plan, folder: Path) -> Said:
    """Review sources and plan together, named alike: the same stack, seen twice."""
    write(case.sources, folder / "stack")
    path = folder / "stack.json"
    path.write_text(json.dumps(plan))
    return Said.of(review([folder / "stack", path]))
