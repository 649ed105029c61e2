from pathlib import Path

from scripts.test_summary import summary

RESULTS = """<testsuites><testsuite>
  <testcase classname="tests.unit" name="test_holds" />
  <testcase classname="tests.unit" name="test_breaks"><failure message="no" /></testcase>
  <testcase classname="tests.unit" name="test_falls_over"><error message="no" /></testcase>
  <testcase classname="tests.live" name="test_real"><skipped message="set HATCHWAY_LIVE" /></testcase>
</testsuite></testsuites>"""


def test_counts_every_outcome_and_names_what_was_skipped(tmp_path: Path) -> None:
    (tmp_path / "results.xml").write_text(RESULTS, encoding="utf-8")
    assert summary(tmp_path / "results.xml") == [
        "skipped: tests.live.test_real: set HATCHWAY_LIVE",
        "tests: 1 passed, 2 failed, 1 skipped",
    ]
