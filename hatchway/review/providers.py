"""Resources that would be made in an account nobody chose."""

from collections.abc import Iterator

from hatchway.route.check_ids import CheckId
from hatchway.route.outcome import Severity
from hatchway.route.report import Finding
from hatchway.route.sources.configuration import Configuration, Stack

NAMES_PROVIDER = CheckId(
    id="HW003",
    hop=None,
    title="Where every provider has an alias, each resource names one of them.",
    source="https://developer.hashicorp.com/terraform/language/meta-arguments/resource-provider",
)


def findings_on_providers(configuration: Configuration) -> Iterator[Finding]:
    """Give the resources that fall to an empty default provider, or to one that does not exist."""
    for stack in configuration.stacks:
        aliases = {str(provider.get("alias") or "") for provider in stack.providers}
        if aliases:
            yield from _strays(stack, aliases)


def _strays(stack: Stack, aliases: set[str]) -> Iterator[Finding]:
    for resource in stack.resources:
        wanted = str(resource.arguments.get("provider", "")).strip("${}").partition(".")[2]
        if not resource.type.startswith("aws_") or wanted in aliases:
            continue
        seen = f"names the provider aws.{wanted}, which is not declared" if wanted else "names no provider"
        yield Finding(
            id=NAMES_PROVIDER.id,
            hop=None,
            severity=Severity.ERROR,
            subject=resource.subject,
            message=f"{seen}; Terraform takes the ambient credentials, whichever account they are for",
            fix=f"Set provider to one of {', '.join(f'aws.{alias}' for alias in sorted(aliases))}.",
        )
