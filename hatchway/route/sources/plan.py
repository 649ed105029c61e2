"""Reads a plan, `terraform show -json`: planned values, and references where values are not known yet.

A plan lists what an unknown value refers to, not the text around it. An argument that takes an id is read
as the reference itself; in any other place the value stays unknown.
https://developer.hashicorp.com/terraform/internals/json-format
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from hatchway.route.sources.configuration import Json, Resource, Stack

_PLAIN = (
    *("_id", "_ids", "_arn", "_arns", "subnets", "security_groups"),
    *("http_method", "status_code", "function_name", "authorizer_uri"),
)
_MAX_DEPTH = 40


def is_plan(document: Mapping[str, Json]) -> bool:
    """Whether a document is a plan in JSON."""
    return "format_version" in document and "resource_changes" in document


def read_plan(name: str, document: Mapping[str, Json]) -> Stack:
    """Read what there will be once the plan is applied."""
    root = _mapping(_mapping(document.get("configuration")).get("root_module"))
    modules = dict(_modules(root, "", None, ""))
    return Stack(
        name=name,
        resources=tuple(_resources(name, document, modules)),
        providers=tuple(_providers(document)),
    )


@dataclass(frozen=True, eq=False, slots=True)
class _Module:
    """One module of the configuration: its address, its body, its call and its caller."""

    address: str
    body: Mapping[str, Json]
    caller: "_Module | None"
    name: str


def _modules(
    body: Mapping[str, Json], address: str, caller: _Module | None, name: str
) -> Iterator[tuple[str, _Module]]:
    module = _Module(address, body, caller, name)
    yield address, module
    for called, call in _mapping(body.get("module_calls")).items():
        inner = f"{address}.module.{called}".strip(".")
        yield from _modules(_mapping(_mapping(call).get("module")), inner, module, called)


def _resources(
    stack: str, document: Mapping[str, Json], modules: Mapping[str, _Module]
) -> Iterator[Resource]:
    declared = {
        (module.address, str(one.get("mode")), str(one.get("type")), str(one.get("name"))): (module, one)
        for module in modules.values()
        for one in _listed(module.body.get("resources"))
    }
    for change in _listed(document.get("resource_changes")):
        actions = _mapping(change.get("change"))
        if actions.get("actions") == ["delete"]:
            continue
        plain = _without_keys(str(change.get("module_address") or ""))
        key = (plain, str(change.get("mode")), str(change.get("type")), str(change.get("name")))
        module, written = declared.get(key, (modules[""], {}))
        yield _resource(stack, change, module, written)


def _resource(
    stack: str, change: Mapping[str, Json], module: _Module, written: Mapping[str, Json]
) -> Resource:
    planned = _mapping(change.get("change"))
    expressions = _mapping(written.get("expressions"))
    after, unknown = _mapping(planned.get("after")), _mapping(planned.get("after_unknown"))
    arguments = {
        name: value
        for name in {*after, *unknown}
        # What AWS fills in is no argument: its references are followed by name.
        if (value := _merged(after.get(name), unknown.get(name), _Place(name, module, expressions.get(name))))
        is not None
    }
    index = change.get("index")
    provider = str(written.get("provider_config_key") or "").rpartition(":")[2]
    return Resource(
        stack=stack,
        mode=str(change.get("mode")),
        type=str(change.get("type")),
        name=_local_name(module.address, str(change.get("name"))),
        key=index if isinstance(index, str | int) else None,
        fresh=planned.get("actions") == ["create"],
        # A plan does not say create_before_destroy, so that nothing is to be said about it.
        arguments=arguments
        | {"provider": provider, "lifecycle": {"create_before_destroy": True}}
        | {"depends_on": [_reference(str(one), module) or "" for one in written.get("depends_on") or ()]},
    )


def _local_name(module: str, name: str) -> str:
    return f"{module.replace('module.', '').replace('.', '--')}--{name}" if module else name


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a value stands: the argument's name, its module, what was written, how deep."""

    name: str
    module: _Module
    written: Json
    depth: int = 0

    def inside(self, key: str | int) -> "_Place":
        """One step into a block, a map or a list."""
        written = self.written
        if isinstance(written, list):
            written = written[key] if isinstance(key, int) and key < len(written) else None
        elif isinstance(written, Mapping) and "constant_value" in written:
            inner = written["constant_value"]
            known = isinstance(inner, Mapping) or (
                isinstance(inner, list) and isinstance(key, int) and key < len(inner)
            )
            written = {**written, "constant_value": inner[key]} if known and _has(inner, key) else written
        elif isinstance(written, Mapping) and isinstance(key, str):
            written = written.get(key, written)
        name = key if isinstance(key, str) else self.name
        return _Place(name, self.module, written, self.depth + 1)


def _has(inner: Json, key: str | int) -> bool:
    return isinstance(inner, list) or key in inner


def _merged(after: Json, unknown: Json, place: _Place) -> Json:
    """Put what was written where the plan has no value."""
    if place.depth > _MAX_DEPTH or not unknown:
        return _escaped(after)
    if unknown is True:
        return _placeholder(place)
    if isinstance(unknown, Mapping):
        given = _mapping(after)
        return {
            key: _merged(given.get(key), unknown.get(key), place.inside(key)) for key in {*given, *unknown}
        }
    if isinstance(unknown, list):
        found = list(after) if isinstance(after, list) else []
        pairs = zip_longest(found, unknown)
        return _spread([_merged(one, two, place.inside(index)) for index, (one, two) in enumerate(pairs)])
    return after


def _spread(items: list[Json]) -> list[Json]:
    """Flatten lists of references that stand for one unknown item each."""
    flat: list[Json] = []
    for item in items:
        for one in item if isinstance(item, list) else [item]:
            if one not in flat:
                flat.append(one)
    return flat


def _escaped(value: Json) -> Json:
    """Keep text that is known from being read as an expression."""
    if isinstance(value, str):
        return value.replace("${", "$${")
    if isinstance(value, list):
        return [_escaped(one) for one in value]
    return {key: _escaped(one) for key, one in value.items()} if isinstance(value, Mapping) else value


def _placeholder(place: _Place) -> Json:
    written = _mapping(place.written)
    found = _full(written.get("references"))
    if found and "constant_value" in written and place.module.caller is None:
        # Configuration in JSON syntax: the plan keeps the text as it was written.
        return written["constant_value"]
    followed = [_reference(one, place.module) for one in found]
    if not followed:
        return None
    plain = place.name.endswith(_PLAIN) and all(one is not None for one in followed)
    if plain and place.name.endswith("s"):
        return ["${" + str(one) + "}" for one in followed]
    if plain and len(followed) == 1:
        return "${" + str(followed[0]) + "}"
    named = [one or original for one, original in zip(followed, found, strict=True)]
    return "${unknown(" + ", ".join(named) + ")}"


def _full(references: Json) -> list[str]:
    """Drop the shorter forms that the plan lists beside each reference."""
    names = [str(one) for one in references] if isinstance(references, list) else []
    return [one for one in names if not any(other.startswith((f"{one}.", f"{one}[")) for other in names)]


def _reference(reference: str, module: _Module, depth: int = 0) -> str | None:
    """Write a reference as the root module would; None for one that cannot be followed."""
    steps = reference.split(".")
    if depth > _MAX_DEPTH or steps[0] in {"each", "count", "local", "path", "terraform", "self"}:
        return None
    if steps[0] == "var":
        if module.caller is None or len(steps) < _PAIR:
            return None
        call = _mapping(_mapping(module.caller.body.get("module_calls")).get(module.name))
        return _only(_mapping(_mapping(call.get("expressions")).get(steps[1])), module.caller, depth)
    if steps[0] == "module" and len(steps) > _PAIR:
        called = steps[1].split("[")[0]
        body = _mapping(_mapping(_mapping(module.body.get("module_calls")).get(called)).get("module"))
        output = _mapping(_mapping(body.get("outputs")).get(steps[2].split("[")[0]))
        inner = _Module(f"{module.address}.module.{called}".strip("."), body, module, called)
        return _only(_mapping(output.get("expression")), inner, depth)
    width = 2 if steps[0] == "data" else 1
    if len(steps) <= width:
        return None
    return ".".join([*steps[:width], _local_name(module.address, steps[width]), *steps[width + 1 :]])


def _only(expression: Mapping[str, Json], module: _Module, depth: int) -> str | None:
    found = _full(expression.get("references"))
    return _reference(found[0], module, depth + 1) if len(found) == 1 else None


_PAIR = 2


def _providers(document: Mapping[str, Json]) -> Iterator[Mapping[str, Any]]:
    for one in _mapping(_mapping(document.get("configuration")).get("provider_config")).values():
        if _mapping(one).get("name") == "aws":
            yield {"alias": one.get("alias") or ""} | {
                name: _constant(value) for name, value in _mapping(one.get("expressions")).items()
            }


def _constant(value: Json) -> Json:
    if isinstance(value, Mapping) and "constant_value" in value:
        return value["constant_value"]
    if isinstance(value, list):
        return [{name: _constant(one) for name, one in _mapping(block).items()} for block in value]
    return None


def _without_keys(address: str) -> str:
    return "".join(piece.partition("]")[2] if at else piece for at, piece in enumerate(address.split("[")))


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}


def _listed(value: Json) -> list[Mapping[str, Json]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
