"""An `execute-api` VPC endpoint that exists already."""

from dataclasses import dataclass

from cdktf_cdktf_provider_aws.data_aws_network_interface import (
    DataAwsNetworkInterface,
    DataAwsNetworkInterfaceFilter,
)
from cdktf_cdktf_provider_aws.data_aws_vpc_endpoint import DataAwsVpcEndpoint
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.execute_api_endpoint import EndpointReference
from constructs_lib.network import NetworkReference


@dataclass(frozen=True, slots=True, kw_only=True)
class ExistingEndpointProps:
    """What `ExistingEndpoint` needs."""

    provider: AwsProvider
    """Provider of the account of the endpoint."""
    vpc_endpoint_id: str
    """The endpoint."""
    network: NetworkReference
    """Its network: the endpoint has an interface in each of the subnets."""


class ExistingEndpoint(Construct):
    """Looks up an endpoint's address in each subnet; its policy and security groups are left alone.

    Terraform: `data.aws_vpc_endpoint`, `data.aws_network_interface`.
    One look-up per subnet, by the subnet's name, so that how many there are is known at plan time and
    an address stays with its subnet. Nothing is made, so that a plan works on an empty state.
    """

    def __init__(self, scope: Construct, id_: str, props: ExistingEndpointProps) -> None:
        super().__init__(scope, id_)
        endpoint = DataAwsVpcEndpoint(self, "Endpoint", provider=props.provider, id=props.vpc_endpoint_id)
        addresses = {}
        for name, subnet in props.network.subnets.items():
            interface = DataAwsNetworkInterface(
                Construct(self, name),
                "Interface",
                provider=props.provider,
                filter=[
                    DataAwsNetworkInterfaceFilter(name="subnet-id", values=[subnet.subnet_id]),
                    DataAwsNetworkInterfaceFilter(
                        name="network-interface-id", values=endpoint.network_interface_ids
                    ),
                ],
            )
            addresses[name] = interface.private_ip
        self._reference = EndpointReference(
            vpc_endpoint_id=props.vpc_endpoint_id, vpc_id=props.network.vpc_id, addresses=addresses
        )

    @property
    def reference(self) -> EndpointReference:
        """The endpoint as others use it."""
        return self._reference
