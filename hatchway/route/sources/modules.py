"""Finds and reads the modules that a configuration calls.

https://developer.hashicorp.com/terraform/language/modules/sources
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from os.path import realpath
from pathlib import Path

from hatchway.errors import UsageError
from hatchway.route.sources.configuration import Json, Resource, Stack, read_stack
from hatchway.route.sources.documents import configuration_files, read_document

_INSTALLED = Path(".terraform", "modules", "modules.json")
_DEEPEST = 20
_MOST = 2000
_MOST = 2000


class Modules:
    """The modules of one root module: local ones, and those that `terraform init` has fetched."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._installed = _installed(root)
        self._count = 0
        self._read: dict[Path, list[Mapping[str, Json]]] = {}
        self._calls = 0

    def attached(self, stack: Stack, steps: tuple[str, ...] = ()) -> Stack:
        """Return a module with what it calls, read."""
        found = {call.name: self._definition(stack, call, (*steps, call.name)) for call in stack.calls}
        return replace(stack, definitions=found) if found else stack

    def _definition(self, stack: Stack, call: Resource, steps: tuple[str, ...]) -> Stack | str:
        source = call.arguments.get("source")
        if not isinstance(source, str):
            return "its source is not written out"
        self._count += 1
        if len(steps) > _DEEPEST or self._count > _MOST:
            return "modules call each other in a circle, or there are very many"
        folder = self._folder(stack, source, steps)
        if folder is None:
            return (
                f"its source {source} is not on this machine: run `terraform init`, "
                "or give what `terraform show -json PLAN` prints"
            )
        try:
            documents = self._documents(folder)
        except UsageError as error:
            return str(error)
        if not documents:
            return f"its source {source} holds no *.tf and no *.tf.json"
        return self.attached(read_stack(stack.name, documents, folder), steps)

    def _folder(self, stack: Stack, source: str, steps: tuple[str, ...]) -> Path | None:
        if source.startswith(("./", "../")):
            folder = (stack.folder or self._root) / source
        elif ".".join(steps) in self._installed:
            folder = self._root / self._installed[".".join(steps)]
        else:
            return None
        return folder if folder.is_dir() else None

    def _documents(self, folder: Path) -> list[Mapping[str, Json]]:
        known = Path(realpath(folder))
        if known not in self._read:
            self._read[known] = [read_document(file) for file in configuration_files(folder)]
        return self._read[known]


def _installed(root: Path) -> Mapping[str, str]:
    """Return where `terraform init` put each module, by the names on the way to its call."""
    try:
        listed = json.loads((root / _INSTALLED).read_bytes()).get("Modules")
        return {str(one["Key"]): str(one["Dir"]) for one in listed}
    except (OSError, ValueError, AttributeError, TypeError, KeyError):
        return {}
