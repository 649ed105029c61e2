import io
from pathlib import Path

import pytest
from rich.console import Console

from hatchway.deploy.estate import StackResult, Stage
from hatchway.deploy.progress import ConsoleProgress, duration, plan_summary
from hatchway.terraform.events import Change, Diagnostic, Phase, ResourceEvent
from hatchway.terraform.runner import Plan

PLAN = Plan(
    path=Path("p"),
    changes=(
        Change(address="aws_vpc.a", action="create"),
        Change(address="aws_lb.b", action="replace"),
        Change(address="aws_lb.c", action="update"),
        Change(address="data.x", action="read"),
    ),
)
EMPTY = Plan(path=Path("p"), changes=())


def console(*, terminal: bool = False, width: int = 80) -> tuple[Console, io.StringIO]:
    out = io.StringIO()
    return Console(file=out, force_terminal=terminal, width=width, color_system=None), out


def event(phase: Phase, address: str = "aws_vpc.a", action: str = "create") -> ResourceEvent:
    return ResourceEvent(address=address, action=action, phase=phase, elapsed_seconds=62)


@pytest.mark.parametrize(("seconds", "text"), [(0.4, "0 s"), (59.4, "59 s"), (60, "1 min 00 s")])
def test_durations_read_as_a_person_says_them(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_a_summary_tells_what_is_to_be_done_from_what_was_done() -> None:
    assert plan_summary(PLAN) == "1 to create, 1 to change, 1 to replace"
    assert plan_summary(PLAN, applied=True) == "1 created, 1 changed, 1 replaced"
    assert plan_summary(EMPTY) == "no changes"


def test_without_a_terminal_there_is_a_plain_line_for_each_step() -> None:
    screen, out = console()
    with ConsoleProgress(screen, None, creations=False) as progress:
        progress.enter("gateway", Stage.APPLY)
        progress.event("gateway", event(Phase.STARTED))
        progress.event("gateway", event(Phase.GOING_ON))
        progress.event("gateway", event(Phase.DONE))
        progress.finished(StackResult(stack="gateway", plan=PLAN, seconds=62, applied=True))
    assert out.getvalue().splitlines() == [
        "gateway: applying",
        "  created  aws_vpc.a  (1 min 02 s)",
        "✓ gateway: 1 created, 1 changed, 1 replaced  (1 min 02 s)",
    ]


def test_a_plan_names_what_it_replaces_even_if_nobody_is_asked() -> None:
    screen, out = console()
    ConsoleProgress(screen, None, creations=False).planned("gateway", PLAN)
    assert "± aws_lb.b" in out.getvalue()
    assert "aws_vpc.a" not in out.getvalue()


def test_a_plan_to_be_confirmed_names_everything() -> None:
    screen, out = console()
    asked: list[str] = []
    progress = ConsoleProgress(screen, lambda question: bool(asked.append(question)), creations=True)
    progress.planned("gateway", PLAN)
    assert not progress.confirm("gateway")
    assert asked == ["Apply this to gateway?"]
    assert "+ aws_vpc.a" in out.getvalue()


def test_a_stack_that_waits_says_for_what() -> None:
    screen, out = console()
    result = StackResult(stack="gateway", plan=None, seconds=1, waits_for=("foundation", "service-a"))
    ConsoleProgress(screen, None, creations=False).finished(result)
    assert out.getvalue() == "… gateway: can be planned once deployed: foundation, service-a\n"


def test_a_resource_that_failed_is_named() -> None:
    screen, out = console()
    ConsoleProgress(screen, None, creations=False).event("gateway", event(Phase.FAILED))
    assert out.getvalue() == "  failed  aws_vpc.a\n"


def test_a_warning_is_one_line() -> None:
    screen, out = console()
    warning = Diagnostic(severity="warning", summary="[deprecated] argument", detail="long\ntext")
    ConsoleProgress(screen, None, creations=False).event("gateway", warning)
    assert out.getvalue() == "gateway: [deprecated] argument\n"


@pytest.mark.parametrize("width", [20, 80])
def test_the_live_display_survives_narrow_terminals(width: int) -> None:
    screen, out = console(terminal=True, width=width)
    with ConsoleProgress(screen, None, creations=False) as progress:
        progress.enter("gateway", Stage.APPLY)
        for number in range(9):
            progress.event("gateway", event(Phase.STARTED, f"aws_vpc_security_group_egress_rule.n_{number}"))
        screen.print(progress)
    assert "and 3 more" in out.getvalue()
