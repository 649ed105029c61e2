"""What Terraform put out, read from where state is kept."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from hatchway.errors import ToolError, UndecidedError
from hatchway.topology import state_account
from hatchway.verify.hcp_state import HcpStates
from hatchway.verify.local_state import LocalStates
from hatchway.verify.s3_state import S3States

if TYPE_CHECKING:
    from hatchway.topology.model import Topology
    from hatchway.verify.calling import Caller

__all__ = ["States", "outputs_of", "read_outputs", "states_of"]


class States(Protocol):
    """Reads state objects."""

    def read(self, stack: str, /) -> bytes | None:
        """Return the state of a stack, or None if there is none yet."""


def states_of(topology: "Topology", caller: "Caller", profiles: Mapping[str, str] | None = None) -> States:
    """Return the reader for where a topology keeps its state.

    Args:
        topology: Says where that is.
        caller: HCP Terraform is asked through it.
        profiles: By account, the profile of the AWS configuration to read it with.
    """
    if topology.state.s3 is not None:
        return S3States(topology, profile=(profiles or {}).get(state_account(topology)))
    return LocalStates(topology) if topology.state.local is not None else HcpStates(topology, caller)


def read_outputs(states: States, stack: str) -> Mapping[str, Any]:
    """Return the outputs of a deployed stack.

    Raises:
        UndecidedError: The stack has not been deployed, or its state may not be read.
        ToolError: Where state is kept cannot be asked, or holds something else.
    """
    document = states.read(stack)
    if document is None:
        raise UndecidedError(f"{stack}: has not been deployed yet. Run 'hatchway deploy' first.")
    try:
        outputs = outputs_of(document)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ToolError(f"{stack}: what is kept as its state is not a Terraform state.") from error
    if not outputs:
        raise UndecidedError(
            f"{stack}: is not deployed, its state has no outputs. Run 'hatchway deploy' first."
        )
    return outputs


def outputs_of(document: bytes) -> Mapping[str, Any]:
    """Return the outputs in a state document.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: It is not the state of Terraform.
    """
    return {name: output["value"] for name, output in json.loads(document)["outputs"].items()}
