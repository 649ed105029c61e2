"""Whatever a file holds: a topology, or a report. Never anything else."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from ruamel.yaml import YAML

from hatchway.topology import TopologyError, load
from hatchway.topology.model import Topology

TEXT = Path(__file__).with_name("estate.yaml").read_text("utf-8")
VALUES: dict[str, Any] = YAML(typ="safe", pure=True).load(TEXT)

KeyPath = tuple[str | int, ...]


def key_paths(value: Any, path: KeyPath = ()) -> list[KeyPath]:
    if isinstance(value, dict):
        entries = list(value.items())
    elif isinstance(value, list):
        entries = list(enumerate(value))
    else:
        return [path]
    return [path, *(found for key, entry in entries for found in key_paths(entry, (*path, key)))]


PATHS = key_paths(VALUES)[1:]
WORDS = [
    "edge",
    "orders",
    "billing",
    "/",
    "/orders",
    "10.0.0.0/16",
    "10.0.0.10",
    "none",
    "gateway",
    "eu-west-1",
]
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.sampled_from(WORDS)
)
JSON_VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=8) | st.sampled_from(WORDS), inner, max_size=3)
    ),
    max_leaves=6,
)
OTHERS_OF_THE_FILE = st.sampled_from(PATHS).map(lambda path: entry(VALUES, path))
NAMES = st.sampled_from(sorted({part for path in PATHS for part in path if isinstance(part, str)})) | st.text(
    max_size=8
)
PROFILE = settings(
    max_examples=50,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def entry(values: Any, path: KeyPath) -> Any:
    for part in path:
        values = values[part]
    return values


def loaded(folder: Path, text: str) -> Topology | None:
    """Loads a text. A report has to be well-formed."""
    path = folder / "hatchway.yaml"
    path.write_text(text, "utf-8", errors="surrogatepass")
    try:
        return load(path)
    except TopologyError as error:
        report = error
    lines = [problem.line or 0 for problem in report.problems]
    assert report.problems
    assert lines == sorted(lines)
    assert all(problem.message for problem in report.problems)
    assert all(line.isprintable() for line in str(report).split("\n"))
    return None


def agrees_with_the_model(values: Any, topology: Topology | None, directory: Path) -> bool:
    """What loads is what Pydantic makes of the values; what Pydantic refuses does not load."""
    try:
        modelled = Topology.model_validate(values)
    except ValidationError:
        return topology is None
    return topology in (None, modelled.read_from(directory.resolve()))


@PROFILE
@given(path=st.sampled_from(PATHS), value=JSON_VALUES | OTHERS_OF_THE_FILE)
def test_any_value_at_any_key(tmp_path: Path, path: KeyPath, value: object) -> None:
    values = copy.deepcopy(VALUES)
    entry(values, path[:-1])[path[-1]] = value

    assert agrees_with_the_model(values, loaded(tmp_path, json.dumps(values)), tmp_path)


@PROFILE
@given(path=st.sampled_from(PATHS), name=NAMES)
def test_any_key_renamed(tmp_path: Path, path: KeyPath, name: str) -> None:
    values = copy.deepcopy(VALUES)
    section = entry(values, path[:-1])
    if isinstance(section, dict):
        section[name] = section.pop(path[-1])

    assert agrees_with_the_model(values, loaded(tmp_path, json.dumps(values)), tmp_path)


@pytest.mark.parametrize("path", PATHS, ids=str)
def test_any_key_removed(tmp_path: Path, path: KeyPath) -> None:
    values = copy.deepcopy(VALUES)
    del entry(values, path[:-1])[path[-1]]

    assert agrees_with_the_model(values, loaded(tmp_path, json.dumps(values)), tmp_path)


@PROFILE
@given(start=st.integers(0, len(TEXT)), length=st.integers(0, 30), inserted=st.text(max_size=10))
def test_any_text_in_place_of_any_other(tmp_path: Path, start: int, length: int, inserted: str) -> None:
    loaded(tmp_path, TEXT[:start] + inserted + TEXT[start + length :])


@PROFILE
@given(text=st.text(alphabet=st.sampled_from("abc:-[]{}&*!|>'\"%@`#,?~ \n\t\\0.<=u"), max_size=40))
def test_any_text_at_all(tmp_path: Path, text: str) -> None:
    loaded(tmp_path, text)


@PROFILE
@given(content=st.binary(max_size=60))
def test_any_bytes_at_all(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "hatchway.yaml"
    path.write_bytes(content)

    with pytest.raises(TopologyError):
        load(path)
