"""Reads files of Terraform's configuration and plans, within bounds: what is given may be hostile."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from stat import S_ISREG

from hatchway.errors import UsageError
from hatchway.route.sources.configuration import Json
from hatchway.route.sources.hcl import HclError, read_hcl, read_variables

MAX_BYTES = 64 * 1024 * 1024
MAX_HCL_BYTES = 2 * 1024 * 1024
"""The parser of HCL takes seconds where that of JSON takes milliseconds."""
MAX_DEPTH = 100
JSON_SUFFIX, HCL_SUFFIX = ".tf.json", ".tf"
FOR_PLANS = "of a saved plan, give what `terraform show -json PLAN` prints"


def configuration_files(folder: Path) -> list[Path]:
    """Return the files Terraform would read in a folder, in its order."""
    return sorted(one for suffix in (HCL_SUFFIX, JSON_SUFFIX) for one in folder.glob(f"*{suffix}"))


def read_document(path: Path) -> Mapping[str, Json]:
    """Read a file of configuration or a plan.

    Raises:
        UsageError: It cannot be read, is too large or is no Terraform.
    """
    if path.name.endswith(HCL_SUFFIX):
        return _read_hcl(path, read_hcl)
    try:
        document = json.loads(_bytes(path, MAX_BYTES))
    except (ValueError, RecursionError) as error:
        raise UsageError(
            f"{path}: is not JSON ({_short(error)}). Give *.tf, *.tf.json; {FOR_PLANS}."
        ) from error
    if not isinstance(document, dict):
        raise UsageError(
            f"{path}: is not a Terraform configuration, got {_kind(document)} in place of an object."
        )
    if _depth(document) > MAX_DEPTH:
        raise UsageError(f"{path}: is nested deeper than {MAX_DEPTH} levels.")
    return document


def read_values(folder: Path) -> dict[str, Json]:
    """Read the files of values that Terraform takes by itself: later ones win.

    https://developer.hashicorp.com/terraform/language/values/variables
    """
    found: dict[str, Json] = {}
    for path in _value_files(folder):
        found.update(read_document(path) if path.suffix == ".json" else _read_hcl(path, read_variables))
    return found


def _value_files(folder: Path) -> Iterator[Path]:
    for name in ("terraform.tfvars", "terraform.tfvars.json"):
        if (folder / name).is_file():
            yield folder / name
    yield from sorted([*folder.glob("*.auto.tfvars"), *folder.glob("*.auto.tfvars.json")])


def _read_hcl(path: Path, read: Callable[[str], Mapping[str, Json]]) -> Mapping[str, Json]:
    try:
        return read(_bytes(path, MAX_HCL_BYTES).decode())
    except HclError as error:
        raise UsageError(f"{path}: is not HCL ({error}). `terraform validate` says more.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: is not text in UTF-8.") from error


def _bytes(path: Path, most: int) -> bytes:
    try:
        state = path.stat()
        size = state.st_size
        if not S_ISREG(state.st_mode):
            raise UsageError(f"{path}: is no file that can be read whole.")
        if size > most:
            raise UsageError(f"{path}: {size} bytes are more than the {most} that are read.")
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}.") from error


def _short(error: Exception) -> str:
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)[:100]


def _kind(document: object) -> str:
    return {list: "a list", str: "text", type(None): "null"}.get(type(document), "a number")


def _depth(document: object) -> int:
    """Depth of nesting, without recursion: the input may be hostile."""
    deepest, waiting = 0, [(document, 1)]
    while waiting:
        value, depth = waiting.pop()
        deepest = max(deepest, depth)
        if depth > MAX_DEPTH:
            break
        if isinstance(value, dict):
            waiting += [(one, depth + 1) for one in value.values()]
        elif isinstance(value, list):
            waiting += [(one, depth + 1) for one in value]
    return deepest
