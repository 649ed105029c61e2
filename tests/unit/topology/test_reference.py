"""docs/reference/topology.md is written from the models, and every key is explained."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter
from pydantic.fields import FieldInfo
from ruamel.yaml import YAML

from hatchway.topology.reference import example, field_type, keys, page

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "topology.md"
KEYS = dict(keys())


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == page(), "run `make docs`"


@pytest.mark.parametrize(
    ("key", "words"),
    [("requests", "whole number, 1 or more"), ("percent_traffic", "whole number, 1 to 99"), ("path", "path")],
)
def test_a_range_says_how_far_it_goes(key: str, words: str) -> None:
    rows = [line.split(" | ") for line in page().splitlines() if line.startswith(f"| `{key}` |")]
    assert words in {row[1] for row in rows}


@pytest.mark.parametrize("field", KEYS.values(), ids=KEYS.keys())
def test_every_key_is_described(field: FieldInfo) -> None:
    assert field.description
    assert field.description.endswith(".")


@pytest.mark.parametrize(("path", "field"), KEYS.items(), ids=KEYS.keys())
def test_every_example_is_yaml_that_the_key_takes(path: str, field: FieldInfo) -> None:
    key = path.rpartition(".")[2]
    values: dict[str, Any] = YAML(typ="safe", pure=True).load(example(field, key))

    TypeAdapter[Any](field_type(field)).validate_python(values[key])


def test_no_word_of_python_stands_for_what_is_open() -> None:
    types = {line.split(" | ")[1] for line in page().splitlines() if line.startswith("| `")}

    assert {words for words in types if "None" in words} == set()


def test_every_key_of_the_repositorys_topology_is_explained() -> None:
    content = page()

    for key in ("`api_id_header`", "`availability_zone_id`", "`lambda`", "`json`", "`within_organization`"):
        assert f"| {key} |" in content
