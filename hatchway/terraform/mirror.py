"""Where the AWS provider comes from. Standard library only: set-up runs this first of all.

Terraform installs providers as its CLI configuration says. A machine that cannot reach the registry, and the
sandbox, which lets nothing but AWS names through, install from a folder on disk instead.
https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation
"""

import json
import os
import platform
import re
import sys
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from hatchway.errors import ToolError

__all__ = [
    "BELOW_VERSION",
    "MINIMUM_VERSION",
    "PROJECT_MIRROR",
    "Mirror",
    "cli_configuration",
    "find_mirror",
    "mirror_at",
    "operating_system_and_architecture",
    "unpack_packages",
]

# The constraint of every synthesized stack.
MINIMUM_VERSION = (5, 100, 0)
BELOW_VERSION = (7, 0, 0)
PROJECT_MIRROR = Path(".hatchway/providers")
CLI_CONFIGURATION = Path(".hatchway/terraform.rc")

_PROVIDER = Path("registry.terraform.io/hashicorp/aws")
_PACKAGE = re.compile(r"terraform-provider-aws_(\d+\.\d+\.\d+)_([a-z0-9]+_[a-z0-9]+)\.zip")
_INSTALL_ROOTS = ("/opt", "/usr/share", "/usr/local/share", "/usr/lib", "/usr/local/lib", "/srv")
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "i386": "386", "i686": "386"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mirror:
    """A folder that Terraform can install the AWS provider from.

    Attributes:
        path: What `filesystem_mirror.path` is to be.
        version: The newest version in it that the stacks accept.
        packed: True if that version is an archive, which each init unpacks. A folder is linked instead.
    """

    path: Path
    version: tuple[int, int, int]
    packed: bool


def operating_system_and_architecture() -> str:
    """Return this machine in Terraform's words, such as `linux_amd64`."""
    machine = platform.machine().lower()
    return f"{sys.platform.rstrip('0123456789')}_{_ARCHITECTURES.get(machine, machine)}"


def mirror_at(path: Path) -> Mirror | None:
    """Return the mirror at `path`, or None if it has no AWS provider for the stacks and this machine."""
    fitting = [
        (version, not packed)
        for version, packed in _versions(path / _PROVIDER)
        if MINIMUM_VERSION <= version < BELOW_VERSION
    ]
    if not fitting:
        return None
    version, unpacked = max(fitting)
    return Mirror(path=path.resolve(), version=version, packed=not unpacked)


def find_mirror(environ: Mapping[str, str] | None = None, directory: Path | None = None) -> Mirror | None:
    """Return the first mirror on this machine that fits, or None.

    Looks at `HATCHWAY_PROVIDER_MIRROR`, Terraform's own implied folders, the project's `.hatchway/providers`,
    then two levels deep in the usual install roots.

    Raises:
        ToolError: `HATCHWAY_PROVIDER_MIRROR` names a folder without a provider that fits.
    """
    environ = os.environ if environ is None else environ
    asked = environ.get("HATCHWAY_PROVIDER_MIRROR")
    if asked:
        mirror = mirror_at(Path(asked))
        if mirror is None:
            raise ToolError(
                f"HATCHWAY_PROVIDER_MIRROR: holds no hashicorp/aws >= 5.100.0, < 7.0.0 for "
                f"{operating_system_and_architecture()}, got {asked!r}. "
                f"The layout is {_PROVIDER}/VERSION/{operating_system_and_architecture()}/."
            )
        return mirror
    found = (mirror_at(path) for path in _folders(environ, directory or Path.cwd()))
    return next((mirror for mirror in found if mirror), None)


def cli_configuration(
    environ: Mapping[str, str] | None = None,
    directory: Path | None = None,
    *,
    sandbox: Path | None = None,
) -> dict[str, str]:
    """Return the environment variables that make Terraform install the provider from the right place.

    Outside the sandbox a configuration of the user's own is left alone, credentials and all; without one, a
    mirror is used if there is one, else the registry (then the answer is empty). A `TF_CLI_CONFIG_FILE` that
    names a missing file counts as unset, and the answer makes it an empty string, which Terraform ignores.

    Args:
        environ: The environment to look into; the process's own by default.
        directory: The project's folder; the current one by default.
        sandbox: The folder of a sandbox. The configuration is then written there as `terraform.rc`, and
            has no way to the registry.

    Raises:
        ToolError: The sandbox needs a mirror and there is none.
    """
    environ = os.environ if environ is None else environ
    directory = directory or Path.cwd()
    if sandbox is None and _has_own_configuration(environ):
        return {}
    mirror = find_mirror(environ, directory)
    if mirror is None:
        if sandbox is not None:
            raise ToolError(
                "sandbox: the AWS provider is not on this machine, and the sandbox reaches no registry. "
                f"Run 'make setup', which fetches it into {PROJECT_MIRROR}, or set HATCHWAY_PROVIDER_MIRROR."
            )
        return {"TF_CLI_CONFIG_FILE": ""} if environ.get("TF_CLI_CONFIG_FILE") else {}
    target = (sandbox / "terraform.rc") if sandbox is not None else directory / CLI_CONFIGURATION
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(_render(mirror, direct=sandbox is None), encoding="utf-8")
    return {"TF_CLI_CONFIG_FILE": str(target.resolve())}


def unpack_packages(path: Path) -> None:
    """Unpack what `terraform providers mirror` left in `path`, so that init links instead of copying."""
    for package in sorted((path / _PROVIDER).glob("*.zip")):
        named = _PACKAGE.fullmatch(package.name)
        if named is None:
            continue
        target = path / _PROVIDER / named[1] / named[2]
        partial = target.with_name(f"{target.name}.partial")
        with zipfile.ZipFile(package) as archive:
            archive.extractall(partial)
        for binary in partial.glob("terraform-provider-*"):
            binary.chmod(0o755)
        partial.rename(target)
        package.unlink()
    for index in (path / _PROVIDER).glob("*.json"):
        index.unlink()


def _render(mirror: Mirror, *, direct: bool) -> str:
    lines = [
        "provider_installation {",
        "  filesystem_mirror {",
        f"    path    = {json.dumps(str(mirror.path))}",
        '    include = ["registry.terraform.io/hashicorp/aws"]',
        "  }",
    ]
    if direct:
        lines += ["  direct {", '    exclude = ["registry.terraform.io/hashicorp/aws"]', "  }"]
    return "\n".join([*lines, "}", ""])


def _has_own_configuration(environ: Mapping[str, str]) -> bool:
    named = environ.get("TF_CLI_CONFIG_FILE")
    if named and Path(named).is_file():
        return True
    return (_home(environ) / ".terraformrc").is_file()


def _home(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("HOME") or Path.home())


def _versions(provider: Path) -> Iterator[tuple[tuple[int, int, int], bool]]:
    wanted = operating_system_and_architecture()
    for entry in _entries(provider):
        package = _PACKAGE.fullmatch(entry.name)
        if package and package[2] == wanted:
            yield _parsed(package[1]), True
        elif re.fullmatch(r"\d+\.\d+\.\d+", entry.name) and any(
            (entry / wanted).glob("terraform-provider-aws*")
        ):
            yield _parsed(entry.name), False


def _parsed(version: str) -> tuple[int, int, int]:
    major, minor, patch = (int(part) for part in version.split("."))
    return major, minor, patch


def _folders(environ: Mapping[str, str], directory: Path) -> Iterator[Path]:
    yield from _implied(environ, directory)
    yield directory / PROJECT_MIRROR
    for root in _INSTALL_ROOTS:
        for first in _entries(Path(root)):
            yield first
            yield from _entries(first)


def _implied(environ: Mapping[str, str], directory: Path) -> Iterator[Path]:
    # https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories
    home = _home(environ)
    yield directory / "terraform.d/plugins"
    yield home / ".terraform.d/plugins"
    if sys.platform == "darwin":
        yield home / "Library/Application Support/io.terraform/plugins"
        yield Path("/Library/Application Support/io.terraform/plugins")
        return
    yield Path(environ.get("XDG_DATA_HOME") or home / ".local/share") / "terraform/plugins"
    for shared in (environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share").split(":"):
        yield Path(shared) / "terraform/plugins"


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        # A folder that is not there, is no folder or may not be read holds no mirror for this user.
        return []
