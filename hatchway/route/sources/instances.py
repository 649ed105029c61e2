"""The instances of `count` and `for_each`, of resources and of modules, where their number is known.

https://developer.hashicorp.com/terraform/language/meta-arguments/for_each
"""

from collections.abc import Iterator
from dataclasses import replace

from hatchway.route.sources.configuration import Configuration, Resource, Stack
from hatchway.route.sources.operators import pairs
from hatchway.route.sources.resolve import Resolver
from hatchway.route.symbols import Text

_MOST = 5000
_MOST_MODULES = 5000
_DEEPEST = 20
_REPEATS = ("count", "for_each")


def expanded(configuration: Configuration) -> Configuration:
    """Write every instance out; one of unknown number stays one, which stands for all."""
    repeats = any(_repeats(resource) for stack in configuration.stacks for resource in stack.resources)
    if not repeats and not any(stack.calls or stack.children for stack in configuration.stacks):
        return configuration
    growing = _Growing(configuration)
    return Configuration(tuple(growing.grown(stack) for stack in configuration.stacks))


def _repeats(resource: Resource) -> bool:
    return (
        resource.key is None
        and not resource.is_guess
        and any(resource.arguments.get(name) is not None for name in _REPEATS)
    )


class _Growing(Resolver):
    """Finds the instances of what an expression refers to when it is asked, in whatever order that is."""

    def __init__(self, configuration: Configuration) -> None:
        super().__init__(configuration)
        self._instances: dict[tuple[str, str, tuple[str, ...]], tuple[Resource, ...] | None] = {}
        self._grown: dict[tuple[str, str, str], tuple[Stack, ...] | None] = {}

    def resources_at(self, stack: Stack, path: tuple[str, ...]) -> tuple[Resource, ...] | None:
        place = (stack.name, stack.module, path)
        if place not in self._instances:
            written = stack.by_path.get(path)
            # Asked for again while it is looked for, its number depends on itself.
            self._instances[place] = None
            if written is not None:
                self._instances[place] = tuple(one for each in written for one in self._repeated(each))
        return self._instances[place]

    def children_at(self, stack: Stack, name: str) -> tuple[Stack, ...] | None:
        place = (stack.name, stack.module, name)
        if place not in self._grown:
            self._grown[place] = stack.children.get(name)
            written = next((call for call in stack.calls if call.name == name), None)
            definition = stack.definitions.get(name)
            if self._grown[place] is None and written is not None and isinstance(definition, Stack):
                calls = self._repeated(written) if len(self._modules) <= _MOST_MODULES else ()
                children = tuple(_child(definition, call) for call in calls)
                for child in children:
                    self._modules[child.name, child.module] = child
                self._grown[place] = children
        return self._grown[place]

    def grown(self, stack: Stack, depth: int = 0) -> Stack:
        """Return a module with every instance in it."""
        found = {path: self._found(stack, path) for path in stack.by_path}
        called = dict.fromkeys([*stack.children, *(call.name for call in stack.calls)])
        children = {name: self.children_at(stack, name) for name in called}
        return replace(
            stack,
            resources=tuple(one for instances in found.values() for one in instances),
            children={
                name: tuple(self.grown(one, depth + 1) for one in instances if depth < _DEEPEST)
                for name, instances in children.items()
                if instances is not None
            },
            absent=stack.absent | {path for path, instances in found.items() if not instances},
        )

    def _found(self, stack: Stack, path: tuple[str, ...]) -> tuple[Resource, ...]:
        found = self.resources_at(stack, path)
        return (
            found if found is not None else tuple(replace(one, is_guess=True) for one in stack.by_path[path])
        )

    def _repeated(self, resource: Resource) -> Iterator[Resource]:
        if not _repeats(resource):
            yield resource
            return
        count = self.argument(resource, "count")
        literal = count.literal if isinstance(count, Text) else None
        count = int(literal) if literal is not None and literal.isdecimal() else count
        if isinstance(count, int) and count <= _MOST:
            yield from (replace(resource, key=index) for index in range(count))
            return
        found = pairs(self.argument(resource, "for_each"))
        keys = [key.literal if isinstance(key, Text) else None for key, _ in found or ()]
        if found is None or None in keys or len(found) > _MOST:
            yield replace(resource, is_guess=True)
            return
        for key, (_, value) in zip(keys, found, strict=True):
            yield replace(resource, key=key, each=(key, value))


def _child(definition: Stack, call: Resource) -> Stack:
    """Make an instance of a module out of what it says and the call of it."""
    name, module = call.stack, call.address
    return replace(
        definition,
        name=name,
        module=module,
        call=call,
        resources=tuple(
            replace(one, stack=name, module=module, is_guess=one.is_guess or call.is_guess)
            for one in definition.resources
        ),
        calls=tuple(
            replace(one, stack=name, module=module, is_guess=one.is_guess or call.is_guess)
            for one in definition.calls
        ),
    )
