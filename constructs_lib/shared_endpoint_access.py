"""The stack `access-<account>`: what may be invoked through an endpoint that services share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from constructs import Construct

from constructs_lib.execute_api_endpoint_policy import ExecuteApiEndpointPolicy, ExecuteApiEndpointPolicyProps
from constructs_lib.service_endpoint import ENDPOINT
from constructs_lib.stack import HatchwayStack
from hatchway.topology.stacks import access_stack

if TYPE_CHECKING:
    from hatchway.topology.model import Topology


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedEndpointAccessProps:
    """What `SharedEndpointAccess` needs from the other stacks."""

    account: str
    """Account whose services share the endpoint."""
    endpoint_account: str
    """Account of the endpoint's network."""
    vpc_endpoint_id: str
    """The endpoint."""
    execution_arns: Sequence[str]
    """ARNs of the services' APIs, as policies name them."""


class SharedEndpointAccess(HatchwayStack):
    """The policy of a shared endpoint, after the services: it names their APIs, which name the endpoint.

    Terraform: those of `ExecuteApiEndpointPolicy`.
    """

    def __init__(self, scope: Construct, topology: "Topology", props: SharedEndpointAccessProps) -> None:
        super().__init__(scope, access_stack(topology, props.account), topology)
        ExecuteApiEndpointPolicy(
            Construct(self, "Access"),
            ENDPOINT,
            ExecuteApiEndpointPolicyProps(
                provider=self.provider(props.endpoint_account),
                vpc_endpoint_id=props.vpc_endpoint_id,
                execution_arns=props.execution_arns,
            ),
        )
