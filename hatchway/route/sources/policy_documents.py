"""`aws_iam_policy_document` data sources, rendered as the provider renders them.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from hatchway.route.sources.configuration import Resource
from hatchway.route.sources.encoding import NOT_KNOWN, Encoded, decoded
from hatchway.route.symbols import Text

if TYPE_CHECKING:
    from hatchway.route.sources.resolve import Resolver

_SIMPLE = {
    "actions": "Action",
    "not_actions": "NotAction",
    "resources": "Resource",
    "not_resources": "NotResource",
}


def policy_document(resolver: "Resolver", resource: Resource) -> Encoded | None:
    """Render the document; None when a part of it cannot be told."""
    statements: list[Any] = []
    for name in ("source_policy_documents", "override_policy_documents"):
        for source in _items(resolver.argument(resource, name)):
            document = decoded(source)
            if document is NOT_KNOWN or not isinstance(document, Mapping) or name.startswith("override"):
                return None
            found = document.get("Statement", [])
            statements += found if isinstance(found, list) else [found]
    own = resolver.argument(resource, "statement")
    blocks = [own] if isinstance(own, Mapping) else own or []
    if not isinstance(blocks, list) or not all(isinstance(block, Mapping) for block in blocks):
        return None
    statements += [dict(_statement(block)) for block in blocks]
    return Encoded({"Version": Text.of("2012-10-17"), "Statement": statements})


def _statement(block: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    if block.get("sid"):
        yield "Sid", block["sid"]
    yield "Effect", block.get("effect") or Text.of("Allow")
    for name, key in _SIMPLE.items():
        if block.get(name):
            yield key, [_variables(one) for one in _items(block[name])]
    for name, key in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        if block.get(name):
            yield key, _principals(block[name])
    if block.get("condition"):
        yield "Condition", _conditions(block["condition"])


def _items(value: Any) -> list[Any]:  # noqa: ANN401 -- any value
    """Read a list; a list that is not known is one item that is not."""
    return value if isinstance(value, list) else [] if value is None else [value]


def _variables(value: Any) -> Any:  # noqa: ANN401 -- any value
    # The data source writes `&{aws:username}` for what a policy writes `${aws:username}`.
    return value.replace("&{", "${") if isinstance(value, Text) else value


def _listed(value: Any) -> list[Mapping[str, Any]]:  # noqa: ANN401 -- one block or several
    return [value] if isinstance(value, Mapping) else list(value)


def _principals(value: Any) -> Any:  # noqa: ANN401 -- JSON
    principals: dict[str, list[Any]] = {}
    for block in _listed(value):
        principals.setdefault(str(block.get("type")), []).extend(_items(block.get("identifiers")))
    if set(principals) == {"*"}:
        return Text.of("*")
    return principals


def _conditions(value: Any) -> dict[str, dict[str, list[Any]]]:  # noqa: ANN401 -- one block or several
    found: dict[str, dict[str, list[Any]]] = {}
    for block in _listed(value):
        keys = found.setdefault(str(block.get("test")), {})
        keys.setdefault(str(block.get("variable")), []).extend(map(_variables, _items(block.get("values"))))
    return found
