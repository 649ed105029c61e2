"""The versioned JSON form of a report, from which every other machine-readable format follows."""

import json
from typing import Any

from hatchway.route.report import CheckResult, Finding, HopResult, Report, RouteResult

__all__ = ["SCHEMA", "as_document", "as_json"]

SCHEMA = 1


def as_document(report: Report) -> dict[str, Any]:
    """Return the report as plain values, in the shape of schema 1."""
    return {
        "schema": SCHEMA,
        "command": report.command,
        "verdict": report.verdict.value,
        "routes": [_route(route) for route in report.routes],
        "findings": [_finding(finding) for finding in report.findings],
    }


def as_json(report: Report) -> str:
    """Return the report as JSON text."""
    return json.dumps(as_document(report), indent=2, ensure_ascii=False) + "\n"


def _route(route: RouteResult) -> dict[str, Any]:
    return {
        "service": route.service,
        "request": route.request,
        "verdict": route.verdict.value,
        "broken_hop": route.broken_hop.value if route.broken_hop else None,
        "hops": [_hop(result) for result in route.hops],
    }


def _hop(result: HopResult) -> dict[str, Any]:
    return {
        "hop": result.hop.value,
        "outcome": result.outcome.value,
        "checks": [_check(check) for check in result.checks],
    }


def _check(check: CheckResult) -> dict[str, Any]:
    return {
        "id": check.id,
        "outcome": check.outcome.value,
        "subject": check.subject,
        "observed": check.observed,
        "expected": check.expected,
        "symptom": check.symptom,
        "fix": check.fix,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.id,
        "hop": finding.hop.value if finding.hop else None,
        "severity": finding.severity.value,
        "subject": finding.subject,
        "message": finding.message,
        "fix": finding.fix,
    }
