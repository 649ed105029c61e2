"""`.venv/bin/hatchway`, and the project's folder on the environment's import path."""

import shlex
from pathlib import Path

from scripts.setup.step import Place, Whole


class Launcher(Whole):
    """The `hatchway` command. The project is no distribution, so nothing else would install it."""

    name = "launcher"
    title = "the hatchway command"

    def __init__(self, place: Place) -> None:
        self._place = place

    def key(self) -> str:
        """Return what is to be in the command's file."""
        return self._script()

    def intact(self) -> bool:
        """Tell whether both files are there, as they would be written now."""
        return _holds(self._command, self._script()) and all(
            _holds(path, self._import_path()) for path in self._path_files() or [self._command]
        )

    def run(self, *, interrupted: bool) -> str:  # noqa: ARG002 -- both files are overwritten
        """Write both files."""
        for path in self._path_files():
            path.write_text(self._import_path(), encoding="utf-8")
        self._command.write_text(self._script(), encoding="utf-8")
        self._command.chmod(0o755)
        return ".venv/bin/hatchway"

    @property
    def _command(self) -> Path:
        return self._place.root / ".venv/bin/hatchway"

    def _path_files(self) -> list[Path]:
        folders = (self._place.root / ".venv/lib").glob("python3*/site-packages")
        return [folder / "hatchway.pth" for folder in sorted(folders)]

    def _import_path(self) -> str:
        return f"{self._place.root}\n"

    def _script(self) -> str:
        # Not a #! line naming the interpreter: the kernel splits it at spaces and cuts it at 127 bytes.
        # -P keeps files of the current folder from being imported in place of the project's.
        return f'#!/bin/sh\nexec {shlex.quote(str(self._place.python))} -P -m hatchway "$@"\n'


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text
