import io
from collections.abc import Callable
from pathlib import Path

import pytest

from hatchway.errors import ToolError
from scripts.setup.console import Console
from scripts.setup.journal import Journal
from scripts.setup.sequence import carry_out


class Made:
    """A step that counts its runs."""

    def __init__(self, name: str = "made", action: Callable[[], None] = lambda: None) -> None:
        self.name = self.title = name
        self.runs: list[bool] = []
        self.there = False
        self.current = "key"
        self.whole = True
        self.action = action
        self.said: tuple[str, ...] = ()

    def key(self) -> str:
        return self.current

    def intact(self) -> bool:
        return self.there

    def run(self, *, interrupted: bool) -> str:
        self.runs.append(interrupted)
        self.action()
        self.there = True
        return "made it"

    def complete(self) -> bool:
        return self.whole

    def remarks(self) -> tuple[str, ...]:
        return self.said


def _refuse() -> None:
    raise ToolError("cannot be made")


def _interrupt() -> None:
    raise KeyboardInterrupt


def _set_up(folder: Path, *steps: Made) -> str:
    shown = io.StringIO()
    carry_out(steps, Journal.read(folder / "setup.json"), Console(shown))
    return shown.getvalue()


def test_does_a_step_once(tmp_path: Path) -> None:
    step = Made()
    assert _set_up(tmp_path, step).splitlines()[0] == "set-up 1/1  made … 0.0 s  made it"
    assert _set_up(tmp_path, step).startswith("set-up: nothing to do (")
    assert step.runs == [False]


def test_does_a_step_again_when_what_it_depends_on_changes(tmp_path: Path) -> None:
    step = Made()
    _set_up(tmp_path, step)
    step.current = "another key"
    _set_up(tmp_path, step)
    assert len(step.runs) == 2


def test_does_a_step_again_when_its_result_is_gone(tmp_path: Path) -> None:
    step = Made()
    _set_up(tmp_path, step)
    step.there = False
    _set_up(tmp_path, step)
    assert len(step.runs) == 2


def test_looks_at_a_later_step_after_an_earlier_one_ran(tmp_path: Path) -> None:
    environment, launcher = Made("environment"), Made("launcher")
    _set_up(tmp_path, environment, launcher)

    def remove_the_launcher() -> None:
        launcher.there = False

    environment.action = remove_the_launcher
    environment.current = "new lock"
    _set_up(tmp_path, environment, launcher)
    assert len(launcher.runs) == 2


def test_keeps_what_was_done_before_a_failure_and_goes_on_there(tmp_path: Path) -> None:
    first, second = Made("first"), Made("second")
    second.action = _refuse
    with pytest.raises(ToolError, match="cannot be made"):
        _set_up(tmp_path, first, second)
    second.action = lambda: None
    _set_up(tmp_path, first, second)
    assert first.runs == [False]
    assert second.runs == [False, False]


def test_tells_a_step_that_its_last_run_was_killed(tmp_path: Path) -> None:
    step = Made()
    step.action = _interrupt
    with pytest.raises(KeyboardInterrupt):
        _set_up(tmp_path, step)
    step.action = lambda: None
    _set_up(tmp_path, step)
    assert step.runs == [False, True]


def test_tries_again_what_was_done_in_part_and_repeats_the_remark(tmp_path: Path) -> None:
    step = Made()
    step.whole = False
    step.said = ("something is not there, and only one test needs it",)
    for _ in range(2):
        assert "set-up: something is not there, and only one test needs it\n" in _set_up(tmp_path, step)
    assert len(step.runs) == 2


def test_ends_a_failure_with_the_sentence_after_the_tail() -> None:
    shown = io.StringIO()
    console = Console(shown)
    with pytest.raises(ToolError), console.stage("1/1", "Pipenv"):
        _refuse()
    console.failure("cannot be made", ("last words", "of pip"))
    assert shown.getvalue() == (
        "set-up 1/1  Pipenv … failed\n    last words\n    of pip\nset-up: cannot be made\n"
    )
