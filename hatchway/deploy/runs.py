"""Where plans, journals and logs of runs under way are kept."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["RUNS", "runs_directory"]

RUNS = Path(".hatchway/runs")


@contextmanager
def runs_directory(output: Path, environ: Mapping[str, str], project: Path | None = None) -> Iterator[Path]:
    """Provide the folder for what is under way, and remove it afterwards unless a run left its trace there.

    Two sandboxes may work on one project at once; each has its own way to AWS, so each gets its own folder.
    """
    where = f"{output.resolve()} {environ.get('HTTPS_PROXY', '')}"
    folder = (project or Path.cwd()) / RUNS / hashlib.sha256(where.encode()).hexdigest()[:12]
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield folder
    finally:
        # Not empty is what a killed run leaves behind: the next one reads it.
        with suppress(OSError):
            folder.rmdir()
            folder.parent.rmdir()
