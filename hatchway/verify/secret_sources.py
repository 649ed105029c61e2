"""Where secrets come from: the environment, a file or a command that the environment names."""

import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path

from hatchway.errors import UsageError

__all__ = ["read_secret"]

_COMMAND_SECONDS = 60
_MOST_BYTES = 16 * 1024


def read_secret(environ: Mapping[str, str], variable: str) -> str | None:
    """Return a secret without blanks around it, or None if there is none.

    `VARIABLE` holds it, `VARIABLE_FILE` names a file that does, `VARIABLE_COMMAND` a command that prints it.
    No shell runs the command.

    Raises:
        UsageError: Several are set, or one that is cannot be used. The message never shows what was read.
    """
    given = [name for name in (variable, f"{variable}_FILE", f"{variable}_COMMAND") if environ.get(name)]
    if len(given) > 1:
        raise UsageError(f"{given[0]}: is set, and so is {given[1]}. Keep one of them.")
    if not given:
        return None
    name = given[0]
    if name == variable:
        value = environ[name]
    elif name.endswith("_FILE"):
        value = _of_file(name, Path(environ[name]))
    else:
        value = _of_command(name, environ)
    value = value.strip()
    if not value and name != variable:
        raise UsageError(f"{name}: gave nothing. It has to give the credential, and nothing else.")
    return value or None


def _of_file(name: str, path: Path) -> str:
    try:
        with path.open("rb") as file:
            return _text(name, file.read(_MOST_BYTES + 1))
    except OSError as error:
        raise UsageError(f"{name}: {path} cannot be read, got {error.strerror!r}.") from error


def _of_command(name: str, environ: Mapping[str, str]) -> str:
    try:
        words = shlex.split(environ[name])
    except ValueError as error:
        raise UsageError(f"{name}: is not a command, got {str(error)!r}. Check its quotes.") from error
    try:
        ran = subprocess.run(  # noqa: S603 -- the user's own command, from the user's own environment
            words,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            timeout=_COMMAND_SECONDS,
            check=False,
        )
    except OSError as error:
        raise UsageError(f"{name}: {words[0]} cannot be run, got {error.strerror!r}.") from error
    except subprocess.TimeoutExpired:
        # Its output may be the credential, and stays out of the chain of exceptions.
        raise UsageError(f"{name}: {words[0]} did not end within {_COMMAND_SECONDS} s.") from None
    if ran.returncode != 0:
        raise UsageError(f"{name}: {words[0]} failed, got exit code {ran.returncode}.")
    return _text(name, ran.stdout)


def _text(name: str, content: bytes) -> str:
    if len(content) > _MOST_BYTES:
        raise UsageError(
            f"{name}: gave more than {_MOST_BYTES // 1024} KiB. It has to give the credential alone."
        )
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise UsageError(f"{name}: gave something that is not text.") from None
