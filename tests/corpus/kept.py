"""The stored plans of a configuration: the first case whole, the others as differences from it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.corpus.cases import CONFIGURATIONS as WRITTEN
from tests.corpus.cases import FOLDER, Case, cases
from tests.corpus.ours import ours
from tests.corpus.plans import Difference, Plan, difference, ordered, patched, text

CONFIGURATIONS = (*WRITTEN, "ours")


@cache
def all_cases(configuration: str) -> tuple[Case, ...]:
    """Return every case of a configuration, the good ones first."""
    return tuple(ours()) if configuration == "ours" else cases(configuration)


@dataclass(slots=True)
class Kept:
    """What is stored for one configuration."""

    path: Path
    plans: dict[str, tuple[str, Plan]]
    """Digest of the sources and plan, by name of the case."""

    @staticmethod
    def read(configuration: str) -> "Kept":
        path = FOLDER / configuration / "plans.json"
        if not path.exists():
            return Kept(path, {})
        stored: dict[str, Any] = json.loads(path.read_text())
        whole: Plan = stored["whole"]
        return Kept(
            path,
            {
                name: (str(one["sources"]), patched(whole, _differences(one)))
                for name, one in stored["cases"].items()
            },
        )

    def is_fresh(self, case: Case) -> bool:
        """Whether the plan was made of the sources as they are."""
        return case.name in self.plans and self.plans[case.name][0] == case.digest

    def plan(self, case: Case) -> Plan:
        """Return the plan of a case."""
        return self.plans[case.name][1]

    def put(self, case: Case, plan: Plan) -> None:
        """Store a plan."""
        self.plans[case.name] = (case.digest, ordered(plan))

    def write(self, wanted: Sequence[Case]) -> None:
        """Write what belongs to a case that still exists."""
        present = [case.name for case in wanted if case.name in self.plans]
        if not present:
            return
        whole = self.plans[present[0]][1]
        stored = {
            "whole": whole,
            "cases": {
                name: {
                    "sources": self.plans[name][0],
                    "differences": difference(whole, self.plans[name][1]),
                }
                for name in present
            },
        }
        self.path.parent.mkdir(exist_ok=True)
        self.path.write_text(text(stored))


def _differences(stored: Any) -> Difference:
    found: Difference = stored["differences"]
    return found
