"""State that two applies may write at the same time."""

from collections.abc import Iterator

from hatchway.route.check_ids import CheckId
from hatchway.route.outcome import Severity
from hatchway.route.report import Finding
from hatchway.route.sources.configuration import Configuration

LOCKS_STATE = CheckId(
    id="HW007",
    hop=None,
    title="State in S3 is locked while it is written.",
    source="https://developer.hashicorp.com/terraform/language/backend/s3",
)


def findings_on_state(configuration: Configuration) -> Iterator[Finding]:
    """Give the stacks whose state in S3 nobody locks."""
    for stack in configuration.stacks:
        if stack.backend is None or stack.backend[0] != "s3":
            continue
        given = stack.backend[1]
        if given.get("dynamodb_table") is None and given.get("use_lockfile") is not True:
            yield Finding(
                id=LOCKS_STATE.id,
                hop=None,
                severity=Severity.WARNING,
                subject=f"{stack.name}: backend s3" if stack.name else "backend s3",
                message="use_lockfile is not set: two applies at once lose what one of them made",
                fix="Set use_lockfile = true.",
            )
