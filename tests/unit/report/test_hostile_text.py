"""Names, addresses and answers are written by others: in no format are they anything but text."""

import io
import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from junitparser import JUnitXml
from markdown_it import MarkdownIt

from hatchway.report.output import FORMATS, Output, write
from hatchway.report.printable import printable
from hatchway.route.report import Acceptance, Report
from tests.unit.report.samples import broken, hostile, texts

SHOWN = "\\x1b[31mred\\x1b[0m"


def rendered(report: Report, name: str) -> str:
    out = io.StringIO()
    write(report, (Output(format=name, file=None),), out)
    return out.getvalue()


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_in_a_report_drives_a_terminal_or_breaks_a_file(name: str) -> None:
    text = rendered(hostile(), name)
    assert [sign for sign in text if not sign.isprintable() and sign != "\n"] == []
    assert text.encode()


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "console"])
def test_what_was_written_is_still_found_in_the_report(name: str) -> None:
    text = rendered(hostile(), name)
    assert SHOWN in text.replace("&#92;", "\\").replace("&#91;", "[").replace("\\\\", "\\")


def test_what_is_printable_stays_as_it_is() -> None:
    assert printable(broken()) is not None
    assert printable(broken()) == broken()


def test_a_second_time_changes_nothing() -> None:
    once = printable(hostile())
    assert printable(once) is once
    assert all(text.isprintable() for text in texts(once))


def test_a_report_has_no_markup_that_its_texts_brought_along() -> None:
    tags: list[tuple[str, list[str]]] = []
    words: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            tags.append((tag, [name for name, _ in attrs]))

        def handle_data(self, data: str) -> None:
            words.append(data)

    for report in (broken(), hostile()):
        Reader().feed(rendered(report, "html"))
    names = {tag for tag, _ in tags}
    assert names.isdisjoint({"script", "img", "a", "link", "iframe", "object", "form"})
    assert [one for one in tags if any(name.startswith("on") for name in one[1])] == []
    assert any("{{ 7 * 7 }}" in word for word in words)


def test_a_comment_has_no_markup_link_or_mention_that_its_texts_brought_along() -> None:
    text = rendered(hostile(), "markdown")
    tokens = MarkdownIt("gfm-like", {"linkify": False}).enable("table").parse(text)
    inline = [child for token in tokens for child in token.children or ()]
    kinds = {token.type for token in (*tokens, *inline)}
    assert kinds.isdisjoint({"link_open", "image", "em_open", "s_open", "html_inline", "blockquote_open"})
    ours = r"(</?details>|<details><summary>[\w ]+</summary>)\n?"
    blocks = [token.content for token in tokens if token.type == "html_block"]
    assert [block for block in blocks if not re.fullmatch(ours, block)] == []
    words = "".join(child.content for child in inline if child.type == "text")
    assert "@octocat" not in words
    assert "#1" not in words
    assert "@\u200boctocat" in words
    headings = [tokens[place + 1].content for place, one in enumerate(tokens) if one.type == "heading_open"]
    assert headings == ["❌ hatchway review: FAIL", "2 errors", "What changes", "Load"]
    rows = [token for token in tokens if token.type == "tr_open"]
    cells = [token for token in tokens if token.type in {"td_open", "th_open"}]
    # Two of the routes with ten cells each, three of the load with nine.
    assert (len(rows), len(cells)) == (5, 47)


def test_a_workflow_command_is_one_line_and_its_texts_start_none() -> None:
    lines = rendered(hostile(), "github").splitlines()
    assert len(lines) == 2 + len(hostile().findings)
    assert all(re.match(r"::(error|warning|notice) title=", line) for line in lines)
    assert lines[1].startswith("::notice title=hatchway load::5 calls per second")
    assert all("%250A" in line for line in lines[2:])
    place = next(line for line in lines if ",file=" in line).partition("::where")[0]
    assert place.count("::") == 1
    assert place.endswith(",line=1")


def test_junit_is_xml_with_the_texts_as_they_are() -> None:
    text = rendered(hostile(), "junit")
    assert "<script>" not in text
    assert ET.fromstring(text).tag == "testsuites"  # noqa: S314 -- written by the code under test
    suites = list(JUnitXml.fromstring(text.encode()))
    assert "]]> <script>" in suites[0].name


@pytest.mark.parametrize("name", ["json", "sarif"])
def test_json_is_json_whatever_is_in_it(name: str) -> None:
    assert json.loads(rendered(hostile(), name))


@pytest.mark.parametrize("name", FORMATS)
def test_that_an_acceptance_has_expired_is_said_in_every_format(name: str) -> None:
    report = broken()
    text = Acceptance(reason="soon", expires=date(2029, 12, 31), expired=True)
    findings = tuple(replace(one, acceptance=text) for one in report.findings if one.id == "HW602")
    shown = rendered(replace(report, findings=findings), name)
    assert "2029-12-31" in shown
    assert ("was accepted until" in shown) or '"expired": true' in shown


@pytest.mark.parametrize("subject", ["a`<b>`@octocat", "`<b>`", "``<b>`` `", " ", "a``<b>`c"])
def test_a_name_with_backticks_stays_one_piece_of_code(subject: str) -> None:
    finding = replace(broken().findings[0], subject=subject)
    text = rendered(Report(command="review", routes=(), findings=(finding,)), "markdown")
    inline = [
        child
        for token in MarkdownIt("gfm-like", {"linkify": False}).parse(text)
        for child in token.children or ()
    ]
    assert [child.content.strip() for child in inline if child.type == "code_inline"] == [subject.strip()]
    assert "html_inline" not in {child.type for child in inline}
