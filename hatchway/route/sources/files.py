"""Files that a configuration reads while it is planned, within bounds.

A file outside of the configuration's own folders is not read: what it holds could end up in a report.
https://developer.hashicorp.com/terraform/language/functions/file
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from hatchway.route.sources.configuration import Stack
from hatchway.route.sources.encoding import NOT_KNOWN
from hatchway.route.symbols import Text

_MAX_BYTES = 4 * 1024 * 1024

Modules = Mapping[tuple[str, str], Stack]


def folder_of(name: str, stack: Stack, modules: Modules) -> Any:  # noqa: ANN401 -- any value of the language
    """Return what `path.module` or `path.root` stands for."""
    root = modules.get((stack.name, ""), stack)
    folder = {"module": stack.folder, "root": root.folder, "cwd": root.folder}.get(name)
    return NOT_KNOWN if folder is None else Text.of(str(folder))


def read(path: Any, stack: Stack, modules: Modules) -> str | None:  # noqa: ANN401 -- any value
    """Return what a file says; None when it is not to be read or cannot be."""
    root = modules.get((stack.name, ""), stack)
    literal = path.literal if isinstance(path, Text) else None
    if literal is None or root.folder is None:
        return None
    try:
        file = (root.folder / literal).resolve()
        known = (one.folder for one in modules.values() if one.folder is not None)
        if not _is_inside(file, known) or file.stat().st_size > _MAX_BYTES:
            return None
        return file.read_text(encoding="utf-8")
    except (OSError, ValueError, RuntimeError):
        return None


def _is_inside(file: Path, folders: Iterable[Path]) -> bool:
    """Whether a file lies in a folder of the configuration, or in the repository that one belongs to."""
    return any(file.is_relative_to(_repository(folder.resolve())) for folder in folders)


def _repository(folder: Path) -> Path:
    return next((one for one in (folder, *folder.parents) if (one / ".git").exists()), folder)
