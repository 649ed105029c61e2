from pathlib import Path

import pytest

from hatchway.errors import ToolError
from scripts.setup.prerequisites import Prerequisites
from tests.unit.setup.programs import bare_place, program


def test_names_the_versions_that_will_do(tmp_path: Path) -> None:
    program(tmp_path / "bin", "node", "echo v20.9.0")
    step = Prerequisites(bare_place(tmp_path), python=(3, 12, 1))
    assert step.run(interrupted=False) == "Python 3.12.1, Node 20.9.0"


def test_says_that_node_is_missing(tmp_path: Path) -> None:
    with pytest.raises(
        ToolError, match=r"^needs Node 20 or later, and 'node' is not on PATH\. Install it\.$"
    ):
        Prerequisites(bare_place(tmp_path)).run(interrupted=False)


@pytest.mark.parametrize("answer", ["v18.20.4", "something else"])
def test_refuses_a_node_that_is_too_old_or_no_node(tmp_path: Path, answer: str) -> None:
    node = program(tmp_path / "bin", "node", f"echo {answer}")
    with pytest.raises(ToolError, match=f"^needs Node 20 or later, got {answer} at {node}"):
        Prerequisites(bare_place(tmp_path)).run(interrupted=False)


def test_treats_a_node_that_does_not_run_as_missing(tmp_path: Path) -> None:
    program(tmp_path / "bin", "node", "exit 127")
    with pytest.raises(ToolError, match="'node' is not on PATH"):
        Prerequisites(bare_place(tmp_path)).run(interrupted=False)


def test_refuses_a_python_that_is_too_old(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match=r"^needs Python 3\.11 or later, got 3\.10\.14 at "):
        Prerequisites(bare_place(tmp_path), python=(3, 10, 14)).run(interrupted=False)


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_names_the_module_a_cut_down_python_lacks(tmp_path: Path, module: str) -> None:
    step = Prerequisites(bare_place(tmp_path), has_module=lambda name: name != module)
    with pytest.raises(ToolError, match=rf"needs Python's '{module}' module.*apt install python3-venv"):
        step.run(interrupted=False)


def test_is_looked_at_again_when_node_changes(tmp_path: Path) -> None:
    step = Prerequisites(bare_place(tmp_path))
    keys = [step.key()]
    for version in ("v20.9.0", "v22.1.0"):
        program(tmp_path / "bin", "node", f"echo {version}")
        keys.append(step.key())
    assert len(set(keys)) == len(keys)
