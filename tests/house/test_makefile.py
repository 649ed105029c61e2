import re
import subprocess

from tests.house.repository import ROOT, text

MAKEFILE = text(ROOT / "Makefile")
TARGETS = set(re.findall(r"^([a-z]+):", MAKEFILE, flags=re.MULTILINE))


def test_make_alone_teaches_every_target() -> None:
    shown = subprocess.run(
        ["make", "--no-print-directory"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert set(re.findall(r"^  make ([a-z]+)", shown, flags=re.MULTILINE)) == TARGETS - {"help"}


def test_no_target_is_taken_for_a_file() -> None:
    declared = re.search(r"^\.PHONY: (.*)$", MAKEFILE, flags=re.MULTILINE)
    assert declared is not None
    assert set(declared[1].split()) == TARGETS


def test_every_target_sets_up_what_it_needs() -> None:
    prerequisites = dict(re.findall(r"^([a-z]+): *([a-z ]*)", MAKEFILE, flags=re.MULTILINE))
    without = {"help", "setup", "clean"}
    assert [
        target
        for target, first in prerequisites.items()
        if target not in without and not set(first.split()) & {"setup", "lint"}
    ] == []
