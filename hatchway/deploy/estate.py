"""Planning, deploying and destroying the stacks of a topology, each after those it depends on."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Protocol, TypeVar

from hatchway.deploy.crew import Crew, Job, Step
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


R = TypeVar("R")


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

    def left(self, stack: str) -> None:
        """Take note that nothing is done to a stack any more."""

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
        parallelism: How many stacks may be worked on at once.
    """

    def __init__(
        self,
        stacks: Sequence[SynthesizedStack],
        terraform: Tool,
        progress: Progress,
        parallelism: int = 1,
    ) -> None:
        self._stacks = tuple(stacks)
        self._terraform = terraform
        self._progress = progress
        self._parallelism = parallelism
        # Terraform may download the provider then, into a cache that is not made for several at once.
        # https://developer.hashicorp.com/terraform/cli/config/config-file#provider-plugin-cache
        self._one_init = threading.Lock()

    def plan(self) -> tuple[StackResult, ...]:
        """Plan each stack and change nothing.

        A stack that reads the outputs of one not deployed yet cannot be planned; its result says so.
        """
        return self._all(self._plan_alone, {})

    def drift(self) -> tuple[StackDrift, ...]:
        """Compare what is there with what is declared, stack by stack; change, save and lock nothing."""
        return self._all(self._drift, {})

    def deploy(self) -> tuple[StackResult, ...]:
        """Bring each stack to what is declared: plan, ask, apply that very plan.

        Raises:
            Declined: The user did not confirm a plan.
            ToolError: Terraform failed. Stacks that do not depend on the failing one may be deployed.
        """
        needs = {stack.name: set(stack.dependencies) for stack in self._stacks}
        return self._all(self._deploy, needs)

    def destroy(self) -> tuple[StackResult, ...]:
        """Destroy the stacks, each before those it depends on, and make sure that their states are empty.

        Raises:
            ToolError: Terraform failed, or something is left in a state.
        """
        needs: dict[str, set[str]] = {}
        for stack in self._stacks:
            for name in stack.dependencies:
                needs.setdefault(name, set()).add(stack.name)
        return self._all(self._destroy, needs, tuple(reversed(self._stacks)))

    def _all(
        self,
        job: "Callable[[SynthesizedStack], Job[R]]",
        needs: Mapping[str, set[str]],
        stacks: Sequence[SynthesizedStack] | None = None,
    ) -> tuple[R, ...]:
        """Do a job for each stack; a failure says how far the others came."""
        chosen = self._stacks if stacks is None else stacks
        crew: Crew[R] = Crew(self._parallelism)
        try:
            crew.work({stack.name: partial(job, stack) for stack in chosen}, needs)
        except (TerraformError, Declined) as error:
            if job in (self._deploy, self._destroy):
                error.args = (f"{error} {self._standing(crew, str(error).partition(':')[0])}",)
            raise
        return tuple(crew.results[stack.name] for stack in chosen)

    def _plan_alone(self, stack: SynthesizedStack) -> "Job[StackResult]":
        started = time.monotonic()
        plan, waits_for = yield Step(lambda: self._planned_if_possible(stack))
        if plan is not None and not plan.is_empty:
            self._progress.planned(stack.name, plan)
        result = StackResult(
            stack=stack.name, plan=plan, seconds=time.monotonic() - started, waits_for=waits_for
        )
        self._progress.finished(result)
        return result

    def _drift(self, stack: SynthesizedStack) -> "Job[StackDrift]":
        found: StackDrift = yield Step(lambda: self._drifted(stack))
        self._progress.left(stack.name)
        return found

    def _drifted(self, stack: SynthesizedStack) -> StackDrift:
        try:
            terraform = self._prepared(self._terraform(stack))
            self._progress.enter(stack.name, Stage.PLAN)
            return StackDrift(stack=stack.name, drift=terraform.drift())
        except StateMissingError:
            return StackDrift(stack=stack.name, drift=None, waits_for=stack.dependencies)
        except TerraformError as error:
            return StackDrift(stack=stack.name, drift=None, error=" ".join((str(error), *error.tail[:1])))

    def _deploy(self, stack: SynthesizedStack) -> "Job[StackResult]":
        name, started, applied = stack.name, time.monotonic(), False
        terraform = self._terraform(stack)
        try:
            plan: Plan = yield Step(lambda: self._ready(terraform))
            before = time.monotonic() - started
            if not plan.is_empty:
                self._progress.planned(name, plan)
                if not self._progress.confirm(name):
                    raise Declined(f"{name}: not applied.")
            started, applied = time.monotonic(), True
            self._progress.enter(name, Stage.APPLY)
            # An empty plan is applied too: it may change outputs.
            yield Step(lambda: self._applied(terraform, plan), is_last=True)
        finally:
            if not applied:
                terraform.discard()
        seconds = before + time.monotonic() - started
        result = StackResult(stack=name, plan=plan, seconds=seconds, applied=True)
        self._progress.finished(result)
        return result

    def _ready(self, terraform: Terraform) -> Plan:
        return self._repaired(terraform, self._planned(self._prepared(terraform)))

    def _applied(self, terraform: Terraform, plan: Plan) -> None:
        terraform.apply(plan, on_event=lambda event: self._progress.event(terraform.stack, event))

    def _destroy(self, stack: SynthesizedStack) -> "Job[StackResult]":
        started = time.monotonic()
        plan = yield Step(lambda: self._destroyed(self._prepared(self._terraform(stack))), is_last=True)
        result = StackResult(stack=stack.name, plan=plan, seconds=time.monotonic() - started, applied=True)
        self._progress.finished(result)
        return result

    def _destroyed(self, terraform: Terraform) -> Plan | None:
        # A stack that was never deployed may read outputs that do not exist: it is not planned at all.
        if not terraform.resources():
            return None
        name = terraform.stack
        self._progress.enter(name, Stage.PLAN)
        plan = terraform.plan(destroy=True)
        self._progress.planned(name, plan)
        self._progress.enter(name, Stage.DESTROY)
        self._applied(terraform, plan)
        left = terraform.resources()
        if left:
            raise ToolError(f"{name}: is not empty after destroy. Run it again.", tail=left)
        return plan

    def _prepared(self, terraform: Terraform) -> Terraform:
        self._progress.enter(terraform.stack, Stage.INIT)
        with self._one_init:
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

    def _planned_if_possible(self, stack: SynthesizedStack) -> tuple[Plan | None, tuple[str, ...]]:
        terraform = self._prepared(self._terraform(stack))
        try:
            return self._planned(terraform), ()
        except StateMissingError:
            return None, stack.dependencies
        finally:
            terraform.discard()

    def _standing(self, crew: "Crew[R]", failed: str) -> str:
        names = [stack.name for stack in self._stacks]
        begun = [name for name in crew.started if name not in crew.results and name != failed]
        lists = [
            ("Done", [name for name in names if name in crew.results]),
            *([("Begun, not done", begun)] if begun else []),
            ("Not started", [name for name in names if name not in crew.started]),
        ]
        said = " ".join(f"{what}: {', '.join(which) or 'none'}." for what, which in lists)
        return f"{said} Run the same command to go on."
