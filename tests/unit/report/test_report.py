import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from hatchway.errors import ToolError, UsageError
from hatchway.report.check_reference import page
from hatchway.report.console import print_report
from hatchway.report.document import as_document, as_json
from hatchway.report.output import FORMATS, Output, parse_outputs, write
from hatchway.route.check_ids import CALLS
from hatchway.route.checks.registry import ALL
from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome, Severity
from hatchway.route.report import CheckResult, Finding, HopResult, Report, RouteResult, findings_of
from tests.unit.report.samples import broken

ROOT = Path(__file__).resolve().parents[3]


def sample() -> Report:
    """The policy of the private API is wrong."""
    good = CheckResult(id="HW190", outcome=Outcome.PASS, subject="GET /test", observed="took the request")
    broken = CheckResult(
        id="HW890",
        outcome=Outcome.FAIL,
        subject="GET /test",
        observed='answered 403 {"message":"[bold]no[/bold]"}',
        expected="the request gets through",
        symptom="A policy does not let the call through.",
        fix="Deploy the private API after each change of its policy.",
    )
    hops = tuple(HopResult(hop=hop, checks=(good,)) for hop in Hop if hop.number < 8)
    hops += (HopResult(hop=Hop.PRIVATE_API, checks=(broken,)), HopResult(hop=Hop.BACKEND, reached=False))
    route = RouteResult(service="orders", request="GET /test", hops=hops, answer=Outcome.FAIL)
    whole = Finding(id="HW001", hop=None, severity=Severity.WARNING, subject="GET /test", message="slow")
    return Report(command="verify", routes=(route,), findings=(*findings_of([route]), whole))


def shown(width: int) -> str:
    out = io.StringIO()
    print_report(sample(), Console(file=out, width=width, color_system=None))
    return out.getvalue()


def test_the_document_has_exactly_the_published_shape() -> None:
    document = as_document(sample())
    assert list(document) == ["schema", "command", "verdict", "routes", "findings", "changes", "load"]
    assert (document["schema"], document["command"], document["verdict"]) == (1, "verify", "fail")
    route = document["routes"][0]
    assert list(route) == ["service", "request", "verdict", "broken_hop", "hops", "seconds"]
    assert (route["verdict"], route["broken_hop"]) == ("fail", "private-api")
    assert [hop["hop"] for hop in route["hops"]] == [hop.value for hop in Hop]
    assert [hop["outcome"] for hop in route["hops"]] == ["pass"] * 7 + ["fail", "not_reached"]
    check = route["hops"][7]["checks"][0]
    assert list(check) == ["id", "outcome", "subject", "observed", "expected", "symptom", "fix", "accepted"]
    assert list(document["findings"][0]) == [
        *("id", "hop", "severity", "subject", "message", "fix", "location", "accepted", "acceptance")
    ]
    assert [finding["hop"] for finding in document["findings"]] == ["private-api", None]


def test_the_json_is_json() -> None:
    assert json.loads(as_json(sample())) == as_document(sample())


@pytest.mark.parametrize("width", [40, 80, 200])
def test_the_table_shows_all_nine_hops_at_any_width(width: int) -> None:
    text = shown(width)
    assert all(f"{hop.number}  {hop.value}" in text for hop in Hop)
    assert "not reached" in text
    assert all(len(line) <= width for line in text.splitlines())


def test_the_table_ends_with_the_verdict() -> None:
    assert shown(80).splitlines()[-1].startswith("verdict: FAIL")


def test_what_was_answered_is_shown_as_it_was() -> None:
    assert "[bold]no[/bold]" in shown(200)


def test_findings_say_what_to_do() -> None:
    text = shown(200)
    assert "error  HW890  private-api" in text
    assert "Deploy the private API after each change of its policy." in text


def test_without_output_there_is_a_table() -> None:
    assert parse_outputs([]) == (Output(format="console", file=None),)


def test_a_file_leaves_the_table_on_standard_output() -> None:
    assert parse_outputs(["json=a=b.json"]) == (
        Output(format="console", file=None),
        Output(format="json", file=Path("a=b.json")),
    )


def test_json_without_a_file_replaces_the_table() -> None:
    assert parse_outputs(["json"]) == (Output(format="json", file=None),)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (["xml"], "no such format, got 'xml'. Choose from: console, json, markdown"),
        (["json="], "names no file"),
        (["json=x", "html=y", "html=x"], "only one can go to a file, got 'x' twice"),
        (["json", "console"], "only one can go to standard output, got json, console"),
    ],
)
def test_an_output_that_makes_no_sense_is_refused(values: list[str], message: str) -> None:
    with pytest.raises(UsageError, match=message.replace(".", r"\.")):
        parse_outputs(values)


def test_writes_everywhere_it_was_asked_to(tmp_path: Path) -> None:
    out = io.StringIO()
    write(sample(), parse_outputs([f"json={tmp_path / 'r.json'}"]), out)
    assert json.loads((tmp_path / "r.json").read_text()) == as_document(sample())
    assert "verdict: FAIL" in out.getvalue()


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match=r"--output: .* cannot be written, got 'Is a directory'"):
        write(sample(), (Output(format="json", file=tmp_path),), io.StringIO())


def test_every_check_is_in_the_reference() -> None:
    text = page()
    known = [*CALLS, *(check.id for check in ALL)]
    assert [check.id for check in known if text.count(f"### {check.id}\n") != 1] == []


def test_the_reference_says_what_a_check_means_and_where_the_rule_is_from() -> None:
    part = page().split("### HW516\n")[1].split("###")[0]
    assert "The client's address is not passed on. *break*" in part
    assert '- fix: Set preserve_client_ip = "false" on the target group.' in part
    assert "- source: [AWS](https://docs.aws.amazon.com/" in part


def test_the_reference_never_calls_another_source_aws() -> None:
    assert "[AWS](https://registry" not in page()


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("command", ["review", "verify"])
def test_every_format_is_for_both_commands(name: str, command: str) -> None:
    out = io.StringIO()
    write(broken(command), (Output(format=name, file=None),), out)
    assert "HW602" in out.getvalue()
    assert name == "console" or command in out.getvalue()
