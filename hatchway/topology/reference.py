"""The page docs/reference/topology.md, written from the models. A test compares the two."""

import json
import textwrap
from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from hatchway.topology import values
from hatchway.topology.model import Declared, Topology

HEADER = """\
# hatchway.yaml

One file declares everything: accounts, networks, the public gateway, and the services behind it. Hatchway
reads `hatchway.yaml` in the working folder, or the file named by `--topology` or `HATCHWAY_TOPOLOGY`.

Words in capitals are names of your choice. A key that is not listed here is an error, and all errors of a
file are reported at once, with their lines. The file is YAML 1.2, at most 1 MiB; an alias may stand for a
whole value, merge keys and tags are not accepted. This page is written by `make docs`.
"""

TYPES: tuple[tuple[object, str], ...] = (
    (values.AccountId, "12 digits in quotes"),
    (values.Address, "IPv4 address"),
    (values.ApiId, "API id"),
    (values.BucketName, "bucket name"),
    (values.CheckRequest, "method and path"),
    (values.Cidr, "private IPv4 range"),
    (values.ExternalId, "text"),
    (values.KeyPrefix, "object key"),
    (values.Name, "name"),
    (values.PrivateAsn, "whole number"),
    (values.Region, "region"),
    (values.RoleArn, "role ARN"),
    (values.RoutePath, "resource path"),
    (values.RouteTableId, "route table id"),
    (values.StageName, "stage name"),
    (values.SubnetId, "subnet id"),
    (values.TransitGatewayId, "Transit Gateway id"),
    (values.UrlPath, "path"),
    (values.VpcId, "VPC id"),
    (values.ZoneId, "zone id"),
    (Any, "any JSON value"),
    (str, "text"),
    (int, "whole number"),
    (bool, "`true` or `false`"),
)
PLACEHOLDERS = {"accounts": "ACCOUNT", "networks": "NETWORK", "services": "SERVICE", "gateways": "GATEWAY"}


def page() -> str:
    """The page."""
    return "\n".join((HEADER, *_section(Topology, "")))


def keys() -> Iterator[tuple[str, FieldInfo]]:
    """Every key of the file as it is written in key paths, with its field."""
    yield from _keys(Topology, "")


def _keys(cls: type[Declared], prefix: str) -> Iterator[tuple[str, FieldInfo]]:
    for name, field in _own(cls).items():
        path = prefix + (field.alias or name)
        yield path, field
        model = section_of(field.annotation)
        if model is not None:
            yield from _keys(model, _inner(path, field))


def _own(cls: type[Declared]) -> dict[str, FieldInfo]:
    """Keys of a section that the section it is derived from does not explain."""
    derived = cls.__base__ not in (None, Declared)
    return {
        name: field for name, field in cls.model_fields.items() if not derived or name in cls.__annotations__
    }


def section_of(annotation: object) -> type[Declared] | None:
    """The model behind a key, if its value is a section, or holds sections."""
    if isinstance(annotation, type) and issubclass(annotation, Declared):
        return annotation
    inner = (section_of(argument) for argument in get_args(annotation))
    return next((model for model in inner if model is not None), None)


def _inner(path: str, field: FieldInfo) -> str:
    """Prefix of the keys inside a key."""
    members = [get_origin(member) for member in (field.annotation, *get_args(field.annotation))]
    if dict in members:
        return f"{path}.{PLACEHOLDERS.get(path, 'SUBNET')}."
    return f"{path}[]." if tuple in members else f"{path}."


def _section(cls: type[Declared], prefix: str) -> Iterator[str]:
    if prefix:
        yield f"## {prefix.removesuffix('.')}\n"
        yield textwrap.dedent(cls.__doc__ or "") + "\n"
    yield "| key | type | default | meaning | example |"
    yield "|---|---|---|---|---|"
    for name, field in _own(cls).items():
        key = field.alias or name
        cells = (
            f"`{key}`",
            _type(field),
            _default(field),
            field.description or "",
            f"`{example(field, key)}`",
        )
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
    yield ""
    for name, field in _own(cls).items():
        model = section_of(field.annotation)
        if model is not None:
            yield from _section(model, _inner(prefix + (field.alias or name), field))


def _type(field: FieldInfo) -> str:
    words = _words(field_type(field))
    low = next((rule.ge for rule in field.metadata if isinstance(rule, Ge)), None)
    high = next((rule.le for rule in field.metadata if isinstance(rule, Le)), None)
    if low is None:
        return words
    return f"{words}, {low} or more" if high is None else f"{words}, {low} to {high}"


def field_type(field: FieldInfo) -> object:
    """The field's own type: Pydantic keeps what `Annotated` adds to it apart."""
    annotation = field.annotation
    for rule in field.metadata:
        annotation = Annotated[annotation, rule]  # type: ignore[assignment] # a type made at run time
    return annotation


def _words(annotation: object) -> str:
    known = next((words for type_, words in TYPES if type_ == annotation), None)
    if known is not None:
        return known
    origin, arguments = get_origin(annotation), get_args(annotation)
    members = [_words(member) for member in arguments if member is not NoneType and _is_type(member)]
    if origin in (UnionType, Union):
        return " or ".join(members)
    if origin is Literal:
        return " or ".join(f"`{choice}`".replace("True", "true") for choice in arguments)
    if origin is Annotated:
        return members[0]
    if origin is dict:
        return f"{members[1]} by name"
    return f"list: {members[0]}" if origin is tuple else "section"


def _is_type(argument: object) -> bool:
    """Type arguments are types, but for the choices of a `Literal` and the dots of a `tuple`."""
    return argument is not Ellipsis and not isinstance(argument, str | int)


def _default(field: FieldInfo) -> str:
    default = field.get_default()
    if default is PydanticUndefined:
        return "required"
    if isinstance(default, Declared):
        return "its defaults"
    return "none" if default in (None, {}, ()) else f"`{json.dumps(default)}`".replace('"', "")


def example(field: FieldInfo, key: str) -> str:
    """The key with a value, as YAML in one line."""
    return f"{key}: {_flow(field.examples[0])}" if field.examples else f"{key}: {_flow(_composed(field))}"


def _composed(field: FieldInfo) -> object:
    """An example of a section: its required keys, else its first one."""
    model = section_of(field.annotation)
    if model is None:
        raise ValueError(f"a key without an example: {field.description}")
    fields = {inner.alias or name: inner for name, inner in model.model_fields.items()}
    chosen = {key: inner for key, inner in fields.items() if inner.is_required()} or dict(
        list(fields.items())[:1]
    )
    if model.choices:
        chosen |= {model.choices[0]: fields[model.choices[0]]}
    section = {
        key: inner.examples[0] if inner.examples else _composed(inner) for key, inner in chosen.items()
    }
    members = [get_origin(member) for member in (field.annotation, *get_args(field.annotation))]
    if dict in members:
        return {"a": section}
    return [section] if tuple in members else section


def _flow(value: object) -> str:
    """A value as YAML in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(entry) for entry in value) + "]"
    if isinstance(value, str) and not value.isdigit() and not set(value) & set(",{}[]"):
        return value
    return json.dumps(value)
