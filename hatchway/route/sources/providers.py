"""Which provider a resource is made with, through the modules that hand it on.

https://developer.hashicorp.com/terraform/language/modules/develop/providers
"""

from collections.abc import Callable, Mapping

from hatchway.route.sources.configuration import Json, Resource, Stack

ModuleOf = Callable[[Resource], Stack]


def alias_of(resource: Resource, module_of: ModuleOf) -> str:
    """Return the alias of the provider as the root module calls it; empty for the default one."""
    return _traced(resource, module_of)[0]


def provider_of(resource: Resource, module_of: ModuleOf) -> Mapping[str, Json]:
    """Return the provider's own arguments, empty for one that is not declared."""
    alias, module = _traced(resource, module_of)
    return next((one for one in module.providers if str(one.get("alias") or "") == alias), {})


def _traced(resource: Resource, module_of: ModuleOf) -> tuple[str, Stack]:
    alias, module = _alias(resource.arguments.get("provider")), module_of(resource)
    while module.call is not None and not _declares(module, alias):
        passed = module.call.arguments.get("providers")
        if isinstance(passed, Mapping):
            alias = _alias(passed.get(f"aws.{alias}" if alias else "aws", f"aws.{alias}"))
        module = module_of(module.call)
    return alias, module


def _declares(module: Stack, alias: str) -> bool:
    return any(str(one.get("alias") or "") == alias for one in module.providers)


def _alias(written: Json) -> str:
    return str(written or "").strip("${}").partition(".")[2]
