import json
from pathlib import Path

import pytest

from hatchway.errors import UndecidedError, UsageError
from hatchway.verify.outputs_file import OutputsFile
from hatchway.verify.state import read_outputs


def test_outputs_are_read_as_from_a_state(tmp_path: Path) -> None:
    path = tmp_path / "outputs.json"
    path.write_text(json.dumps({"gateway": {"public_url": "https://x", "private_api_ids": {"orders": "a"}}}))
    found = read_outputs(OutputsFile(path), "gateway")
    assert found == {"public_url": "https://x", "private_api_ids": {"orders": "a"}}


def test_a_stack_that_the_file_has_not_is_not_deployed(tmp_path: Path) -> None:
    path = tmp_path / "outputs.json"
    path.write_text("{}")
    with pytest.raises(UndecidedError, match="gateway: has not been deployed yet"):
        read_outputs(OutputsFile(path), "gateway")


@pytest.mark.parametrize("content", ["", "[1]", '{"gateway": 5}', "[" * 100_000, "\udcff"])
def test_another_file_is_refused_in_one_sentence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "outputs.json"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(UsageError, match="is not what 'cdktf deploy --outputs-file' writes"):
        OutputsFile(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"--from-outputs: .*outputs\.json cannot be read"):
        OutputsFile(tmp_path / "outputs.json")
