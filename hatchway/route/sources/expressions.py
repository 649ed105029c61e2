"""Reads Terraform's expressions and templates.

https://developer.hashicorp.com/terraform/language/expressions
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from hatchway.route.sources.scanning import heredoc, spans, string_end
from hatchway.route.sources.syntax import (
    Access,
    Call,
    Conditional,
    For,
    Literal,
    Node,
    Object,
    Opaque,
    Operation,
    Reference,
    Template,
    Tuple,
    children,
)
from hatchway.route.sources.templates import directed, pieces, unescaped

_MAX_DEPTH = 60
_BLANK = re.compile(r"(?:\s|#[^\n]*|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_TOKEN = re.compile(
    r"(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z_][\w-]*(?:::[A-Za-z_]\w*)*)|(?P<quote>\")"
    r"|(?P<heredoc><<-?[A-Za-z_])"
    r"|(?P<mark>\.\.\.|\[\*\]|\.\*|=>|==|!=|<=|>=|&&|\|\||[-+*/%?:.,()\[\]{}=<>!])"
)
_REFERENCE = re.compile(
    r"(?<![\w.-])((?:data\.)?[a-z]\w*\.[A-Za-z_][\w-]*(?:\[[^\]]*\])?(?:\.[A-Za-z_][\w-]*)*)"
)
_STRENGTH = {
    "||": 1,
    "&&": 2,
    "==": 3,
    "!=": 3,
    "<": 4,
    ">": 4,
    "<=": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
    "%": 6,
}
_SIGNS = ("-", "!")


class _NotUnderstoodError(Exception):
    """The expression uses more of the language than is read here; it becomes `Opaque`."""


@lru_cache(maxsize=131072)
def parse_template(text: str) -> Template:
    """Read a string of Terraform's JSON syntax: `${…}`, `%{…}`, `$${` in it."""
    try:
        return Template(tuple(directed(list(pieces(text)), parse_expression)))
    except (ValueError, RecursionError):
        return Template((text,))


@lru_cache(maxsize=131072)
def parse_expression(text: str) -> Node:
    """Read one expression; what is not understood is kept whole."""
    try:
        parser = _Parser(text)
        node = parser.expression(0)
        parser.end()
    except (_NotUnderstoodError, RecursionError):
        return Opaque(" ".join(text.split()))
    return node


def references(node: Node) -> Iterator[tuple[str | int, ...]]:
    """Give everything an expression refers to, whether or not all of it is understood."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Reference):
            yield one.path
        elif isinstance(one, Access) and isinstance(one.base, Reference):
            # Of `aws_subnet.a[each.key].id` the key is open, and which resource is meant is not.
            yield (*one.base.path, *_leading(one.steps))
            waiting += children(one)[1:]
        elif isinstance(one, Opaque):
            yield from (tuple(re.split(r"[.\[\]]+", found)) for found in _REFERENCE.findall(one.text))
        else:
            waiting += children(one)


def _leading(steps: "tuple[str | int | Node, ...]") -> Iterator[str | int]:
    """Give the steps into a value that are known before the first that is not."""
    for step in steps:
        if not isinstance(step, str | int):
            return
        yield step


def template_references(text: str) -> Iterator[tuple[str | int, ...]]:
    """Give everything the expressions in a string refer to."""
    for start, end in spans(text):
        yield from references(parse_expression(text[start:end]))


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._token = self._read()

    def _read(self) -> tuple[str, str, int]:
        """Read a token: its kind, its text, where it ends."""
        blank = _BLANK.match(self._text, self._at)
        self._at = blank.end() if blank else self._at
        match = _TOKEN.match(self._text, self._at)
        if match is None:
            if self._at < len(self._text):
                raise _NotUnderstoodError
            return "end", "", self._at
        return match.lastgroup or "", match.group(), match.end()

    def _next(self) -> tuple[str, str]:
        kind, value, end = self._token
        if kind == "quote":
            closing = string_end(self._text, end)
            if closing < 0:
                raise _NotUnderstoodError
            value, end = self._text[end:closing], closing + 1
        elif kind == "heredoc":
            found = heredoc(self._text, self._at)
            if found is None:
                raise _NotUnderstoodError
            value, end = found
        self._at = end
        self._token = self._read()
        return kind, value

    def _sees(self, *marks: str) -> bool:
        return self._token[0] == "mark" and self._token[1] in marks

    def _accept(self, mark: str) -> bool:
        if self._sees(mark):
            self._next()
            return True
        return False

    def _accept_name(self, name: str) -> bool:
        if self._token[:2] == ("name", name):
            self._next()
            return True
        return False

    def _expect(self, mark: str) -> None:
        if not self._accept(mark):
            raise _NotUnderstoodError

    def _name(self) -> str:
        kind, value = self._next()
        if kind != "name":
            raise _NotUnderstoodError
        return value

    def end(self) -> None:
        if self._token[0] != "end":
            raise _NotUnderstoodError

    def expression(self, depth: int) -> Node:
        if depth > _MAX_DEPTH:
            raise _NotUnderstoodError
        condition = self._operation(1, depth)
        if not self._accept("?"):
            return condition
        yes = self.expression(depth + 1)
        self._expect(":")
        return Conditional(condition, yes, self.expression(depth + 1))

    def _operation(self, strength: int, depth: int) -> Node:
        left = self._operand(depth)
        while self._token[0] == "mark" and _STRENGTH.get(self._token[1], 0) >= strength:
            sign = self._next()[1]
            left = Operation(sign, left, self._operation(_STRENGTH[sign] + 1, depth + 1))
        return left

    def _operand(self, depth: int) -> Node:
        if depth > _MAX_DEPTH:
            raise _NotUnderstoodError
        if self._sees(*_SIGNS):
            sign = self._next()[1]
            return Operation(sign, None, self._operand(depth + 1))
        base = self._base(depth)
        steps = tuple(self._steps(depth))
        if not steps and not (isinstance(base, Reference) and len(base.path) == 1):
            return base
        plain = tuple(step for step in steps if isinstance(step, str | int))
        if isinstance(base, Reference) and len(plain) == len(steps):
            return Reference((*base.path, *plain))
        return Access(base, steps) if steps else base

    def _base(self, depth: int) -> Node:  # noqa: PLR0911 -- one line per kind of token
        kind, value = self._next()
        match kind, value:
            case "number", _:
                return Literal(int(value) if value.isdigit() else float(value))
            case "quote", _:
                return _quoted(value)
            case "heredoc", _:
                return parse_template(value)
            case "name", _:
                return self._named(value, depth)
            case "mark", "(":
                inner = self.expression(depth + 1)
                self._expect(")")
                return inner
            case "mark", "[":
                return self._for("]", depth) or Tuple(self._items("]", depth)[0])
            case "mark", "{":
                return self._for("}", depth) or self._object(depth)
        raise _NotUnderstoodError

    def _named(self, name: str, depth: int) -> Node:
        if name in {"true", "false", "null"}:
            return Literal({"true": True, "false": False, "null": None}[name])
        if self._accept("("):
            items, spreads = self._items(")", depth)
            return Call(name, items, spreads)
        return Reference((name,))

    def _steps(self, depth: int) -> Iterator["str | int | Node"]:
        while True:
            if self._accept("."):
                kind, value = self._next()
                if kind not in {"name", "number"}:
                    raise _NotUnderstoodError
                yield from (int(one) for one in value.split(".")) if kind == "number" else (value,)
            elif self._accept("[*]") or self._accept(".*"):
                yield "*"
            elif self._accept("["):
                yield self._index(depth)
            else:
                return

    def _index(self, depth: int) -> "str | int | Node":
        inner = self.expression(depth + 1)
        self._expect("]")
        if isinstance(inner, Literal) and isinstance(inner.value, int):
            return inner.value
        if isinstance(inner, Template) and len(inner.parts) == 1 and isinstance(inner.parts[0], str):
            return inner.parts[0]
        return inner

    def _items(self, closing: str, depth: int) -> tuple[tuple[Node, ...], bool]:
        items: list[Node] = []
        while not self._accept(closing):
            items.append(self.expression(depth + 1))
            if self._accept("..."):
                self._accept(",")
                self._expect(closing)
                return tuple(items), True
            if not self._accept(","):
                self._expect(closing)
                break
        return tuple(items), False

    def _object(self, depth: int) -> Node:
        items = []
        while not self._accept("}"):
            plain = self._token[0] == "name"
            key = self.expression(depth + 1)
            if plain and isinstance(key, Reference) and len(key.path) == 1:
                key = Template((str(key.path[0]),))
            elif plain and isinstance(key, Literal):
                key = Template((str(key.value).lower(),))
            if not self._accept("="):
                self._expect(":")
            items.append((key, self.expression(depth + 1)))
            self._accept(",")
        return Object(tuple(items))

    def _for(self, closing: str, depth: int) -> Node | None:
        if not self._accept_name("for"):
            return None
        names = [self._name()]
        if self._accept(","):
            names.append(self._name())
        if not self._accept_name("in"):
            raise _NotUnderstoodError
        source = self.expression(depth + 1)
        self._expect(":")
        key, item = None, self.expression(depth + 1)
        if closing == "}":
            self._expect("=>")
            key, item = item, self.expression(depth + 1)
        groups = self._accept("...")
        condition = self.expression(depth + 1) if self._accept_name("if") else None
        self._expect(closing)
        return For(tuple(names), source, key, item, condition, groups)


_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_ESCAPE = re.compile(r'\\(?:([nrt"\\])|u([0-9A-Fa-f]{4}))')


def _quoted(raw: str) -> Template:
    """Read what stands between quotes: escapes hold outside of the expressions in it."""
    parts = [one if isinstance(one, tuple) else _ESCAPE.sub(_escaped, one) for one in pieces(raw, keep=True)]
    parts = [unescaped(one) if isinstance(one, str) else one for one in parts]
    try:
        return Template(tuple(directed(parts, parse_expression)))
    except ValueError as error:
        raise _NotUnderstoodError from error


def _escaped(match: re.Match[str]) -> str:
    return _ESCAPES[match[1]] if match[1] else chr(int(match[2], 16))
