"""The machine that something was measured on."""

import os
import platform
import subprocess
from pathlib import Path

MEBIBYTE = 1024 * 1024


def description() -> dict[str, str | int]:
    """What a reader needs to judge the absolute times; the ratios need it less."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "processor": _processor(),
        "cores": os.cpu_count() or 0,
        "memory_mebibytes": pages // MEBIBYTE,
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "node": _first_line("node", "--version"),
        "terraform": _first_line("terraform", "version"),
    }


def load() -> tuple[float, float, float]:
    """How many processes wanted to run, over the last minute, five, and fifteen."""
    return os.getloadavg()


def commit(folder: Path) -> str:
    """The commit that is measured, and whether the tree has changes on top of it."""
    known = _first_line("git", "-C", str(folder), "rev-parse", "--short=12", "HEAD")
    changed = _first_line("git", "-C", str(folder), "status", "--porcelain", "--untracked-files=no")
    return f"{known}, changed" if changed else known


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.machine()


def _first_line(*command: str) -> str:
    try:
        ran = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 -- named above
    except FileNotFoundError:
        return "none"
    return ran.stdout.partition("\n")[0]
