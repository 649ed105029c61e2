from pathlib import Path

from scripts.setup.node_packages import NodePackages
from tests.unit.setup.programs import bare_place, place, program

REMARK = "npm packages are not installed; only the tests of the cdktf command line need them"
INSTALLS = 'mkdir -p node_modules/.bin && echo "$@" > arguments && touch node_modules/.bin/cdktf'


def test_installs_what_the_lock_says_and_runs_no_script_of_a_package(tmp_path: Path) -> None:
    program(tmp_path / "bin", "npm", INSTALLS)
    step = NodePackages(place(tmp_path))
    assert step.run(interrupted=False) == ""
    assert (tmp_path / "arguments").read_text(encoding="utf-8").startswith("ci --ignore-scripts ")
    assert step.complete()
    assert step.remarks() == ()


def test_goes_on_without_npm_and_says_what_that_costs(tmp_path: Path) -> None:
    step = NodePackages(bare_place(tmp_path))
    assert step.run(interrupted=False) == "not installed: 'npm' is not on PATH"
    assert not step.complete()
    assert step.remarks() == (REMARK,)


def test_removes_what_a_failed_installation_left(tmp_path: Path) -> None:
    program(tmp_path / "bin", "npm", f"{INSTALLS}; echo cannot reach the registry; exit 1")
    step = NodePackages(place(tmp_path))
    assert step.run(interrupted=False).startswith("not installed: npm ci failed (exit code 1; ")
    assert not (tmp_path / "node_modules").exists()
    assert not step.complete()
    assert step.remarks() == (REMARK,)
