"""Resources that would be made in an account nobody chose."""

from collections.abc import Iterator

from hatchway.route.check_ids import CheckId
from hatchway.route.outcome import Severity
from hatchway.route.report import Finding
from hatchway.route.sources.configuration import Configuration, Resource
from hatchway.route.sources.providers import alias_of

NAMES_PROVIDER = CheckId(
    id="HW003",
    hop=None,
    title="Where every provider has an alias, each resource names one of them.",
    source="https://developer.hashicorp.com/terraform/language/meta-arguments/resource-provider",
)


def findings_on_providers(configuration: Configuration) -> Iterator[Finding]:
    """Give the resources that fall to an empty default provider, or to one that does not exist."""
    modules = {(one.name, one.module): one for one in configuration.modules}
    for stack in configuration.stacks:
        aliases = {str(provider.get("alias") or "") for provider in stack.providers}
        for module in stack.modules if aliases else ():
            for resource in module.resources:
                wanted = alias_of(resource, lambda one: modules[one.stack, one.module])
                own = {str(provider.get("alias") or "") for provider in module.providers}
                if resource.type.startswith("aws_") and wanted not in aliases | own:
                    yield _stray(resource, wanted, aliases)


def _stray(resource: Resource, wanted: str, aliases: set[str]) -> Finding:
    seen = f"names the provider aws.{wanted}, which is not declared" if wanted else "names no provider"
    return Finding(
        id=NAMES_PROVIDER.id,
        hop=None,
        severity=Severity.ERROR,
        subject=resource.subject,
        message=f"{seen}; Terraform takes the ambient credentials, whichever account they are for",
        fix=f"Set provider to one of {', '.join(f'aws.{alias}' for alias in sorted(aliases))}.",
    )
