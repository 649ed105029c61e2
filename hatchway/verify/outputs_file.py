"""Outputs of the stacks from the file that `cdktf deploy --outputs-file` writes, in place of their state."""

import json
from pathlib import Path
from typing import Any

from hatchway.errors import UsageError

__all__ = ["OutputsFile"]

_MOST_BYTES = 16 * 1024 * 1024


class OutputsFile:
    """Answers for the states of all stacks, from one file: outputs by name, by stack.

    https://developer.hashicorp.com/terraform/cdktf/concepts/variables-and-outputs

    Args:
        path: The file.

    Raises:
        UsageError: It is not such a file.
    """

    def __init__(self, path: Path) -> None:
        self._stacks = _stacks(path)

    def read(self, stack: str, /) -> bytes | None:
        """Return a state document with the outputs of a stack, or None if the file has none."""
        outputs = self._stacks.get(stack)
        if outputs is None:
            return None
        found = {name: {"value": value} for name, value in outputs.items()}
        return json.dumps({"version": 4, "outputs": found}).encode()


def _stacks(path: Path) -> dict[str, dict[str, Any]]:
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(f"--from-outputs: {path} cannot be read, got {error.strerror!r}.") from error
    wanted = f"--from-outputs: {path} is not what 'cdktf deploy --outputs-file' writes"
    if len(content) > _MOST_BYTES:
        raise UsageError(f"{wanted}: it is larger than {_MOST_BYTES // 1024 // 1024} MiB.")
    try:
        stacks = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{wanted}: it is not JSON.") from error
    if not isinstance(stacks, dict) or not all(isinstance(outputs, dict) for outputs in stacks.values()):
        raise UsageError(f"{wanted}: outputs by name, by stack.")
    return stacks
