import re
from collections.abc import Callable

import pytest

from scripts.docs import PAGES
from tests.docs.pages import DOCS, ROOT


@pytest.mark.parametrize(("name", "page"), PAGES.items(), ids=PAGES)
def test_every_generated_page_is_up_to_date(name: str, page: Callable[[], str]) -> None:
    assert (ROOT / name).read_text(encoding="utf-8") == page(), "run: make docs"


# Set by the sandbox for the process that runs an authorizer; nobody else sets or reads it.
BETWEEN_OUR_OWN_PROCESSES = {"HATCHWAY_FUNCTION_ARN"}


def test_every_environment_variable_of_ours_is_explained() -> None:
    explained = set(
        re.findall(r"`(HATCHWAY_[A-Z_]+)`", (DOCS / "reference/environment.md").read_text("utf-8"))
    )
    used = {
        variable
        for folder in ("hatchway", "constructs_lib", "scripts", "tests/live")
        for path in (ROOT / folder).rglob("*.py")
        for variable in re.findall(r"\bHATCHWAY_[A-Z_]+\b", path.read_text(encoding="utf-8"))
    }
    assert used - explained - BETWEEN_OUR_OWN_PROCESSES == set(), "a variable that nobody is told about"
    assert explained - used == set(), "a variable that nothing reads"
