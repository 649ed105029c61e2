"""A second opinion: the same configuration with its texts rendered by Terraform itself, with invented ids.

The values that Terraform rendered take the place of what was written; what was invented in them becomes the
symbol that it stands for. Who refers to whom, and in which order things are made, stays as it was written.
https://developer.hashicorp.com/terraform/internals/machine-readable-ui
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from hatchway.route.sources.configuration import Json, Resource, Stack
from hatchway.route.sources.evaluation import dynamic_names
from hatchway.route.sources.index import Index
from hatchway.route.sources.mentions import references_in
from hatchway.route.sources.resolve import Resolver, Scope, Value
from hatchway.route.sources.shadow_mocks import MARK, Mocks
from hatchway.route.sources.syntax import Reference
from hatchway.route.symbols import Text

_META = frozenset(
    {"provider", "lifecycle", "depends_on", "count", "for_each", "dynamic", "triggers", "provisioner", "//"}
)
_RANDOM = re.compile("[a-z0-9]{8}")
_INVENTED = re.compile(
    rf"arn:aws:(?:hatchway|execute-api):[a-z0-9-]*:[0-9]*:(?P<arn>{MARK})"
    rf'|{{"hatchway":"(?P<json>{MARK})"}}'
    rf"|(?P<mark>{MARK})"
    r"|(?<![0-9.])(?P<address>198\.1[89]\.[0-9]+\.[0-9]+)(?![0-9.])"
    r"|(?<![a-z0-9])(?P<random>[a-z0-9]{8})(?![a-z0-9])"
)


class Shadow:
    """One stack, and what Terraform rendered of it."""

    def __init__(self, stack: Stack, resolver: Resolver) -> None:
        self._stack = stack
        self._resolver = resolver
        self._mocks = Mocks(stack, Index(resolver))

    def test_file(self) -> Mapping[str, Json]:
        """Return what `terraform test` is to run."""
        return self._mocks.document()

    def rendered(self, plan: Mapping[str, Json]) -> Stack:
        """Return the stack with the values of the plan that the test printed."""
        found: dict[str, list[Mapping[str, Json]]] = {}
        for change in _listed(plan.get("resource_changes")):
            found.setdefault(re.sub(r"\[[^\]]*\]$", "", str(change.get("address"))), []).append(change)
        self._learn(found)
        return self._module(self._stack, found)

    def _module(self, module: Stack, found: Mapping[str, Sequence[Mapping[str, Json]]]) -> Stack:
        return replace(
            module,
            resources=tuple(shown for one in module.resources for shown in self._instances(one, found)),
            children={
                name: tuple(self._module(one, found) for one in instances)
                for name, instances in module.children.items()
            },
        )

    def _instances(
        self, resource: Resource, found: Mapping[str, Sequence[Mapping[str, Json]]]
    ) -> Iterator[Resource]:
        own = found.get(resource.declared, ())
        if not resource.is_guess:
            own = [one for one in own if one.get("address") == resource.address]
        if not own:
            yield resource
        for change in own:
            key = change.get("index")
            yield replace(
                resource,
                key=key if isinstance(key, str | int) else None,
                is_guess=False,
                arguments=self._arguments(resource, change),
            )

    def _arguments(self, resource: Resource, change: Mapping[str, Json]) -> Mapping[str, Json]:
        """Put what was rendered in the place of what was written, and keep what that referred to.

        What depends on a data source that Terraform reads later is not known in the test either.
        """
        written, after = resource.arguments, _planned(change, "after")
        names = _rendered(resource, _planned(change, "after_unknown"))
        dynamic = bool(names & set(dynamic_names(written)))
        replaced = [written.get(name) for name in names] + ([written.get("dynamic")] if dynamic else [])
        waits = written.get("depends_on")
        named = [".".join(map(str, path)) for raw in replaced for path in references_in(raw)]
        gone = {*names, "dynamic"} if dynamic else names
        shown = {name: self._value(after.get(name), written.get(name)) for name in names}
        return {
            **{name: value for name, value in written.items() if name not in gone},
            **{name: value for name, value in shown.items() if value is not None},
            "depends_on": [*(waits if isinstance(waits, list) else ()), *named],
        }

    def _learn(self, found: Mapping[str, Sequence[Mapping[str, Json]]]) -> None:
        """Remember which resource made up which value that had no mark."""
        for module in self._stack.modules:
            for resource in module.resources:
                for change in found.get(resource.declared, ()):
                    if resource.is_guess or change.get("address") == resource.address:
                        self._own(resource, module, _planned(change, "after"))

    def _own(self, resource: Resource, module: Stack, after: Mapping[str, Json]) -> None:
        key = () if resource.key is None else (resource.key,)
        for name in after.keys() - _written(resource):
            value = after[name]
            if isinstance(value, str) and _RANDOM.fullmatch(value):
                reference = Reference((*resource.path, *key, name))
                self._mocks.values.setdefault(value, self._resolver.value(reference, Scope(module)))

    def _value(self, shown: Json, written: Json) -> Value:
        if isinstance(shown, str):
            return self._text(shown)
        if isinstance(shown, list):
            return [value for one in shown if (value := self._value(one, written)) is not None]
        if isinstance(shown, Mapping):
            body = _body(written)
            return {
                name: value
                for name, one in shown.items()
                if _is_written(name, one, body)
                and (value := self._value(one, (body or {}).get(name))) is not None
            }
        return shown

    def _text(self, shown: str) -> Value:
        """Replace what was invented by what it stands for."""
        parts: list[str | Text] = []
        at = 0
        for match in _INVENTED.finditer(shown):
            value = self._mocks.values.get(match[match.lastgroup or 0])
            if value is None:
                continue
            if match[0] == shown:
                return value
            if isinstance(value, Text):
                parts += [shown[at : match.start()], value]
                at = match.end()
        return Text.of(*parts, shown[at:])


def _written(resource: Resource) -> frozenset[str]:
    return frozenset({*resource.arguments, *dynamic_names(resource.arguments)}) - _META


def _rendered(resource: Resource, unknown: Mapping[str, Json]) -> frozenset[str]:
    """Return the arguments that Terraform rendered; blocks made by `dynamic`, all of them or none."""
    made = frozenset(dynamic_names(resource.arguments))
    names = frozenset(name for name in _written(resource) if not _is_open(unknown.get(name)))
    return names if made <= names else names - made


def _body(written: Json) -> Mapping[str, Json] | None:
    """Return every argument written in the blocks of a name; None where an expression makes them."""
    bodies = [
        one for one in (written if isinstance(written, list) else [written]) if isinstance(one, Mapping)
    ]
    found: dict[str, Json] = {}
    for body in bodies:
        found.update(body)
        found.update(dict.fromkeys(dynamic_names(body)))
    return found if bodies else None


def _is_written(name: str, shown: Json, body: Mapping[str, Json] | None) -> bool:
    """Whether a value in a block was written, and not made up because AWS would fill it in."""
    if body is None:
        return not (isinstance(shown, str) and _RANDOM.fullmatch(shown))
    return name in body or any("${" in key for key in body)


def _planned(change: Mapping[str, Json], part: str) -> Mapping[str, Json]:
    planned = change.get("change")
    found = planned.get(part) if isinstance(planned, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _is_open(unknown: Json) -> bool:
    """Whether any part of a value is not known."""
    waiting = [unknown]
    while waiting:
        one = waiting.pop()
        if one is True:
            return True
        waiting += one if isinstance(one, list) else one.values() if isinstance(one, Mapping) else []
    return False


def _listed(value: Json) -> list[Mapping[str, Json]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
