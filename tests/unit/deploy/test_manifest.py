import json
from pathlib import Path
from typing import Any

import pytest

from hatchway.deploy.manifest import output_directory, read_manifest, select
from hatchway.errors import ToolError, UsageError


def write(folder: Path, dependencies: dict[str, list[str]]) -> Path:
    stacks: dict[str, Any] = {
        name: {"name": name, "workingDirectory": f"stacks/{name}", "dependencies": needed}
        for name, needed in dependencies.items()
    }
    (folder / "manifest.json").write_text(json.dumps({"version": "0.21.0", "stacks": stacks}))
    return folder


def test_each_stack_comes_after_the_ones_it_depends_on(tmp_path: Path) -> None:
    needs = {"gateway": ["service-a", "foundation"], "service-a": ["foundation"], "foundation": []}
    stacks = read_manifest(write(tmp_path, needs))
    assert [stack.name for stack in stacks] == ["foundation", "service-a", "gateway"]
    assert stacks[0].directory == tmp_path / "stacks/foundation"


def test_a_folder_without_synthesis_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"manifest\.json: is not there\. Run 'hatchway synth' first"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"stacks": {"a": {}}}', '{"stacks": []}'])
def test_a_file_that_is_no_manifest_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(ToolError, match="is not a CDKTF manifest"):
        read_manifest(tmp_path)


def test_stacks_that_wait_for_each_other_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="is not a CDKTF manifest"):
        read_manifest(write(tmp_path, {"a": ["b"], "b": ["a"]}))


def test_selection_keeps_the_order_of_deployment(tmp_path: Path) -> None:
    stacks = read_manifest(write(tmp_path, {"b": ["a"], "a": []}))
    assert [stack.name for stack in select(stacks, ["b", "a"])] == ["a", "b"]
    assert select(stacks, []) == stacks


def test_selection_of_a_stack_that_is_not_there_names_the_ones_that_are(tmp_path: Path) -> None:
    stacks = read_manifest(write(tmp_path, {"b": ["a"], "a": []}))
    with pytest.raises(UsageError, match=r"no such stack, got 'c'\. Choose from: a, b"):
        select(stacks, ["c"])


def test_the_output_folder_is_cdktfs() -> None:
    assert output_directory({}) == Path("cdktf.out")
    assert output_directory({"CDKTF_OUTDIR": "elsewhere"}) == Path("elsewhere")
