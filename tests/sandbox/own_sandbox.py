"""A topology in a sandbox of its own, and the command line that works on it."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hatchway.sandbox import Sandbox

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, kw_only=True)
class OwnSandbox:
    """Runs Hatchway on a topology, with more variables in the environment."""

    path: Path
    sandbox: Sandbox
    folder: Path
    given: Mapping[str, str] = field(default_factory=dict)

    def hatchway(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "hatchway", arguments[0], "--topology", str(self.path), *arguments[1:]],
            cwd=PROJECT,
            env=self.sandbox.environment({**os.environ, **self.given})
            | {"CDKTF_OUTDIR": str(self.folder / "cdktf.out")},
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )

    def planned_changes(self) -> list[str]:
        """Plan again; return what is said of stacks that would be changed."""
        ran = self.hatchway("plan")
        assert ran.returncode == 0, ran.stderr
        lines = [line for line in ran.stderr.splitlines() if line.startswith("✓")]
        assert lines
        return [line for line in lines if "no changes" not in line]
