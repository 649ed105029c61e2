"""Terraform's commands on one stack, with typed results."""

import os
import signal
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hatchway.errors import ToolError
from hatchway.terraform.advice import advice
from hatchway.terraform.events import Change, Diagnostic, Event, OutsideChange
from hatchway.terraform.invocation import Ended, Invoker
from hatchway.terraform.lock import Lock, find_lock, is_left_behind
from hatchway.terraform.redaction import redact
from hatchway.terraform.saved_plan import changes_of

__all__ = ["Drift", "Plan", "StateMissingError", "Terraform", "TerraformError"]

_TAIL = 20
# https://developer.hashicorp.com/terraform/cli/commands/plan#detailed-exitcode
_DIFFERS = 2
# Variables that would make Terraform work somewhere else than in the stack's own folder and state.
_UNWANTED = ("TF_WORKSPACE", "TF_DATA_DIR", "TF_CLI_ARGS")


class TerraformError(ToolError):
    """Terraform failed. `diagnostics` holds all it said."""

    def __init__(self, message: str, *, tail: Sequence[str], diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__(message, tail=tail)
        self.diagnostics = tuple(diagnostics)


class StateMissingError(TerraformError):
    """A stack reads the outputs of another that has not been deployed yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A saved plan."""

    path: Path
    changes: tuple[Change, ...]

    def count(self, *actions: str) -> int:
        """Count the resources with one of these actions."""
        counted = Counter(change.action for change in self.changes)
        return sum(counted[action] for action in actions)

    @property
    def is_empty(self) -> bool:
        """Whether applying it changes no resource."""
        return not self.count("create", "update", "replace", "delete", "import", "forget", "remove")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """What a plan shows without being saved.

    Attributes:
        differs: Whether it changes anything, outputs included.
        changes: What it would change; empty in HCP Terraform, which tells only whether it does.
        outside: Addresses of what is not as Terraform left it.
    """

    differs: bool
    changes: tuple[Change, ...] = ()
    outside: tuple[str, ...] = ()


class Terraform:
    """Runs Terraform in the folder of one stack.

    Args:
        stack: Name of the stack, for messages.
        directory: The folder with its `cdk.tf.json`.
        binary: The program.
        environ: The environment it gets, save what would lead it astray.
        runs: Folder for the plan, the journal and the log of a run while it lasts.
        note: Takes sentences about what is being waited for or repaired.
        in_hcp: Whether plans and applies run in HCP Terraform, which has no machine-readable progress.
    """

    def __init__(  # noqa: PLR0913 -- all by name; each is a seam that tests use
        self,
        *,
        stack: str,
        directory: Path,
        binary: Path,
        environ: Mapping[str, str],
        runs: Path,
        note: Callable[[str], object] = lambda _sentence: None,
        in_hcp: bool = False,
    ) -> None:
        self.stack = stack
        self._in_hcp = in_hcp
        self._progress = "-no-color" if in_hcp else "-json"
        kept = {name: value for name, value in environ.items() if not name.startswith(_UNWANTED)}
        self._invoker = Invoker(
            stack=stack,
            binary=binary,
            directory=directory,
            environ={**kept, "TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "CHECKPOINT_DISABLE": "1"},
            runs=runs,
            note=note,
        )
        self._plan = runs / f"{stack}.tfplan"

    def init(self) -> None:
        """Prepare the folder: backend and provider.

        The folder is generated, so what an earlier init left in it decides nothing: the backend is taken as
        declared, as in a fresh clone.
        """
        # Terraform refuses the option where there is no backend to be configured anew.
        fresh = () if self._in_hcp else ("-reconfigure",)
        self._run("init", self._progress, "-input=false", *fresh)

    def migrate_state(self) -> None:
        """Copy the state from where an earlier `init` found it to where it is declared now."""
        self._run("init", "-no-color", "-input=false", "-migrate-state", "-force-copy")

    def plan(self, *, destroy: bool = False) -> Plan:
        """Plan against the real state, and save the plan where only this user can read it."""
        self._plan.parent.mkdir(parents=True, exist_ok=True)
        self.discard()
        os.close(os.open(self._plan, os.O_CREAT | os.O_WRONLY, 0o600))
        changes: list[Change] = []
        try:
            self._run(
                *("plan", self._progress, "-input=false", f"-out={self._plan.resolve()}"),
                *(("-destroy",) if destroy else ()),
                on_event=lambda event: changes.append(event) if isinstance(event, Change) else None,
            )
            if self._in_hcp:
                changes += self._shown(self._plan)
        except BaseException:
            self.discard()
            raise
        return Plan(path=self._plan, changes=tuple(changes))

    def drift(self) -> Drift:
        """Plan against the real state without a lock, which nothing is to wait for, and save nothing."""
        changes: list[Change] = []
        outside: list[str] = []

        def note(event: Event) -> None:
            if isinstance(event, Change):
                changes.append(event)
            elif isinstance(event, OutsideChange):
                outside.append(event.address)

        ended = self._run(
            *("plan", self._progress, "-input=false", "-lock=false", "-detailed-exitcode"),
            on_event=note,
            fine=(0, _DIFFERS),
        )
        return Drift(differs=ended.code == _DIFFERS, changes=tuple(changes), outside=tuple(outside))

    def apply(self, plan: Plan, on_event: Callable[[Event], object] = lambda _event: None) -> None:
        """Apply a saved plan exactly as planned, then remove it."""
        try:
            self._run("apply", self._progress, "-input=false", str(plan.path.resolve()), on_event=on_event)
        finally:
            self.discard()

    def discard(self) -> None:
        """Remove the saved plan, which holds values in plain text."""
        self._plan.unlink(missing_ok=True)

    def untaint(self, address: str) -> None:
        """Take a resource for good whose creation was not seen to its end."""
        self._run("untaint", address)

    def resources(self) -> tuple[str, ...]:
        """Return the addresses of everything in the state."""
        return tuple(line for line in self._run("state", "list").text if line.strip())

    def _shown(self, plan: Path) -> tuple[Change, ...]:
        return changes_of("\n".join(self._run("show", "-json", str(plan.resolve())).text), self.stack)

    def _run(
        self,
        *arguments: str,
        on_event: Callable[[Event], object] = lambda _event: None,
        fine: tuple[int, ...] = (0,),
    ) -> Ended:
        ended = self._invoker.invoke(*arguments, on_event=on_event)
        lock = None if ended.code in fine else find_lock(ended.diagnostics)
        if lock is not None and is_left_behind(lock, ended.predecessor):
            self._invoker.note(
                f"{self.stack}: unlocking the state, which a run of {lock.created} that died left locked."
            )
            ended = self._invoker.invoke("force-unlock", "-force", lock.id)
            if ended.code == 0:
                ended = self._invoker.invoke(*arguments, on_event=on_event)
        if ended.code not in fine:
            raise self._error(arguments[0], ended)
        return ended

    def _error(self, command: str, ended: Ended) -> TerraformError:
        lock = find_lock(ended.diagnostics)
        if lock is not None:
            return TerraformError(_locked(self.stack, lock), tail=(), diagnostics=ended.diagnostics)
        errors = [diagnostic for diagnostic in ended.diagnostics if diagnostic.severity == "error"]
        # Of text, the error is the end; of diagnostics, the first is the one that matters.
        text = [line for line in ended.text if line.strip()][-_TAIL:]
        lines = [line for diagnostic in errors for line in diagnostic.lines][:_TAIL] or text
        missing = any(map(_is_missing_state, errors)) or (command == "plan" and _lacks_state(text))
        kind = StateMissingError if missing else TerraformError
        return kind(
            f"{self.stack}: terraform {command} {_how(ended.code)}.",
            tail=[*(redact(line, self._invoker.environ) for line in lines), *advice(lines)],
            diagnostics=ended.diagnostics,
        )


def _how(code: int) -> str:
    """Says how a run failed; a negative code is the signal that ended it."""
    if code >= 0:
        return f"failed, got exit code {code}"
    return f"was killed, got {signal.strsignal(-code) or f'signal {-code}'}"


def _is_missing_state(diagnostic: Diagnostic) -> bool:
    return _lacks_state((diagnostic.summary, diagnostic.address, diagnostic.snippet))


def _lacks_state(said: Sequence[str]) -> bool:
    return any("remote state" in line or "terraform_remote_state" in line for line in said)


def _locked(stack: str, lock: Lock) -> str:
    return (
        f"{stack}: the state is locked, got {lock.operation or 'an operation'} by {lock.who or 'somebody'} "
        f"since {lock.created or 'an unknown time'} ({lock.path}). Wait for it to end, then try again. If "
        f"it is known to be dead, run 'terraform force-unlock {lock.id}' in the stack's folder."
    )
