from pathlib import Path

import pytest

from hatchway.deploy.synthesis import synthesize
from hatchway.errors import ToolError, UsageError


def project(folder: Path, program: str) -> Path:
    (folder / "main.py").write_text(program)
    return folder


def test_main_is_told_which_topology_by_its_whole_path(tmp_path: Path) -> None:
    program = "import os, pathlib; pathlib.Path('seen').write_text(os.environ['HATCHWAY_TOPOLOGY'])"
    synthesize(Path("some.yaml"), {"PATH": ""}, project(tmp_path, program))
    assert (tmp_path / "seen").read_text() == str(Path("some.yaml").resolve())


def test_a_topology_that_main_rejects_is_a_usage_error_in_its_own_words(tmp_path: Path) -> None:
    program = "import sys; sys.stderr.write('hatchway.yaml: 1 problem\\n  line 3'); sys.exit(2)"
    with pytest.raises(UsageError, match=r"^hatchway\.yaml: 1 problem\n  line 3$"):
        synthesize(Path("t"), {}, project(tmp_path, program))


def test_any_other_failure_shows_its_last_lines(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="synthesis failed, got exit code 1") as caught:
        synthesize(Path("t"), {}, project(tmp_path, "raise SystemError('no node')"))
    assert caught.value.tail[-1] == "SystemError: no node"


def test_a_folder_without_a_project_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"main\.py: is not in .*Run hatchway in the folder"):
        synthesize(Path("t"), {}, tmp_path)
