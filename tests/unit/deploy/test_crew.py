"""Several stacks at once: order, bounds, failures, Ctrl-C. The steps are real threads."""

import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from hatchway.deploy.crew import Crew, Job, Step
from hatchway.terraform.process import Interrupted

SECONDS = 5


class Log:
    """What happened, in order, in whatever thread."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._lock = threading.Lock()
        self.under_way = 0
        self.most = 0

    def step(self, line: str, wait: Callable[[], object] = lambda: None) -> Callable[[], str]:
        def action() -> str:
            with self._lock:
                self.lines.append(line)
                self.under_way += 1
                self.most = max(self.most, self.under_way)
            try:
                wait()
                return line
            finally:
                with self._lock:
                    self.under_way -= 1

        return action


def plan_and_apply(log: Log, name: str, wait: Callable[[], object] = lambda: None) -> Callable[[], Job[str]]:
    def job() -> Job[str]:
        planned = yield Step(log.step(f"{name} plan", wait))
        log.lines.append(f"{name} asked")
        applied = yield Step(log.step(f"{name} apply", wait), is_last=True)
        return f"{planned}, {applied}"

    return job


def test_a_job_begins_when_all_it_needs_is_done() -> None:
    log, crew = Log(), Crew[str](4)
    jobs = {name: plan_and_apply(log, name) for name in ("foundation", "a", "b", "gateway")}
    needs = {"a": {"foundation"}, "b": {"foundation"}, "gateway": {"a", "b", "not selected"}}
    crew.work(jobs, needs)
    steps = [line for line in log.lines if not line.endswith("asked")]
    assert steps[:2] == ["foundation plan", "foundation apply"]
    assert steps[-2:] == ["gateway plan", "gateway apply"]
    assert crew.results["a"] == "a plan, a apply"


def test_independent_jobs_are_under_way_at_once() -> None:
    log, meeting = Log(), threading.Barrier(3, timeout=SECONDS)
    Crew[str](3).work({name: plan_and_apply(log, name, meeting.wait) for name in "abc"}, {})
    assert log.most == 3


@pytest.mark.parametrize("size", [1, 2])
def test_no_more_are_under_way_than_was_said(size: int) -> None:
    log = Log()
    Crew[str](size).work({name: plan_and_apply(log, name, lambda: time.sleep(0.01)) for name in "abcdef"}, {})
    assert log.most == size


def test_one_at_a_time_is_one_after_the_other() -> None:
    log = Log()
    Crew[str](1).work({name: plan_and_apply(log, name) for name in "ab"}, {})
    assert log.lines == [f"{name} {what}" for name in "ab" for what in ("plan", "asked", "apply")]


def test_what_asks_a_person_runs_where_the_work_was_begun() -> None:
    asked: list[threading.Thread] = []

    def job() -> Job[None]:
        yield Step(lambda: None)
        asked.append(threading.current_thread())

    Crew[None](2).work({"a": job, "b": job}, {})
    assert asked == [threading.current_thread()] * 2


def test_after_a_failure_what_is_under_way_ends_and_nothing_is_begun() -> None:
    log, crew, failed = Log(), Crew[str](2), threading.Event()

    def last() -> Job[str]:
        yield Step(log.step("a apply", lambda: failed.wait(SECONDS)), is_last=True)
        return "a done"

    def fail() -> None:
        failed.set()
        raise ValueError("b")

    def bad() -> Job[str]:
        yield Step(log.step("b plan", fail))
        return "never"

    jobs = {"a": last, "b": bad, "c": plan_and_apply(log, "c"), "d": plan_and_apply(log, "d")}
    with pytest.raises(ValueError, match="b"):
        crew.work(jobs, {"d": {"b"}})
    assert crew.results == {"a": "a done"}
    assert crew.started == ["a", "b"]


def test_a_job_that_was_not_gone_on_with_can_tidy_up() -> None:
    log, tidied, planned = Log(), [], threading.Event()

    def job() -> Job[str]:
        try:
            yield Step(log.step("a plan", lambda: planned.wait(SECONDS)))
            log.lines.append("a asked")
            yield Step(log.step("a apply"), is_last=True)
        finally:
            tidied.append("a")
        return "never"

    def fail() -> None:
        raise ValueError("b")

    def bad() -> Job[str]:
        try:
            yield Step(fail)
        finally:
            planned.set()
        return "never"

    with pytest.raises(ValueError, match="b"):
        Crew[str](2).work({"a": job, "b": bad}, {})
    assert (log.lines, tidied) == (["a plan"], ["a"])


def test_a_job_may_mend_the_failure_of_its_step() -> None:
    def fail() -> None:
        raise ValueError("once")

    def job() -> Job[str]:
        try:
            yield Step(fail)
        except ValueError as error:
            return f"mended {error}"
        return "never"

    crew = Crew[str](1)
    crew.work({"a": job}, {})
    assert crew.results == {"a": "mended once"}


def test_ctrl_c_is_passed_on_and_what_is_under_way_is_waited_for() -> None:
    told, log = threading.Event(), Log()

    def stopped() -> Any:
        os.kill(os.getpid(), signal.SIGINT)
        assert told.wait(SECONDS)
        raise Interrupted("stopped while changing a; what was done is in its state.")

    def job() -> Job[str]:
        yield Step(log.step("a apply", stopped), is_last=True)
        return "never"

    crew = Crew[str](2, interrupt=told.set)
    with pytest.raises(Interrupted, match="stopped while changing a") as interrupted:
        crew.work({"a": job, "b": plan_and_apply(log, "b")}, {"b": {"a"}})
    assert not interrupted.value.forced
    assert crew.started == ["a"]


def test_a_failure_beside_ctrl_c_does_not_hide_it() -> None:
    told = threading.Event()

    def stopped() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        told.wait(SECONDS)
        raise ValueError("failed while stopping")

    with pytest.raises(KeyboardInterrupt):
        Crew[str](1, interrupt=told.set).work({"a": lambda: _one(stopped)}, {})


def _one(action: Callable[[], object]) -> Job[str]:
    yield Step(action)
    return "never"


def test_needs_that_go_round_in_circles_are_no_work() -> None:
    with pytest.raises(ValueError, match="cycle"):
        Crew[str](1).work({name: lambda: _one(lambda: None) for name in "ab"}, {"a": {"b"}, "b": {"a"}})
