"""What an expression of Terraform is made of.

https://developer.hashicorp.com/terraform/language/expressions
"""

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reference:
    """`aws_subnet.a[0].id`: names and literal indices; `*` for a splat."""

    path: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Access:
    """`aws_subnet.a[each.key].id`, `f(x)[0]`: steps into a value; `*` for a splat, a node for an index."""

    base: "Node"
    steps: tuple["str | int | Node", ...]


@dataclass(frozen=True, slots=True)
class Call:
    """`sha1(…)`."""

    name: str
    arguments: tuple["Node", ...]
    spreads: bool = False
    """The last argument is followed by `...`."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a bool or null."""

    value: float | bool | None


@dataclass(frozen=True, slots=True)
class Template:
    """A string: literal pieces and expressions."""

    parts: tuple["str | Node", ...]


@dataclass(frozen=True, slots=True)
class Tuple:
    """`[a, b]`."""

    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Object:
    """`{a = b}`."""

    items: tuple[tuple["Node", "Node"], ...]


@dataclass(frozen=True, slots=True)
class Conditional:
    """`a ? b : c`."""

    condition: "Node"
    yes: "Node"
    no: "Node"


@dataclass(frozen=True, slots=True)
class Operation:
    """`a + b`; a sign before one operand is an operation without a left side."""

    sign: str
    left: "Node | None"
    right: "Node"


@dataclass(frozen=True, slots=True)
class For:
    """`[for k, v in x : v if c]`, `{for k, v in x : k => v}`."""

    names: tuple[str, ...]
    source: "Node"
    key: "Node | None"
    item: "Node"
    condition: "Node | None"
    groups: bool = False


@dataclass(frozen=True, slots=True)
class Opaque:
    """An expression that is not taken apart, by its text."""

    text: str


Node = (
    Reference | Access | Call | Literal | Template | Tuple | Object | Conditional | Operation | For | Opaque
)
NODES = (Reference, Access, Call, Literal, Template, Tuple, Object, Conditional, Operation, For, Opaque)


def children(node: Node) -> tuple["Node", ...]:  # noqa: PLR0911 -- one line per kind of node
    """Return the nodes an expression is made of."""
    match node:
        case Access():
            return (node.base, *(step for step in node.steps if isinstance(step, NODES)))
        case Call():
            return node.arguments
        case Template():
            return tuple(part for part in node.parts if not isinstance(part, str))
        case Tuple():
            return node.items
        case Object():
            return tuple(one for item in node.items for one in item)
        case Conditional():
            return (node.condition, node.yes, node.no)
        case Operation():
            return tuple(one for one in (node.left, node.right) if one is not None)
        case For():
            every = (node.source, node.key, node.item, node.condition)
            return tuple(one for one in every if one is not None)
        case _:
            return ()


UNKNOWN = "unknown"
"""Stands for a function of which nothing is known but its arguments."""


def written(node: "Node | str | int") -> str:  # noqa: C901, PLR0911, PLR0912 -- one line per kind of node
    """Write an expression the way a person would, short and always the same."""
    match node:
        case str() | int():
            return f"[{node}]" if isinstance(node, int) else f".{node}"
        case Reference():
            return ".".join(map(str, node.path))
        case Literal():
            return json.dumps(node.value)
        case Template():
            return (
                '"'
                + "".join(one if isinstance(one, str) else f"${{{written(one)}}}" for one in node.parts)
                + '"'
            )
        case Access():
            steps = (
                written(one) if isinstance(one, str | int) else f"[{written(one)}]" for one in node.steps
            )
            return written(node.base) + "".join(steps)
        case Call(name=name) if name == UNKNOWN:
            return f"made of {' and '.join(map(written, node.arguments))}"
        case Call():
            return f"{node.name}({', '.join(map(written, node.arguments))})"
        case Tuple():
            return f"[{', '.join(map(written, node.items))}]"
        case Object():
            return "{" + ", ".join(f"{written(key)} = {written(value)}" for key, value in node.items) + "}"
        case Conditional():
            return f"{written(node.condition)} ? {written(node.yes)} : {written(node.no)}"
        case Operation():
            return f"{'' if node.left is None else written(node.left) + ' '}{node.sign} {written(node.right)}"
        case For():
            key = "" if node.key is None else f"{written(node.key)} => "
            head = f"for {', '.join(node.names)} in {written(node.source)} : {key}{written(node.item)}"
            return head if node.condition is None else f"{head} if {written(node.condition)}"
        case _:
            return node.text
