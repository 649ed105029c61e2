"""What the values of a configuration are: references followed, also into modules and into other stacks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from hatchway.route.sources import attributes, files, variables
from hatchway.route.sources.configuration import Configuration, Resource, Stack, first
from hatchway.route.sources.encoding import NOT_KNOWN
from hatchway.route.sources.evaluation import Evaluator, Scope, Value, dynamic_names
from hatchway.route.sources.expressions import parse_template
from hatchway.route.sources.operators import as_text
from hatchway.route.symbols import Text

__all__ = ["Resolver", "Scope", "Value", "as_text"]

_OUTPUT = 4
_NAMESPACES = frozenset({"var", "local", "each", "count", "path", "module", "terraform", "self"})
_PLACES = ("key", "path", "prefix")


class Resolver(Evaluator):
    """Resolves values of one configuration; keeps what it has resolved."""

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self._modules = {(stack.name, stack.module): stack for stack in configuration.modules}
        self._kept: dict[tuple[int, str], Value] = {}
        self._producers: dict[int, Stack | None] = {}

    def argument(self, resource: Resource, name: str) -> Value:
        """Value of an argument; None when it is not given."""
        return self._once(resource, name, lambda: self._argument(resource, name, self.scope(resource)))

    def _argument(self, resource: Resource, name: str, scope: Scope) -> Value:
        raw = resource.arguments.get(name)
        own = None if raw is None else self.value(raw, scope)
        if name not in dynamic_names(resource.arguments):
            return own
        blocks = [] if own is None else own if isinstance(own, list) else [own]
        return [*blocks, *self.dynamic(resource.arguments, name, scope)]

    def _once(self, owner: object, name: str, compute: Callable[[], Value]) -> Value:
        """Compute a value once; one at the end of too long a chain of references stays unknown."""
        kept = (id(owner), name)
        if kept not in self._kept:
            self._kept[kept] = compute()
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
        return Scope(self.module(resource), resource)

    def module(self, resource: Resource) -> Stack:
        """Return the module that declares a resource."""
        return self._modules[resource.stack, resource.module]

    def root_module(self, resource: Resource) -> Stack:
        """Return the root module of the stack of a resource."""
        return self._modules[resource.stack, ""]

    def resources_at(self, stack: Stack, path: tuple[str, ...]) -> tuple[Resource, ...] | None:
        """Return the instances of a resource; None when it is not declared or its instances are not known."""
        return stack.by_path.get(path) or (() if path in stack.absent else None)

    def children_at(self, stack: Stack, name: str) -> tuple[Stack, ...] | None:
        """Return the instances of a module; None when it is not declared or was not read."""
        return stack.children.get(name)

    def root(self, path: Sequence[str | int], scope: Scope) -> tuple[Value, int]:
        """Return what the head of a reference stands for, and how many steps it takes."""
        head, name = path[0], str(path[1]) if len(path) > 1 else ""
        bound = scope.name(str(head))
        if bound is not NOT_KNOWN:
            return bound, 1
        if head in _NAMESPACES:
            return self._named(str(head), name, path, scope), 2
        if tuple(path[:2]) == ("data", "terraform_remote_state"):
            return self._remote(path, scope), _OUTPUT + 1
        width = 3 if head == "data" else 2
        return _collected(self.resources_at(scope.stack, tuple(map(str, path[:width])))), width

    def _named(self, head: str, name: str, path: Sequence[str | int], scope: Scope) -> Value:
        match head:
            case "var":
                return self._variable(name, scope)
            case "local":
                return self._local(name, scope)
            case "each" | "count":
                return self._instance(path, scope)
            case "path":
                return files.folder_of(name, scope.stack, self._modules)
            case "module":
                return _collected(self.children_at(scope.stack, name))
            case _:
                return NOT_KNOWN

    def step(self, value: Value, step: str | int, scope: Scope) -> Value:
        """Return an attribute of a resource or an output of a module."""
        if isinstance(value, Stack):
            return self._output(value, str(step), scope)
        if isinstance(value, Resource):
            return value if value.is_guess and isinstance(step, int) else self._of(value, str(step), scope)
        return NOT_KNOWN

    def function(self, name: str, arguments: Sequence[Value], scope: Scope) -> Value:
        """Read a file, or render one as a template."""
        text = files.read(arguments[0] if arguments else None, scope.stack, self._modules)
        if name == "fileexists" or text is None:
            return NOT_KNOWN
        if name == "file":
            return Text.of(text)
        given = arguments[1] if len(arguments) > 1 and isinstance(arguments[1], Mapping) else {}
        inner = replace(Scope(scope.stack, scope.resource, scope.depth), names=tuple(given.items()))
        found = self.template(parse_template(text), inner)
        return found if as_text(found) is None else as_text(found)

    def _variable(self, name: str, scope: Scope) -> Value:
        def compute() -> Value:
            call = scope.stack.call
            if call is not None and name in call.arguments:
                there = replace(self.scope(call), depth=scope.depth, tries=scope.tries)
                found = self.value(call.arguments[name], there)
            elif "default" in declared:
                found = self.value(declared["default"], Scope(scope.stack, None, scope.depth))
            else:
                return NOT_KNOWN
            return variables.conformed(found, declared.get("type"), self, scope)

        declared = first(scope.stack.variables.get(name))
        return self._once(scope.stack, f"var.{name}", compute)

    def _local(self, name: str, scope: Scope) -> Value:
        if name not in scope.stack.locals:
            return NOT_KNOWN
        inner = Scope(scope.stack, None, scope.depth, tries=scope.tries)
        raw = scope.stack.locals[name]
        return self._once(scope.stack, f"local.{name}", lambda: self.value(raw, inner))

    def _instance(self, path: Sequence[str | int], scope: Scope) -> Value:
        resource = scope.resource
        if resource is None or resource.key is None:
            return NOT_KNOWN
        match tuple(path[:2]):
            case ("count", "index") if isinstance(resource.key, int):
                return resource.key
            case ("each", "key"):
                return Text.of(str(resource.key))
            case ("each", "value") if resource.each is not None:
                return resource.each[1]
            case ("each", "value"):
                return self._each(resource, scope)
            case _:
                return NOT_KNOWN

    def _each(self, resource: Resource, scope: Scope) -> Value:
        """Look up the value of an instance that a plan names by its key."""
        repeated = self._once(
            resource, "for_each", lambda: self._argument(resource, "for_each", self.scope(resource))
        )
        if isinstance(repeated, list):
            return Text.of(str(resource.key))
        return self.walk(repeated, [str(resource.key)], scope)

    def _output(self, stack: Stack, name: str, scope: Scope) -> Value:
        output = first(stack.outputs.get(name))
        if "value" not in output:
            return NOT_KNOWN
        inner = Scope(stack, None, scope.depth, tries=scope.tries)
        return self._once(stack, f"output.{name}", lambda: self.value(output["value"], inner))

    def _remote(self, path: Sequence[str | int], scope: Scope) -> Value:
        """Follow an output of another stack into the stack that declares it."""
        sources = scope.stack.by_path.get(tuple(map(str, path[:3])), ())
        producer = self._producer(sources[0], scope) if sources else None
        if producer is None or len(path) <= _OUTPUT or path[3] != "outputs":
            return NOT_KNOWN
        return self._output(producer, str(path[_OUTPUT]), Scope(producer, None, scope.depth))

    def _producer(self, source: Resource, scope: Scope) -> Stack | None:
        """Find the stack that writes the state a data source reads: same place, else same name."""
        if id(source) not in self._producers:
            config = self.value(first(source.arguments.get("config")), scope)
            places = [(place, config.get(place)) for place in _PLACES if isinstance(config.get(place), Text)]
            found = next((self._places[one] for one in places if len(self._places.get(one, ())) == 1), None)
            named = self._modules.get((source.name, ""))
            self._producers[id(source)] = found[0] if found is not None else named
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

    def _of(self, resource: Resource, name: str, scope: Scope) -> Value:
        special = attributes.computed(self, resource, name)
        if special is not None:
            return special
        found = None
        if name in resource.arguments or name in dynamic_names(resource.arguments):
            inner = replace(self.scope(resource), depth=scope.depth, tries=scope.tries)
            found = self._once(resource, name, lambda: self._argument(resource, name, inner))
        return Text.of(attributes.symbol(resource, name)) if found is None else found


def _collected(found: Sequence[Resource] | Sequence[Stack] | None) -> Value:
    """Return instances as expressions see them: one, a list by `count`, a map by `for_each`."""
    if found is None:
        return NOT_KNOWN
    keyed = {
        (one.call.key if one.call else None) if isinstance(one, Stack) else one.key: one for one in found
    }
    if None in keyed:
        return keyed[None]
    if all(isinstance(key, str) for key in keyed) and keyed:
        return keyed
    return list(found)
