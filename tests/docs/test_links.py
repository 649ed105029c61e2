import re
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, ROOT, anchors, links, name, pages

PAGES = {name(page): page for page in pages()}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_every_link_leads_somewhere(page: Path) -> None:
    dead = []
    for link in links(page):
        target, _, anchor = link.partition("#")
        path = (page.parent / target).resolve() if target else page
        if not path.exists() or (anchor and anchor not in anchors(path)):
            dead.append(link)
    assert dead == []


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_every_example_that_is_named_exists(page: Path) -> None:
    named = re.findall(r"`(examples/[^` ]*)`", page.read_text(encoding="utf-8"))
    assert [one for one in named if not (ROOT / one).exists()] == []


def test_every_page_is_found_from_the_index() -> None:
    reached: set[Path] = set()
    todo = [DOCS / "index.md"]
    while todo:
        page = todo.pop()
        if page not in reached and page.suffix == ".md" and page.is_relative_to(DOCS):
            reached.add(page)
            todo += [(page.parent / link.partition("#")[0]).resolve() for link in links(page)]
    assert sorted(name(page) for page in set(DOCS.rglob("*.md")) - reached) == []


def test_the_index_is_found_from_the_readme() -> None:
    assert DOCS / "index.md" in {(ROOT / link).resolve() for link in links(ROOT / "README.md")}


def test_every_decision_is_in_the_list_and_has_its_parts() -> None:
    folder = DOCS / "decisions"
    decisions = sorted(page.name for page in folder.glob("0*.md"))
    assert sorted(link for link in links(folder / "index.md")) == decisions
    assert [int(decision[:4]) for decision in decisions] == list(range(1, len(decisions) + 1))
    for decision in decisions:
        text = (folder / decision).read_text(encoding="utf-8")
        assert text.startswith(f"# {decision[:4]}. ")
        assert "\nStatus: " in text
        assert {"context", "decision", "consequences"} <= anchors(folder / decision)
