"""The versioned JSON form of a report."""

import json
from typing import Literal

from hatchway.report.load_document import load_document
from hatchway.report.printable import printable
from hatchway.report.schema_1 import (
    AcceptanceDocument,
    ChangeDocument,
    ChangesDocument,
    CheckDocument,
    FindingDocument,
    HopDocument,
    LocationDocument,
    ReportDocument,
    RouteDocument,
    SecondsDocument,
)
from hatchway.route.planned import AccountChanges, Action, PlannedChange
from hatchway.route.report import Acceptance, CheckResult, Finding, HopResult, Location, Report, RouteResult
from hatchway.route.timing import Timing

__all__ = ["SCHEMA", "as_document", "as_json"]

SCHEMA: Literal[1] = 1


def as_document(report: Report) -> ReportDocument:
    """Return the report as plain values, in the shape of schema 1."""
    report = printable(report)
    return {
        "schema": SCHEMA,
        "command": report.command,
        "verdict": report.verdict,
        "routes": [_route(route) for route in report.routes],
        "findings": [_finding(each, report.locations.get(each.subject)) for each in report.findings],
        "changes": None if report.changes is None else [_changes(each) for each in report.changes],
        "load": None if report.load is None else load_document(report.load),
    }


def as_json(report: Report) -> str:
    """Return the report as JSON text."""
    return json.dumps(as_document(report), indent=2, ensure_ascii=False) + "\n"


def _route(route: RouteResult) -> RouteDocument:
    return {
        "service": route.service,
        "request": route.request,
        "verdict": route.verdict,
        "broken_hop": route.broken_hop,
        "hops": [_hop(result) for result in route.hops],
        "seconds": None if route.timing is None else _seconds(route.timing),
    }


def _seconds(timing: Timing) -> SecondsDocument:
    return {
        "resolve": _rounded(timing.resolve),
        "connect": _rounded(timing.connect),
        "tls": _rounded(timing.tls),
        "first_byte": _rounded(timing.first_byte),
        "total": round(timing.total, 6),
    }


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 6)


def _hop(result: HopResult) -> HopDocument:
    return {
        "hop": result.hop,
        "outcome": result.outcome,
        "checks": [_check(check) for check in result.checks],
    }


def _check(check: CheckResult) -> CheckDocument:
    return {
        "id": check.id,
        "outcome": check.outcome,
        "subject": check.subject,
        "observed": check.observed,
        "expected": check.expected,
        "symptom": check.symptom,
        "fix": check.fix,
        "accepted": check.accepted,
    }


def _finding(finding: Finding, location: Location | None) -> FindingDocument:
    return {
        "id": finding.id,
        "hop": finding.hop,
        "severity": finding.severity,
        "subject": finding.subject,
        "message": finding.message,
        "fix": finding.fix,
        "location": None if location is None else _location(location),
        "accepted": finding.accepted,
        "acceptance": None if finding.acceptance is None else _acceptance(finding.acceptance),
    }


def _location(location: Location) -> LocationDocument:
    return {"file": location.file, "line": location.line}


def _acceptance(acceptance: Acceptance) -> AcceptanceDocument:
    return {
        "reason": acceptance.reason,
        "owner": acceptance.owner,
        "expires": acceptance.expires.isoformat(),
        "expired": acceptance.expired,
    }


def _changes(changes: AccountChanges) -> ChangesDocument:
    return {
        "account": changes.account,
        "provider": changes.provider,
        "stack": changes.stack,
        "create": changes.count(Action.CREATE),
        "update": changes.count(Action.UPDATE),
        "replace": changes.count(Action.REPLACE),
        "destroy": changes.count(Action.DESTROY),
        "forget": changes.count(Action.FORGET),
        "resources": [_change(change) for change in changes.resources],
    }


def _change(change: PlannedChange) -> ChangeDocument:
    return {
        "address": change.address,
        "action": change.action,
        "outage": change.outage,
        "reason": change.reason,
        "values": [{"path": one.path, "before": one.before, "after": one.after} for one in change.values],
    }
