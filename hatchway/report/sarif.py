"""A report as SARIF 2.1.0, for code scanning.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from hatchway.report.check_reference import Entry, entries
from hatchway.report.summary import VERDICTS, Advice, advice, meaning
from hatchway.route.checks.model import Kind
from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome, Severity, Verdict
from hatchway.route.report import CheckResult, Finding, Location, Report

__all__ = ["SCHEMA", "as_sarif"]

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_FINGERPRINT = "hatchway/v1"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_NOTICES = {Verdict.PASS: "note", Verdict.FAIL: "error", Verdict.UNDECIDED: "warning"}
_PAGE = "docs/reference/checks.md"


def as_sarif(report: Report, others: Sequence[Entry] = ()) -> str:
    """Return the report as SARIF.

    Every finding is a result, with its place in the files if there is one. A check that could not be
    decided is a result of kind `open`, so that a report without findings is not taken for a pass.

    Args:
        report: What was found.
        others: Checks beside those of a route, for the rules.
    """
    every = advice(report)
    reported = {(one.finding.id, one.finding.subject) for one in every}
    unknown = [one for one in _unknown(report) if (one[1].id, one[1].subject) not in reported]
    rules = {entry.id.id: _rule(entry) for entry in entries(others)}
    used = [*(one.finding.id for one in every), *(check.id for _, check in unknown)]
    rules |= {name: {"id": name} for name in used if name not in rules}
    places = {name: place for place, name in enumerate(rules)}
    results = [_result(one, places) for one in every]
    results += [_open(hop, check, report.locations.get(check.subject), places) for hop, check in unknown]
    run = {
        "tool": {"driver": {"name": "Hatchway", "rules": list(rules.values())}},
        "automationDetails": {"id": f"hatchway/{report.command}/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report)],
        "results": _distinct(results),
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _rule(entry: Entry) -> dict[str, Any]:
    check, tags = entry.id, ["path", entry.kind]
    anchor = f"{_PAGE}#{check.id.lower()}"
    parts = [entry.symptom, entry.fix, f"See {anchor}."]
    rule: dict[str, Any] = {
        "id": check.id,
        "shortDescription": {"text": check.title},
        "fullDescription": {"text": " ".join(part for part in (check.title, entry.symptom) if part)},
        "help": {"text": " ".join(part for part in parts if part)},
        "defaultConfiguration": {"level": "warning" if entry.kind == Kind.RISK else "error"},
        "properties": {"tags": tags, "hop": check.hop.value if check.hop else None},
    }
    return rule | ({"helpUri": check.source} if check.source else {})


def _invocation(report: Report) -> dict[str, Any]:
    text = f"{VERDICTS[report.verdict]}: {meaning(report)}"
    return {
        "executionSuccessful": True,
        "exitCode": report.verdict.exit_code,
        "toolExecutionNotifications": [{"level": _NOTICES[report.verdict], "message": {"text": text}}],
    }


def _unknown(report: Report) -> Iterator[tuple[Hop, CheckResult]]:
    found = {
        (check.id, check.subject): (result.hop, check)
        for route in report.routes
        for result in route.hops
        for check in result.checks
        if check.outcome is Outcome.UNKNOWN
    }
    yield from found.values()


def _result(one: Advice, places: Mapping[str, int]) -> dict[str, Any]:
    finding = one.finding
    # The place is a location of its own, and a reason that is in force a suppression.
    apart = {"file", "accepted"} if finding.accepted else {"file"}
    said = [f"{label}: {text}" for label, text in one.rows.items() if label not in apart]
    result = {
        **_head(finding.id, "\n".join(said), places),
        "level": _LEVELS[finding.severity],
        "locations": [_location(finding.subject, finding.hop, one.location)],
        "partialFingerprints": {_FINGERPRINT: _fingerprint(finding)},
    }
    if finding.accepted and finding.acceptance is not None:
        acceptance = finding.acceptance
        why = f"{acceptance.reason} (until {acceptance.expires.isoformat()})"
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": why}]
    return result


def _open(
    hop: Hop, check: CheckResult, location: Location | None, places: Mapping[str, int]
) -> dict[str, Any]:
    text = f"could not be decided: {check.observed}"
    finding = Finding(id=check.id, hop=hop, severity=Severity.NOTE, subject=check.subject, message=text)
    return {
        **_head(check.id, text, places),
        "kind": "open",
        "level": "none",
        "locations": [_location(check.subject, hop, location)],
        "partialFingerprints": {_FINGERPRINT: _fingerprint(finding)},
    }


def _head(check: str, text: str, places: Mapping[str, int]) -> dict[str, Any]:
    # An empty message is none to SARIF.
    return {"ruleId": check, "ruleIndex": places[check], "message": {"text": text or check}}


def _location(subject: str, hop: Hop | None, place: Location | None) -> dict[str, Any]:
    logical: dict[str, Any] = {"fullyQualifiedName": subject, "kind": "resource"}
    if hop is not None:
        logical["properties"] = {"hop": hop.value}
    location: dict[str, Any] = {"logicalLocations": [logical]}
    if place is not None:
        physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(place.file)}}
        if place.line is not None:
            physical["region"] = {"startLine": place.line}
        location["physicalLocation"] = physical
    return location


def _uri(file: str) -> str:
    path = PurePath(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def _fingerprint(finding: Finding) -> str:
    """Return what stays the same while the finding is: its words may change, and its line."""
    return hashlib.sha256(f"{finding.id}\0{finding.subject}".encode()).hexdigest()


def _distinct(results: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Number results that have the same fingerprint: of two, code scanning would show one."""
    seen: dict[str, int] = {}
    for result in results:
        print_ = result["partialFingerprints"][_FINGERPRINT]
        seen[print_] = seen.get(print_, 0) + 1
        result["partialFingerprints"][_FINGERPRINT] = f"{print_}:{seen[print_]}"
    return list(results)
