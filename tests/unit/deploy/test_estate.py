from pathlib import Path
from typing import cast

import pytest

from hatchway.deploy.estate import Declined, Estate, StackResult, Stage
from hatchway.deploy.manifest import SynthesizedStack
from hatchway.errors import ToolError
from hatchway.terraform.events import Change, Event
from hatchway.terraform.runner import Plan, StateMissingError, Terraform, TerraformError

NAMES = ("foundation", "service-a", "gateway")
STACKS = tuple(
    SynthesizedStack(name=name, directory=Path(name), dependencies=NAMES[:number])
    for number, name in enumerate(NAMES)
)


class FakeTerraform:
    """Keeps a state in memory; `fails` names a stack and the step that fails there."""

    def __init__(self, done: list[str], state: set[str], fails: tuple[str, str] | None = None) -> None:
        self.done = done
        self.state = state
        self.fails = fails
        self.stack = ""
        self.tainted: dict[str, str] = {}

    def __call__(self, stack: SynthesizedStack) -> Terraform:
        fake = FakeTerraform(self.done, self.state, self.fails)
        fake.stack, fake.tainted = stack.name, self.tainted
        return cast("Terraform", fake)

    def _do(self, step: str) -> None:
        self.done.append(f"{self.stack} {step}")
        if self.fails == (self.stack, step):
            raise TerraformError(f"{self.stack}: terraform {step} failed.", tail=(), diagnostics=())

    def init(self) -> None:
        self._do("init")

    def plan(self, *, destroy: bool = False) -> Plan:
        self._do("plan")
        if not destroy and not set(NAMES[: NAMES.index(self.stack)]) <= self.state:
            raise StateMissingError("missing", tail=(), diagnostics=())
        if self.stack in self.tainted and not destroy:
            kind = self.tainted.pop(self.stack)
            change = Change(address=f"{kind}.a", action="replace", type=kind, reason="tainted")
            return Plan(path=Path("p"), changes=(change,))
        action = "delete" if destroy else "create"
        needed = destroy or self.stack not in self.state
        return Plan(path=Path("p"), changes=(Change(address="aws_vpc.a", action=action),) if needed else ())

    def apply(self, plan: Plan, on_event: object = None) -> None:  # noqa: ARG002 -- the port's name
        self._do("apply")
        if plan.count("delete"):
            self.state.discard(self.stack)
        else:
            self.state.add(self.stack)

    def resources(self) -> tuple[str, ...]:
        return ("aws_vpc.a",) if self.stack in self.state else ()

    def untaint(self, address: str) -> None:
        self._do(f"untaint {address}")

    def discard(self) -> None:
        self.done.append(f"{self.stack} discard")


class FakeProgress:
    def __init__(self, *, answer: bool = True) -> None:
        self.answer = answer
        self.asked: list[str] = []
        self.notes: list[str] = []
        self.stages: list[tuple[str, Stage]] = []
        self.results: list[StackResult] = []

    def enter(self, stack: str, stage: Stage) -> None:
        self.stages.append((stack, stage))

    def planned(self, stack: str, plan: Plan) -> None:
        pass

    def confirm(self, stack: str) -> bool:
        self.asked.append(stack)
        return self.answer

    def event(self, stack: str, event: Event) -> None:
        pass

    def finished(self, result: StackResult) -> None:
        self.results.append(result)

    def left(self, stack: str) -> None:
        pass

    def note(self, sentence: str) -> None:
        self.notes.append(sentence)


def test_deploys_each_stack_before_the_next_is_planned() -> None:
    tool, progress = FakeTerraform([], set()), FakeProgress()
    results = Estate(STACKS, tool, progress).deploy()
    assert tool.done == [f"{name} {step}" for name in NAMES for step in ("init", "plan", "apply")]
    assert progress.asked == list(NAMES)
    assert [result.applied for result in results] == [True, True, True]


def test_an_empty_plan_is_applied_for_its_outputs_without_asking() -> None:
    tool, progress = FakeTerraform([], set(NAMES)), FakeProgress()
    Estate(STACKS, tool, progress).deploy()
    assert progress.asked == []
    assert "gateway apply" in tool.done


def test_a_plan_that_is_not_confirmed_is_not_applied_and_nothing_after_it_is_started() -> None:
    tool = FakeTerraform([], {"foundation"})
    with pytest.raises(Declined, match=r"service-a: not applied\. .*: foundation\. Not started: gateway"):
        Estate(STACKS, tool, FakeProgress(answer=False)).deploy()
    assert tool.done[-2:] == ["service-a plan", "service-a discard"]


def test_a_failure_says_what_is_deployed_and_what_is_not() -> None:
    tool = FakeTerraform([], set(), fails=("service-a", "apply"))
    with pytest.raises(TerraformError, match=r"apply failed\. .*: foundation\. Not started: gateway"):
        Estate(STACKS, tool, FakeProgress()).deploy()
    assert not any(step.startswith("gateway") for step in tool.done)


@pytest.mark.parametrize("kind", ["aws_vpc_endpoint", "aws_lb"])
def test_what_holds_addresses_is_kept_when_a_run_was_stopped_while_creating_it(kind: str) -> None:
    tool, progress = FakeTerraform([], set(NAMES)), FakeProgress()
    tool.tainted["gateway"] = kind
    Estate(STACKS, tool, progress).deploy()
    assert tool.done[-4:] == ["gateway plan", f"gateway untaint {kind}.a", "gateway plan", "gateway apply"]
    assert "was created by a run that was stopped" in progress.notes[0]


def test_anything_else_that_is_tainted_is_replaced() -> None:
    tool = FakeTerraform([], set(NAMES))
    tool.tainted["gateway"] = "aws_lambda_function"
    Estate(STACKS, tool, FakeProgress()).deploy()
    assert tool.done[-2:] == ["gateway plan", "gateway apply"]


def test_planning_alone_repairs_nothing() -> None:
    tool = FakeTerraform([], set(NAMES))
    tool.tainted["gateway"] = "aws_lb"
    Estate(STACKS, tool, FakeProgress()).plan()
    assert not any("untaint" in step for step in tool.done)


def test_planning_an_estate_that_is_not_deployed_says_what_each_stack_waits_for() -> None:
    tool = FakeTerraform([], set())
    results = Estate(STACKS, tool, FakeProgress()).plan()
    assert [result.waits_for for result in results] == [(), ("foundation",), ("foundation", "service-a")]
    assert results[0].plan is not None
    assert not any(step.endswith("apply") for step in tool.done)


def test_planning_leaves_no_plan_behind() -> None:
    tool = FakeTerraform([], set(NAMES))
    Estate(STACKS, tool, FakeProgress()).plan()
    assert [step for step in tool.done if step.endswith("discard")] == [f"{name} discard" for name in NAMES]


def test_destroys_in_reverse_order() -> None:
    tool = FakeTerraform([], set(NAMES))
    Estate(STACKS, tool, FakeProgress()).destroy()
    assert [step for step in tool.done if step.endswith("apply")] == [f"{n} apply" for n in reversed(NAMES)]
    assert tool.state == set()


def test_a_stack_that_was_never_deployed_is_not_planned_for_destruction() -> None:
    tool = FakeTerraform([], {"foundation"})
    results = Estate(STACKS, tool, FakeProgress()).destroy()
    assert "gateway plan" not in tool.done
    assert [result.plan is None for result in results] == [True, True, False]


def test_what_is_left_after_destroy_is_an_error() -> None:
    class Sticky(FakeTerraform):
        def __call__(self, stack: SynthesizedStack) -> Terraform:
            fake = Sticky(self.done, self.state)
            fake.stack = stack.name
            return cast("Terraform", fake)

        def apply(self, plan: Plan, on_event: object = None) -> None:
            pass

    with pytest.raises(ToolError, match="gateway: is not empty after destroy") as caught:
        Estate(STACKS, Sticky([], set(NAMES)), FakeProgress()).destroy()
    assert caught.value.tail == ("aws_vpc.a",)
