"""SARIF 2.1.0: what the standard requires, and what GitHub's code scanning reads of it.

https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hatchway.report.printable import printable
from hatchway.report.sarif import as_sarif
from hatchway.review.reference import ENTRIES
from hatchway.route.check_ids import CALLS
from hatchway.route.checks.registry import ALL
from hatchway.route.report import Location, Report
from tests.unit.report.samples import AGREED, BROKEN, broken, good, hostile, loaded

LEVELS = {"none", "note", "warning", "error"}


def run(report: Report) -> dict[str, Any]:
    document = json.loads(as_sarif(printable(report), ENTRIES))
    assert document["version"] == "2.1.0"
    (found,) = document["runs"]
    return dict(found)


def result(report: Report, rule: str) -> dict[str, Any]:
    return next(one for one in run(report)["results"] if one["ruleId"] == rule)


@pytest.mark.parametrize(
    "report", [broken(), good(), hostile(), loaded(), Report(command="review", routes=())]
)
def test_everything_that_the_standard_requires_is_there(report: Report) -> None:
    found = run(report)
    rules = found["tool"]["driver"]["rules"]
    assert found["tool"]["driver"]["name"] == "Hatchway"
    assert len({rule["id"] for rule in rules}) == len(rules)
    for invocation in found["invocations"]:
        assert isinstance(invocation["executionSuccessful"], bool)
    for one in found["results"]:
        assert rules[one["ruleIndex"]]["id"] == one["ruleId"]
        assert one["message"]["text"]
        assert one["level"] in LEVELS
        # Section 3.27.9 of the standard: a kind other than fail has the level none.
        assert (one.get("kind", "fail") == "fail") == (one["level"] != "none")
        assert one["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]


def test_every_check_is_a_rule_that_says_what_it_asks_and_where_it_is_from() -> None:
    rules = {rule["id"]: rule for rule in run(good())["tool"]["driver"]["rules"]}
    known = [*CALLS, *(check.id for check in ALL), *(entry.id for entry in ENTRIES)]
    assert {check.id for check in known} <= set(rules)
    rule = rules["HW516"]
    assert rule["shortDescription"]["text"] == "The client's address is not passed on."
    assert "docs/reference/checks.md#hw516" in rule["help"]["text"]
    assert rule["helpUri"].startswith("https://docs.aws.amazon.com/")
    assert rules["HW011"]["defaultConfiguration"]["level"] == "warning"


def test_a_finding_names_its_resource_and_its_line() -> None:
    (place,) = result(broken(), "HW309")["locations"]
    assert place["logicalLocations"][0]["fullyQualifiedName"] == AGREED.subject
    assert place["physicalLocation"] == {
        "artifactLocation": {"uri": "stacks/gateway/cdk.tf.json"},
        "region": {"startLine": 12},
    }


def test_a_path_is_a_uri() -> None:
    def uri(file: str) -> str:
        locations = {AGREED.subject: Location(file=file)}
        report = Report(command="review", routes=(), findings=(AGREED,), locations=locations)
        place = result(report, "HW309")["locations"][0]["physicalLocation"]
        assert "region" not in place
        return str(place["artifactLocation"]["uri"])

    assert uri("my plans/a%b.json") == "my%20plans/a%25b.json"
    assert uri(str(Path("/srv/plan.json"))) == "file:///srv/plan.json"


def test_what_is_accepted_is_suppressed_with_its_reason() -> None:
    (suppression,) = result(broken(), "HW309")["suppressions"]
    assert (suppression["kind"], suppression["status"]) == ("external", "accepted")
    assert suppression["justification"] == "until the new certificate (until 2030-01-31)"
    assert "suppressions" not in result(broken(), "HW602")


def test_what_could_not_be_decided_is_open_and_the_verdict_is_told() -> None:
    assert result(broken(), "HW701")["kind"] == "open"
    (invocation,) = run(Report(command="review", routes=()))["invocations"]
    assert invocation["exitCode"] == 3
    assert invocation["toolExecutionNotifications"][0]["message"]["text"].startswith("UNDECIDED")


def test_a_fingerprint_stays_when_words_and_lines_change_and_no_two_are_equal() -> None:
    def prints(report: Report) -> list[str]:
        return [one["partialFingerprints"]["hatchway/v1"] for one in run(report)["results"]]

    before = Report(command="review", routes=(), findings=(AGREED, replace(AGREED, message="again")))
    moved = replace(AGREED, message="in other words")
    locations = {AGREED.subject: Location(file="elsewhere", line=3)}
    after = replace(before, findings=(moved, before.findings[1]), locations=locations)
    assert prints(before) == prints(after)
    assert len(set(prints(before))) == 2
    other = replace(before, findings=(replace(AGREED, subject="other"),))
    assert set(prints(other)).isdisjoint(prints(before))


def test_a_broken_hop_is_reported_once_however_many_requests_meet_it() -> None:
    routes = (BROKEN, replace(BROKEN, request="GET /other"))
    report = replace(broken(), routes=routes)
    assert [one["ruleId"] for one in run(report)["results"]].count("HW602") == 1
