"""The stack `service-<name>`: a private API and the endpoint that leads to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdktf import TerraformOutput

from constructs_lib.execute_api_endpoint import ExecuteApiEndpoint, ExecuteApiEndpointProps
from constructs_lib.network import NetworkReference
from constructs_lib.partition import execute_api_host, execute_api_service_name, partition
from constructs_lib.private_rest_api import PrivateRestApi, PrivateRestApiProps
from constructs_lib.stack import HatchwayStack
from hatchway.topology import endpoint_addresses, endpoint_network, load_balancer_addresses, service_stack

if TYPE_CHECKING:
    from constructs import Construct

    from hatchway.topology.model import Topology


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateApiReference:
    """A private API as the gateway's stack uses it."""

    rest_api_id: str
    host: str
    stage_name: str
    """Known up front, so that the path can be reviewed before anything exists."""


class Service(HatchwayStack):
    """A private API with its endpoint, in the account of the service.

    With placement `gateway`, the endpoint is in the gateway's network, made with the provider of that
    network's account.

    Terraform: those of `ExecuteApiEndpoint` and `PrivateRestApi`; outputs `rest_api_id`, `stage_name`,
    `vpc_endpoint_id`, `vpc_endpoint_addresses` and `invoke_url`.
    """

    def __init__(
        self,
        scope: "Construct",
        service: str,
        topology: "Topology",
        networks: Mapping[str, NetworkReference],
    ) -> None:
        super().__init__(scope, service_stack(service), topology)
        self._service = service
        self._declared = topology.services[service]
        endpoint = self._add_endpoint(networks[endpoint_network(topology, service)])
        api = PrivateRestApi(
            self,
            "private",
            PrivateRestApiProps(
                provider=self.provider(self._declared.account),
                name=self._declared.api.name or f"{topology.name}-{service}",
                vpc_endpoint_id=endpoint.vpc_endpoint_id,
                stage_name=self._declared.api.stage,
                routes=self._declared.api.routes,
            ),
        )
        endpoint.restrict_to([api.execution_arn, *self._allowed_arns()])
        self._reference = PrivateApiReference(
            rest_api_id=api.rest_api_id,
            host=execute_api_host(api.rest_api_id, topology.accounts[self._declared.account].region),
            stage_name=self._declared.api.stage,
        )
        self._add_outputs(endpoint, api)

    @property
    def reference(self) -> PrivateApiReference:
        """The private API as the gateway's stack uses it."""
        return self._reference

    def _add_endpoint(self, network: NetworkReference) -> ExecuteApiEndpoint:
        region = self.topology.accounts[network.account].region
        props = ExecuteApiEndpointProps(
            provider=self.provider(network.account),
            network=network,
            service_name=execute_api_service_name(region),
            addresses=endpoint_addresses(self.topology, self._service),
            client_addresses=load_balancer_addresses(self.topology, self._service),
            display_name=f"{self.topology.name}-{self._service}-execute-api",
        )
        return ExecuteApiEndpoint(self, "execute_api", props)

    def _allowed_arns(self) -> list[str]:
        account = self.topology.accounts[self._declared.account]
        api_ids = self._declared.endpoint.allowed_api_ids
        prefix = f"arn:{partition(account.region)}:execute-api:{account.region}:{account.id}"
        return [f"{prefix}:{api_id}" for api_id in api_ids]

    def _add_outputs(self, endpoint: ExecuteApiEndpoint, api: PrivateRestApi) -> None:
        addresses = endpoint_addresses(self.topology, self._service).values()
        outputs = {
            "rest_api_id": api.rest_api_id,
            "stage_name": api.stage_name,
            "vpc_endpoint_id": endpoint.vpc_endpoint_id,
            "vpc_endpoint_addresses": [str(address) for address in addresses],
            "invoke_url": f"https://{self._reference.host}/{self._reference.stage_name}",
        }
        for name, value in outputs.items():
            TerraformOutput(self, name, static_id=True, value=value)
