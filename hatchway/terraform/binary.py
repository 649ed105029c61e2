"""Finding a Terraform that is new enough. Standard library only: set-up runs this first of all."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from hatchway.errors import ToolError

__all__ = ["MINIMUM_VERSION", "PROJECT_BINARY", "find_terraform", "terraform_version"]

# use_lockfile of the S3 backend is stable from 1.11 on.
# https://developer.hashicorp.com/terraform/language/backend/s3#state-locking
MINIMUM_VERSION = (1, 11, 0)
PROJECT_BINARY = Path(".hatchway/tools/terraform")
_VERSION_SECONDS = 60


def find_terraform(environ: Mapping[str, str] | None = None, directory: Path | None = None) -> Path:
    """Return the Terraform binary to use, checked to be at least `MINIMUM_VERSION`.

    Looks at `HATCHWAY_TERRAFORM`, then at the project's own `.hatchway/tools/terraform`, then at `PATH`.
    One that is too old is passed over, except in `HATCHWAY_TERRAFORM`, where exactly that one was asked for.

    Raises:
        ToolError: None is there, or all are too old, or the one that was asked for does not run.
    """
    environ = os.environ if environ is None else environ
    asked = environ.get("HATCHWAY_TERRAFORM")
    if asked:
        return _demanded(Path(asked))
    found = [path for path in _candidates(environ, directory or Path.cwd()) if path.is_file()]
    refused = []
    for path in found:
        try:
            _check(path, "terraform")
        except ToolError as error:
            refused.append(str(error))
        else:
            return path
    if refused:
        raise ToolError(refused[0])
    raise ToolError(
        f"terraform: not found on PATH, got no {PROJECT_BINARY} either. "
        "Run 'make setup', which puts a checked release there, or set HATCHWAY_TERRAFORM to the binary."
    )


def terraform_version(binary: Path) -> tuple[int, int, int]:
    """Ask the binary for its version.

    Raises:
        ToolError: It does not run, or does not answer as Terraform does.
    """
    environ = {**os.environ, "CHECKPOINT_DISABLE": "1"}
    # A configuration file that is named and missing makes every command fail, this one included.
    environ.pop("TF_CLI_CONFIG_FILE", None)
    try:
        ran = subprocess.run(  # noqa: S603 -- the binary is the one the user has or asked for
            [str(binary), "version", "-json"],
            capture_output=True,
            check=True,
            text=True,
            timeout=_VERSION_SECONDS,
            env=environ,
        )
        answer = json.loads(ran.stdout)["terraform_version"]
        major, minor, patch = (int(part) for part in str(answer).split("-", 1)[0].split("."))
    except (OSError, subprocess.SubprocessError) as error:
        raise ToolError(f"{binary}: does not run as Terraform, got {_reason(error)!r}.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ToolError(f"{binary}: answers 'version -json' in a way that is not Terraform's.") from error
    return major, minor, patch


def _candidates(environ: Mapping[str, str], directory: Path) -> list[Path]:
    on_path = shutil.which("terraform", path=environ.get("PATH"))
    return [directory / PROJECT_BINARY, *([Path(on_path)] if on_path else [])]


def _demanded(path: Path) -> Path:
    if not path.is_file():
        raise ToolError(f"HATCHWAY_TERRAFORM: is not a file, got {str(path)!r}. Name the terraform binary.")
    _check(path, "HATCHWAY_TERRAFORM")
    return path


def _check(path: Path, where: str) -> None:
    version = terraform_version(path)
    if version < MINIMUM_VERSION:
        wanted, got = (".".join(map(str, parts)) for parts in (MINIMUM_VERSION, version))
        raise ToolError(
            f"{where}: needs Terraform {wanted} or later, got {got} at {path}. "
            "Run 'make setup', which puts a newer one in .hatchway/tools, or set HATCHWAY_TERRAFORM."
        )


def _reason(error: Exception) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        lines = str(error.stderr or "").strip().splitlines()
        return lines[-1] if lines else f"exit code {error.returncode}"
    return str(error)
