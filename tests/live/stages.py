"""The stages that change an estate: commands of `hatchway` that a person can follow and stop."""

import json
import signal
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

import pytest

from tests.live.settings import Settings

_TAIL = 20

Show = Callable[[str], object]


class Environ(dict[str, str]):
    """The environment of a command. There may be tokens in it, and pytest shows what tests are given."""

    def __repr__(self) -> str:
        return "Environ(********)"


class CommandFailedError(pytest.fail.Exception):
    """A command ended with an exit code other than 0. What it said tells more than a traceback."""

    def __init__(self, arguments: Sequence[str], code: int, said: str) -> None:
        tail = "".join(said.splitlines(keepends=True)[-_TAIL:])
        super().__init__(f"hatchway {arguments[0]}: exit code {code}\n{tail}", pytrace=False)


class StandingError(pytest.fail.Exception):
    """Something is deployed that this run has not deployed."""

    def __init__(self, stacks: Sequence[str]) -> None:
        super().__init__(
            f"{', '.join(stacks)}: is deployed already, and this run would destroy it at its end. Name "
            "a topology of its own in HATCHWAY_LIVE_TOPOLOGY, or remove it with 'hatchway destroy'; "
            "SKIP_deploy=1 uses it, and leaves it there.",
            pytrace=False,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Hatchway:
    """Runs the command line, and shows what it says while it says it.

    Attributes:
        command: How it is started.
        environ: Its environment.
        folder: Where it runs.
        show: Takes each line.
    """

    command: Sequence[str]
    environ: Environ
    folder: Path
    show: Show

    def passes(self, *arguments: str) -> str:
        """Run a command, and return what it said.

        Raises:
            CommandFailedError: It failed.
            KeyboardInterrupt: It was stopped, and has come to its end.
        """
        self.show(f"\n$ hatchway {' '.join(arguments)}\n")
        with subprocess.Popen(
            [*self.command, *arguments],
            cwd=self.folder,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            # The terminal's Ctrl-C would reach it beside ours: Terraform takes two of them for "at once".
            process_group=0,
        ) as process:
            said = self._followed(process)
        if process.returncode != 0:
            raise CommandFailedError(arguments, process.returncode, said)
        return said

    def _followed(self, process: "subprocess.Popen[str]") -> str:
        """Show what a process says until its end; what stops us is handed on, and waited for."""
        assert process.stdout is not None
        said: list[str] = []
        stopped: KeyboardInterrupt | None = None
        while True:
            try:
                for line in process.stdout:
                    said.append(line)
                    self.show(line)
                process.wait()
                break
            except KeyboardInterrupt as error:
                stopped = error
                process.send_signal(signal.SIGINT)
        if stopped is not None:
            raise stopped
        return "".join(said)


class Commands(Protocol):
    """Runs commands of `hatchway`."""

    def passes(self, *arguments: str) -> str:
        """Run a command, and return what it said; one that fails is an error."""


def holds_something(document: bytes | None) -> bool:
    """Whether a state has anything in it; of state in HCP Terraform only outputs are read."""
    if document is None:
        return False
    state = json.loads(document)
    return bool(state.get("resources") or state.get("outputs"))


@dataclass(slots=True, kw_only=True)
class Deployment:
    """Deploys an estate, and destroys at the end what it has begun to deploy.

    What stood before is never touched: whoever names the wrong topology loses nothing.

    Attributes:
        settings: What is deployed, and whether it stays.
        hatchway: Runs the commands.
        standing: Names the stacks that have anything in their state.
        show: Takes a sentence.
        begun: Whether anything may be there that was not before.
    """

    settings: Settings
    hatchway: Commands
    standing: Callable[[], Sequence[str]]
    show: Show
    begun: bool = False

    def __enter__(self) -> Self:
        """Take over the clean-up, before there is anything to clean up."""
        return self

    def __exit__(self, *_: object) -> None:
        """Destroy what this run deployed, however the run ended."""
        if not self.begun:
            return
        if self.settings.keep:
            self.show(f"\nkept; to remove it: hatchway destroy --topology {self.settings.topology}\n")
            return
        self.hatchway.passes("destroy", "--yes")

    def deploy(self) -> None:
        """Deploy, unless another run did.

        Raises:
            StandingError: Something stands there.
            CommandFailedError: It failed, maybe in the middle.
        """
        if "deploy" in self.settings.skipped:
            return
        standing = self.standing()
        if standing:
            raise StandingError(standing)
        self.begun = True
        self.hatchway.passes("deploy", "--yes")
