"""From files to a report."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from hatchway.review.changes import findings_on_changes
from hatchway.review.providers import findings_on_providers
from hatchway.route.facts import RouteFacts
from hatchway.route.report import Finding, Report, findings_of
from hatchway.route.sources import config
from hatchway.route.sources.configuration import Configuration
from hatchway.route.sources.instances import expanded
from hatchway.route.sources.requests import Routes
from hatchway.route.walk import risks, walk


def review(paths: Sequence[Path]) -> Report:
    """Judge every route that some files and folders declare.

    Args:
        paths: Synthesized folders, folders of one stack, `*.tf.json` files, or plans as
            `terraform show -json` writes them. Several are one path.

    Returns:
        The report; without a single route in it, its verdict is undecided.

    Raises:
        UsageError: A path cannot be read, or is no Terraform JSON.
    """
    inputs = config.load(paths)
    report = judge(inputs.configuration)
    changes = (one for stack, plan in inputs.plans.items() for one in findings_on_changes(plan, stack))
    return replace(report, findings=(*changes, *report.findings))


def judge(configuration: Configuration) -> Report:
    """Judge every route of a configuration."""
    configuration = expanded(configuration)
    facts = tuple(Routes(configuration).facts())
    routes = tuple(map(walk, facts))
    found = (*findings_on_providers(configuration), *findings_of(routes), *_risks(facts))
    return Report(command="review", routes=routes, findings=tuple(dict.fromkeys(found)))


def _risks(facts: Sequence[RouteFacts]) -> Iterator[Finding]:
    for one in facts:
        yield from risks(one)
