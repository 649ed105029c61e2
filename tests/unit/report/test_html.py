import re
from html.parser import HTMLParser

import pytest

from hatchway.report.html import as_html
from hatchway.route.hop import Hop
from hatchway.route.report import Report
from tests.unit.report.samples import broken, good, hostile, loaded

REPORTS = [broken(), good(), hostile(), loaded(), Report(command="review", routes=())]
VOID = {"meta", "br"}


class Page(HTMLParser):
    """Checks that elements are closed in order, and keeps what is asked about."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.mark.parametrize("report", REPORTS)
def test_every_element_is_closed(report: Report) -> None:
    assert Page(as_html(report)).open == []


@pytest.mark.parametrize("report", REPORTS)
def test_the_page_loads_nothing_and_runs_nothing(report: Report) -> None:
    page = Page(as_html(report))
    policy = next(one for one in page.all("meta") if one.get("http-equiv") == "Content-Security-Policy")
    assert policy["content"] == "default-src 'none'; style-src 'unsafe-inline'"
    assert [one for one in page.elements if {"src", "href", "style"} & set(one[1])] == []
    style = as_html(report).partition("<style>")[2].partition("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style


@pytest.mark.parametrize("report", REPORTS)
def test_tables_have_captions_and_headings_that_say_what_they_head(report: Report) -> None:
    page = Page(as_html(report))
    assert len(page.all("caption")) == len(page.all("table"))
    assert all(one.get("scope") in {"col", "row"} for one in page.all("th"))
    names = [one["id"] for one in page.all("h2")]
    assert [one["aria-labelledby"] for one in page.all("section")] == names
    assert len(set(names)) == len(names)
    assert page.all("html") == [{"lang": "en"}]


def test_a_path_is_nine_hops_of_which_one_is_broken_in_words_too() -> None:
    text = as_html(broken())
    path = re.search(r'<ol class="path" aria-label="The nine hops of orders">(.*?)</ol>', text, re.DOTALL)
    assert path is not None
    items = re.findall(r'<li class="([\w ]+)"><b>(\d [\w-]+)</b>\n<span>([^<]+)</span>', path[1])
    assert [name for _, name, _ in items] == [f"{hop.number} {hop.value}" for hop in Hop]
    assert items[5] == ("fail broken", "6 transit", "✗ FAIL, broken here")
    assert [words for _, _, words in items[6:]] == ["· not reached"] * 3


def test_changes_are_shown_by_account_with_outages_first() -> None:
    text = as_html(broken())
    assert "edge (111111111111), stack gateway" in text
    assert text.index("replace, outage") < text.index("aws_route.old") < text.index("secret_string")
    assert "(sensitive) → (sensitive)" in text


def test_without_a_plan_there_are_no_changes_to_show() -> None:
    assert "What changes" not in as_html(good())


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        *(("ink", "paper"), ("faint", "paper"), ("faint", "panel"), ("link", "paper")),
        *(
            ("fail", "fail-paper"),
            ("pass", "pass-paper"),
            ("unknown", "unknown-paper"),
            ("ink", "fail-paper"),
        ),
        *(("ink", "pass-paper"), ("ink", "unknown-paper")),
    ],
)
def test_colours_have_the_contrast_that_wcag_asks_for_in_light_and_dark(ink: str, paper: str) -> None:
    # https://www.w3.org/TR/WCAG22/#contrast-minimum
    values = re.findall(r"--([\w-]+): (#[0-9a-f]{6})", as_html(good()).partition("@media print")[0])
    names = [name for name, _ in values]
    half = names.index("paper", 1)
    for theme in (dict(values[:half]), dict(values[half:])):
        darker, lighter = sorted((_luminance(theme[ink]), _luminance(theme[paper])))
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5
