"""What has to be on the machine before set-up can start. Each missing one is one sentence."""

import importlib.util
import re
import shutil
import sys
from collections.abc import Callable

from hatchway.errors import ToolError
from scripts.setup.step import Place, Whole

PYTHON = (3, 11)
# jsii, under cdktf, runs the synthesis in Node. https://nodejs.org/en/about/previous-releases
NODE = 20


class Prerequisites(Whole):
    """Python with virtual environments, and Node."""

    name = "prerequisites"
    title = "prerequisites"

    def __init__(
        self,
        place: Place,
        *,
        python: tuple[int, ...] = sys.version_info[:3],
        has_module: Callable[[str], bool] = lambda name: importlib.util.find_spec(name) is not None,
    ) -> None:
        self._place = place
        self._python = python
        self._has_module = has_module

    def key(self) -> str:
        """Return the versions that were found to do."""
        return f"{_dotted(self._python)} {self._node() or 'without node'}"

    def intact(self) -> bool:
        """Tell that versions which did once still do."""
        return True

    def run(self, *, interrupted: bool) -> str:  # noqa: ARG002 -- checking leaves nothing behind
        """Check each, and return the versions.

        Raises:
            ToolError: One is missing or too old.
        """
        self._check_python()
        node = self._node()
        if node is None:
            raise ToolError(f"needs Node {NODE} or later, and 'node' is not on PATH. Install it.")
        major = re.match(r"v(\d+)\.", node)
        if major is None or int(major[1]) < NODE:
            raise ToolError(
                f"needs Node {NODE} or later, got {node} at {self._node_path()}. Install a newer one."
            )
        return f"Python {_dotted(self._python)}, Node {node.removeprefix('v')}"

    def _check_python(self) -> None:
        if self._python < PYTHON:
            raise ToolError(
                f"needs Python {_dotted(PYTHON)} or later, got {_dotted(self._python)} at {sys.executable}."
            )
        for module in ("venv", "ensurepip"):
            if not self._has_module(module):
                raise ToolError(
                    f"needs Python's '{module}' module, which {sys.executable} comes without. "
                    "Install it (on Debian and Ubuntu: apt install python3-venv)."
                )

    def _node_path(self) -> str | None:
        return shutil.which("node", path=self._place.runner.environ.get("PATH"))

    def _node(self) -> str | None:
        path = self._node_path()
        return None if path is None else self._place.runner.answer([path, "--version"])


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(str(part) for part in version)
