"""What a step of set-up is, and where it works."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

from scripts.setup.processes import Runner


@dataclass(frozen=True, kw_only=True)
class Place:
    """The clone that is set up.

    Attributes:
        root: The folder of the clone.
        runner: Runs other programs in it.
    """

    root: Path
    runner: Runner

    @property
    def tools(self) -> Path:
        """The folder of the tools that set-up installs for itself and for Hatchway."""
        return self.root / ".hatchway/tools"

    @property
    def python(self) -> Path:
        """The interpreter of the project's virtual environment."""
        return self.root / ".venv/bin/python"

    def digest(self, *files: str) -> str:
        """Return a digest of the files, of the clone's place, and of set-up itself.

        A clone that was moved is set up anew, since virtual environments name their own place.
        """
        digest = hashlib.sha256(f"{self.root}\n{self._own_digest}\n".encode())
        for name in files:
            digest.update((self.root / name).read_bytes())
        return digest.hexdigest()

    @cached_property
    def _own_digest(self) -> str:
        digest = hashlib.sha256()
        for path in sorted(Path(__file__).parent.iterdir()):
            if path.is_file():
                digest.update(path.name.encode() + b"\0" + path.read_bytes())
        return digest.hexdigest()


class Step(Protocol):
    """One thing that set-up sees to."""

    name: str
    title: str

    def key(self) -> str:
        """Return what the step depends on; it is done again when this changes."""

    def intact(self) -> bool:
        """Tell, quickly, whether what the step made is still there."""

    def run(self, *, interrupted: bool) -> str:
        """Do it, and return what to show beside the time. `interrupted`: the last run was killed."""

    def complete(self) -> bool:
        """Tell whether a run that did not fail did all of it; otherwise the next set-up tries again."""

    def remarks(self) -> Sequence[str]:
        """Return what the person should know each time, such as something that is missing and not needed."""


class Whole:
    """The usual answers of a step: done is done, and there is nothing to remark."""

    def complete(self) -> bool:
        """Tell that a run that did not fail did all of it."""
        return True

    def remarks(self) -> Sequence[str]:
        """Return no remarks."""
        return ()
