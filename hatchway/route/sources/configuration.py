"""Terraform's configuration as stacks of resources, before any value in it is resolved.

https://developer.hashicorp.com/terraform/language/syntax/json
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

Json = Any
"""Decoded JSON; in HCL, an expression that is more than a literal is a node of `syntax`."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Resource:
    """One resource, data source or module call; `key` tells instances of `count` and `for_each` apart."""

    stack: str
    module: str = ""
    """Address of the module that declares it; empty for the root."""
    mode: str
    type: str
    name: str
    arguments: Mapping[str, Json]
    key: str | int | None = None
    each: tuple[Json, Json] | None = None
    """`each.key` and `each.value` of this instance."""
    is_guess: bool = False
    """How many instances there are is not known; this one stands for all."""
    fresh: bool = False
    """A plan is about to create it."""
    part_of: "Resource | None" = None
    """The resource whose document describes it."""

    @property
    def path(self) -> tuple[str, ...]:
        """How its own module refers to it, without a key, in steps."""
        match self.mode:
            case "data":
                return ("data", self.type, self.name)
            case "module":
                return ("module", self.name)
            case _:
                return (self.type, self.name)

    declared: str = field(init=False)
    """Its Terraform address in its stack, all instances of it together."""
    address: str = field(init=False)
    """Its Terraform address in its stack."""
    subject: str = field(init=False)
    """Its address, with its stack where there is more than one."""

    def __post_init__(self) -> None:
        # Asked for at every look-up: made once, and not through a lock.
        declared = address = ".".join((self.module, *self.path) if self.module else self.path)
        if self.key is not None:
            address += f"[{self.key}]" if isinstance(self.key, int) else f'["{self.key}"]'
        owner = self.part_of
        object.__setattr__(self, "declared", owner.declared if owner is not None else declared)
        object.__setattr__(self, "address", owner.address if owner is not None else address)
        object.__setattr__(self, "subject", f"{self.stack}: {self.address}" if self.stack else self.address)


@dataclass(frozen=True, eq=False, kw_only=True)
class Stack:
    """One root module, or one instance of a module that it calls."""

    name: str
    module: str = ""
    """Address of the instance; empty for the root."""
    call: Resource | None = None
    """The call this is an instance of, with its arguments; None for the root."""
    folder: Path | None = None
    resources: tuple[Resource, ...] = ()
    variables: Mapping[str, Json] = field(default_factory=dict)
    locals: Mapping[str, Json] = field(default_factory=dict)
    outputs: Mapping[str, Json] = field(default_factory=dict)
    providers: tuple[Mapping[str, Json], ...] = ()
    backend: tuple[str, Mapping[str, Json]] | None = None
    calls: tuple[Resource, ...] = ()
    """Module calls as written."""
    definitions: Mapping[str, "Stack | str"] = field(default_factory=dict)
    """What each call calls, or why it was not read."""
    children: Mapping[str, tuple["Stack", ...]] = field(default_factory=dict)
    """Instances of the modules it calls, once they are known."""
    absent: frozenset[tuple[str, ...]] = frozenset()
    """Paths that are declared and have no instance."""

    @cached_property
    def by_path(self) -> Mapping[tuple[str, ...], tuple[Resource, ...]]:
        """Resources by path, all instances of one together."""
        found: dict[tuple[str, ...], list[Resource]] = {}
        for resource in self.resources:
            found.setdefault(resource.path, []).append(resource)
        return {path: tuple(resources) for path, resources in found.items()}

    @cached_property
    def modules(self) -> tuple["Stack", ...]:
        """This module and every instance below it."""
        below = (one for children in self.children.values() for child in children for one in child.modules)
        return (self, *below)


@dataclass(frozen=True, eq=False)
class Configuration:
    """Every stack under review."""

    stacks: tuple[Stack, ...]

    @cached_property
    def modules(self) -> tuple[Stack, ...]:
        """Every root module and every instance of a module below one."""
        return tuple(one for stack in self.stacks for one in stack.modules)

    @cached_property
    def resources(self) -> tuple[Resource, ...]:
        """Every resource of every module."""
        return tuple(resource for module in self.modules for resource in module.resources)

    @cached_property
    def by_type(self) -> Mapping[str, tuple[Resource, ...]]:
        """Managed resources by type, in the order of the stacks."""
        found: dict[str, list[Resource]] = {}
        for resource in self.resources:
            if resource.mode == "managed":
                found.setdefault(resource.type, []).append(resource)
        return {name: tuple(resources) for name, resources in found.items()}

    @cached_property
    def by_declaration(self) -> Mapping[tuple[str, str], tuple[Resource, ...]]:
        """Resources by stack and address, all instances of one together."""
        found: dict[tuple[str, str], list[Resource]] = {}
        for resource in self.resources:
            found.setdefault((resource.stack, resource.declared), []).append(resource)
        return {place: tuple(resources) for place, resources in found.items()}

    def of_type(self, *types: str) -> Iterator[Resource]:
        """Managed resources of some types."""
        for name in types:
            yield from self.by_type.get(name, ())

    @property
    def unread(self) -> Iterator[tuple[Resource, str]]:
        """Module calls whose module was not read, and why."""
        for module in self.modules:
            for call in module.calls:
                reason = module.definitions.get(call.name)
                if isinstance(reason, str):
                    yield call, reason


def read_stack(name: str, documents: Sequence[Mapping[str, Json]], folder: Path | None = None) -> Stack:
    """Merge the documents of one folder into a stack."""
    resources: list[Resource] = []
    calls: list[Resource] = []
    parts: dict[str, dict[str, Json]] = {"variable": {}, "locals": {}, "output": {}}
    providers: list[Mapping[str, Json]] = []
    backend = None
    for document in documents:
        resources += _resources(name, "managed", document.get("resource"))
        resources += _resources(name, "data", document.get("data"))
        calls += _calls(name, document.get("module"))
        for part, found in parts.items():
            for block in blocks(document.get(part)):
                found.update(block)
        for block in blocks(document.get("provider")):
            providers += [one for one in blocks(block.get("aws")) if isinstance(one, Mapping)]
        for block in blocks(document.get("terraform")):
            backend = next(
                ((kind, first(body)) for one in blocks(block.get("backend")) for kind, body in one.items()),
                backend,
            )
    return Stack(
        name=name,
        folder=folder,
        resources=tuple(resources),
        variables=parts["variable"],
        locals=parts["locals"],
        outputs=parts["output"],
        providers=tuple(providers),
        backend=backend,
        calls=tuple(calls),
        definitions={call.name: "its source was not read" for call in calls},
    )


def blocks(value: Json) -> list[Mapping[str, Json]]:
    """Terraform writes one block as an object and several as a list; read both as a list."""
    if isinstance(value, Mapping):
        return [value]
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def mapping(value: Json) -> Mapping[str, Json]:
    """Return an object, empty for what is none."""
    return value if isinstance(value, Mapping) else {}


def first(value: Json) -> Mapping[str, Json]:
    """Return the only block, or an empty one."""
    return next(iter(blocks(value)), {})


def _resources(stack: str, mode: str, value: Json) -> Iterator[Resource]:
    for block in blocks(value):
        for kind, names in block.items():
            for named in blocks(names):
                for name, body in named.items():
                    for arguments in blocks(body):
                        yield Resource(stack=stack, mode=mode, type=kind, name=name, arguments=arguments)


def _calls(stack: str, value: Json) -> Iterator[Resource]:
    for block in blocks(value):
        for name, body in block.items():
            yield Resource(stack=stack, mode="module", type="module", name=name, arguments=first(body))
