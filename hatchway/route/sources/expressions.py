"""Terraform's expressions, as far as they decide anything on the path: references, literals, calls.

https://developer.hashicorp.com/terraform/language/expressions
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_MAX_DEPTH = 40
_TOKEN = re.compile(
    r'\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z_][\w-]*)|(?P<quote>")|(?P<mark>\[\*\]|=>|==|!=|&&|\|\||[-+*/%?:.,()\[\]{}=<>!]))'
)
_REFERENCE = re.compile(
    r"(?<![\w.-])((?:data\.)?[a-z]\w*\.[A-Za-z_][\w-]*(?:\[[^\]]*\])?(?:\.[A-Za-z_][\w-]*)*)"
)


@dataclass(frozen=True, slots=True)
class Reference:
    """`aws_subnet.a[0].id`: names and literal indices; `*` for a splat."""

    path: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """`sha1(…)`."""

    name: str
    arguments: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a bool or null."""

    value: float | bool | None


@dataclass(frozen=True, slots=True)
class Template:
    """A string: literal pieces and expressions."""

    parts: tuple["str | Node", ...]


@dataclass(frozen=True, slots=True)
class Tuple:
    """`[a, b]`."""

    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Object:
    """`{a = b}`."""

    items: tuple[tuple["Node", "Node"], ...]


@dataclass(frozen=True, slots=True)
class Opaque:
    """An expression that is not taken apart, by its text."""

    text: str


Node = Reference | Call | Literal | Template | Tuple | Object | Opaque


class _NotUnderstoodError(Exception):
    """The expression uses more of the language than is read here; it becomes `Opaque`."""


@lru_cache(maxsize=8192)
def parse_template(text: str) -> Template:
    """Read a string of Terraform's JSON syntax, `${…}` and `$${` in it."""
    return Template(tuple(_pieces(text)))


@lru_cache(maxsize=8192)
def parse_expression(text: str) -> Node:
    """Read one expression; what is not understood is kept whole."""
    parser = _Parser(text)
    try:
        node = parser.expression(0)
        parser.end()
    except _NotUnderstoodError:
        return Opaque(" ".join(text.split()))
    return node


def references(text: str) -> tuple[str, ...]:
    """Everything an expression refers to, as written, whether or not the rest of it is understood."""
    return tuple(match.group(1) for match in _REFERENCE.finditer(_without_strings(text)))


def template_references(text: str) -> tuple[str, ...]:
    """Everything the expressions in a string refer to."""
    return tuple(found for start, end in _spans(text) for found in references(text[start:end]))


def _pieces(text: str) -> Iterator["str | Node"]:
    at = 0
    for start, end in _spans(text):
        if text[at : start - 2]:
            yield _unescaped(text[at : start - 2])
        yield parse_expression(text[start:end])
        at = end + 1
    if text[at:]:
        yield _unescaped(text[at:])


def _unescaped(text: str) -> str:
    return text.replace("$${", "${").replace("%%{", "%{")


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of the expression inside each `${…}`."""
    at = text.find("${")
    while at >= 0:
        if at > 0 and text[at - 1] == "$":
            at = text.find("${", at + 2)
            continue
        end = _closing(text, at + 2)
        if end < 0:
            return
        yield at + 2, end
        at = text.find("${", end + 1)


def _closing(text: str, at: int) -> int:
    """Index of the brace that ends an expression which starts at `at`, -1 when there is none."""
    depth, quoted = 1, [False]
    while at < len(text):
        letter = text[at]
        if quoted[-1]:
            if letter == "\\":
                at += 1
            elif letter == '"':
                quoted[-1] = False
            elif letter == "$" and text[at + 1 : at + 2] == "{" and text[at - 1] != "$":
                depth += 1
                quoted.append(False)
                at += 1
        elif letter == '"':
            quoted[-1] = True
        elif letter == "{":
            depth += 1
            quoted.append(False)
        elif letter == "}":
            depth -= 1
            quoted.pop()
            if depth == 0:
                return at
        at += 1
    return -1


def _without_strings(text: str) -> str:
    """Drop quoted text but keep the expressions in it."""
    kept, at = [], 0
    for match in re.finditer(r'"(?:[^"\\]|\\.)*"', text):
        kept.append(text[at : match.start()])
        kept.append(" ".join(template_references(match.group())) if "${" in match.group() else '""')
        at = match.end()
    return "".join([*kept, text[at:]])


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def _peek(self) -> tuple[str, str]:
        match = _TOKEN.match(self._text, self._at)
        if match is None:
            if self._text[self._at :].strip():
                raise _NotUnderstoodError
            return "end", ""
        return match.lastgroup or "", match.group(match.lastgroup or 0)

    def _next(self) -> tuple[str, str]:
        token = self._peek()
        match = _TOKEN.match(self._text, self._at)
        self._at = match.end() if match else self._at
        return token

    def _accept(self, mark: str) -> bool:
        if self._peek() == ("mark", mark):
            self._next()
            return True
        return False

    def _expect(self, mark: str) -> None:
        if not self._accept(mark):
            raise _NotUnderstoodError

    def end(self) -> None:
        if self._peek()[0] != "end":
            raise _NotUnderstoodError

    def expression(self, depth: int) -> Node:
        if depth > _MAX_DEPTH:
            raise _NotUnderstoodError
        kind, value = self._next()
        if kind == "number":
            return Literal(float(value) if "." in value else int(value))
        if kind == "quote":
            return self._string()
        if kind == "name":
            return self._named(value, depth)
        if (kind, value) == ("mark", "("):
            inner = self.expression(depth + 1)
            self._expect(")")
            return inner
        if (kind, value) == ("mark", "["):
            return Tuple(self._items("]", depth))
        if (kind, value) == ("mark", "{"):
            return self._object(depth)
        raise _NotUnderstoodError

    def _string(self) -> Node:
        start = self._at
        end = _string_end(self._text, start)
        if end < 0:
            raise _NotUnderstoodError
        self._at = end + 1
        raw = self._text[start:end]
        return parse_template(re.sub(r'\\(["\\])', r"\1", raw.replace("\\n", "\n").replace("\\t", "\t")))

    def _named(self, name: str, depth: int) -> Node:
        if name in {"true", "false", "null"}:
            return Literal({"true": True, "false": False, "null": None}[name])
        if name == "for":
            raise _NotUnderstoodError
        if self._accept("("):
            return Call(name, self._items(")", depth))
        return Reference((name, *self._steps(depth)))

    def _steps(self, depth: int) -> Iterator[str | int]:
        while True:
            if self._accept("."):
                kind, value = self._next()
                if kind not in {"name", "number"} and value != "*":
                    raise _NotUnderstoodError
                yield int(value) if kind == "number" and value.isdigit() else value
            elif self._accept("[*]"):
                yield "*"
            elif self._accept("["):
                yield self._index(depth)
            else:
                return

    def _index(self, depth: int) -> str | int:
        inner = self.expression(depth + 1)
        self._expect("]")
        if isinstance(inner, Literal) and isinstance(inner.value, int):
            return inner.value
        if isinstance(inner, Template) and len(inner.parts) == 1 and isinstance(inner.parts[0], str):
            return inner.parts[0]
        raise _NotUnderstoodError

    def _items(self, closing: str, depth: int) -> tuple[Node, ...]:
        items = []
        while not self._accept(closing):
            items.append(self.expression(depth + 1))
            if not self._accept(","):
                self._expect(closing)
                break
        return tuple(items)

    def _object(self, depth: int) -> Node:
        items = []
        while not self._accept("}"):
            key = self.expression(depth + 1)
            if isinstance(key, Reference) and len(key.path) == 1:
                key = Template((str(key.path[0]),))
            if not self._accept("="):
                self._expect(":")
            items.append((key, self.expression(depth + 1)))
            self._accept(",")
        return Object(tuple(items))


def _string_end(text: str, at: int) -> int:
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif text.startswith("${", at) and not text.startswith("$${", at - 1):
            at = _closing(text, at + 2)
            if at < 0:
                return -1
        elif text[at] == '"':
            return at
        at += 1
    return -1
