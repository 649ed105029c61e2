"""Reading state that is kept in files on this machine."""

from typing import TYPE_CHECKING

from hatchway.errors import UndecidedError
from hatchway.topology import state_file

if TYPE_CHECKING:
    from hatchway.topology.model import Topology

__all__ = ["LocalStates"]


class LocalStates:
    """State files beside the file of a topology."""

    def __init__(self, topology: "Topology") -> None:
        self._topology = topology

    def read(self, stack: str, /) -> bytes | None:
        """Return the state of a stack, or None if there is none yet.

        Raises:
            UndecidedError: It may not be read.
        """
        path = state_file(self._topology, stack)
        try:
            return path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise UndecidedError(
                f"{path}: may not be read, got {error.strerror!r}. Correct its permissions."
            ) from error
