"""The `hatchway sandbox` commands: what a person reads goes to standard error."""

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from rich.console import Console

from hatchway.errors import UsageError
from hatchway.sandbox import DEFAULT_FOLDER, Sandbox, lifecycle
from hatchway.sandbox.backends import parse_backends
from hatchway.topology import load_views

__all__ = ["credential", "demo", "down", "execute", "status", "up"]

DEFAULT_NAME = "default"
_NOT_FOUND = 127
_NOT_RUN = 3


def folder(name: str, directory: Path | None) -> Path:
    """Returns the folder of a sandbox: `directory` if given, else by name.

    Raises:
        UsageError: The name is not one.
    """
    if directory is not None:
        return directory.resolve()
    if not name or not all(letter.isalnum() or letter in "-_" for letter in name):
        raise UsageError(f"--name: letters, digits, '-' and '_' only, got {name!r}.")
    return (DEFAULT_FOLDER / name).resolve()


def up(  # noqa: PLR0913 - one for each option of the command
    name: str,
    directory: Path | None,
    *,
    port: int,
    time_scale: float,
    backends: Sequence[str],
    topology: Path,
) -> None:
    """Starts a sandbox in the background, with the state bucket of the topology in it.

    One that runs already is left alone, and said to run.
    """
    console = _console()
    place = folder(name, directory)
    running = lifecycle.find(place)
    if running is not None:
        console.print(
            f"The sandbox is running already, on 127.0.0.1:{running.port}, in {place}.", soft_wrap=True
        )
        return
    mapped = parse_backends(backends)
    # State is the same for each gateway.
    declared = load_views(topology)[0]
    with console.status("starting the sandbox") as status:
        sandbox = Sandbox.start(
            place, declared, time_scale=time_scale, port=port, backends=mapped, progress=status.update
        )
    console.print(f"The sandbox is up, on 127.0.0.1:{sandbox.server.port}, in {place}.", soft_wrap=True)
    console.print(
        f"Next: hatchway sandbox exec{_which(name, directory)} -- hatchway deploy --yes", soft_wrap=True
    )


def _which(name: str, directory: Path | None) -> str:
    """Renders the options that name the same sandbox again."""
    if directory is not None:
        return f" --directory {shlex.quote(str(directory))}"
    return "" if name == DEFAULT_NAME else f" --name {name}"


def execute(name: str, directory: Path | None, command: Sequence[str]) -> int:
    """Runs a command inside the sandbox; returns its exit code, or 128 and the signal's number.

    Raises:
        UsageError: No sandbox runs, or there is no such command.
    """
    sandbox = Sandbox.attach(folder(name, directory))
    environment = _with_our_programs(sandbox.environment())
    with forwarding_signals() as hand_on_to:
        try:
            process = subprocess.Popen(command, env=environment)  # noqa: S603 - the user's own command
        except OSError as error:
            _console().print(
                f"sandbox exec: cannot run {command[0]!r}: {error.strerror}.", markup=False, soft_wrap=True
            )
            return _NOT_FOUND
        hand_on_to(process)
        code = process.wait()
    return code if code >= 0 else 128 - code


def _with_our_programs(environment: dict[str, str]) -> dict[str, str]:
    """Lets `hatchway` be found where no virtual environment is active; what is on PATH goes first."""
    ours = str(Path(sys.executable).parent)
    return {**environment, "PATH": os.pathsep.join(filter(None, (environment.get("PATH"), ours)))}


def status(name: str, directory: Path | None) -> int:
    """Says whether a sandbox runs, and where; returns 0 if one does and 3 if not."""
    place = folder(name, directory)
    running = lifecycle.find(place)
    if running is None:
        _console().print(f"No sandbox is running in {place}.", soft_wrap=True)
        return _NOT_RUN
    age = time.time() - running.started_at
    _console().print(
        f"The sandbox is running on 127.0.0.1:{running.port}, process {running.pid}, "
        f"for {age:.0f} s, in {place}.",
        soft_wrap=True,
    )
    return 0


def down(name: str, directory: Path | None) -> None:
    """Stops a sandbox and removes all it made; does nothing if there is none."""
    place = folder(name, directory)
    stopped = lifecycle.stop(place)
    _console().print(
        "The sandbox is down." if stopped else f"No sandbox was running in {place}.", soft_wrap=True
    )


def credential(name: str, directory: Path | None, topology: Path) -> None:
    """Makes what the deployed gateway accepts; `exec` hands it on in environment variables."""
    sandbox = Sandbox.attach(folder(name, directory))
    issued: dict[str, str] = {}
    for view in load_views(topology):
        issued |= sandbox.credentials(view)
    if not issued:
        _console().print("The gateway asks for nothing that a sandbox could issue.")
    else:
        _console().print(
            f"The gateway knows new credentials. `hatchway sandbox exec` sets {', '.join(issued)}.",
            soft_wrap=True,
        )


def demo(*, keep: bool, topology: Path) -> int:
    """Runs everything once in a sandbox of its own; returns 0, or the exit code of the stage that failed."""
    from hatchway.sandbox.demo import Demo  # noqa: PLC0415 - the other commands need none of it

    return Demo(topology=topology, keep=keep, console=_console()).run()


def _console() -> Console:
    return Console(stderr=True, highlight=False)


@contextmanager
def forwarding_signals() -> Iterator[Callable[[subprocess.Popen[bytes]], None]]:
    """Lets the command decide what an interrupt means, and hands on a request to end.

    Entered before the command is started: a request that comes while it starts is kept until the yielded
    function is told which process the command is.
    """
    early: list[int] = []
    commands: list[subprocess.Popen[bytes]] = []

    def forward(number: int, _frame: FrameType | None = None) -> None:
        # The terminal has sent Ctrl-C to the command as well; only what was meant for us alone is handed on.
        if number == signal.SIGINT and os.isatty(0):
            return
        if commands:
            commands[0].send_signal(number)
        else:
            early.append(number)

    def hand_on_to(process: subprocess.Popen[bytes]) -> None:
        commands.append(process)
        while early:
            process.send_signal(early.pop(0))

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, forward) for number in numbers]
    try:
        yield hand_on_to
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
