"""Terraform's JSON configuration as stacks of resources, before any value in it is resolved.

https://developer.hashicorp.com/terraform/language/syntax/json
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

Json = Any
"""Decoded JSON."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Resource:
    """One resource or data source as written; `key` tells the instances of `count` and `for_each` apart."""

    stack: str
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

    @property
    def path(self) -> tuple[str, ...]:
        """Its address without a key, in steps."""
        return ("data", self.type, self.name) if self.mode == "data" else (self.type, self.name)

    address: str = field(init=False)
    """Its Terraform address in its stack."""
    subject: str = field(init=False)
    """Its address, with its stack where there is more than one."""

    def __post_init__(self) -> None:
        # Asked for at every look-up: made once, and not through a lock.
        address = ".".join(self.path)
        if self.key is not None:
            address += f"[{self.key}]" if isinstance(self.key, int) else f'["{self.key}"]'
        object.__setattr__(self, "address", address)
        object.__setattr__(self, "subject", f"{self.stack}: {address}" if self.stack else address)


@dataclass(frozen=True, eq=False, kw_only=True)
class Stack:
    """One root module."""

    name: str
    resources: tuple[Resource, ...]
    variables: Mapping[str, Json] = field(default_factory=dict)
    locals: Mapping[str, Json] = field(default_factory=dict)
    outputs: Mapping[str, Json] = field(default_factory=dict)
    providers: tuple[Mapping[str, Json], ...] = ()
    backend: tuple[str, Mapping[str, Json]] | None = None
    calls_modules: bool = False

    @cached_property
    def by_path(self) -> Mapping[tuple[str, ...], tuple[Resource, ...]]:
        """Resources by address, all instances of one together."""
        found: dict[tuple[str, ...], list[Resource]] = {}
        for resource in self.resources:
            found.setdefault(resource.path, []).append(resource)
        return {path: tuple(resources) for path, resources in found.items()}


@dataclass(frozen=True, eq=False)
class Configuration:
    """Every stack under review."""

    stacks: tuple[Stack, ...]

    @cached_property
    def by_type(self) -> Mapping[str, tuple[Resource, ...]]:
        """Managed resources by type, in the order of the stacks."""
        found: dict[str, list[Resource]] = {}
        for stack in self.stacks:
            for resource in stack.resources:
                if resource.mode == "managed":
                    found.setdefault(resource.type, []).append(resource)
        return {name: tuple(resources) for name, resources in found.items()}

    def of_type(self, *types: str) -> Iterator[Resource]:
        """Managed resources of some types."""
        for name in types:
            yield from self.by_type.get(name, ())


def read_stack(name: str, documents: Sequence[Mapping[str, Json]]) -> Stack:
    """Merge the documents of one folder into a stack."""
    resources: list[Resource] = []
    parts: dict[str, dict[str, Json]] = {"variable": {}, "locals": {}, "output": {}}
    providers: list[Mapping[str, Json]] = []
    backend = None
    modules = False
    for document in documents:
        resources += _resources(name, "managed", document.get("resource"))
        resources += _resources(name, "data", document.get("data"))
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
        modules = modules or bool(document.get("module"))
    return Stack(
        name=name,
        resources=tuple(resources),
        variables=parts["variable"],
        locals=parts["locals"],
        outputs=parts["output"],
        providers=tuple(providers),
        backend=backend,
        calls_modules=modules,
    )


def blocks(value: Json) -> list[Mapping[str, Json]]:
    """Terraform writes one block as an object and several as a list; read both as a list."""
    if isinstance(value, Mapping):
        return [value]
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


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
