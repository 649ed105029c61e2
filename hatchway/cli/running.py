"""Runs a command line: exit codes, and errors as sentences."""

import os
import signal
import sys
import traceback
from collections.abc import Mapping, Sequence
from types import FrameType
from typing import NoReturn

import typer
from typer.main import get_command

from hatchway.errors import HatchwayError, ToolError, UsageError

__all__ = ["INTERRUPTED", "run"]

INTERRUPTED = 130


def run(application: typer.Typer, arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return the exit code. Errors are printed, never raised."""
    signal.signal(signal.SIGTERM, _stop)
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return _invoke(application, given or ["--help"])
    except typer.TyperException as error:
        return _misused(error)
    except (typer.Abort, KeyboardInterrupt) as error:
        return _interrupted(error)
    except HatchwayError as error:
        return _failed(error)
    except BrokenPipeError:
        # Whoever read the output has had enough; Python must not complain when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001 -- the last resort: a person gets a sentence, not a traceback
        return _unexpected(error)


def _invoke(application: typer.Typer, arguments: list[str]) -> int:
    command = get_command(application)
    # Typer's own main would turn Ctrl-C into a bare exit code, and lose what the command has to say.
    try:
        with command.make_context("hatchway", arguments) as context:
            result = command.invoke(context)
    except typer.Exit as ended:
        return ended.exit_code
    return result if isinstance(result, int) else 0


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _misused(error: typer.TyperException) -> int:
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "hatchway"
    said = error.format_message()
    sys.stderr.write(f"{command}: {said}\nTry '{command} --help'.\n" if said else "")
    return UsageError.exit_code


def _failed(error: HatchwayError) -> int:
    lines = [f"hatchway: {error}"]
    if isinstance(error, ToolError):
        lines += [f"  {line}" for line in error.tail]
    sys.stderr.write("\n".join(lines) + "\n")
    _debug()
    return error.exit_code


def _interrupted(error: BaseException) -> int:
    sys.stderr.write(f"\nhatchway: {str(error) or 'stopped; nothing was left half done.'}\n")
    return INTERRUPTED


def _unexpected(error: Exception) -> int:
    sys.stderr.write(
        f"hatchway: an error that should not happen, got {type(error).__name__}: {error}\n"
        "Please report it with the output of the same command under HATCHWAY_DEBUG=1.\n"
    )
    _debug()
    return HatchwayError.exit_code


def _debug(environ: Mapping[str, str] = os.environ) -> None:
    if environ.get("HATCHWAY_DEBUG"):
        traceback.print_exc()
