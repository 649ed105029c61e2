"""A report as one page of HTML that loads nothing: for an artifact of a pipeline, or a mail."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from hatchway.report.load_table import COLUMNS, load_line, load_row
from hatchway.report.planned_changes import because, named, owner_of, totals
from hatchway.report.summary import OUTCOMES, VERDICTS, advice, alike, meaning, named_requests, took
from hatchway.route.outcome import Outcome, Severity, Verdict
from hatchway.route.planned import Action
from hatchway.route.report import Report

__all__ = ["as_html"]

# Nothing is told by colour alone.
_SIGNS = {
    Outcome.PASS.value: "✓",
    Outcome.FAIL.value: "✗",
    Outcome.UNKNOWN.value: "?",
    Outcome.NOT_APPLICABLE.value: "○",
    Outcome.NOT_REACHED.value: "·",
    Verdict.UNDECIDED.value: "?",
}
_DRASTIC = (Action.REPLACE, Action.DESTROY, Action.FORGET)


def as_html(report: Report) -> str:
    """Return the report as a page."""
    every = advice(report)
    errors = [one for one in every if one.finding.severity is Severity.ERROR and not one.finding.accepted]
    return (
        _environment()
        .get_template("page.html")
        .render(
            report=report,
            verdict=VERDICTS[report.verdict],
            meaning=meaning(report),
            errors=errors,
            others=every[len(errors) :],
            groups=alike(report.routes, brief=True),
        )
    )


def _environment() -> Environment:
    # Everything is escaped: no text of a report is markup.
    found = Environment(
        autoescape=True,
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    found.globals |= {
        "signs": _SIGNS,
        "outcomes": OUTCOMES,
        "actions": tuple(Action),
        "drastic": _DRASTIC,
        "owner_of": owner_of,
        "totals": totals,
        "named": named,
        "because": because,
        "named_requests": named_requests,
        "took": took,
        "load_columns": COLUMNS,
        "load_line": load_line,
        "load_row": load_row,
    }
    return found
