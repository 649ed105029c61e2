"""The sandbox's own process: `python -m hatchway.sandbox.server DIRECTORY`."""

import argparse
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from hatchway.errors import HatchwayError, ToolError
from hatchway.sandbox import control, lifecycle
from hatchway.sandbox.authority import Authority
from hatchway.sandbox.backends import parse_backends
from hatchway.sandbox.control.call_log import CallLog
from hatchway.sandbox.control.plane import ControlPlane
from hatchway.sandbox.data import DataPlane, install_hooks
from hatchway.sandbox.environment import reach
from hatchway.sandbox.front import Front

__all__ = ["main"]

_log = logging.getLogger(__name__)
_WATCH_SECONDS = 0.5


def main(arguments: Sequence[str]) -> int:
    """Runs the sandbox in the foreground until it is told to stop; returns the exit code."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    try:
        lifecycle.hold_lock(options.directory)
        _run(options, stopping)
    except HatchwayError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    finally:
        _end_children()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m hatchway.sandbox.server")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--time-scale", type=float, default=1.0)
    parser.add_argument("--backend", action="append", default=[])
    parser.add_argument("--organization", nargs="+", default=())
    parser.add_argument("--follow-parent", action="store_true")
    return parser


def _run(options: argparse.Namespace, stopping: threading.Event) -> None:
    control.install(frozenset(options.organization))
    install_hooks()
    authority = Authority.create()
    data = DataPlane(
        authority,
        options.directory,
        function_environment=lambda: reach(front.port, options.directory / lifecycle.CA),
        backends=parse_backends(options.backend),
        time_scale=options.time_scale,
    )
    try:
        control_plane = ControlPlane(CallLog(options.directory).call)
        front = Front(
            authority, control_plane, data.edge_address, port=options.port, is_public=data.is_public
        )
    except OSError as error:
        raise ToolError(f"--port: cannot listen on 127.0.0.1:{options.port}: {error.strerror}.") from error
    data.start()
    front.start()
    server = lifecycle.Server(
        pid=os.getpid(), port=front.port, started_at=time.time(), time_scale=options.time_scale
    )
    lifecycle.publish(options.directory, server, authority.ca_pem)
    _log.info("ready on 127.0.0.1:%d", front.port)
    _wait(options, stopping)
    _log.info("stopping")
    front.stop()
    data.stop()


def _wait(options: argparse.Namespace, stopping: threading.Event) -> None:
    """Waits for a signal, for the folder to go away, or, when asked, for the parent to end."""
    parent = os.getppid()
    lock = options.directory / lifecycle.LOCK
    while not stopping.wait(_WATCH_SECONDS):
        if not lock.exists() or (options.follow_parent and os.getppid() != parent):
            return


def _end_children() -> None:
    """Ends whatever this process has started and did not end itself."""
    if os.getpgrp() == os.getpid():
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.killpg(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
