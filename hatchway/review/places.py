"""Where in the reviewed files a subject is declared."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from hatchway.route.report import Location

__all__ = ["Places"]

_MOST_BYTES = 8 * 1024 * 1024
"""Lines are a convenience: in a larger file they are not looked for."""

_Address = tuple[str, ...]
_KINDS = {"resource": 2, "data": 2, "module": 1}
_KEY = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|\d+)\]')
_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|[{}:,\n]')
_BLOCK = re.compile(r'^\s*(resource|data|module)\s+"([^"]+)"(?:\s+"([^"]+)")?\s*\{', re.MULTILINE)


class Places:
    """Finds subjects in the files that were read. A file is searched when something in it is asked for."""

    def __init__(self, files: Mapping[str, Sequence[Path]], folder: Path) -> None:
        self._files = files
        self._folder = folder
        self._lines: dict[Path, dict[_Address, int]] = {}

    def of(self, subjects: Iterable[str]) -> dict[str, Location]:
        """Return the places of subjects that have one."""
        found = {subject: self._of(subject) for subject in dict.fromkeys(subjects)}
        return {subject: place for subject, place in found.items() if place is not None}

    def _of(self, subject: str) -> Location | None:
        stack, separator, address = subject.partition(": ")
        if not separator or stack not in self._files:
            stack, address = "", subject
        files = self._files.get(stack, ())
        declared = _declared(address)
        if declared is None:
            return None
        for file in files:
            line = self._index(file).get(declared)
            if line is not None:
                return Location(file=self._named(file), line=line)
        # A plan is no place to change anything, and still says which stack it is about.
        return Location(file=self._named(files[0])) if len(files) == 1 else None

    def _index(self, file: Path) -> Mapping[_Address, int]:
        if file not in self._lines:
            self._lines[file] = dict(_declarations(file))
        return self._lines[file]

    def _named(self, file: Path) -> str:
        try:
            return file.resolve().relative_to(self._folder.resolve()).as_posix()
        except ValueError:
            return file.as_posix()


def _declared(address: str) -> _Address | None:
    """Return what the root module declares of an address: the resource, or the call of its module."""
    steps = _KEY.sub("", address).split(".")
    match steps:
        case ["module", name, *_]:
            return ("module", name)
        case ["data", kind, name]:
            return ("data", kind, name)
        case [kind, name]:
            return ("resource", kind, name)
    return None


def _declarations(file: Path) -> Iterator[tuple[_Address, int]]:
    try:
        if file.stat().st_size > _MOST_BYTES:
            return
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return
    if file.suffix == ".tf":
        for block in _BLOCK.finditer(text):
            steps = tuple(step for step in block.groups() if step is not None)
            yield steps, text.count("\n", 0, block.start(1)) + 1
    elif file.name.endswith(".tf.json"):
        yield from _in_json(text)


def _in_json(text: str) -> Iterator[tuple[_Address, int]]:
    """Give the keys that declare something, with their lines. Lists in between change nothing."""
    path: list[str] = []
    key, line = "", 1
    for token in _TOKEN.finditer(text):
        match token[0]:
            case "\n":
                line += 1
            case "{":
                path.append(key)
            case "}":
                path = path[:-1]
            case ":":
                steps = (*path[1:], key)
                if len(steps) == _KINDS.get(steps[0], 0) + 1:
                    yield steps, line
            case ",":
                pass
            case _:
                key = token[1]
