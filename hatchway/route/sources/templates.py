"""Takes strings apart: text, `${…}` and the directives `%{if …}`, `%{for …}`.

https://developer.hashicorp.com/terraform/language/expressions/strings
"""

import re
from collections.abc import Callable, Iterator, Sequence

from hatchway.route.sources.scanning import closing
from hatchway.route.sources.syntax import Call, Conditional, For, Node, Template

Piece = str | tuple[str, str]
"""Text, or `$` or `%` with the expression behind it."""
_FOR = re.compile(r"for\s+(\w+)(?:\s*,\s*(\w+))?\s+in\s+(.*)", re.DOTALL)


def pieces(text: str, *, keep: bool = False) -> Iterator[Piece]:
    """Give text and expressions by turns; `keep` leaves `$${` in the text as it is."""
    at = start = 0
    while (found := _next(text, at)) >= 0:
        if found > 0 and text[found - 1] == text[found]:
            at = found + 2
            continue
        end = closing(text, found + 2)
        if end < 0:
            break
        if text[start:found]:
            yield text[start:found] if keep else unescaped(text[start:found])
        yield text[found], text[found + 2 : end]
        at = start = end + 1
    if text[start:]:
        yield text[start:] if keep else unescaped(text[start:])


def unescaped(text: str) -> str:
    """Write `$${` and `%%{` as what they stand for."""
    return text.replace("$${", "${").replace("%%{", "%{")


def _next(text: str, at: int) -> int:
    found = [one for one in (text.find("${", at), text.find("%{", at)) if one >= 0]
    return min(found, default=-1)


def directed(found: Sequence[Piece], parse: Callable[[str], Node]) -> Iterator[str | Node]:
    """Fold directives; a directive without its end is a `ValueError`."""
    if not any(isinstance(one, tuple) for one in found):
        yield from (one for one in found if isinstance(one, str))
        return
    at = 0
    trimmed = _trimmed(found)
    while at < len(trimmed):
        node, at = _folded(trimmed, at, parse)
        yield node


def _trimmed(found: Sequence[Piece]) -> list[Piece]:
    """Drop the white space that `~` takes away."""
    trimmed = list(found)
    for at, one in enumerate(found):
        if not isinstance(one, tuple):
            continue
        sign, text = one
        before, after = trimmed[at - 1] if at else "", found[at + 1] if at + 1 < len(found) else ""
        if text.startswith("~") and isinstance(before, str) and at:
            trimmed[at - 1] = before.rstrip()
        if text.endswith("~") and isinstance(after, str) and at + 1 < len(found):
            trimmed[at + 1] = after.lstrip()
        trimmed[at] = (sign, text.strip("~").strip())
    return trimmed


def _folded(found: Sequence[Piece], at: int, parse: Callable[[str], Node]) -> tuple[str | Node, int]:
    one = found[at]
    if isinstance(one, str):
        return one, at + 1
    sign, text = one
    if sign == "$":
        return parse(text), at + 1
    if text.startswith("if "):
        yes, at = _until(found, at + 1, parse, "else", "endif")
        no: tuple[str | Node, ...] = ()
        if found[at] == ("%", "else"):
            no, at = _until(found, at + 1, parse, "endif")
        return Conditional(parse(text[3:]), Template(yes), Template(no)), at + 1
    loop = _FOR.fullmatch(text)
    if loop is None:
        raise ValueError(f"%{{{text}}}")
    body, at = _until(found, at + 1, parse, "endfor")
    names = tuple(name for name in loop.group(1, 2) if name)
    each = For(names, parse(loop[3]), None, Template(body), None)
    return Call("join", (Template(("",)), each)), at + 1


def _until(
    found: Sequence[Piece], at: int, parse: Callable[[str], Node], *ends: str
) -> tuple[tuple[str | Node, ...], int]:
    body: list[str | Node] = []
    while at < len(found):
        if found[at] in {("%", end) for end in ends}:
            return tuple(body), at
        node, at = _folded(found, at, parse)
        body.append(node)
    raise ValueError("a directive has no end")
