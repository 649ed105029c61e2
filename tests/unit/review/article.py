"""The article's synthesized stacks as a fixture, to be changed one thing at a time."""

import json
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from hatchway.review.reviewing import judge
from hatchway.route.outcome import Outcome
from hatchway.route.report import Report
from hatchway.route.sources.configuration import Configuration, read_stack

FIXTURE = Path(__file__).parents[2] / "fixtures" / "review" / "article"
F, S, G = "foundation", "service-orders", "gateway"

Stacks = dict[str, Any]
Change = Callable[["Article"], object]


@cache
def _original() -> Stacks:
    return {name: json.loads((FIXTURE / "stacks" / name / "cdk.tf.json").read_text()) for name in (F, S, G)}


class Article:
    """The stacks, with short ways to what is in them."""

    def __init__(self) -> None:
        self.stacks: Stacks = deepcopy(_original())

    def of(self, stack: str, kind: str) -> dict[str, Any]:
        """Return every resource of a type by name."""
        resources: dict[str, Any] = self.stacks[stack].setdefault("resource", {})
        found: dict[str, Any] = resources.setdefault(kind, {})
        return found

    def at(self, stack: str, address: str) -> dict[str, Any]:
        """Return the arguments of a resource."""
        kind, _, name = address.partition(".")
        found: dict[str, Any] = self.of(stack, kind)[name]
        return found

    def set(self, stack: str, address: str, **arguments: object) -> None:
        """Set arguments; None takes one away."""
        for name, value in arguments.items():
            if value is None:
                self.at(stack, address).pop(name, None)
            else:
                self.at(stack, address)[name] = value

    def add(self, stack: str, address: str, **arguments: object) -> None:
        """Add a resource, in the account of the stack."""
        kind, _, name = address.partition(".")
        provider = "aws.orders" if stack == S else "aws.edge"
        self.of(stack, kind)[name] = {"provider": provider} | arguments

    def drop(self, stack: str, *addresses: str) -> None:
        """Take resources away."""
        for address in addresses:
            kind, _, name = address.partition(".")
            del self.of(stack, kind)[name]

    def put(self, old: str, new: str, *stacks: str) -> None:
        """Replace text anywhere in some stacks."""
        for stack in stacks:
            text = json.dumps(self.stacks[stack])
            assert old in text, old
            self.stacks[stack] = json.loads(text.replace(old, new))

    def policy(self, stack: str, address: str, change: Callable[[Any], object]) -> None:
        """Change a policy document in place."""
        document = json.loads(self.at(stack, address)["policy"])
        change(document)
        self.at(stack, address)["policy"] = json.dumps(document)

    def configuration(self) -> Configuration:
        """Return what the sources read."""
        return Configuration(tuple(read_stack(name, [self.stacks[name]]) for name in self.stacks))


def reviewed(change: Change | None = None) -> Report:
    """Review the article's stacks with one thing changed."""
    article = Article()
    if change is not None:
        change(article)
    return judge(article.configuration())


def ids(report: Report, outcome: Outcome, *, weakness: bool = False) -> set[str]:
    """Ids of the checks that ended so, of those that break the path or of those that weaken it."""
    return {
        check.id
        for route in report.routes
        for hop in route.hops
        for check in hop.checks
        if check.outcome is outcome and check.weakness is weakness
    }
