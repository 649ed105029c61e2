"""From files to a report."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from hatchway.review.account_changes import account_changes
from hatchway.review.changes import OUTAGES, findings_on_changes
from hatchway.review.places import Places
from hatchway.review.providers import findings_on_providers
from hatchway.review.shadow import differences, rendered
from hatchway.review.state_locks import findings_on_state
from hatchway.route.facts import RouteFacts
from hatchway.route.outcome import Outcome
from hatchway.route.report import Finding, Report, findings_of
from hatchway.route.sources import config
from hatchway.route.sources.configuration import Configuration
from hatchway.route.sources.instances import expanded
from hatchway.route.sources.requests import Routes
from hatchway.route.walk import risks, walk


def review(paths: Sequence[Path], *, shadow: bool = False) -> Report:
    """Judge every route that some files and folders declare.

    Args:
        paths: Synthesized folders, folders of one stack, `*.tf.json` files, or plans as
            `terraform show -json` writes them. Several are one path.
        shadow: Let Terraform render the configuration too, and say where that is judged otherwise.

    Returns:
        The report; without a single route in it, its verdict is undecided.

    Raises:
        UsageError: A path cannot be read, or is no Terraform JSON.
        ToolError: Terraform cannot render the configuration.
    """
    inputs = config.load(paths)
    report = judge(inputs.configuration)
    if shadow:
        report = differences(report, judge(rendered(inputs.configuration)))
    risky = tuple(one for stack, plan in inputs.plans.items() for one in findings_on_changes(plan, stack))
    outages = [one.subject for one in risky if one.id in OUTAGES]
    changes = account_changes(inputs.plans, outages) if inputs.plans else None
    report = replace(report, findings=(*risky, *report.findings), changes=changes)
    locations = Places(inputs.files, Path.cwd()).of(_subjects(report))
    return replace(report, locations=locations)


def judge(configuration: Configuration) -> Report:
    """Judge every route of a configuration."""
    with _without_collection():
        configuration = expanded(configuration)
        facts = tuple(Routes(configuration).facts())
        routes = tuple(map(walk, facts))
    stacks = (*findings_on_providers(configuration), *findings_on_state(configuration))
    found = (*stacks, *findings_of(routes), *_risks(facts))
    return Report(command="review", routes=routes, findings=tuple(dict.fromkeys(found)))


@contextmanager
def _without_collection() -> Iterator[None]:
    """Leave cyclic garbage alone for a while: what is read is all alive, and looked through again and again.

    Without this, a service among five hundred costs a quarter more than one among fifty.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _subjects(report: Report) -> Iterator[str]:
    """Give what is worth looking at: what holds is not."""
    yield from (finding.subject for finding in report.findings)
    for route in report.routes:
        for hop in route.hops:
            yield from (check.subject for check in hop.checks if check.outcome is Outcome.UNKNOWN)


def _risks(facts: Sequence[RouteFacts]) -> Iterator[Finding]:
    for one in facts:
        yield from risks(one)
