"""Values of input variables: defaults of optional attributes, files of values.

https://developer.hashicorp.com/terraform/language/expressions/type-constraints
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hatchway.route.sources.configuration import Json, first
from hatchway.route.sources.expressions import parse_expression
from hatchway.route.sources.syntax import NODES, Call, Node, Object

if TYPE_CHECKING:
    from hatchway.route.sources.evaluation import Evaluator, Scope

_DEFAULT = 2


def conformed(value: Any, constraint: Json, evaluator: "Evaluator", scope: "Scope") -> Any:  # noqa: ANN401 -- any value
    """Fill in what the type of a variable says about attributes that are not given."""
    if constraint is None or value is None:
        return value
    node = constraint if isinstance(constraint, NODES) else parse_expression(str(constraint).strip("${}"))
    return _filled(value, node, evaluator, scope)


def _filled(value: Any, node: Node, evaluator: "Evaluator", scope: "Scope") -> Any:  # noqa: ANN401 -- any value
    if not isinstance(node, Call) or not node.arguments:
        return value
    inner = node.arguments[0]
    match node.name:
        case "object" if isinstance(inner, Object) and isinstance(value, Mapping):
            return _object(value, inner, evaluator, scope)
        case "map" if isinstance(value, Mapping):
            return {key: _filled(one, inner, evaluator, scope) for key, one in value.items()}
        case "list" | "set" if isinstance(value, list):
            return [_filled(one, inner, evaluator, scope) for one in value]
        case "optional":
            return _filled(value, inner, evaluator, scope)
        case _:
            return value


def _object(value: Mapping[str, Any], node: Object, evaluator: "Evaluator", scope: "Scope") -> dict[str, Any]:
    found = dict(value)
    for key, kind in node.items:
        name = "".join(part for part in getattr(key, "parts", ()) if isinstance(part, str))
        if found.get(name) is None and isinstance(kind, Call) and kind.name == "optional":
            given = len(kind.arguments) >= _DEFAULT
            found[name] = evaluator.node(kind.arguments[1], scope) if given else None
        if found.get(name) is not None:
            found[name] = _filled(found[name], kind, evaluator, scope)
    return found


def overridden(declared: Mapping[str, Json], given: Mapping[str, Json]) -> dict[str, Json]:
    """Put the values of files in the place of the defaults."""
    return {
        name: {**first(block), "default": given[name]} if name in given else block
        for name, block in declared.items()
    }
