"""The background process of a sandbox and the folder it lives in.

The process holds a lock on `server.lock` in its folder for as long as it lives, and the kernel lets go of
the lock however the process ends. So a process id found there is only ever used while the lock is held:
it cannot have passed to another process.
"""

import fcntl
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Self

import hatchway
from hatchway.errors import ToolError, UsageError

__all__ = ["Server", "find", "hold_lock", "publish", "remove_folder", "spawn", "stop"]

LOCK = "server.lock"
LOG = "server.log"
CA = "ca.pem"
STATE = "sandbox.json"
MARKER = ".hatchway-sandbox"

_READY_SECONDS = 60.0
_STOP_SECONDS = 15.0
_POLL_SECONDS = 0.05
_TAIL_LINES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A sandbox's process that is ready.

    Attributes:
        pid: Its process id.
        port: Port of the front on loopback.
        started_at: When it was ready, in seconds since the epoch.
        time_scale: Factor on the waits of the data plane.
    """

    pid: int
    port: int
    started_at: float
    time_scale: float

    @classmethod
    def read(cls, directory: Path) -> Self | None:
        """Returns what the process in this folder has published, or None."""
        try:
            return cls(**json.loads((directory / STATE).read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None


def find(directory: Path) -> Server | None:
    """Returns the folder's process if it is alive and ready, or None."""
    pid = _holder(directory)
    server = Server.read(directory)
    return server if server is not None and server.pid == pid else None


def spawn(  # noqa: PLR0913 - all but one have defaults and are named
    directory: Path,
    *,
    port: int = 0,
    time_scale: float = 1.0,
    backends: Mapping[str, int] = MappingProxyType({}),
    organization: Sequence[str] = (),
    follow_parent: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> Server:
    """Starts the process in the background and waits until it is ready.

    What a process that was killed has left in the folder is removed first.

    Args:
        directory: The sandbox's folder; made with mode 0700 if missing.
        port: Port of the front; 0 takes any that is free.
        time_scale: Factor on the waits of the data plane.
        backends: Ports on loopback that stand for host names on the internet.
        organization: Ids of the accounts that are in one AWS Organization.
        follow_parent: Whether the process ends when the calling one does.
        progress: Told what is going on.

    Raises:
        UsageError: The folder is in use for something else, or has a sandbox that runs.
        ToolError: The process did not start; carries the end of its log.
    """
    with _one_start_at_a_time(directory):
        if _holder(directory) is not None:
            raise UsageError(f"sandbox: one is running in {directory}. `hatchway sandbox down` stops it.")
        if (directory / MARKER).exists():
            progress(f"clearing what a sandbox that was killed has left in {directory}")
            remove_folder(directory)
        _make_folder(directory)
        command = [sys.executable, "-m", "hatchway.sandbox.server", str(directory)]
        command += ["--port", str(port), "--time-scale", str(time_scale)]
        for host, target in backends.items():
            command += ["--backend", f"{host}=127.0.0.1:{target}"]
        command += ["--organization", *organization] if organization else []
        command += ["--follow-parent"] if follow_parent else []
        return _wait_until_ready(directory, _run_in_background(command, directory / LOG))


def stop(directory: Path) -> bool:
    """Stops the folder's process, if one runs, and removes the folder. Returns whether one ran.

    Raises:
        ToolError: The process cannot be stopped.
    """
    pid = _holder(directory)
    if pid is not None:
        _signal(pid, signal.SIGTERM)
        if not _wait_until_gone(directory, pid):
            # It leads its own session, so that its children can be taken along.
            _signal(-pid, signal.SIGKILL)
            if not _wait_until_gone(directory, pid):
                raise ToolError(f"sandbox: process {pid} does not end. Stop it, then run this again.")
    remove_folder(directory)
    return pid is not None


def remove_folder(directory: Path) -> None:
    """Removes a sandbox's folder, and nothing that is not one."""
    if (directory / MARKER).exists():
        shutil.rmtree(directory, ignore_errors=True)


def hold_lock(directory: Path) -> None:
    """Makes the calling process the folder's process, for as long as it lives.

    Raises:
        UsageError: Another process is.
    """
    # Never closed: the kernel lets go of it when nothing of this process is left.
    descriptor = os.open(directory / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    # Somebody who only looks has the lock for an instant.
    deadline = time.monotonic() + 2
    while not _try_lock(descriptor, fcntl.LOCK_EX):
        if time.monotonic() > deadline:
            raise UsageError(f"sandbox: another process runs in {directory}.")
        time.sleep(_POLL_SECONDS)
    os.ftruncate(descriptor, 0)
    os.write(descriptor, str(os.getpid()).encode("ascii"))


def publish(directory: Path, server: Server, ca_pem: bytes) -> None:
    """Writes what the users of the sandbox need, the file that says it is ready last."""
    (directory / CA).write_bytes(ca_pem)
    draft = directory / f"{STATE}.new"
    draft.write_text(json.dumps(asdict(server)), encoding="utf-8")
    draft.rename(directory / STATE)


def _holder(directory: Path) -> int | None:
    """Returns the id of the process that holds the folder's lock, or None."""
    try:
        with (directory / LOCK).open("r", encoding="ascii") as file:
            if _try_lock(file.fileno(), fcntl.LOCK_SH):
                return None
            return int(file.read() or 0) or None
    except (OSError, ValueError):
        return None


def _try_lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _one_start_at_a_time(directory: Path) -> Iterator[None]:
    """Makes a second start wait for the first, which it then finds running."""
    _make_parents(directory)
    descriptor = os.open(directory.parent, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _make_parents(directory: Path) -> None:
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"--directory: cannot make {directory.parent}: {error.strerror}.") from error


def _make_folder(directory: Path) -> None:
    try:
        directory.mkdir(mode=0o700, exist_ok=True)
        if any(directory.iterdir()):
            raise UsageError(
                f"--directory: {directory} is not empty and not a sandbox's. Choose another one."
            )
        directory.chmod(0o700)
        (directory / MARKER).touch(mode=0o600)
    except OSError as error:
        raise UsageError(f"--directory: cannot use {directory}: {error.strerror}.") from error


def _environment() -> dict[str, str]:
    """Returns the process's environment: nothing of the caller's AWS or proxy settings may reach it."""
    foreign = (
        "AWS_",
        "MOTO_",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "SSL_CERT_",
        "REQUESTS_CA_",
        "PYTHONWARN",
    )
    environment = {name: value for name, value in os.environ.items() if not name.upper().startswith(foreign)}
    root = str(Path(hatchway.__file__).resolve().parents[1])
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, (root, environment.get("PYTHONPATH"))))
    # AWS managed policies exist in every account; moto has them only when asked.
    environment["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
    return environment


def _run_in_background(command: list[str], log: Path) -> int:
    """Starts a program in a session of its own, away from the terminal; returns its process id."""
    write = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    return os.posix_spawn(
        command[0],
        command,
        _environment(),
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(log), write, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setsid=True,
    )


def _wait_until_ready(directory: Path, pid: int) -> Server:
    deadline = time.monotonic() + _READY_SECONDS
    try:
        while time.monotonic() < deadline:
            server = Server.read(directory)
            if server is not None and server.pid == pid:
                return server
            if os.waitpid(pid, os.WNOHANG) != (0, 0):
                raise ToolError("sandbox: it did not start.", tail=_tail(directory))
            time.sleep(_POLL_SECONDS)
        raise ToolError(f"sandbox: not ready after {_READY_SECONDS:.0f} s.", tail=_tail(directory))
    except BaseException:
        # Ctrl-C included: a process nobody waits for must not stay behind.
        _signal(pid, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(pid, 0)
        remove_folder(directory)
        raise


def _tail(directory: Path) -> tuple[str, ...]:
    try:
        lines = (directory / LOG).read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return ()
    return tuple(line for line in lines if line.strip())[-_TAIL_LINES:]


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        if pid < 0:
            os.killpg(-pid, number)
        else:
            os.kill(pid, number)


def _wait_until_gone(directory: Path, pid: int) -> bool:
    deadline = time.monotonic() + _STOP_SECONDS
    while time.monotonic() < deadline:
        # A child of this very process stays as a zombie until it is waited for.
        with suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
        if _holder(directory) is None:
            return True
        time.sleep(_POLL_SECONDS)
    return False
