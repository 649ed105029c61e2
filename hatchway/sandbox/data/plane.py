"""The data plane as a whole."""

import urllib.parse
from collections.abc import Callable, Mapping
from pathlib import Path

from hatchway.sandbox.authority import Authority
from hatchway.sandbox.data.authorization import Authorization
from hatchway.sandbox.data.authorizers import Authorizers
from hatchway.sandbox.data.edge import Edge, PublicApis
from hatchway.sandbox.data.endpoint import Endpoints
from hatchway.sandbox.data.fabric import Fabric
from hatchway.sandbox.data.firewall import Firewall
from hatchway.sandbox.data.function_calls import FunctionCalls
from hatchway.sandbox.data.functions import Functions
from hatchway.sandbox.data.health import TargetHealth, check
from hatchway.sandbox.data.hop_log import HopLog
from hatchway.sandbox.data.http_api import HttpApis
from hatchway.sandbox.data.http_api.admission import Admission
from hatchway.sandbox.data.http_api.integrating import HttpApiIntegrations
from hatchway.sandbox.data.http_api.jwt_authorizer import JwtAuthorizers
from hatchway.sandbox.data.http_api.lambda_authorizer import HttpLambdaAuthorizers
from hatchway.sandbox.data.http_api.vpc_links import VpcLinksV2
from hatchway.sandbox.data.http_integration import HttpIntegrations
from hatchway.sandbox.data.integrations import Integrations
from hatchway.sandbox.data.internet import Internet
from hatchway.sandbox.data.lambda_integration import LambdaIntegrations
from hatchway.sandbox.data.load_balancer import Nodes
from hatchway.sandbox.data.private_integration import VpcLinks
from hatchway.sandbox.data.rest_api import Guards, RestApis
from hatchway.sandbox.data.usage import Usage
from hatchway.sandbox.data.world import LoadBalancer, Target, TargetGroup, World

__all__ = ["DataPlane"]


class DataPlane:
    """Answers callers of the deployed APIs, hop by hop, over real sockets and TLS on loopback.

    Starts with one listener, for the edge; the others come and go with what is deployed. `backends` maps
    host names on the internet to ports on loopback. Waits, and nothing else, are multiplied by
    `time_scale`. `function_environment` gives what the AWS SDK in a Lambda function needs to reach the
    sandbox. Requests are logged in `directory`, where code is unpacked too.
    """

    def __init__(  # noqa: PLR0913 - all but two have defaults and are named
        self,
        authority: Authority,
        directory: Path,
        *,
        world: World | None = None,
        function_environment: Callable[[], Mapping[str, str]] = dict,
        backends: Mapping[str, int] | None = None,
        time_scale: float = 1.0,
    ) -> None:
        self._authority = authority
        self._world = world if world is not None else _deployed_world()
        self._functions = Functions(directory, function_environment, self._world.role_credentials)
        self.log = HopLog(directory)
        self._fabric = Fabric(self._world, self.log)
        self._nodes = Nodes(self._world, self._fabric, self.target_health)
        self._directory = directory
        self._internet = Internet(
            authority, backends or {}, self._public_address, self.log.failure, self._published
        )
        calls = FunctionCalls(self._world, self._functions)
        self._apis = self._rest_apis(calls, time_scale)
        self._http_apis = self._second_apis(calls, time_scale)
        self._endpoints = Endpoints(self._world, self._fabric, authority, self._apis, self.log)
        self._fabric.serve_node = self._nodes.serve
        self._fabric.serve_endpoint = self._endpoints.serve
        self._edge: Edge | None = None

    def _rest_apis(self, calls: FunctionCalls, time_scale: float) -> RestApis:
        vpc_links = VpcLinks(self._world, self._fabric, self._authority.client_context())
        integrations = Integrations(
            HttpIntegrations(vpc_links, self._internet, time_scale), LambdaIntegrations(calls, time_scale)
        )
        guards = Guards(
            firewall=Firewall(self._world),
            authorization=Authorization(self._world, Authorizers(calls)),
            usage=Usage(self._world),
        )
        return RestApis(self._world, guards, integrations)

    def _second_apis(self, calls: FunctionCalls, time_scale: float) -> HttpApis:
        vpc_links = VpcLinksV2(self._world, self._fabric, self._authority.client_context())
        tokens = JwtAuthorizers(self._world, self._internet)
        return HttpApis(
            self._world,
            Admission(self._world, tokens, HttpLambdaAuthorizers(calls)),
            HttpApiIntegrations(vpc_links, self._internet, time_scale),
        )

    def start(self) -> None:
        """Starts to listen."""
        if self._edge is None:
            self._edge = Edge(
                self._world, self._authority, PublicApis(self._apis, self._http_apis), self.log, self._fabric
            )

    def stop(self) -> None:
        """Stops all listeners and ends all processes; may be called twice."""
        if self._edge is not None:
            self._edge.stop()
            self._edge = None
        self._fabric.stop()
        self._internet.stop()
        self._functions.stop()

    def edge_address(self, hostname: str) -> tuple[str, int]:
        """Where TLS for a host name goes: one server for all of execute-api, one for each custom domain.

        Raises:
            RuntimeError: the data plane is not started.
        """
        if self._edge is None:
            raise RuntimeError(f"the data plane is not started and cannot answer for {hostname}")
        return self._edge.address_of(hostname)

    def is_public(self, hostname: str) -> bool:
        """Tells whether a name resolves to the edge: those of Regional APIs and of custom domains."""
        return self._edge is not None and self._edge.knows(hostname.lower())

    def _public_address(self, hostname: str) -> tuple[str, int] | None:
        """Where a name on the internet that is one of ours leads: to the edge, if it is an API's."""
        return self.edge_address(hostname) if self.is_public(hostname) else None

    def _published(self, host: str, path: str) -> Mapping[str, object] | None:
        """What an issuer of tokens that the sandbox stands in for publishes under a path of its host."""
        from hatchway.sandbox import issuer  # noqa: PLC0415 - it knows the internet's reserved names

        for name in sorted(self._world.jwt_issuers()):
            is_there = (urllib.parse.urlsplit(name).hostname or "").lower() == host
            found = issuer.answer(self._directory, name, path) if is_there else None
            if found is not None:
                return found
        return None

    def target_health(
        self, load_balancer: LoadBalancer | None, group: TargetGroup, target: Target
    ) -> TargetHealth:
        """The health of a target, by the estate as it is."""
        return check(self._world.networks(), load_balancer, group, target, self._fabric.listens)


def _deployed_world() -> World:
    from hatchway.sandbox.data.moto_view import MotoView  # noqa: PLC0415 - moto takes seconds to import

    return MotoView()
