"""A report as workflow commands, which GitHub Actions shows at the files of a pull request.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from hatchway.report.load_table import load_line
from hatchway.report.summary import VERDICTS, Advice, advice, meaning
from hatchway.route.outcome import Severity, Verdict
from hatchway.route.report import Report

__all__ = ["as_annotations"]

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_VERDICTS = {Verdict.PASS: "notice", Verdict.FAIL: "error", Verdict.UNDECIDED: "warning"}


def as_annotations(report: Report) -> str:
    """Return one line for the verdict and one for each finding, what weighs most first.

    GitHub shows ten errors and ten warnings of a step, and drops the rest.
    """
    verdict = f"{VERDICTS[report.verdict]}: {meaning(report)}"
    lines = [_command(_VERDICTS[report.verdict], {"title": f"hatchway {report.command}"}, verdict)]
    if report.load is not None:
        lines.append(_command("notice", {"title": "hatchway load"}, load_line(report.load)))
    lines += map(_annotation, advice(report))
    return "".join(f"{line}\n" for line in lines)


def _annotation(one: Advice) -> str:
    finding = one.finding
    hop = f" {finding.hop.value}" if finding.hop else ""
    properties = {"title": f"{finding.id}{hop}"}
    if one.location is not None:
        properties["file"] = one.location.file
        if one.location.line is not None:
            properties["line"] = str(one.location.line)
    said = [f"{label}: {text}" for label, text in one.rows.items() if label != "file"]
    command = "notice" if finding.accepted else _COMMANDS[finding.severity]
    return _command(command, properties, "\n".join(said))


def _command(name: str, properties: dict[str, str], message: str) -> str:
    given = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {given}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
