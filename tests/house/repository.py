"""The files of the repository, as git sees them: those it has and those it would add."""

import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RECORDED = ROOT / "tests/fixtures"


@cache
def files(*suffixes: str) -> tuple[Path, ...]:
    """Files with one of the suffixes, or all of them, sorted. What tests recorded from a tool is left out."""
    return tuple(path for path in _all() if not suffixes or path.suffix in suffixes)


def name(path: Path) -> str:
    """The path as a person would write it."""
    return path.relative_to(ROOT).as_posix()


@cache
def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def numbered_lines(*suffixes: str) -> list[tuple[str, str]]:
    """Every line of such files, with its place."""
    return [
        (f"{name(path)}:{number}", line)
        for path in files(*suffixes)
        for number, line in enumerate(text(path).splitlines(), start=1)
    ]


@cache
def _all() -> tuple[Path, ...]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git clone: which files belong to the repository is not known")
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found = [ROOT / entry for entry in listed.split("\0") if entry]
    return tuple(sorted(path for path in found if path.is_file() and RECORDED not in path.parents))
