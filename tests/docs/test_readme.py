import re
import tomllib

from hatchway.terraform import binary, mirror
from scripts.setup import prerequisites
from tests.docs.pages import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_is_short_enough_to_be_read() -> None:
    assert len(README.splitlines()) <= 120


def test_the_readme_shows_all_nine_hops_in_order() -> None:
    picture = README.split("```")[1]
    shown = [hop for _, hop in sorted(re.findall(r"([1-9]) ([a-z-]+)", picture))]
    assert shown == [
        *("entry", "authorizer", "integration", "vpc-link", "load-balancer"),
        *("transit", "endpoint", "private-api", "backend"),
    ]


def test_the_readme_asks_for_the_versions_that_set_up_asks_for() -> None:
    python = ".".join(map(str, prerequisites.PYTHON))
    assert f"Python ≥ {python}" in README
    assert f"Node ≥ {prerequisites.NODE}" in README
    assert f"≥ {binary.MINIMUM_VERSION[0]}.{binary.MINIMUM_VERSION[1]} from `PATH`" in README
    assert f"≥ {mirror.MINIMUM_VERSION[0]}.{mirror.MINIMUM_VERSION[1]}, < {mirror.BELOW_VERSION[0]}" in README


def test_every_dependency_has_its_reason() -> None:
    pipfile = tomllib.loads((ROOT / "Pipfile").read_text(encoding="utf-8"))
    page = (ROOT / "docs/decisions/0002-dependencies.md").read_text(encoding="utf-8")
    declared = {*pipfile["packages"], *pipfile["dev-packages"]}
    assert (
        sorted(
            each for each in declared if not re.search(rf"^\|[^|]*\b{re.escape(each)}\b", page, re.MULTILINE)
        )
        == []
    )
