"""The values of a plan: those that are known, and what stands in place of the others."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from hatchway.route.sources.configuration import Json
from hatchway.route.sources.evaluation import dynamic_names
from hatchway.route.sources.syntax import NODES, UNKNOWN

_MAX_DEPTH = 40
_PLURAL = ("_ids", "_arns", "subnets", "security_groups")
_PLAIN = (*_PLURAL, "_id", "_arn", "http_method", "status_code", "function_name", "authorizer_uri")
_LOOPS = frozenset({"each.key", "each.value", "count.index"})
# What an argument takes the id or ARN of, where its name does not say so.
_TAKES = {
    "connection": ("vpc_link",),
    "load_balancer": ("aws_lb",),
    "target": ("aws_lb",),
    "parent": ("aws_api_gateway_resource",),
    "transit_gateway_attachment": ("transit_gateway_vpc_attachment",),
    "api": ("rest_api", "apigatewayv2_api"),
}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a value stands: the argument's name, what the plan repeats of it, how deep it is."""

    name: str
    repeated: Json
    text: Json = None
    """How it is written, where the configuration is at hand."""
    depth: int = 0

    def inside(self, key: str | int) -> "_Place":
        """One step into a block, a map or a list."""
        repeated = self.repeated
        if isinstance(repeated, list):
            repeated = repeated[key] if isinstance(key, int) and key < len(repeated) else None
        elif isinstance(repeated, Mapping) and "constant_value" in repeated:
            inner = repeated["constant_value"]
            repeated = {**repeated, "constant_value": inner[key]} if _has(inner, key) else repeated
        elif isinstance(repeated, Mapping) and isinstance(key, str):
            repeated = repeated.get(key, repeated)
        text = self.text[key] if _has(self.text, key) else None
        return _Place(key if isinstance(key, str) else self.name, repeated, text, self.depth + 1)


def _has(inner: Json, key: str | int) -> bool:
    if isinstance(inner, list):
        return isinstance(key, int) and key < len(inner)
    return isinstance(inner, Mapping) and key in inner


def escaped(value: Json) -> Json:
    """Keep text that is known from being read as an expression."""
    if isinstance(value, str):
        return value.replace("${", "$${").replace("%{", "%%{")
    if isinstance(value, list):
        return [escaped(one) for one in value]
    return {key: escaped(one) for key, one in value.items()} if isinstance(value, Mapping) else value


def planned(after: Json, unknown: Json, repeated: Json, name: str, text: Json = None) -> Json:
    """Return the value of an argument: as planned where it is known, else as it is written or refers to."""
    if unknown and isinstance(text, NODES):
        return text
    return _merged(after, unknown, _Place(name, repeated, text))


def handed(expression: Json, name: str) -> Json:
    """Return what a module is given, or gives, as a reference to it."""
    expression = expression if isinstance(expression, Mapping) else {}
    if "references" not in expression:
        return escaped(expression.get("constant_value"))
    return _placeholder(_Place(name, expression), alone=True)


def dynamic_blocks(arguments: Mapping[str, Json], unknown: Mapping[str, Json]) -> list[Json]:
    """Return the `dynamic` blocks as they are written whose content is not known."""
    names = [name for name in dynamic_names(arguments) if unknown.get(name)]
    found = arguments.get("dynamic")
    every = found if isinstance(found, list) else [found]
    return [{name: one[name]} for one in every if isinstance(one, Mapping) for name in names if name in one]


def _merged(after: Json, unknown: Json, place: _Place) -> Json:
    if place.depth > _MAX_DEPTH or not unknown:
        return escaped(after)
    if unknown is True:
        return _placeholder(place) if place.text is None else place.text
    if isinstance(unknown, Mapping):
        given = after if isinstance(after, Mapping) else {}
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
            if isinstance(one, Mapping) or one not in flat:
                flat.append(one)
    return flat


def _placeholder(place: _Place, *, alone: bool = False) -> Json:
    repeated = place.repeated if isinstance(place.repeated, Mapping) else {}
    found = _full(repeated.get("references"))
    if found and "constant_value" in repeated:
        # Configuration in JSON syntax: the plan keeps the text as it was written.
        return repeated["constant_value"]
    if not found:
        return None
    followed = list(_followed(found, place.name))
    if len(followed) == 1 and (alone or place.name.endswith(_PLAIN)):
        return "${" + followed[0] + "}"
    if followed and len(followed) == len(found) and place.name.endswith(_PLURAL):
        return ["${" + one + "}" for one in followed]
    return "${" + f"{UNKNOWN}({', '.join(found)})" + "}"


def _followed(references: list[str], name: str) -> Iterator[str]:
    """Give references that are whole values; of a resource by itself, the part that an argument takes."""
    loops = [one for one in references if one.partition(".")[0] in {"each", "count"}]
    others = [one for one in references if one not in loops]
    if not others:
        yield from loops if len(loops) == 1 else ()
        return
    for one in others:
        kind, bare = _bare(one)
        if not bare:
            yield one
        elif _fits(name, kind) and name.endswith(_PLURAL) and not loops:
            yield f"{one}[*].{_part(name, kind)}"
        elif _fits(name, kind) and len(loops) == 1 and loops[0] in _LOOPS:
            yield f"{one}[{loops[0]}].{_part(name, kind)}"
        elif _fits(name, kind) and not loops:
            yield f"{one}.{_part(name, kind)}"


def _bare(reference: str) -> tuple[str, bool]:
    """Return the type of a resource, and whether a reference names it and no part of it."""
    steps = reference.split(".")
    width = 2 if steps[0] == "data" else 1
    if steps[0] in {"var", "local", "module", "each", "count", "path", "terraform", "self"}:
        return "", steps[0] == "module" and len(steps) <= width + 1
    return steps[width - 1], len(steps) <= width + 1


def _fits(name: str, kind: str) -> bool:
    """Whether an argument of a name takes the id or ARN of a resource of a type."""
    stem = name.removesuffix("s").removesuffix("_id").removesuffix("_arn")
    return stem in kind or any(one in kind for one in _TAKES.get(stem, ()))


def _part(name: str, kind: str) -> str:
    return "arn" if name.removesuffix("s").endswith("_arn") or kind == "aws_lb" else "id"


def _full(references: Json) -> list[str]:
    """Drop the shorter forms that the plan lists beside each reference."""
    names = [str(one) for one in references] if isinstance(references, list) else []
    return [one for one in names if not any(other.startswith((f"{one}.", f"{one}[")) for other in names)]
