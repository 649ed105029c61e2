"""What a load showed is in every format."""

import io
import json

import pytest
from junitparser import Failure
from rich.console import Console

from hatchway.report.annotations import as_annotations
from hatchway.report.console import print_report
from hatchway.report.document import as_document
from hatchway.report.html import as_html
from hatchway.report.junit import as_junit
from hatchway.report.markdown import as_markdown
from hatchway.route.outcome import Verdict
from hatchway.route.report import Report
from tests.unit.report.samples import good, loaded
from tests.unit.report.test_junit import case, suites

LINE = "5 calls per second for 60 s: 303 sent in 60.0 s (5.0 per second), 1 of them late, up to 4 at once"


def on_console(report: Report) -> str:
    written = io.StringIO()
    print_report(report, Console(file=written, width=140))
    return written.getvalue()


@pytest.mark.parametrize("render", [on_console, as_html, as_markdown])
def test_formats_for_people_have_rates_percentiles_and_wrong_answers(render) -> None:
    text = render(loaded())
    for said in ("3 (1.00%)", "41 ms", "180 ms", "420 ms", "900 ms", "400 ms", "3 (100.00%)", "503 Service"):
        assert said in text.replace("&#37;", "%").replace("&#43;", "+")
    assert "303 sent in 60.0 s (5.0 per second)" in text


def test_the_console_says_the_load_in_one_line() -> None:
    assert f"load  {LINE}" in on_console(loaded())


@pytest.mark.parametrize("render", [on_console, as_html, as_markdown, as_junit, as_annotations])
def test_without_a_load_nothing_is_said_of_one(render) -> None:
    assert "per second" not in render(good())


def test_json_has_shares_seconds_and_hops() -> None:
    found = as_document(loaded())["load"]
    assert found is not None
    first, second = found["requests"]
    assert (first["wrong"], first["wrong_share"], first["throttled"]) == (3, 0.01, 2)
    assert first["latency"] == {"p50": 0.041, "p95": 0.18, "p99": 0.42, "longest": 0.9}
    assert first["wrong_answers"][0]["broken_hop"] == "entry"
    assert second["latency"] is None
    assert json.dumps(found)


def test_junit_has_a_test_for_each_request_that_fails_with_its_findings() -> None:
    found = suites(loaded())
    assert "findings" not in found
    first = case(found["load"], "billing: GET /bills")
    assert [(type(one), one.type) for one in first.result] == [(Failure, "HW041"), (Failure, "HW042")]
    assert "p99 420 ms" in first.system_out


def test_annotations_have_a_line_for_the_load() -> None:
    assert f"::notice title=hatchway load::{LINE}" in as_annotations(loaded())


def test_a_budget_or_a_latency_that_is_not_kept_fails() -> None:
    assert (good().verdict, loaded().verdict) == (Verdict.PASS, Verdict.FAIL)
