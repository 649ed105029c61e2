"""A YAML file as plain values, each with the line it was written on.

The file is composed into nodes and never constructed by the YAML library: no tag is executed, and
every key keeps its place. What YAML allows and a topology has no use for (two keys of one name, tags,
merge keys, aliases without end) is a problem with a line, not a surprise.
"""

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from hatchway.topology.problems import KeyPath, Misfit, Problem, TopologyError, spell

if TYPE_CHECKING:
    from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

MAXIMUM_BYTES = 1024 * 1024
MAXIMUM_VALUES = 200_000

_TAG = "tag:yaml.org,2002:"


def _text(text: str) -> str:
    """Joins what JSON escapes as a surrogate pair. Half a pair is no text."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16")


def _integer(text: str) -> int:
    digits = text.replace("_", "")
    return int(digits, 0) if digits.lstrip("+-")[:2].lower() in {"0b", "0o", "0x"} else int(digits)


def _number(text: str) -> float:
    number = float(text.replace("_", "").replace(".inf", "inf").replace(".nan", "nan"))
    if not math.isfinite(number):
        raise ValueError("JSON has no such number")
    return number


_SCALARS: dict[str, Callable[[str], object]] = {
    **dict.fromkeys((_TAG + name for name in ("str", "timestamp", "value")), _text),
    _TAG + "int": _integer,
    _TAG + "float": _number,
    _TAG + "bool": lambda text: {"true": True, "false": False}[text.lower()],
    _TAG + "null": lambda _text: None,
}

_HINTS = {
    "mapping values are not allowed here": "Put text that has ': ' in it in quotes; check the indentation.",
    "cannot start any token": "Indent with spaces, not with tabs, and quote text that begins with a sign.",
    "undefined alias": "Put text that begins with '*' in quotes.",
    "another document": "Keep one document: remove the line '---' and what follows it.",
}
_HINT = "Check indentation, quotes and brackets on this line and above it."


@dataclass(frozen=True, slots=True, kw_only=True)
class FileKind:
    """What a file is, for what its error messages advise.

    Attributes:
        name: What people call it.
        page: The page that explains its keys.
        keys: How it begins.
        options: How to name another.
    """

    name: str
    page: str
    keys: str
    options: str


TOPOLOGY: Final = FileKind(
    name="topology",
    page="docs/reference/topology.md",
    keys="'version: 1', 'name: …' and so on",
    options="--topology, HATCHWAY_TOPOLOGY",
)


class Unreadable:
    """Stands in a document for a value that has a problem of its own already."""


UNREADABLE: Final = Unreadable()


@dataclass(slots=True)
class Document:
    """The values of a file, with places and source text by key path."""

    file: str
    values: dict[str, object] = field(default_factory=dict)
    places: dict[KeyPath, tuple[int, int]] = field(default_factory=dict)
    sources: dict[KeyPath, str] = field(default_factory=dict)
    misfits: list[Misfit] = field(default_factory=list)

    def place(self, path: KeyPath) -> tuple[int, int]:
        """Line and column of a key, or of the nearest section that would contain it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (1, 0))

    def problems(self, misfits: list[Misfit]) -> tuple[Problem, ...]:
        """The misfits with their lines, in file order."""
        ordered = sorted(misfits, key=lambda misfit: self.place(misfit.path))
        return tuple(
            Problem(self.place(misfit.path)[0], spell(misfit.path), misfit.message, misfit.got, misfit.fix)
            for misfit in ordered
        )


def parse(file: str, text: str, kind: FileKind = TOPOLOGY) -> Document:
    """Read YAML text.

    Raises:
        TopologyError: The text is not YAML, or is not a mapping: nothing in it can be judged.
    """
    root = _compose(file, text)
    document = Document(file)
    builder = _Builder(document)
    try:
        values = None if root is None else builder.value(root, ())
    except _TooMany:
        message = f"has more than {MAXIMUM_VALUES} values, counting each alias"
        raise TopologyError(file, [Problem(None, "", message, None, "Use fewer aliases.")]) from None
    if values is None:
        fix = f"Start from {kind.page}, which explains every key."
        raise TopologyError(file, [Problem(None, "", "is empty", None, fix)])
    if not isinstance(values, dict):
        line = document.place(())[0]
        raise TopologyError(
            file,
            [Problem(line, "", "is not a mapping", None, f"Write keys: {kind.keys}.")],
        )
    document.values = values
    return document


def _compose(file: str, text: str) -> "Node | None":
    from ruamel.yaml import YAML  # noqa: PLC0415 - importing the package has to stay quick
    from ruamel.yaml.error import MarkedYAMLError  # noqa: PLC0415 - the same

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an anchor used twice is legal
            node: Node | None = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        sentence = ", ".join(part for part in (error.context, error.problem) if part)
        hint = next((hint for sign, hint in _HINTS.items() if sign in sentence), _HINT)
        problem = Problem(
            mark.line + 1 if mark else None, "", f"does not parse as YAML: {sentence}", None, hint
        )
        raise TopologyError(file, [problem]) from error
    except RecursionError:
        raise TopologyError(file, [Problem(None, "", "is nested too deeply", None, _HINT)]) from None
    except Exception as error:
        # ruamel.yaml lets builtin errors out for some malformed input, such as '"\UFFFFFFFF"'.
        problem = Problem(None, "", f"does not parse as YAML: {_first_line(error)}", None, _HINT)
        raise TopologyError(file, [problem]) from error
    return node


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)


def _place(node: "Node") -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column


class _TooMany(Exception):  # noqa: N818 - a signal inside this module, not an error
    pass


class _Builder:
    """Turns nodes into values, and writes down places and misfits."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._left = MAXIMUM_VALUES
        self._open: set[int] = set()

    def value(self, node: "Node", path: KeyPath) -> object:
        self._left -= 1
        if self._left < 0:
            raise _TooMany
        self._document.places.setdefault(path, _place(node))
        if id(node) in self._open:
            return self._misfit(path, "contains itself", "Remove the alias.")
        self._open.add(id(node))
        try:
            return self._build(node, path)
        finally:
            self._open.discard(id(node))

    def _build(self, node: "Node", path: KeyPath) -> object:
        from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode  # noqa: PLC0415 - as in _compose

        if isinstance(node, MappingNode) and node.tag == _TAG + "map":
            return self._mapping(node, path)
        if isinstance(node, SequenceNode) and node.tag == _TAG + "seq":
            return self._sequence(node, path)
        if isinstance(node, ScalarNode) and node.tag in _SCALARS:
            return self._scalar(node, _SCALARS[node.tag], path)
        return self._misfit(
            path, f"has the tag {node.tag!r}", "Remove the tag: plain values are enough here."
        )

    def _mapping(self, node: "MappingNode", path: KeyPath) -> dict[str, object]:
        values: dict[str, object] = {}
        for key, value in node.value:
            place = self._key(key, path)
            if place is None:
                continue
            name = str(place[-1])
            if name in values:
                first = self._document.places[place][0]
                self._misfit(place, f"is given twice, first on line {first}", "Keep one of the two.")
            # Of a key given twice, the second place is the one to look at.
            self._document.places[place] = _place(key)
            if name not in values:
                values[name] = self.value(value, place)
        return values

    def _key(self, key: "Node", path: KeyPath) -> KeyPath | None:
        try:
            place = (*path, _text(key.value))
        except (AttributeError, ValueError):
            self._misfit(
                path, f"has a key on line {_place(key)[0]} that is not text", "Write the key as text."
            )
            return None
        if key.tag != _TAG + "merge":
            return place
        self._document.places[place] = _place(key)
        fix = "Write the keys out, or use an alias for a whole value."
        self._misfit(place, "is a merge key, which YAML 1.2 does not have", fix)
        return None

    def _sequence(self, node: "SequenceNode", path: KeyPath) -> list[object]:
        return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]

    def _scalar(self, node: "ScalarNode", read: Callable[[str], object], path: KeyPath) -> object:
        self._document.sources[path] = node.value
        try:
            return read(node.value)
        except (ValueError, KeyError):
            kind = str(node.tag).removeprefix(_TAG)
            return self._misfit(path, f"is not a usable {kind}", "Put it in quotes if it is text.")

    def _misfit(self, path: KeyPath, message: str, fix: str) -> Unreadable:
        self._document.misfits.append(Misfit(path=path, message=message, fix=fix))
        return UNREADABLE
