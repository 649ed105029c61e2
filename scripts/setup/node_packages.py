"""The `cdktf` command line, from npm. Nothing but the tests that run it needs it."""

import shutil
from collections.abc import Sequence

from hatchway.errors import ToolError
from scripts.setup.step import Place

_QUIET = ("--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
# A machine without npm's registry is told so in seconds, not after npm's own minutes of retries.
_PATIENCE = ("--fetch-retries=1", "--fetch-retry-mintimeout=2000", "--fetch-timeout=120000")


class NodePackages:
    """The packages of `package-lock.json`, without running any script of theirs."""

    name = "node-packages"
    title = "npm packages from package-lock.json"

    def __init__(self, place: Place) -> None:
        self._place = place

    def key(self) -> str:
        """Return a digest of the lock."""
        return self._place.digest("package.json", "package-lock.json", ".npmrc")

    def intact(self) -> bool:
        """Tell whether the command is there."""
        return (self._place.root / "node_modules/.bin/cdktf").exists()

    def run(self, *, interrupted: bool) -> str:  # noqa: ARG002 -- `npm ci` starts from an empty folder
        """Install them if they are to be had; a machine without npm or its registry goes on without."""
        npm = shutil.which("npm", path=self._place.runner.environ.get("PATH"))
        if npm is None:
            return "not installed: 'npm' is not on PATH"
        try:
            self._place.runner.run(
                [npm, "ci", "--ignore-scripts", *_QUIET, *_PATIENCE], failure="npm ci failed"
            )
        except ToolError as error:
            # `npm ci` that fails half-way leaves a folder that looks installed.
            shutil.rmtree(self._place.root / "node_modules", ignore_errors=True)
            return f"not installed: {error}"
        return ""

    def complete(self) -> bool:
        """Tell whether the command is there now."""
        return self.intact()

    def remarks(self) -> Sequence[str]:
        """Return what goes without the packages, if they are missing."""
        if self.intact():
            return ()
        return ("npm packages are not installed; only the tests of the cdktf command line need them",)
