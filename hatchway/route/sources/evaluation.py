"""What expressions are worth, as far as the values in them are known."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from hatchway.route.sources import functions, operators
from hatchway.route.sources.configuration import Json, Resource, Stack, blocks
from hatchway.route.sources.encoding import NOT_KNOWN
from hatchway.route.sources.expressions import parse_template
from hatchway.route.sources.operators import as_text, pairs, truth_of
from hatchway.route.sources.syntax import (
    NODES,
    Access,
    Call,
    Conditional,
    For,
    Literal,
    Node,
    Object,
    Opaque,
    Operation,
    Reference,
    Template,
    Tuple,
    written,
)
from hatchway.route.symbols import Symbol, Text

Value = Any
"""None, bool, number, `Text`, list or dict of values, a resource or module, or `Encoded` JSON."""

_MAX_DEPTH = 60
_MOST: Final = 5000
_LONGEST: Final = 4_000_000
_ROUNDS: Final = 100_000
"""Rounds of all loops together: what is given may be hostile."""


class MissingError(Exception):
    """A value that is known has no such part; only `try` and `can` ask."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands: its module, the instance it belongs to, the names a loop gave."""

    stack: Stack
    resource: Resource | None = None
    depth: int = 0
    names: tuple[tuple[str, Value], ...] = ()
    tries: bool = False
    """A missing part is an error that somebody catches."""

    def deeper(self) -> "Scope":
        """One reference further, so that a cycle ends."""
        return replace(self, depth=self.depth + 1)

    def bound(self, **names: Value) -> "Scope":
        """The same place inside a loop."""
        return replace(self, names=(*names.items(), *self.names))

    def name(self, wanted: str) -> Value:
        """Value of a name that a loop gave; `NOT_KNOWN` when none did."""
        return next((value for name, value in self.names if name == wanted), NOT_KNOWN)


class Evaluator(ABC):
    """Evaluates raw values and expressions; what a reference leads to, its subclass knows."""

    _rounds = 0

    @abstractmethod
    def root(self, path: Sequence[str | int], scope: Scope) -> tuple[Value, int]:
        """Return what the head of a reference stands for, and how many steps it takes."""

    @abstractmethod
    def step(self, value: Value, step: str | int, scope: Scope) -> Value:
        """Return a part of a resource or a module; `NOT_KNOWN` when it has none."""

    @abstractmethod
    def function(self, name: str, arguments: Sequence[Value], scope: Scope) -> Value:
        """Call a function that needs to know where it is called."""

    def value(self, raw: Json, scope: Scope) -> Value:
        """Resolve a value as it is written."""
        if isinstance(raw, str):
            return self.template(parse_template(raw), scope)
        if isinstance(raw, list):
            return [self.value(one, scope) for one in raw]
        if isinstance(raw, Mapping):
            return self._body(raw, scope)
        if isinstance(raw, NODES):
            return self.node(raw, scope)
        return raw

    def _body(self, raw: Mapping[str, Json], scope: Scope) -> dict[str, Value]:
        found = {
            str(self.value(key, scope)) if "${" in key else key: self.value(one, scope)
            for key, one in raw.items()
            if key not in {"//", "dynamic"}
        }
        for name in dynamic_names(raw):
            own = found.get(name, [])
            found[name] = [*(own if isinstance(own, list) else [own]), *self.dynamic(raw, name, scope)]
        return found

    def dynamic(self, raw: Mapping[str, Json], name: str, scope: Scope) -> Iterator[Value]:
        """Give the blocks that `dynamic` blocks of a name make.

        https://developer.hashicorp.com/terraform/language/expressions/dynamic-blocks
        """
        for block in _dynamics(raw, name):
            source = self.value(block.get("for_each"), scope)
            found = pairs(source)
            if found is None or len(found) > _MOST:
                yield Text.of(symbol_of(scope, Opaque(f"dynamic {name}")))
                continue
            iterator = str(block.get("iterator") or name)
            content = block.get("content")
            content = content[0] if isinstance(content, list) and content else content
            for key, one in found:
                yield self.value(content, scope.bound(**{iterator: {"key": key, "value": one}}))

    def template(self, template: Template, scope: Scope) -> Value:
        """Evaluate a string."""
        if len(template.parts) == 1 and not isinstance(template.parts[0], str):
            return self.node(template.parts[0], scope)
        parts = [
            Text.of(part) if isinstance(part, str) else self._inner(part, scope) for part in template.parts
        ]
        if sum(sum(len(str(one)) for one in text.parts) for text in parts) > _LONGEST:
            return Text.of(symbol_of(scope, Opaque("a very long text")))
        return Text.of(*parts)

    def _inner(self, node: Node, scope: Scope) -> Text:
        text = as_text(self.node(node, scope))
        return text if text is not None else Text.of(symbol_of(scope, node))

    def node(self, node: Node, scope: Scope) -> Value:
        """Evaluate an expression; one that cannot be told is a symbol for itself."""
        found = NOT_KNOWN if scope.depth > _MAX_DEPTH else self._of_node(node, scope)
        return Text.of(symbol_of(scope, node)) if found is NOT_KNOWN else found

    def _of_node(self, node: Node, scope: Scope) -> Value:  # noqa: C901, PLR0911 -- one line per kind of node
        match node:
            case Reference():
                return self._reference(node.path, scope.deeper())
            case Literal():
                return node.value
            case Template():
                return self.template(node, scope)
            case Tuple():
                return [self.node(one, scope) for one in node.items]
            case Object():
                return {str(self._inner(key, scope)): self.node(one, scope) for key, one in node.items}
            case Call():
                return self._call(node, scope)
            case Access():
                return self._access(node, scope)
            case Conditional():
                return self._conditional(node, scope)
            case Operation():
                left = None if node.left is None else self.node(node.left, scope)
                return operators.operated(node.sign, left, self.node(node.right, scope))
            case For():
                return self._loop(node, scope)
            case _:
                return NOT_KNOWN

    def _reference(self, path: Sequence[str | int], scope: Scope) -> Value:
        value, width = self.root(path, scope)
        return self.walk(value, path[width:], scope)

    def walk(self, value: Value, steps: Sequence[str | int], scope: Scope) -> Value:
        """Follow steps into a value."""
        for at, step in enumerate(steps):
            if value is NOT_KNOWN:
                break
            if step == "*":
                items = operators.splat(value)
                rest = steps[at + 1 :]
                return NOT_KNOWN if items is NOT_KNOWN else [self.walk(one, rest, scope) for one in items]
            value = self._part(value, step, scope)
        return value

    def _part(self, value: Value, step: str | int, scope: Scope) -> Value:
        found = operators.part(value, step)
        if found is operators.ELSEWHERE:
            found = self.step(value, step, scope)
        if found is operators.MISSING:
            if scope.tries:
                raise MissingError(str(step))
            return NOT_KNOWN
        return found

    def _access(self, node: Access, scope: Scope) -> Value:
        steps: list[str | int] = []
        for step in node.steps:
            known = operators.as_step(self.node(step, scope)) if isinstance(step, NODES) else step
            if known is None:
                return NOT_KNOWN
            steps.append(known)
        if isinstance(node.base, Reference):
            return self._reference((*node.base.path, *steps), scope.deeper())
        return self.walk(self.node(node.base, scope), steps, scope)

    def _conditional(self, node: Conditional, scope: Scope) -> Value:
        truth = truth_of(self.node(node.condition, scope))
        if truth is not None:
            return self.node(node.yes if truth else node.no, scope)
        yes, no = self.node(node.yes, scope), self.node(node.no, scope)
        return yes if yes == no else NOT_KNOWN

    def _loop(self, node: For, scope: Scope) -> Value:
        found = pairs(self.node(node.source, scope), indexed=True) if self._rounds <= _ROUNDS else None
        if found is None or len(found) > _MOST:
            return NOT_KNOWN
        items: list[tuple[Value, Value]] = []
        self._rounds += len(found)
        for key, value in found:
            if self._rounds > _ROUNDS:
                return NOT_KNOWN
            names = dict(zip(node.names, (value,) if len(node.names) == 1 else (key, value), strict=True))
            inner = scope.bound(**names).deeper()
            wanted = True if node.condition is None else truth_of(self.node(node.condition, inner))
            if wanted is None:
                return NOT_KNOWN
            if wanted:
                own = None if node.key is None else self._inner(node.key, inner)
                items.append((own, self.node(node.item, inner)))
        return _gathered(items, node)

    def _call(self, node: Call, scope: Scope) -> Value:
        if node.name in {"try", "can"}:
            return self._tried(node, scope)
        arguments = [self.node(one, scope) for one in node.arguments]
        if node.spreads:
            if not isinstance(arguments[-1], list):
                return NOT_KNOWN
            arguments[-1:] = arguments[-1]
        if functions.needs_place(node.name):
            return self.function(node.name, arguments, scope)
        return functions.call(node.name, arguments)

    def _tried(self, node: Call, scope: Scope) -> Value:
        attempts: list[Callable[[], Value]] = [
            partial(self.node, one, replace(scope, tries=True)) for one in node.arguments
        ]
        for attempt in attempts:
            try:
                found = attempt()
            except MissingError:
                continue
            return True if node.name == "can" else found
        return False if node.name == "can" else NOT_KNOWN


def _gathered(items: Sequence[tuple[Value, Value]], node: For) -> Value:
    """Return what a loop makes of its rounds: a list, a map, or a map of lists."""
    if node.key is None:
        return [value for _, value in items]
    if not node.groups:
        return {str(key): value for key, value in items}
    grouped: dict[str, list[Value]] = {}
    for key, value in items:
        grouped.setdefault(str(key), []).append(value)
    return grouped


def dynamic_names(raw: Mapping[str, Json]) -> tuple[str, ...]:
    """Return the names of blocks that a body makes by `dynamic`."""
    found = raw.get("dynamic")
    listed = found if isinstance(found, list) else [found]
    return tuple(dict.fromkeys(name for one in listed if isinstance(one, Mapping) for name in one))


def _dynamics(raw: Mapping[str, Json], name: str) -> Iterator[Mapping[str, Json]]:
    found = raw.get("dynamic")
    for one in found if isinstance(found, list) else [found]:
        if isinstance(one, Mapping):
            yield from blocks(one.get(name))


def symbol_of(scope: Scope, node: Node) -> Symbol:
    """Name an expression whose value is not known, so that equal ones in one place are equal."""
    name = written(node)
    if scope.resource is not None and ("each" in name or "count" in name):
        name = f"{scope.resource.address}: {name}"
    for given, value in scope.names:
        if given in name:
            name += f" with {given} = {value}"
    place = ": ".join(one for one in (scope.stack.name, scope.stack.module) if one)
    return Symbol(f"{place}: {name}" if place else name)
