"""The stacks of one bulkhead: its services, and the endpoint that they share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from constructs_lib.network import NetworkReference
from constructs_lib.service import Service, ServiceProps
from constructs_lib.shared_endpoint import SharedEndpoint
from constructs_lib.shared_endpoint_access import SharedEndpointAccess, SharedEndpointAccessProps
from hatchway.topology import endpoint_network
from hatchway.topology.stacks import has_access_stack

if TYPE_CHECKING:
    from cdktf import App, TerraformStack

    from hatchway.topology.bulkheads import Bulkhead
    from hatchway.topology.model import Topology


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkheadStacksProps:
    """What `BulkheadStacks` needs."""

    topology: "Topology"
    """What the user declared."""
    networks: Mapping[str, NetworkReference]
    """Networks by name."""
    before: "Sequence[TerraformStack]"
    """Stacks that all of these depend on."""
    staging: Path
    """Folder for packages until synth copies them; the caller removes it."""


class BulkheadStacks:
    """Adds a stack for each service, and around them those of a shared endpoint and of its policy.

    An endpoint's policy names APIs whose policies name the endpoint. For one service, one stack can
    hold both ends; where services come and go, the two ends are a stack before them and one after.
    """

    def __init__(self, app: "App", bulkhead: "Bulkhead", props: BulkheadStacksProps) -> None:
        self._app = app
        self._bulkhead = bulkhead
        self._props = props
        self._endpoint = self._add_endpoint() if bulkhead.is_shared else None
        self._services = {name: self._add_service(name) for name in bulkhead.services}
        self._access = self._add_access()

    @property
    def services(self) -> Mapping[str, Service]:
        """Stacks of the services, by service."""
        return self._services

    @property
    def last(self) -> "tuple[TerraformStack, ...]":
        """Those that have to be there before anything is sent this way."""
        services = tuple(self._services.values())
        return services if self._access is None else (*services, self._access)

    def _add_endpoint(self) -> SharedEndpoint:
        props = self._props
        endpoint = SharedEndpoint(self._app, self._bulkhead, props.topology, props.networks)
        add_dependencies(endpoint, props.before)
        return endpoint

    def _add_service(self, name: str) -> Service:
        props = ServiceProps(
            networks=self._props.networks,
            shared_endpoint=None if self._endpoint is None else self._endpoint.reference,
            staging=self._props.staging,
        )
        service = Service(self._app, name, self._props.topology, props)
        add_dependencies(service, self._props.before)
        if self._endpoint is not None:
            service.add_dependency(self._endpoint)
        return service

    def _add_access(self) -> SharedEndpointAccess | None:
        topology = self._props.topology
        if self._endpoint is None or not has_access_stack(topology, self._bulkhead):
            return None
        arns = [arn for service in self._services.values() for arn in service.execution_arns]
        props = SharedEndpointAccessProps(
            account=self._bulkhead.name,
            endpoint_account=self._props.networks[endpoint_network(topology, self._bulkhead.leader)].account,
            vpc_endpoint_id=self._endpoint.reference.vpc_endpoint_id,
            execution_arns=tuple(dict.fromkeys(arns)),
        )
        access = SharedEndpointAccess(self._app, topology, props)
        add_dependencies(access, [self._endpoint, *self._services.values()])
        return access


def add_dependencies(stack: "TerraformStack", others: "Sequence[TerraformStack]") -> None:
    """Makes a stack wait for others."""
    for other in others:
        stack.add_dependency(other)
