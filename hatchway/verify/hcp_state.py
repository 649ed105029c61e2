"""Reading outputs that HCP Terraform keeps."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hatchway.errors import ToolError, UndecidedError
from hatchway.terraform.credentials import hcp_token
from hatchway.topology import hcp_state, workspace_name
from hatchway.verify.calling import Call, Caller, NoAnswer

if TYPE_CHECKING:
    from hatchway.topology.model import Topology

__all__ = ["HcpStates"]

_OK, _UNAUTHORIZED, _NOT_FOUND = 200, 401, 404


class HcpStates:
    """Outputs of workspaces, read with the user's token.

    Only outputs are asked for, since the permission for them is smaller than that for whole states.
    https://developer.hashicorp.com/terraform/cloud-docs/api-docs/state-version-outputs

    Args:
        topology: Names host, organization and workspaces.
        caller: Sends the requests.
        token: Returns the token; by default that of the environment, or of `terraform login`.
    """

    def __init__(self, topology: "Topology", caller: Caller, token: Callable[[], str] | None = None) -> None:
        self._topology = topology
        self._state = hcp_state(topology)
        self._caller = caller
        self._token = token or (lambda: hcp_token(self._state.hostname))

    def read(self, stack: str, /) -> bytes | None:
        """Return a state document with the outputs of a stack alone, or None if there is none yet.

        Raises:
            UndecidedError: The token is missing or refused.
            ToolError: HCP Terraform cannot be asked, or answers something else.
        """
        name = workspace_name(self._topology, stack)
        workspace = self._asked(f"organizations/{self._state.organization}/workspaces/{name}")
        if workspace is None:
            return None
        try:
            outputs = self._asked(f"workspaces/{workspace['data']['id']}/current-state-version-outputs")
            if outputs is None:
                return None
            found = {
                each["attributes"]["name"]: {"value": each["attributes"]["value"]}
                for each in outputs["data"]
                if not each["attributes"]["sensitive"]
            }
        except (KeyError, TypeError) as error:
            raise ToolError(f"{self._where(name)}: answered something that is not its API's.") from error
        return json.dumps({"outputs": found}).encode()

    def _asked(self, path: str) -> Any:  # noqa: ANN401 -- JSON
        where = f"https://{self._state.hostname}/api/v2/{path}"
        headers = {"Authorization": f"Bearer {self._token()}"}
        answer = self._caller.call(Call(method="GET", url=where, headers=headers))
        if isinstance(answer, NoAnswer):
            raise ToolError(f"{where}: did not answer, got {answer}.")
        if answer.status == _NOT_FOUND:
            return None
        if answer.status == _UNAUTHORIZED:
            raise UndecidedError(
                f"{where}: the token is not valid, got 401. Run 'terraform login {self._state.hostname}'."
            )
        if answer.status != _OK:
            raise ToolError(f"{where}: refused, got HTTP {answer.status}.")
        try:
            return json.loads(answer.body)
        except ValueError as error:
            raise ToolError(f"{where}: answered something that is not JSON.") from error

    def _where(self, workspace: str) -> str:
        return f"https://{self._state.hostname} workspace {workspace}"
