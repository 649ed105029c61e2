"""Reads a plan, `terraform show -json`: planned values, and references where values are not known yet.

A plan lists what an unknown value refers to, not the text around it. An argument that takes an id is read
as the reference itself; in any other place the value stays unknown. Given with the configuration it was made
of, a plan says which values are known, and the configuration what the others are made of.
https://developer.hashicorp.com/terraform/internals/json-format
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hatchway.route.sources.configuration import Json, Resource, Stack, blocks, mapping
from hatchway.route.sources.plan_values import dynamic_blocks, escaped, handed, planned
from hatchway.route.sources.variables import overridden

_STEP = re.compile(r'(?P<name>[A-Za-z_][\w-]*)(?:\[(?:"(?P<key>(?:[^"\\]|\\.)*)"|(?P<index>\d+))\])?\.?')


def is_plan(document: Mapping[str, Json]) -> bool:
    """Whether a document is a plan in JSON."""
    return "format_version" in document and "resource_changes" in document


def read_plan(name: str, document: Mapping[str, Json], beside: Stack | None = None) -> Stack:
    """Read what there will be once the plan is applied.

    Args:
        name: Name of the stack.
        document: The plan.
        beside: The configuration the plan was made of, where it is given as well.
    """
    body = mapping(mapping(document.get("configuration")).get("root_module"))
    root = _Written(body, beside)
    changes = [one for one in listed(document.get("resource_changes")) if _stays(one)]
    found = _module(name, "", None, root, _by_module([*changes, *_read_before(document)]))
    return replace(
        found,
        variables=overridden(found.variables, _given(document)),
        providers=beside.providers if beside is not None else tuple(_providers(document)),
        backend=beside.backend if beside is not None else None,
    )


def _given(document: Mapping[str, Json]) -> dict[str, Json]:
    """Return the values the plan was made with."""
    given = mapping(document.get("variables"))
    return {name: escaped(one["value"]) for name, one in given.items() if "value" in mapping(one)}


def _read_before(document: Mapping[str, Json]) -> Iterator[Mapping[str, Json]]:
    """Give the data sources that were read before anything was planned, in the shape of changes."""
    values = mapping(mapping(document.get("prior_state")).get("values"))
    waiting = [mapping(values.get("root_module"))]
    while waiting:
        module = waiting.pop()
        waiting += listed(module.get("child_modules"))
        for one in listed(module.get("resources")):
            if one.get("mode") == "data":
                change = {"actions": ["no-op"], "after": one.get("values")}
                yield {**one, "module_address": module.get("address"), "change": change}


def _stays(change: Mapping[str, Json]) -> bool:
    return mapping(change.get("change")).get("actions") != ["delete"]


def _by_module(changes: list[Mapping[str, Json]]) -> Mapping[str, list[Mapping[str, Json]]]:
    found: dict[str, list[Mapping[str, Json]]] = {"": []}
    for one in changes:
        found.setdefault(str(one.get("module_address") or ""), []).append(one)
    return found


@dataclass(frozen=True, eq=False, slots=True)
class _Written:
    """One module as the plan repeats it, and as it is written where that is at hand."""

    body: Mapping[str, Json]
    beside: Stack | None

    def call(self, name: str) -> Mapping[str, Json]:
        return mapping(mapping(self.body.get("module_calls")).get(name))

    def below(self, name: str) -> "_Written":
        definition = self.beside.definitions.get(name) if self.beside is not None else None
        return _Written(
            mapping(self.call(name).get("module")), definition if isinstance(definition, Stack) else None
        )


def _module(
    name: str,
    address: str,
    call: Resource | None,
    written: _Written,
    changes: Mapping[str, list[Mapping[str, Json]]],
) -> Stack:
    body, beside = written.body, written.beside
    declared = {_identity(one): one for one in listed(body.get("resources"))}
    sources = {one.path: one for one in beside.resources} if beside is not None else {}
    return Stack(
        name=name,
        module=address,
        call=call,
        folder=beside.folder if beside is not None else None,
        resources=tuple(
            _resource(name, address, one, declared.get(_identity(one), {}), sources)
            for one in changes.get(address, ())
        ),
        variables=beside.variables if beside is not None else _variables(body),
        locals=beside.locals if beside is not None else {},
        outputs=beside.outputs if beside is not None else _outputs(body),
        children={
            called: tuple(_instances(name, address, called, written, changes))
            for called in mapping(body.get("module_calls"))
        },
        absent=frozenset(path_of(one) for one in declared.values()),
    )


def _identity(one: Mapping[str, Json]) -> tuple[str, str, str]:
    return str(one.get("mode")), str(one.get("type")), str(one.get("name"))


def path_of(one: Mapping[str, Json]) -> tuple[str, ...]:
    """Return how its own module refers to a resource of a plan."""
    mode, kind, name = _identity(one)
    return ("data", kind, name) if mode == "data" else (kind, name)


def _instances(
    stack: str, address: str, called: str, written: _Written, changes: Mapping[str, list[Mapping[str, Json]]]
) -> Iterator[Stack]:
    """Give the instances of a module that something is planned in; one without a key for an empty one."""
    prefix = f"{address}.module.{called}".lstrip(".")
    keys: dict[str | int | None, None] = {}
    for place in changes:
        if place == prefix or place.startswith((f"{prefix}.", f"{prefix}[")):
            step = _STEP.match(place, len(prefix) - len(called))
            if step is not None and step["name"] == called:
                keys[int(step["index"]) if step["index"] else step["key"]] = None
    call, beside = written.call(called), written.beside
    text = next((one for one in beside.calls if one.name == called), None) if beside is not None else None
    expressions = mapping(call.get("expressions"))
    arguments = {one: handed(expression, one) for one, expression in expressions.items()}
    arguments["for_each"] = handed(call.get("for_each_expression"), "for_each")
    for key in keys or [None]:
        one = Resource(
            stack=stack,
            module=address,
            mode="module",
            type="module",
            name=called,
            key=key,
            arguments=dict(text.arguments) if text is not None else arguments,
        )
        yield _module(stack, one.address, one, written.below(called), changes)


def _variables(body: Mapping[str, Json]) -> Mapping[str, Json]:
    return {
        name: {"default": escaped(one["default"])} if "default" in mapping(one) else {}
        for name, one in mapping(body.get("variables")).items()
    }


def _outputs(body: Mapping[str, Json]) -> Mapping[str, Json]:
    return {
        name: {"value": handed(mapping(one).get("expression"), name)}
        for name, one in mapping(body.get("outputs")).items()
    }


def _resource(
    stack: str,
    address: str,
    change: Mapping[str, Json],
    written: Mapping[str, Json],
    sources: Mapping[tuple[str, ...], Resource],
) -> Resource:
    whole = mapping(change.get("change"))
    source = sources.get(path_of(change))
    index = change.get("index")
    return Resource(
        stack=stack,
        module=address,
        mode=str(change.get("mode")),
        type=str(change.get("type")),
        name=str(change.get("name")),
        key=index if isinstance(index, str | int) else None,
        fresh=whole.get("actions") == ["create"],
        arguments=_values(whole, mapping(written.get("expressions")), source)
        | {"provider": str(written.get("provider_config_key") or "").rpartition(":")[2]}
        # What a value that is known refers to comes before it all the same.
        | {"depends_on": [*(written.get("depends_on") or ()), *_references(written.get("expressions"))]}
        | _repeats(written, source),
    )


def _references(expressions: Json) -> Iterator[str]:
    waiting = [expressions]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, Mapping):
            found = one.get("references")
            yield from map(str, found if isinstance(found, list) else ())
            waiting += [value for name, value in one.items() if name != "constant_value"]


def _values(
    change: Mapping[str, Json], repeated: Mapping[str, Json], source: Resource | None
) -> dict[str, Json]:
    after, unknown = mapping(change.get("after")), mapping(change.get("after_unknown"))
    text = source.arguments if source is not None else {}
    dynamic = dynamic_blocks(text, unknown)
    open_ = {name for one in dynamic for name in one}
    found = {
        name: value
        for name in {*after, *unknown} - open_
        # What AWS fills in is no argument: its references are followed by name.
        if (value := planned(after.get(name), unknown.get(name), repeated.get(name), name, text.get(name)))
        is not None
    }
    if "triggers" in found:
        # A digest that is known says nothing of what it is over.
        found["triggers"] = (
            text.get("triggers") or handed(repeated.get("triggers"), "triggers") or found["triggers"]
        )
    # A plan does not say create_before_destroy, so that nothing is to be said about it.
    found["lifecycle"] = text.get("lifecycle", {"create_before_destroy": source is None})
    return found | ({"dynamic": dynamic} if dynamic else {})


def _repeats(written: Mapping[str, Json], source: Resource | None) -> dict[str, Json]:
    """Return `for_each` as it is written: an instance takes `each.value` from it."""
    if source is not None:
        return {name: source.arguments[name] for name in ("for_each",) if name in source.arguments}
    repeated = handed(written.get("for_each_expression"), "for_each")
    return {} if repeated is None else {"for_each": repeated}


def _providers(document: Mapping[str, Json]) -> Iterator[Mapping[str, Any]]:
    for one in mapping(mapping(document.get("configuration")).get("provider_config")).values():
        if mapping(one).get("name") == "aws":
            yield {"alias": one.get("alias") or ""} | {
                name: _provided(value, name) for name, value in mapping(one.get("expressions")).items()
            }


def _provided(value: Json, name: str) -> Json:
    if isinstance(value, list):
        return [{key: _provided(one, key) for key, one in mapping(block).items()} for block in value]
    return handed(value, name)


def listed(value: Json) -> list[Mapping[str, Json]]:
    """Return the objects in a list of a plan."""
    return blocks(value) if isinstance(value, list) else []
