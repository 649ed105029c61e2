"""The stack `endpoint-<account>`: an endpoint that services of an account share."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from cdktf import TerraformOutput

from constructs_lib.execute_api_endpoint import EndpointReference
from constructs_lib.network import NetworkReference
from constructs_lib.service_endpoint import add_endpoint
from constructs_lib.stack import HatchwayStack
from hatchway.topology.stacks import endpoint_stack

if TYPE_CHECKING:
    from constructs import Construct

    from hatchway.topology.bulkheads import Bulkhead
    from hatchway.topology.model import Topology


class SharedEndpoint(HatchwayStack):
    """An endpoint without services: they come and go in stacks of their own, and change nothing here.

    Terraform: those of `ExecuteApiEndpoint`, or of `ExistingEndpoint`; outputs `vpc_endpoint_id` and
    `vpc_endpoint_addresses`.
    """

    def __init__(
        self,
        scope: "Construct",
        bulkhead: "Bulkhead",
        topology: "Topology",
        networks: Mapping[str, NetworkReference],
    ) -> None:
        super().__init__(scope, endpoint_stack(topology, bulkhead.name), topology)
        self._reference = add_endpoint(self, bulkhead, networks)
        outputs = {
            "vpc_endpoint_id": self._reference.vpc_endpoint_id,
            "vpc_endpoint_addresses": list(self._reference.addresses.values()),
        }
        for name, value in outputs.items():
            TerraformOutput(self, name, static_id=True, value=value)

    @property
    def reference(self) -> EndpointReference:
        """The endpoint as the stacks of services and of the gateway use it."""
        return self._reference
