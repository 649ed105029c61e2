"""What the values of a configuration are: references followed, also from one stack into another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from hatchway.route.sources import attributes, functions
from hatchway.route.sources.configuration import Configuration, Json, Resource, Stack, first
from hatchway.route.sources.expressions import (
    Call,
    Literal,
    Node,
    Object,
    Opaque,
    Reference,
    Template,
    Tuple,
    parse_template,
    template_references,
)
from hatchway.route.symbols import Symbol, Text

Value = Any
"""None, bool, number, `Text`, list or dict of values, or `functions.Encoded` JSON."""

_MAX_DEPTH = 60


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands: its stack, and the instance it belongs to."""

    stack: Stack
    resource: Resource | None = None
    depth: int = 0

    def deeper(self) -> "Scope":
        """One reference further, so that a cycle ends."""
        return replace(self, depth=self.depth + 1)


class Resolver:
    """Resolves values of one configuration; keeps what it has resolved."""

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self._stacks = {stack.name: stack for stack in configuration.stacks}
        self._kept: dict[tuple[int, str], Value] = {}
        self._producers: dict[int, Stack | None] = {}

    def argument(self, resource: Resource, name: str) -> Value:
        """Value of an argument; None when it is not given."""
        kept = (id(resource), name)
        if kept not in self._kept:
            raw = resource.arguments.get(name)
            self._kept[kept] = None if raw is None else self.value(raw, self.scope(resource))
        return self._kept[kept]

    def text(self, resource: Resource, name: str) -> Text | None:
        """Value of an argument as text; None when it is not given or no text."""
        return as_text(self.argument(resource, name))

    def block(self, resource: Resource, name: str) -> Mapping[str, Value]:
        """The only block of a name, resolved; empty when it is not given."""
        value = self.argument(resource, name)
        value = value[0] if isinstance(value, list) and value else value
        return value if isinstance(value, Mapping) else {}

    def scope(self, resource: Resource) -> Scope:
        """Where the arguments of a resource are read."""
        return Scope(self._stacks[resource.stack], resource)

    def value(self, raw: Json, scope: Scope) -> Value:
        """Resolve a decoded JSON value."""
        if isinstance(raw, str):
            return self._template(parse_template(raw), scope)
        if isinstance(raw, list):
            return [self.value(one, scope) for one in raw]
        if isinstance(raw, Mapping):
            return {key: self.value(one, scope) for key, one in raw.items() if key != "//"}
        return raw

    def _template(self, template: Template, scope: Scope) -> Value:
        if len(template.parts) == 1 and not isinstance(template.parts[0], str):
            return self._node(template.parts[0], scope)
        return Text.of(
            *(part if isinstance(part, str) else self._inner(part, scope) for part in template.parts)
        )

    def _inner(self, node: Node, scope: Scope) -> Text:
        text = as_text(self._node(node, scope))
        return text if text is not None else Text.of(_symbol(scope, node))

    def _node(self, node: Node, scope: Scope) -> Value:
        found: Value = functions.NOT_KNOWN
        if scope.depth > _MAX_DEPTH or isinstance(node, Opaque):
            pass
        elif isinstance(node, Literal):
            found = node.value
        elif isinstance(node, Template):
            found = self._template(node, scope)
        elif isinstance(node, Tuple):
            found = [self._node(one, scope) for one in node.items]
        elif isinstance(node, Object):
            found = {str(self._inner(key, scope)): self._node(one, scope) for key, one in node.items}
        elif isinstance(node, Call):
            found = functions.call(node.name, [self._node(one, scope) for one in node.arguments])
        else:
            found = self._reference(node.path, scope.deeper())
        return Text.of(_symbol(scope, node)) if found is functions.NOT_KNOWN else found

    def _reference(self, path: tuple[str | int, ...], scope: Scope) -> Value:
        head = path[0]
        if head == "var" and len(path) > 1:
            default = first(scope.stack.variables.get(str(path[1]))).get("default")
            return self._given(default, path, 2, scope)
        if head == "local" and len(path) > 1:
            return self._given(scope.stack.locals.get(str(path[1])), path, 2, scope)
        if head in {"each", "count"} and scope.resource is not None:
            return self._instance(path, scope)
        if path[:2] == ("data", "terraform_remote_state"):
            return self._remote(path, scope)
        width = 3 if head == "data" else 2
        return self._attribute(path, width, scope)

    def _given(self, raw: Json, path: tuple[str | int, ...], at: int, scope: Scope) -> Value:
        if raw is None:
            return Text.of(_symbol(scope, Reference(path)))
        return self._walk(self.value(raw, scope), path, at, scope)

    def _walk(self, value: Value, path: tuple[str | int, ...], at: int, scope: Scope) -> Value:
        for step in path[at:]:
            if isinstance(value, Mapping) and step in value:
                value = value[step]
            elif isinstance(value, list) and _is_index(step, value):
                value = value[int(step)]
            elif isinstance(value, list) and step == "*":
                return [self._walk(one, path, at + 1, scope) for one in value]
            else:
                return Text.of(_symbol(scope, Reference(path)))
            at += 1
        return value

    def _instance(self, path: tuple[str | int, ...], scope: Scope) -> Value:
        resource = scope.resource
        if resource is not None and resource.each is not None:
            key, value = resource.each
            if path[:2] == ("each", "key"):
                return Text.of(str(key))
            if path[:2] == ("each", "value"):
                return self._walk(value, path, 2, scope)
        if resource is not None and path == ("count", "index") and isinstance(resource.key, int):
            return resource.key
        return Text.of(_symbol(scope, Reference(path)))

    def _remote(self, path: tuple[str | int, ...], scope: Scope) -> Value:
        """Follow an output of another stack into the stack that declares it."""
        sources = scope.stack.by_path.get(tuple(map(str, path[:3])), ())
        producer = self._producer(sources[0], scope) if sources else None
        if producer is None or len(path) <= _OUTPUT or path[3] != "outputs":
            return Text.of(_symbol(scope, Reference(path)))
        output = first(producer.outputs.get(str(path[_OUTPUT])))
        if "value" not in output:
            return Text.of(_symbol(scope, Reference(path)))
        there = Scope(producer, None, scope.depth)
        return self._walk(self.value(output["value"], there), path, _OUTPUT + 1, there)

    def _producer(self, source: Resource, scope: Scope) -> Stack | None:
        """Find the stack that writes the state a data source reads: same place, else same name."""
        if id(source) not in self._producers:
            config = self.value(first(source.arguments.get("config")), scope)
            places = [(place, config.get(place)) for place in _PLACES if isinstance(config.get(place), Text)]
            found = next((self._places[one] for one in places if len(self._places.get(one, ())) == 1), None)
            self._producers[id(source)] = found[0] if found is not None else self._stacks.get(source.name)
        return self._producers[id(source)]

    @cached_property
    def _places(self) -> Mapping[tuple[str, Value], list[Stack]]:
        """Stacks by where they keep their state."""
        found: dict[tuple[str, Value], list[Stack]] = {}
        for stack in self.configuration.stacks:
            backend = self.value(stack.backend[1], Scope(stack)) if stack.backend is not None else {}
            for place in _PLACES:
                if isinstance(backend.get(place), Text):
                    found.setdefault((place, backend[place]), []).append(stack)
        return found

    def _attribute(self, path: tuple[str | int, ...], width: int, scope: Scope) -> Value:
        found = scope.stack.by_path.get(tuple(map(str, path[:width])), ())
        if not found:
            return Text.of(_symbol(scope, Reference(path)))
        rest = path[width:]
        if rest and rest[0] == "*":
            return [self._of(one, rest[1:], scope) for one in found]
        keyed = [one for one in found if rest and one.key is not None and one.key == rest[0]]
        if keyed:
            return self._of(keyed[0], rest[1:], scope)
        if rest and found[0].is_guess and not isinstance(rest[0], str):
            rest = rest[1:]
        return self._of(found[0], rest, scope)

    def _of(self, resource: Resource, rest: Sequence[str | int], scope: Scope) -> Value:
        if not rest:
            return Text.of(attributes.symbol(resource, "*"))
        name = str(rest[0])
        special = attributes.computed(self, resource, name)
        if special is not None:
            return self._walk(special, tuple(rest), 1, scope)
        if resource.arguments.get(name) is not None:
            scope = replace(self.scope(resource), depth=scope.depth)
            return self._walk(self.value(resource.arguments[name], scope), tuple(rest), 1, scope)
        return Text.of(attributes.symbol(resource, ".".join(map(str, rest))))

    def mentions(self, raw: Json, resource: Resource) -> frozenset[str]:
        """Every resource a value refers to, directly or through locals, as `stack: address` without keys."""
        found: set[str] = set()
        self._mentions(raw, self._stacks[resource.stack], found, 0)
        return frozenset(found)

    def _mentions(self, raw: Json, stack: Stack, found: set[str], depth: int) -> None:
        if isinstance(raw, str):
            for reference in template_references(raw):
                steps = reference.split(".")
                if steps[0] == "local" and depth < _MAX_DEPTH and len(steps) > 1:
                    self._mentions(stack.locals.get(steps[1]), stack, found, depth + 1)
                else:
                    width = 3 if steps[0] == "data" else 2
                    found.add(".".join(steps[:width]).split("[")[0])
                    found.add(reference)
        elif isinstance(raw, list):
            for one in raw:
                self._mentions(one, stack, found, depth)
        elif isinstance(raw, Mapping):
            for one in raw.values():
                self._mentions(one, stack, found, depth)


_OUTPUT = 4
_PLACES = ("key", "path", "prefix")


def _is_index(step: str | int, value: list[Value]) -> bool:
    return isinstance(step, int) and step < len(value)


def as_text(value: Value) -> Text | None:
    """A scalar as text, the way Terraform converts it."""
    if isinstance(value, Text):
        return value
    if isinstance(value, bool):
        return Text.of(str(value).lower())
    if isinstance(value, str | int | float):
        return Text.of(str(value))
    return None


def _symbol(scope: Scope, node: Node) -> Symbol:
    match node:
        case Reference():
            name = ".".join(map(str, node.path))
        case Opaque():
            name = node.text
        case _:
            name = repr(node)
    if scope.resource is not None and ("each." in name or "count." in name):
        name = f"{scope.resource.address}: {name}"
    return Symbol(f"{scope.stack.name}: {name}" if scope.stack.name else name)
