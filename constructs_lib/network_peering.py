"""A peering connection between two networks."""

from dataclasses import dataclass

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.vpc_peering_connection import VpcPeeringConnection
from cdktf_cdktf_provider_aws.vpc_peering_connection_accepter import VpcPeeringConnectionAccepterA
from constructs import Construct

from constructs_lib.network import NetworkReference


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkPeeringProps:
    """What `NetworkPeering` needs."""

    provider: AwsProvider
    """Provider of the account of the network that asks."""
    network: NetworkReference
    """The network that asks."""
    peer_provider: AwsProvider
    """Provider of the account of the network that accepts."""
    peer_network: NetworkReference
    """The network that accepts."""
    peer_account_id: str
    """Id of that account."""
    display_name: str
    """Value of the tag `Name`."""


class NetworkPeering(Construct):
    """A connection between two networks, asked for by one account and accepted by the other.

    Terraform: `aws_vpc_peering_connection`, `aws_vpc_peering_connection_accepter`; in one account the
    connection accepts itself. Packets go from one network to the other and no further: peering does
    not pass on what comes from a third. Routes are `TransitRoutes`' business.
    https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html
    """

    def __init__(self, scope: Construct, id_: str, props: NetworkPeeringProps) -> None:
        super().__init__(scope, id_)
        same_account = props.network.account == props.peer_network.account
        connection = VpcPeeringConnection(
            self,
            "Connection",
            provider=props.provider,
            vpc_id=props.network.vpc_id,
            peer_vpc_id=props.peer_network.vpc_id,
            peer_owner_id=None if same_account else props.peer_account_id,
            auto_accept=True if same_account else None,
            tags={"Name": props.display_name},
        )
        self._connection_id = connection.id
        self._accepted: VpcPeeringConnection | VpcPeeringConnectionAccepterA = connection
        if not same_account:
            self._accepted = VpcPeeringConnectionAccepterA(
                self,
                "Accepter",
                provider=props.peer_provider,
                vpc_peering_connection_id=connection.id,
                auto_accept=True,
                tags={"Name": props.display_name},
            )

    @property
    def vpc_peering_connection_id(self) -> str:
        """Id of the connection."""
        return self._connection_id

    @property
    def accepted(self) -> ITerraformDependable:
        """What has to be in place before a packet gets across."""
        return self._accepted
