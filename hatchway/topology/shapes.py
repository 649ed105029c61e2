"""From plain values to the typed model, value by value, so that one mistake does not hide another.

Pydantic rejects a section as a whole. Here each value is validated by itself against the annotation
the model gives it, and what is good stays usable: a section with a mistake becomes an *incomplete*
instance of its model, whose broken fields raise `UnusableError` when a rule looks at them. A rule that
needs a broken value thus has nothing to say, instead of something false.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Final, TypeVar, Union, cast, get_args, get_origin

from annotated_types import MinLen
from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from hatchway.topology.document import UNREADABLE, Document
from hatchway.topology.model import Declared, Topology
from hatchway.topology.problems import KeyPath, Misfit
from hatchway.topology.wording import describe, kind_of, nearest

# An external id is no password, but a message is no place for it.
SECRET_KEYS = frozenset({"external_id"})

S = TypeVar("S")
T = TypeVar("T")
M = TypeVar("M", bound=Declared)


class UnusableError(Exception):
    """A value was asked for that the file gives wrongly. It has been reported."""


def usable(section: S, value: Callable[[S], T]) -> T | None:
    """A value in a section, or `None` where the file gives it wrongly."""
    try:
        return value(section)
    except UnusableError:
        return None


class _Broken:
    """Stands for a value that is not usable."""


_BROKEN: Final = _Broken()


def read(document: Document) -> tuple[Topology, list[Misfit]]:
    """The topology of a document and what is wrong with its shape.

    With misfits, the topology is incomplete: its broken values raise `UnusableError`.
    """
    return read_as(Topology, document)


def read_as(cls: type[M], document: Document) -> tuple[M, list[Misfit]]:
    """The model of a document and what is wrong with its shape, incomplete as with `read`."""
    reader = _Reader(document.sources)
    return reader.model(cls, document.values, ()), reader.misfits


class _Reader:
    """One pass over a document. Collects misfits as it goes."""

    def __init__(self, sources: Mapping[KeyPath, str]) -> None:
        self.misfits: list[Misfit] = []
        self._sources = sources

    def model(self, cls: type[M], raw: object, path: KeyPath) -> M:
        """An instance of a model, incomplete where the raw value has mistakes."""
        if not isinstance(raw, dict):
            if raw is not UNREADABLE:
                wanted = "has no value" if raw is None else f"has to be a mapping of keys, not {kind_of(raw)}"
                self._add(path, wanted, f"Keys of it: {', '.join(_by_key(cls))}.")
            return _incomplete(cls, {})
        fields = _by_key(cls)
        values: dict[str, object] = dict.fromkeys(self._unknown(raw, path, fields), _BROKEN)
        for key, value in raw.items():
            if key in fields:
                values[key] = self._field(fields[key], value, (*path, key))
        self._missing(path, fields, values)
        self._choices(cls, path, values)
        if _BROKEN in values.values():
            return _incomplete(cls, values)
        try:
            return cls.model_validate(values)
        except (UnusableError, ValidationError):
            # A name in here is malformed, or a section in here is incomplete: Pydantic looks at both
            # again. Values are usable one by one all the same.
            if not self.misfits:
                raise
            return _incomplete(cls, values)

    def _choices(self, cls: type[Declared], path: KeyPath, values: dict[str, object]) -> None:
        given = [key for key in cls.choices if values.get(key) is not None]
        if cls.choices and len(given) != 1:
            self._add(path, cls.choice_message(), None)
            values.update(dict.fromkeys(cls.choices, _BROKEN))

    def _unknown(self, raw: dict[str, object], path: KeyPath, fields: Mapping[str, FieldInfo]) -> set[str]:
        """Report unknown keys. The result is the known keys that were probably meant."""
        meant = set()
        for key in raw:
            if key in fields:
                continue
            guess = nearest(key, [name for name in fields if name not in raw])
            if guess is None:
                self._add((*path, key), "is not a known key", f"Keys known here: {', '.join(fields)}.")
            else:
                meant.add(guess)
                self._add((*path, key), f"is not a known key, did you mean '{guess}'?", None)
        return meant

    def _missing(self, path: KeyPath, fields: Mapping[str, FieldInfo], values: dict[str, object]) -> None:
        for key, field in fields.items():
            if key not in values and field.is_required():
                values[key] = _BROKEN
                self._add((*path, key), "is missing", f"Add it. {field.description}")

    def _field(self, field: FieldInfo, raw: object, path: KeyPath) -> object:
        return self._value(_with(field.annotation, field.metadata), raw, path)

    def _value(self, annotation: object, raw: object, path: KeyPath) -> object:
        if raw is UNREADABLE:
            return _BROKEN
        bare, rules = _bare(annotation)
        if get_origin(bare) in (UnionType, Union):
            return self._union(annotation, get_args(bare), raw, path)
        if _is_model(bare):
            return self.model(cast("type[Declared]", bare), raw, path)
        if get_origin(bare) is dict and isinstance(raw, dict):
            return self._entries(get_args(bare), raw, path) if self._enough(rules, raw, path) else _BROKEN
        if get_origin(bare) is tuple and isinstance(raw, list):
            return self._items(get_args(bare)[0], raw, path) if self._enough(rules, raw, path) else _BROKEN
        return self._leaf(annotation, raw, path)

    def _union(self, annotation: object, members: tuple[object, ...], raw: object, path: KeyPath) -> object:
        if raw is None and NoneType in members:
            return None
        models = [member for member in members if _is_model(member)]
        others = [member for member in members if member is not NoneType and member not in models]
        if models and (not others or isinstance(raw, dict)):
            return self._value(models[0], raw, path)
        if len(others) > 1:
            return self._leaf(annotation, raw, path)
        return (
            self._leaf(others[0], raw, path, " or a mapping of keys")
            if models
            else self._value(_with(others[0], _bare(annotation)[1]), raw, path)
        )

    def _entries(self, types: tuple[object, ...], raw: dict[str, object], path: KeyPath) -> object:
        values = {}
        for key, value in raw.items():
            # A name that is malformed is still the name that others refer to.
            self._leaf(types[0], key, (*path, key))
            values[key] = self._value(types[1], value, (*path, key))
        return _BROKEN if _BROKEN in values.values() else values

    def _items(self, item: object, raw: list[object], path: KeyPath) -> object:
        values = tuple(self._value(item, value, (*path, index)) for index, value in enumerate(raw))
        return _BROKEN if _BROKEN in values else values

    def _enough(self, rules: Sequence[object], raw: dict[str, object] | list[object], path: KeyPath) -> bool:
        if len(raw) >= max((rule.min_length for rule in rules if isinstance(rule, MinLen)), default=0):
            return True
        self._add(path, "is empty", "Add at least one entry.")
        return False

    def _leaf(self, annotation: object, raw: object, path: KeyPath, alternative: str = "") -> object:
        try:
            return _adapter(annotation).validate_python(raw)
        except ValidationError as error:
            message, fix = describe(error.errors(include_url=False)[0], raw, self._sources.get(path))
            hidden = isinstance(raw, dict | list) or path[-1] in SECRET_KEYS
            got = None if hidden else raw
            self.misfits.append(Misfit(path=path, message=message + alternative, got=got, fix=fix))
            return _BROKEN

    def _add(self, path: KeyPath, message: str, fix: str | None) -> None:
        self.misfits.append(Misfit(path=path, message=message, fix=fix))


def _by_key(cls: type[Declared]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in cls.model_fields.items()}


def _bare(annotation: object) -> tuple[object, tuple[object, ...]]:
    """A type without what `Annotated` adds to it, and what that is."""
    if get_origin(annotation) is Annotated:
        bare, *rules = get_args(annotation)
        return bare, tuple(rules)
    return annotation, ()


def _with(bare: object, rules: Sequence[object]) -> object:
    """A type with what `Annotated` adds to it."""
    for rule in rules:
        bare = Annotated[bare, rule]
    return bare


def _is_model(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Declared)


@cache
def _adapter(annotation: Any) -> TypeAdapter[Any]:  # noqa: ANN401 - a type, in any of its forms
    return TypeAdapter(annotation, config=ConfigDict(strict=True))


def _incomplete(cls: type[M], values: Mapping[str, object]) -> M:
    """An instance with the usable values alone; keys the file leaves out have their defaults."""
    instance = _incomplete_class(cls).model_construct()
    instance.__dict__.clear()
    for name, field in cls.model_fields.items():
        key = field.alias or name
        if key in values and values[key] is not _BROKEN:
            instance.__dict__[name] = values[key]
        elif values and key not in values and not field.is_required():
            instance.__dict__[name] = field.get_default(call_default_factory=True, validated_data={})
    return cast("M", instance)


@cache
def _incomplete_class(cls: type[Declared]) -> type[Declared]:
    def unusable(self: Declared, name: str) -> object:
        if name in cls.model_fields:
            raise UnusableError(name)
        try:
            return (self.__pydantic_private__ or {})[name]
        except KeyError:
            raise AttributeError(name) from None

    body = {
        "__getattr__": unusable,
        "__module__": cls.__module__,
        "model_config": ConfigDict(defer_build=True),
    }
    return type(f"Incomplete{cls.__name__}", (cls,), body)
