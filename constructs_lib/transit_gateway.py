"""The Transit Gateway between the gateway's network and the services' networks."""

from dataclasses import dataclass
from typing import Self

from cdktf_cdktf_provider_aws.ec2_transit_gateway import Ec2TransitGateway
from cdktf_cdktf_provider_aws.ec2_transit_gateway_route_table import Ec2TransitGatewayRouteTable
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitGatewayReference:
    """A Transit Gateway, whoever made it."""

    transit_gateway_id: str
    owner: str | None
    """Account that accepts attachments; None where the gateway accepts by itself."""
    hub_route_table_id: str | None = None
    """Route table of the gateway's network: knows every service. None: the owner's own routing."""
    spoke_route_table_id: str | None = None
    """Route table of the services' networks: knows the gateway's network only."""

    @classmethod
    def from_existing(cls, transit_gateway_id: str, owner: str | None) -> Self:
        """Refers to a gateway that Hatchway does not own, and leaves its route tables to the owner."""
        return cls(transit_gateway_id=transit_gateway_id, owner=owner)


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitGatewayProps:
    """What `TransitGateway` needs."""

    provider: AwsProvider
    """Provider of the owner."""
    owner: str
    """Name of the owner account in the topology."""
    display_name: str
    """Value of the tag `Name`."""
    amazon_side_asn: int
    """Private ASN of the gateway."""


class TransitGateway(Construct):
    """A Transit Gateway with one route table for the gateway's network and one for the services'.

    Terraform: `aws_ec2_transit_gateway`, `aws_ec2_transit_gateway_route_table`.
    Nothing is associated, propagated or accepted by default. Two tables make the bulkhead: packets
    of a service find a route to the gateway's network and none to another service.
    https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-isolated-shared.html
    """

    def __init__(self, scope: Construct, id_: str, props: TransitGatewayProps) -> None:
        super().__init__(scope, id_)
        gateway = Ec2TransitGateway(
            self,
            "TransitGateway",
            provider=props.provider,
            description=props.display_name,
            amazon_side_asn=props.amazon_side_asn,
            auto_accept_shared_attachments="disable",
            default_route_table_association="disable",
            default_route_table_propagation="disable",
            tags={"Name": props.display_name},
        )
        tables = {
            name: Ec2TransitGatewayRouteTable(
                Construct(self, name),
                "RouteTable",
                provider=props.provider,
                transit_gateway_id=gateway.id,
                tags={"Name": f"{props.display_name}-{name}"},
            )
            for name in ("hub", "spoke")
        }
        self._arn = gateway.arn
        self._reference = TransitGatewayReference(
            transit_gateway_id=gateway.id,
            owner=props.owner,
            hub_route_table_id=tables["hub"].id,
            spoke_route_table_id=tables["spoke"].id,
        )

    @property
    def arn(self) -> str:
        """ARN of the gateway."""
        return self._arn

    @property
    def reference(self) -> TransitGatewayReference:
        """The gateway as others use it."""
        return self._reference
