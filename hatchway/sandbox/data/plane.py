"""The data plane as a whole."""

from collections.abc import Callable, Mapping
from pathlib import Path

from hatchway.sandbox.authority import Authority
from hatchway.sandbox.data.authorizers import Authorizers
from hatchway.sandbox.data.edge import Edge
from hatchway.sandbox.data.endpoint import Endpoints
from hatchway.sandbox.data.fabric import Fabric
from hatchway.sandbox.data.functions import Functions
from hatchway.sandbox.data.health import TargetHealth, check
from hatchway.sandbox.data.hop_log import HopLog
from hatchway.sandbox.data.load_balancer import Nodes
from hatchway.sandbox.data.private_integration import PrivateIntegrations
from hatchway.sandbox.data.rest_api import RestApis
from hatchway.sandbox.data.world import LoadBalancer, Target, TargetGroup, World

__all__ = ["DataPlane"]


class DataPlane:
    """Answers callers of the deployed APIs, hop by hop, over real sockets and TLS on loopback.

    Starts with one listener, for the edge; the others come and go with what is deployed. Waits, and
    nothing else, are multiplied by `time_scale`. `function_environment` gives what the AWS SDK in a Lambda
    function needs to reach the sandbox. Requests are logged in `directory`, where code is unpacked too.
    """

    def __init__(
        self,
        authority: Authority,
        directory: Path,
        *,
        world: World | None = None,
        function_environment: Callable[[], Mapping[str, str]] = dict,
        time_scale: float = 1.0,
    ) -> None:
        self._authority = authority
        self._world = world if world is not None else _deployed_world()
        self._functions = Functions(directory, function_environment, self._world.role_credentials)
        self.log = HopLog(directory)
        self._fabric = Fabric(self._world, self.log)
        self._nodes = Nodes(self._world, self._fabric, self.target_health)
        self._integrations = PrivateIntegrations(
            self._world, self._fabric, authority.client_context, time_scale
        )
        self._apis = RestApis(Authorizers(self._world, self._functions), self._integrations.send)
        self._endpoints = Endpoints(self._world, self._fabric, authority, self._apis, self.log)
        self._fabric.serve_node = self._nodes.serve
        self._fabric.serve_endpoint = self._endpoints.serve
        self._edge: Edge | None = None

    def start(self) -> None:
        """Starts to listen."""
        if self._edge is None:
            self._edge = Edge(self._world, self._authority, self._apis, self.log, self._fabric)

    def stop(self) -> None:
        """Stops all listeners and ends all processes; may be called twice."""
        if self._edge is not None:
            self._edge.stop()
            self._edge = None
        self._fabric.stop()
        self._functions.stop()

    def edge_address(self, hostname: str) -> tuple[str, int]:
        """Where TLS for an execute-api host name goes. One server has them all and goes by SNI.

        Raises:
            RuntimeError: the data plane is not started.
        """
        if self._edge is None:
            raise RuntimeError(f"the data plane is not started and cannot answer for {hostname}")
        return self._edge.address

    def target_health(
        self, load_balancer: LoadBalancer | None, group: TargetGroup, target: Target
    ) -> TargetHealth:
        """The health of a target, by the estate as it is."""
        return check(self._world.networks(), load_balancer, group, target, self._fabric.listens)


def _deployed_world() -> World:
    from hatchway.sandbox.data.moto_view import MotoView  # noqa: PLC0415 - moto takes seconds to import

    return MotoView()
