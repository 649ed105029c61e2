"""Where strings, expressions in them and heredocs of Terraform begin and end."""

import re
from collections.abc import Iterator

_HEREDOC = re.compile(r"<<(?P<indented>-?)(?P<mark>[A-Za-z_][\w.-]*)\r?\n")


def spans(text: str, opening: str = "${") -> Iterator[tuple[int, int]]:
    """Give start and end of the expression inside each `${…}` of a string."""
    at = text.find(opening)
    while at >= 0:
        if at > 0 and text[at - 1] == opening[0]:
            at = text.find(opening, at + 2)
            continue
        end = closing(text, at + 2)
        if end < 0:
            return
        yield at + 2, end
        at = text.find(opening, end + 1)


def closing(text: str, at: int) -> int:
    """Return the index of the brace that ends an expression which starts at `at`, -1 for none."""
    depth = 1
    while at < len(text):
        letter = text[at]
        if letter == '"':
            at = string_end(text, at + 1)
            if at < 0:
                return -1
        elif letter == "<" and (found := heredoc(text, at)) is not None:
            at = found[1]
            continue
        elif letter == "{":
            depth += 1
        elif letter == "}":
            depth -= 1
            if depth == 0:
                return at
        at += 1
    return -1


def string_end(text: str, at: int) -> int:
    """Return the index of the quote that ends a string whose content starts at `at`, -1 for none."""
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif text.startswith(("${", "%{"), at) and text[at - 1] != text[at]:
            at = closing(text, at + 2)
            if at < 0:
                return -1
        elif text[at] == '"':
            return at
        at += 1
    return -1


def heredoc(text: str, at: int) -> tuple[str, int] | None:
    """Return the content of a heredoc that begins at `at`, and where the text goes on after its mark."""
    start = _HEREDOC.match(text, at)
    if start is None:
        return None
    end = re.compile(rf"^[ \t]*{re.escape(start['mark'])}(?=\r?$)", re.MULTILINE).search(text, start.end())
    if end is None:
        return None
    lines = text[start.end() : end.start()].replace("\r\n", "\n")
    return (_dedented(lines) if start["indented"] else lines), end.end()


def _dedented(text: str) -> str:
    lines = text.split("\n")
    margin = min((len(line) - len(line.lstrip(" \t")) for line in lines if line.strip()), default=0)
    return "\n".join(line[margin:] for line in lines)
