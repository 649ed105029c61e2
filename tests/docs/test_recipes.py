"""Examples in YAML are YAML, and what they run exists."""

import re
import shlex
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from hatchway.report.output import FORMATS
from hatchway.review.baseline import load_baseline
from scripts.command_reference import commands, options
from tests.docs.pages import Block, blocks

COMMANDS = dict(commands())
EXAMPLES = [block for block in blocks() if block.language == "yaml"]
RECIPES = [block for block in EXAMPLES if "bin/hatchway" in block.text]


def read(block: Block) -> Any:
    return YAML(typ="safe", pure=True).load(block.text)


def runs(value: Any) -> Iterator[str]:
    """What the steps of a workflow run, however deep they stand."""
    if isinstance(value, dict):
        for key, one in value.items():
            if key in {"run", "command"} and isinstance(one, str):
                yield one
            else:
                yield from runs(one)
    elif isinstance(value, list):
        for one in value:
            yield from runs(one)


def calls(text: str) -> Iterator[list[str]]:
    """The words of each call of hatchway, on one line as YAML folds it."""
    for line in text.splitlines():
        if "bin/hatchway" in line:
            words = shlex.split(line)
            yield words[
                next(place for place, word in enumerate(words) if word.endswith("bin/hatchway")) + 1 :
            ]


@pytest.mark.parametrize("block", EXAMPLES, ids=lambda block: block.page)
def test_every_example_in_yaml_can_be_read(block: Block) -> None:
    assert read(block) is not None


@pytest.mark.parametrize("block", RECIPES, ids=lambda block: block.page)
def test_what_a_recipe_runs_exists(block: Block) -> None:
    found = [call for run in runs(read(block)) for call in calls(run)]
    assert found
    for call in found:
        known = {name for option in options(COMMANDS["hatchway", call[0]]) for name in option.opts}
        assert {word for word in call if word.startswith("-")} <= known
        formats = [after for word, after in pairwise(call) if word == "--output"]
        assert {one.partition("=")[0] for one in formats} <= set(FORMATS)
        unnamed = [one for one in formats if "=" not in one]
        assert len(unnamed) <= 1


def test_a_workflow_of_github_has_what_github_requires() -> None:
    workflows = [read(block) for block in RECIPES if block.page.endswith("github-actions.md")]
    assert len(workflows) == 2
    for workflow in workflows:
        assert workflow["permissions"]
        for job in workflow["jobs"].values():
            assert job["runs-on"]
            for step in job["steps"]:
                assert {"run", "uses"} & set(step)
                assert re.fullmatch(r"[\w./-]+@v\d+", step.get("uses", "x/y@v1"))


def test_the_example_of_a_baseline_is_one(tmp_path: Path) -> None:
    (block,) = [block for block in EXAMPLES if block.page.endswith("accept-a-finding.md")]
    (tmp_path / "baseline.yaml").write_text(block.text)
    assert len(load_baseline(tmp_path / "baseline.yaml", date(2026, 11, 1)).entries) == 2


def test_every_recipe_is_reached_by_a_test() -> None:
    pages = {block.page for block in RECIPES}
    assert {"docs/how-to/review-in-github-actions.md", "docs/how-to/review-in-atlantis.md"} <= pages
