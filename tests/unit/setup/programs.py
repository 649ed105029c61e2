"""Stand-ins for programs: small shell scripts in a folder that is the whole PATH."""

import os
from pathlib import Path

from scripts.setup.processes import Runner
from scripts.setup.step import Place


def program(folder: Path, name: str, script: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.unlink(missing_ok=True)  # never through a link, into a program of the machine
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def terraform(folder: Path, version: str = "1.11.4", name: str = "terraform", then: str = "") -> Path:
    return program(
        folder,
        name,
        f"""[ "$1" = version ] && echo '{{"terraform_version": "{version}"}}' && exit 0\n{then}""",
    )


def place(root: Path, **environ: str) -> Place:
    """A clone in `root` on a machine where PATH is `root`/bin and the shell's own programs."""
    home = root / "home"
    variables = {"PATH": f"{root / 'bin'}:/usr/bin:/bin", "HOME": str(home), **environ}
    return Place(root=root, runner=Runner(root, variables, root / "setup.log"))


def bare_place(root: Path, **environ: str) -> Place:
    """The same, on a machine that has no other program at all."""
    return place(root, **{"PATH": os.fspath(root / "bin"), **environ})
