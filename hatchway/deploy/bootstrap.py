"""Creating what has to be there before the first deployment, with Terraform of its own."""

import json
import time
from collections.abc import Callable
from pathlib import Path

from hatchway.deploy.estate import Declined, Progress, StackResult, Stage
from hatchway.errors import ToolError
from hatchway.terraform.runner import Plan, Terraform, TerraformError

__all__ = ["Bootstrap"]

_OVERRIDE = "bootstrap_override.tf.json"
_NO_BUCKET = ("does not exist", "NoSuchBucket")


class Bootstrap:
    """The stack `bootstrap`, whose state moves into the bucket that it creates.

    At first there is no bucket, so the state is in a file on this machine; it is moved as soon as the bucket
    is there. A run that is stopped in between is continued from the file by the next.

    Args:
        directory: Folder of the stack, with its `cdk.tf.json`.
        terraform: Makes the runner of the stack.
        progress: Shows and asks.
        state_file: Where the state is until there is a bucket; None where it stays there anyway.
    """

    def __init__(
        self, directory: Path, terraform: Callable[[], Terraform], progress: Progress, state_file: Path | None
    ) -> None:
        self._directory = directory
        self._terraform = terraform()
        self._progress = progress
        self._file = state_file

    def run(self) -> StackResult:
        """Bring the accounts to what is declared: plan, ask, apply that very plan, move the state.

        Raises:
            Declined: The user did not confirm the plan.
            ToolError: Terraform failed.
        """
        started = time.monotonic()
        name = self._terraform.stack
        self._progress.enter(name, Stage.INIT)
        is_first = self._begin()
        self._progress.enter(name, Stage.PLAN)
        plan = self._terraform.plan()
        if not plan.is_empty:
            self._progress.planned(name, plan)
            if not self._progress.confirm(name):
                self._terraform.discard()
                raise Declined(f"{name}: not applied; nothing was changed.")
        self._apply(plan)
        if is_first:
            self._move_state()
        result = StackResult(stack=name, plan=plan, seconds=time.monotonic() - started, applied=True)
        self._progress.finished(result)
        return result

    def _begin(self) -> bool:
        """Prepare the folder; return whether the state is on this machine and has to be moved."""
        override = self._directory / _OVERRIDE
        override.unlink(missing_ok=True)
        if self._file is None:
            self._terraform.init()
            return False
        if not self._file.exists() and self._bucket_is_there():
            return False
        backend = {"terraform": {"backend": {"local": {"path": str(self._file)}}}}
        override.write_text(json.dumps(backend), encoding="utf-8")
        self._progress.note(
            f"{self._terraform.stack}: its state is in {self._file} until the bucket is there."
        )
        self._terraform.init()
        return True

    def _bucket_is_there(self) -> bool:
        try:
            self._terraform.init()
        except TerraformError as error:
            said = " ".join(error.tail)
            if "S3 bucket" in said and any(sign in said for sign in _NO_BUCKET):
                return False
            raise
        return True

    def _apply(self, plan: Plan) -> None:
        name = self._terraform.stack
        self._progress.enter(name, Stage.APPLY)
        self._terraform.apply(plan, on_event=lambda event: self._progress.event(name, event))

    def _move_state(self) -> None:
        assert self._file is not None  # noqa: S101 -- only a state in a file is moved
        kept = self._terraform.resources()
        (self._directory / _OVERRIDE).unlink()
        self._terraform.migrate_state()
        if self._terraform.resources() != kept:
            raise ToolError(
                f"{self._terraform.stack}: the state was not moved as a whole; it still is in {self._file}. "
                "Run the same command again."
            )
        self._file.unlink()
        self._file.with_name(f"{self._file.name}.backup").unlink(missing_ok=True)
        self._progress.note(f"{self._terraform.stack}: its state is in the bucket now.")
