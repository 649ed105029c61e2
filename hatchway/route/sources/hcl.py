"""Reads HCL into the shape of Terraform's JSON syntax; expressions stay expressions.

python-hcl2 tells where blocks and arguments begin and end. What an expression says is read by
`expressions`, as in the JSON syntax.
https://developer.hashicorp.com/terraform/language/syntax/configuration
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hatchway.route.sources.configuration import Json
from hatchway.route.sources.expressions import parse_expression
from hatchway.route.sources.syntax import (
    Call,
    Literal,
    Node,
    Object,
    Opaque,
    Operation,
    Reference,
    Template,
    Tuple,
)

if TYPE_CHECKING:
    from lark import Tree

# The JSON syntax takes these as text, not as expressions.
_PLAIN = frozenset({"provider", "providers", "depends_on", "iterator"})


# One list or call within another is a few levels of the tree.
_DEEPEST = 600


class HclError(ValueError):
    """Text that is no HCL, with the line."""


def read_hcl(text: str) -> dict[str, Json]:
    """Read a file; blocks of a kind are merged the way the JSON syntax writes them.

    Raises:
        HclError: The text is no HCL.
    """
    # Slow to import, and most reviews meet no HCL.
    import hcl2  # noqa: PLC0415 -- see above
    from lark.exceptions import LarkError, UnexpectedInput  # noqa: PLC0415 -- see above

    try:
        tree = hcl2.parses_to_tree(text)
    except UnexpectedInput as error:
        raise HclError(f"line {error.line}, column {error.column}") from error
    except (LarkError, RecursionError) as error:
        raise HclError(str(error)[:100]) from error
    if _is_deep(tree):
        raise HclError("nested too deeply")
    return _body(next(iter(_trees(tree, "body"))), text)


def _is_deep(tree: "Tree[Any]") -> bool:
    """Whether a tree is too deep to be read by functions that call themselves."""
    waiting = [(tree, 0)]
    while waiting:
        one, depth = waiting.pop()
        if depth > _DEEPEST:
            return True
        waiting += [(child, depth + 1) for child in one.children if hasattr(child, "children")]
    return False


def _trees(tree: "Tree[Any]", *names: str) -> list["Tree[Any]"]:
    return [one for one in tree.children if getattr(one, "data", None) in names]


def _body(tree: "Tree[Any]", text: str) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for one in _trees(tree, "attribute", "block"):
        name = _source(one.children[0], text)
        if one.data == "attribute":
            found[name] = _value(name, _source(one.children[-1], text))
        else:
            labels = [_source(label, text).strip('"') for label in one.children[1:-3] if _is_label(label)]
            body: Json = _body(_trees(one, "body")[0], text)
            for label in reversed(labels):
                body = {label: body}
            found.setdefault(name, []).append(body)
    return found


def _is_label(tree: Any) -> bool:  # noqa: ANN401 -- a tree or a token of lark
    return getattr(tree, "data", None) in {"identifier", "string", "keyword", "literal_value"}


def _source(tree: Any, text: str) -> str:  # noqa: ANN401 -- a tree of lark
    return text[tree.meta.start_pos : tree.meta.end_pos]


def _value(name: str, source: str) -> Json:
    node = parse_expression(source)
    return _named(node) if name in _PLAIN else as_json(node)


def as_json(node: Node) -> Json:  # noqa: PLR0911 -- one line per kind of node
    """Return what a constant expression is in JSON; any other stays as it is."""
    match node:
        case Literal():
            return node.value
        case Template(parts=(str() as text,)):
            return text.replace("${", "$${").replace("%{", "%%{")
        case Template(parts=()):
            return ""
        case Operation(sign="-", left=None, right=Literal(value=int() | float() as value)):
            return -value
        case Tuple():
            return [as_json(one) for one in node.items]
        case Object() if all(_text(key) is not None for key, _ in node.items):
            return {_text(key): as_json(one) for key, one in node.items}
        case _:
            return node


def _text(node: Node) -> str | None:
    match node:
        case Template(parts=(str() as text,)) if "${" not in text:
            return text
        case _:
            return None


def _named(node: Node) -> Json:  # noqa: PLR0911 -- one line per kind of node
    """Write a reference as the text that the JSON syntax has in its place."""
    match node:
        case Reference():
            return ".".join(map(str, node.path))
        case Tuple():
            return [_named(one) for one in node.items]
        case Object():
            return {str(_named(key)): _named(one) for key, one in node.items}
        case Template(parts=(str() as text,)):
            return text
        case Opaque():
            return node.text
        case Call():
            return node.name
        case _:
            return ""


def read_variables(text: str) -> Mapping[str, Json]:
    """Read a `*.tfvars` file."""
    return {name: value for name, value in read_hcl(text).items() if not isinstance(value, Opaque)}
