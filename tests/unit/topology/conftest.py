from collections.abc import Callable
from pathlib import Path

import pytest

from hatchway.topology import Problem, TopologyError, load

ESTATE = Path(__file__).with_name("estate.yaml")

Report = Callable[[str], tuple[Problem, ...]]
Break = Callable[..., tuple[Problem, ...]]


@pytest.fixture(scope="session")
def estate() -> str:
    """Text of a good topology: a service over transit, another beside the gateway."""
    return ESTATE.read_text("utf-8")


@pytest.fixture
def problems_of(tmp_path: Path) -> Report:
    """Loads a text; the problems it has."""

    def report(text: str) -> tuple[Problem, ...]:
        path = tmp_path / "hatchway.yaml"
        path.write_text(text, "utf-8")
        try:
            load(path)
        except TopologyError as error:
            return error.problems
        return ()

    return report


@pytest.fixture
def breaking(estate: str, problems_of: Report) -> Break:
    """Replaces texts that occur once each in the good topology; the problems it has then."""

    def edit(*edits: tuple[str, str]) -> tuple[Problem, ...]:
        text = estate
        for old, new in edits:
            assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times"
            text = text.replace(old, new)
        return problems_of(text)

    return edit
