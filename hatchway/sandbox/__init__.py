"""The whole path on one machine: an AWS control plane, a data plane, and one door to both.

It is reached through environment variables alone; what runs in it is what runs in AWS.
"""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from hatchway.errors import UsageError
from hatchway.sandbox import client_credentials, lifecycle
from hatchway.sandbox.environment import reach, without_foreign

if TYPE_CHECKING:
    import boto3

    from hatchway.topology.model import Topology

__all__ = ["ACCESS_KEY_ID", "DEFAULT_FOLDER", "Sandbox"]

ACCESS_KEY_ID = "AKIASANDBOXSANDBOX00"
"""Of the throwaway credentials that programs in a sandbox have: nobody has it anywhere else."""
DEFAULT_FOLDER = Path(".hatchway/sandbox")
"""Where sandboxes live, one folder per name."""


def _organization(topology: "Topology | None") -> tuple[str, ...]:
    """Returns the accounts that the topology says share an organization, where it relies on one."""
    transit = topology.transit if topology is not None else None
    if (
        topology is None
        or transit is None
        or transit.create is None
        or not transit.create.within_organization
    ):
        return ()
    return tuple(account.id for account in topology.accounts.values())


class Sandbox:
    """A sandbox that runs, seen from outside its process.

    Attributes:
        directory: Its folder.
        server: Its process.
    """

    def __init__(self, directory: Path, server: lifecycle.Server) -> None:
        self.directory = directory
        self.server = server

    @classmethod
    def start(  # noqa: PLR0913 - all but two have defaults and are named
        cls,
        directory: Path,
        topology: "Topology | None" = None,
        *,
        time_scale: float = 1.0,
        port: int = 0,
        backends: Mapping[str, int] | None = None,
        follow_parent: bool = False,
        progress: Callable[[str], None] = lambda _: None,
    ) -> Self:
        """Starts a sandbox, with what the topology takes for granted: the bucket of the Terraform state.

        Args:
            directory: Its folder, which belongs to the sandbox and goes with it.
            topology: What is going to be deployed into it.
            time_scale: Factor on the waits of the data plane; 1 is as slow as AWS.
            port: Port on loopback; 0 takes any that is free.
            backends: Ports on loopback that stand for host names on the internet.
            follow_parent: Whether it ends with the calling process.
            progress: Told what is going on.

        Raises:
            UsageError: The folder cannot be used, or has a sandbox that runs.
            ToolError: It did not start.
        """
        directory = directory.resolve()
        server = lifecycle.spawn(
            directory,
            port=port,
            time_scale=time_scale,
            backends=backends or {},
            organization=_organization(topology),
            follow_parent=follow_parent,
            progress=progress,
        )
        sandbox = cls(directory, server)
        if topology is not None:
            try:
                sandbox.prepare(topology)
            except BaseException:
                sandbox.stop()
                raise
        return sandbox

    @classmethod
    def attach(cls, directory: Path) -> Self:
        """Returns the sandbox that runs in a folder.

        Raises:
            UsageError: None runs there.
        """
        directory = directory.resolve()
        server = lifecycle.find(directory)
        if server is None:
            raise UsageError(f"sandbox: none is running in {directory}. `hatchway sandbox up` starts one.")
        return cls(directory, server)

    @property
    def ca_file(self) -> Path:
        """The certificate of the sandbox's throwaway authority."""
        return self.directory / lifecycle.CA

    @property
    def proxy_url(self) -> str:
        """Where the sandbox is reached."""
        return f"http://127.0.0.1:{self.server.port}"

    def prepare(self, topology: "Topology") -> None:
        """Makes what a deployment finds in a real account: the bucket of the Terraform state."""
        from hatchway.sandbox.preparation import prepare  # noqa: PLC0415 - boto3 is slow to import

        prepare(self, topology)

    def session(self, role_arn: str | None = None, region: str | None = None) -> "boto3.Session":
        """Returns a boto3 session that reaches the sandbox only, as a role if one is given."""
        from hatchway.sandbox.preparation import session  # noqa: PLC0415 - boto3 is slow to import

        return session(self, role_arn, region)

    def variables(self) -> dict[str, str]:
        """Returns the environment variables that lead a program into the sandbox."""
        variables = {
            **reach(self.server.port, self.ca_file),
            "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
            "AWS_SECRET_ACCESS_KEY": "sandbox",
        }
        return {**variables, **client_credentials.kept(self.directory)}

    def environment(self, base: Mapping[str, str] | None = None) -> dict[str, str]:
        """Returns a whole environment for a program that is to run inside the sandbox.

        Whatever in `base` would lead it elsewhere, or to real credentials, is left out.

        Args:
            base: The environment to start from; this process's own by default.

        Raises:
            ToolError: The AWS provider is not on this machine.
        """
        from hatchway.terraform.mirror import cli_configuration  # noqa: PLC0415 - not needed by status and down

        base = os.environ if base is None else base
        issued = client_credentials.kept(self.directory)
        return {
            **client_credentials.without_rivals(without_foreign(base), issued),
            **self.variables(),
            **cli_configuration(base, sandbox=self.directory),
        }

    def token(self) -> str | None:
        """Returns the token that the gateway's own authorizer knows, if `credentials` has made one."""
        return client_credentials.kept(self.directory).get(client_credentials.TOKEN)

    def credentials(self, topology: "Topology") -> dict[str, str]:
        """Makes what the deployed gateway asks for, and lets its authorizers know it; by variable.

        It is kept in the sandbox's folder, readable by the user alone.

        Raises:
            UsageError: The gateway is not deployed.
        """
        from hatchway.sandbox.preparation import issue_credentials  # noqa: PLC0415 - boto3 is slow to import

        return issue_credentials(self, topology)

    def outputs(self, topology: "Topology", stack: str) -> dict[str, Any]:
        """Returns the Terraform outputs of a deployed stack.

        Raises:
            UsageError: The stack is not deployed.
        """
        from hatchway.sandbox.preparation import outputs  # noqa: PLC0415 - boto3 is slow to import

        return outputs(self, topology, stack)

    def stop(self) -> None:
        """Ends the sandbox's process and removes its folder."""
        lifecycle.stop(self.directory)
