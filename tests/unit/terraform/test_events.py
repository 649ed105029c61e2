import json

import pytest

from hatchway.terraform.events import Change, Diagnostic, Phase, ResourceEvent, parse_event


def test_reads_a_planned_change() -> None:
    line = json.dumps(
        {
            "type": "planned_change",
            "change": {
                "resource": {"addr": "aws_lb.a", "resource_type": "aws_lb"},
                "action": "replace",
                "reason": "tainted",
            },
        }
    )
    assert parse_event(line) == Change(address="aws_lb.a", action="replace", type="aws_lb", reason="tainted")


@pytest.mark.parametrize("phase", list(Phase))
def test_reads_every_phase_of_an_apply(phase: Phase) -> None:
    hook = {"resource": {"addr": "aws_lb.a"}, "action": "create", "elapsed_seconds": 60}
    event = parse_event(json.dumps({"type": phase.value, "hook": hook}))
    assert event == ResourceEvent(address="aws_lb.a", action="create", phase=phase, elapsed_seconds=60)


def test_reads_a_diagnostic_with_its_address() -> None:
    found = {"severity": "error", "summary": "creating LB", "detail": "no\n\nquota", "address": "aws_lb.a"}
    event = parse_event(json.dumps({"type": "diagnostic", "diagnostic": found}))
    assert isinstance(event, Diagnostic)
    assert event.lines == ("aws_lb.a: creating LB", "  no", "  quota")


def test_a_diagnostic_never_shows_source_text_or_values() -> None:
    found = {"severity": "error", "summary": "bad", "snippet": {"code": 'password = "hunter2"'}}
    event = parse_event(json.dumps({"type": "diagnostic", "diagnostic": found}))
    assert "hunter2" not in repr(event)


def test_takes_a_line_that_is_no_json_for_an_error() -> None:
    assert parse_event("exec format error") == Diagnostic(severity="error", summary="exec format error")


@pytest.mark.parametrize("line", ["", "  ", "[]", "3", '{"type": "version"}', "{}", '{"type": ["x"]}'])
def test_passes_over_what_is_of_no_use(line: str) -> None:
    assert parse_event(line) is None
