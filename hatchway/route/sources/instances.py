"""The instances of `count` and `for_each`, where their number is known.

https://developer.hashicorp.com/terraform/language/meta-arguments/for_each
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from hatchway.route.sources.configuration import Configuration, Json, Resource
from hatchway.route.sources.resolve import Resolver
from hatchway.route.symbols import Text

_MOST = 2000
_REPEATS = ("count", "for_each")


def expanded(configuration: Configuration) -> Configuration:
    """Write every instance out; one of unknown number stays one, which stands for all."""
    if not any(_repeats(resource) for stack in configuration.stacks for resource in stack.resources):
        return configuration
    resolver = Resolver(configuration)
    stacks = tuple(
        replace(
            stack,
            resources=tuple(one for resource in stack.resources for one in _instances(resource, resolver)),
        )
        for stack in configuration.stacks
    )
    return Configuration(stacks)


def _repeats(resource: Resource) -> bool:
    return resource.key is None and any(name in resource.arguments for name in _REPEATS)


def _instances(resource: Resource, resolver: Resolver) -> Iterator[Resource]:
    if not _repeats(resource):
        yield resource
        return
    count = resolver.argument(resource, "count")
    if isinstance(count, int) and count <= _MOST:
        for index in range(count):
            yield replace(resource, key=index)
        return
    pairs = _pairs(resolver.argument(resource, "for_each"))
    if pairs is None or len(pairs) > _MOST:
        yield replace(resource, is_guess=True)
        return
    for key, value in pairs:
        yield replace(resource, key=key, each=(key, value))


def _pairs(value: Json) -> list[tuple[str, Json]] | None:
    if isinstance(value, Mapping):
        return [(str(key), one) for key, one in value.items()]
    if isinstance(value, list) and all(isinstance(one, Text) and one.literal is not None for one in value):
        return [(str(one), one) for one in value]
    return None
