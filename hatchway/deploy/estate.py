"""Planning, deploying and destroying the stacks of a topology, one after the other."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from hatchway.deploy.drift import StackDrift
from hatchway.deploy.manifest import SynthesizedStack
from hatchway.errors import ToolError
from hatchway.terraform.events import Event
from hatchway.terraform.runner import Plan, StateMissingError, Terraform, TerraformError

__all__ = ["Declined", "Estate", "Progress", "StackResult", "Stage"]

# Their addresses are pinned. A deployment or a VPC link that is created before its predecessor is destroyed
# makes Terraform do the same with all it depends on: a second one of these would find its addresses in use.
# https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#create_before_destroy
_HOLD_ADDRESSES = ("aws_vpc_endpoint", "aws_lb")


class Stage(StrEnum):
    """What is being done to a stack."""

    INIT = "preparing"
    PLAN = "planning"
    APPLY = "applying"
    DESTROY = "destroying"


@dataclass(frozen=True, slots=True, kw_only=True)
class StackResult:
    """What came of one stack.

    Attributes:
        stack: Its name.
        plan: What was planned; None if nothing could be or had to be.
        seconds: How long it took, waiting for a confirmation left out.
        waits_for: Stacks that have to be deployed before this one can be planned.
        applied: Whether the plan was applied.
    """

    stack: str
    plan: Plan | None
    seconds: float
    waits_for: tuple[str, ...] = ()
    applied: bool = False


class Progress(Protocol):
    """Shows what is going on, and asks. Nothing is decided here."""

    def enter(self, stack: str, stage: Stage) -> None:
        """Take note of what is being done now."""

    def planned(self, stack: str, plan: Plan) -> None:
        """Show a plan."""

    def confirm(self, stack: str) -> bool:
        """Ask whether the plan just shown may be applied. Called for plans that change something."""

    def event(self, stack: str, event: Event) -> None:
        """Take note of a step of Terraform's."""

    def finished(self, result: StackResult) -> None:
        """Show what came of a stack."""

    def note(self, sentence: str) -> None:
        """Show a sentence."""


class Declined(Exception):  # noqa: N818 -- an answer, not an error
    """The user said no. The message says what has been done and what has not."""


class Tool(Protocol):
    """Makes the runner of a stack."""

    def __call__(self, stack: SynthesizedStack, /) -> Terraform:
        """Return it."""


class Estate:
    """The selected stacks, in the order of deployment.

    Args:
        stacks: What was synthesized and selected, in order.
        terraform: Makes the runner of a stack.
        progress: Shows and asks.
    """

    def __init__(self, stacks: Sequence[SynthesizedStack], terraform: Tool, progress: Progress) -> None:
        self._stacks = tuple(stacks)
        self._terraform = terraform
        self._progress = progress

    def plan(self) -> tuple[StackResult, ...]:
        """Plan each stack and change nothing.

        A stack that reads the outputs of one not deployed yet cannot be planned; its result says so.
        """
        results: list[StackResult] = []
        for stack in self._stacks:
            started = time.monotonic()
            terraform = self._prepared(stack)
            plan, waits_for = self._planned_if_possible(terraform, stack)
            terraform.discard()
            seconds = time.monotonic() - started
            if plan is not None and not plan.is_empty:
                self._progress.planned(stack.name, plan)
            results.append(StackResult(stack=stack.name, plan=plan, seconds=seconds, waits_for=waits_for))
            self._progress.finished(results[-1])
        return tuple(results)

    def drift(self) -> tuple[StackDrift, ...]:
        """Compare what is there with what is declared, stack by stack; change, save and lock nothing."""
        return tuple(map(self._drift, self._stacks))

    def deploy(self) -> tuple[StackResult, ...]:
        """Bring each stack to what is declared: plan, ask, apply that very plan.

        Raises:
            Declined: The user did not confirm a plan.
            ToolError: Terraform failed. Stacks before the failing one are deployed.
        """
        results: list[StackResult] = []
        for stack in self._stacks:
            try:
                results.append(self._deploy(stack))
            except TerraformError as error:
                error.args = (f"{error} {self._standing(results, stack)}",)
                raise
            if results[-1].plan is None:
                raise Declined(f"{stack.name}: not applied. {self._standing(results[:-1], stack)}")
            self._progress.finished(results[-1])
        return tuple(results)

    def destroy(self) -> tuple[StackResult, ...]:
        """Destroy the stacks in reverse order, and make sure that their states are empty.

        Raises:
            ToolError: Terraform failed, or something is left in a state.
        """
        results: list[StackResult] = []
        for stack in reversed(self._stacks):
            started = time.monotonic()
            terraform = self._prepared(stack)
            # A stack that was never deployed may read outputs that do not exist: it is not planned at all.
            plan = self._destroyed(terraform) if terraform.resources() else None
            seconds = time.monotonic() - started
            results.append(StackResult(stack=stack.name, plan=plan, seconds=seconds, applied=True))
            self._progress.finished(results[-1])
        return tuple(results)

    def _drift(self, stack: SynthesizedStack) -> StackDrift:
        try:
            terraform = self._prepared(stack)
            self._progress.enter(stack.name, Stage.PLAN)
            return StackDrift(stack=stack.name, drift=terraform.drift())
        except StateMissingError:
            return StackDrift(stack=stack.name, drift=None, waits_for=stack.dependencies)
        except TerraformError as error:
            return StackDrift(stack=stack.name, drift=None, error=" ".join((str(error), *error.tail[:1])))

    def _deploy(self, stack: SynthesizedStack) -> StackResult:
        started = time.monotonic()
        terraform = self._prepared(stack)
        plan = self._repaired(terraform, self._planned(terraform))
        before = time.monotonic() - started
        if not plan.is_empty:
            self._progress.planned(stack.name, plan)
            if not self._progress.confirm(stack.name):
                terraform.discard()
                return StackResult(stack=stack.name, plan=None, seconds=before)
        started = time.monotonic()
        self._progress.enter(stack.name, Stage.APPLY)
        # An empty plan is applied too: it may change outputs.
        terraform.apply(plan, on_event=lambda event: self._progress.event(stack.name, event))
        seconds = before + time.monotonic() - started
        return StackResult(stack=stack.name, plan=plan, seconds=seconds, applied=True)

    def _destroyed(self, terraform: Terraform) -> Plan:
        name = terraform.stack
        self._progress.enter(name, Stage.PLAN)
        plan = terraform.plan(destroy=True)
        self._progress.planned(name, plan)
        self._progress.enter(name, Stage.DESTROY)
        terraform.apply(plan, on_event=lambda event: self._progress.event(name, event))
        left = terraform.resources()
        if left:
            raise ToolError(f"{name}: is not empty after destroy. Run it again.", tail=left)
        return plan

    def _prepared(self, stack: SynthesizedStack) -> Terraform:
        self._progress.enter(stack.name, Stage.INIT)
        terraform = self._terraform(stack)
        terraform.init()
        return terraform

    def _planned(self, terraform: Terraform) -> Plan:
        self._progress.enter(terraform.stack, Stage.PLAN)
        return terraform.plan()

    def _repaired(self, terraform: Terraform, plan: Plan) -> Plan:
        """Keep what an interrupted run had created, where it could not be created a second time."""
        kept = [
            change.address
            for change in plan.changes
            if (change.action, change.reason) == ("replace", "tainted") and change.type in _HOLD_ADDRESSES
        ]
        if not kept:
            return plan
        for address in kept:
            self._progress.note(
                f"{terraform.stack}: {address} was created by a run that was stopped; keeping it."
            )
            terraform.untaint(address)
        return self._planned(terraform)

    def _planned_if_possible(
        self, terraform: Terraform, stack: SynthesizedStack
    ) -> tuple[Plan | None, tuple[str, ...]]:
        try:
            return self._planned(terraform), ()
        except StateMissingError:
            return None, stack.dependencies

    def _standing(self, done: Sequence[StackResult], stack: SynthesizedStack) -> str:
        deployed = ", ".join(result.stack for result in done) or "none"
        names = [each.name for each in self._stacks]
        waiting = ", ".join(names[names.index(stack.name) + 1 :]) or "none"
        return f"Deployed before it: {deployed}. Not started: {waiting}. Run the same command to go on."
