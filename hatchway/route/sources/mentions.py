"""Which resources a value refers to, directly, through locals, or through modules.

Terraform makes what a value refers to first, and a trigger that refers to a resource changes with it.
"""

from collections.abc import Iterable, Iterator, Mapping

from hatchway.route.sources.configuration import Configuration, Json, Resource, Stack, first
from hatchway.route.sources.expressions import references, template_references
from hatchway.route.sources.syntax import NODES

_Path = tuple[str | int, ...]


class Mentions:
    """The references of one configuration; each value is read once."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._modules = {(one.name, one.module): one for one in configuration.modules}
        self._kept: dict[int, frozenset[str]] = {}

    def of(self, raw: Json, resource: Resource) -> frozenset[str]:
        """Return the addresses, without the resources' own keys, that a value of a resource refers to."""
        return _Search(self._modules).of(references_in(raw), self._modules[resource.stack, resource.module])

    def of_resource(self, resource: Resource) -> frozenset[str]:
        """Return everything a resource refers to or waits for."""
        if id(resource) not in self._kept:
            module = self._modules[resource.stack, resource.module]
            waits = resource.arguments.get("depends_on")
            named = [
                tuple(str(step).strip("${}").split("."))
                for step in (waits if isinstance(waits, list) else ())
            ]
            paths = (*references_in(dict(resource.arguments)), *named)
            self._kept[id(resource)] = _Search(self._modules).of(paths, module)
        return self._kept[id(resource)]

    def before(self, resource: Resource) -> frozenset[str]:
        """Return the addresses of everything Terraform makes before a resource, in its stack."""
        found: set[str] = set()
        waiting = [resource]
        while waiting:
            named = self.of_resource(waiting.pop()) - found
            for address in named:
                waiting += self._configuration.by_declaration.get((resource.stack, address), ())
            found |= named
        return frozenset(found)


class _Search:
    """One search: a local, a variable or an output that was followed once is not followed again."""

    def __init__(self, modules: Mapping[tuple[str, str], Stack]) -> None:
        self._modules = modules
        self._followed: set[tuple[int, str, str]] = set()
        self._found: set[str] = set()

    def of(self, paths: Iterable[_Path], module: Stack) -> frozenset[str]:
        waiting = [(path, module) for path in paths]
        while waiting:
            path, where = waiting.pop()
            if len(path) > 1:
                waiting += self._followed_from(path, where)
        return frozenset(self._found)

    def _followed_from(self, path: _Path, module: Stack) -> Iterator[tuple[_Path, Stack]]:
        head, name = path[0], str(path[1]).split("[")[0]
        if head in {"each", "count", "path", "terraform", "self"}:
            return
        if head not in {"local", "var", "module"}:
            steps = [str(step).split("[")[0] for step in path[: 3 if head == "data" else 2]]
            self._found.add(".".join([module.module, *steps] if module.module else steps))
            return
        place = (id(module), str(head), ".".join(map(str, path[1:])) if head == "module" else name)
        if place in self._followed:
            return
        self._followed.add(place)
        for raw, where in self._values(str(head), name, path, module):
            for one in references_in(raw):
                yield one, where

    def _values(self, head: str, name: str, path: _Path, module: Stack) -> Iterator[tuple[Json, Stack]]:
        """Give the values a name stands for, and where they are written."""
        if head == "local":
            yield module.locals.get(name), module
        elif head == "module":
            yield from self._outputs(path, name, module)
        elif module.call is not None:
            caller = self._modules[module.call.stack, module.call.module]
            yield module.call.arguments.get(name), caller
            yield module.call.arguments.get("for_each"), caller

    def _outputs(self, path: _Path, name: str, module: Stack) -> Iterator[tuple[Json, Stack]]:
        for child in module.children.get(name, ()):
            wanted = next((str(step) for step in path[2:] if str(step) in child.outputs), None)
            if wanted is not None:
                yield first(child.outputs[wanted]).get("value"), child
            else:
                self._found.update(one.declared for below in child.modules for one in below.resources)


def references_in(raw: Json) -> Iterator[_Path]:
    """Yield every reference in a value as it is written."""
    waiting = [raw]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield from template_references(value)
        elif isinstance(value, NODES):
            yield from references(value)
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, Mapping):
            waiting += value.values()
