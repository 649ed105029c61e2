"""Attaching a network to a Transit Gateway."""

from dataclasses import dataclass

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.ec2_transit_gateway_route_table_association import (
    Ec2TransitGatewayRouteTableAssociation,
)
from cdktf_cdktf_provider_aws.ec2_transit_gateway_route_table_propagation import (
    Ec2TransitGatewayRouteTablePropagation,
)
from cdktf_cdktf_provider_aws.ec2_transit_gateway_vpc_attachment import Ec2TransitGatewayVpcAttachment
from cdktf_cdktf_provider_aws.ec2_transit_gateway_vpc_attachment_accepter import (
    Ec2TransitGatewayVpcAttachmentAccepter,
)
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.network import NetworkReference
from constructs_lib.transit_gateway import TransitGatewayReference


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitAttachmentProps:
    """What `TransitAttachment` needs."""

    provider: AwsProvider
    """Provider of the network's account."""
    owner_provider: AwsProvider | None
    """Provider of the gateway's owner; None where nobody has to accept or to route."""
    transit_gateway: TransitGatewayReference
    """What the network is attached to."""
    network: NetworkReference
    """What is attached."""
    display_name: str
    """Value of the tag `Name`."""
    is_hub: bool
    """Whether this is the gateway's network."""
    depends_on: tuple[ITerraformDependable, ...]
    """What has to be in place before the network's account sees the gateway."""


class TransitAttachment(Construct):
    """A network on a Transit Gateway, with a foot in one subnet of each availability zone.

    Terraform: `aws_ec2_transit_gateway_vpc_attachment`,
    `aws_ec2_transit_gateway_vpc_attachment_accepter`,
    `aws_ec2_transit_gateway_route_table_association`,
    `aws_ec2_transit_gateway_route_table_propagation`.
    Where owner and network differ in account, the owner accepts. With the gateway's own route tables,
    the hub uses the hub's and is announced to the spokes, and a spoke the other way round; with an
    existing gateway, association and propagation are as its owner has set them.
    """

    def __init__(self, scope: Construct, id_: str, props: TransitAttachmentProps) -> None:
        super().__init__(scope, id_)
        self._props = props
        same_account = props.transit_gateway.owner == props.network.account
        own_tables = props.transit_gateway.hub_route_table_id is not None
        # Only the owner may choose; for a shared gateway the provider refuses the argument.
        default_tables = False if same_account and own_tables else None
        self._attachment = Ec2TransitGatewayVpcAttachment(
            self,
            "Attachment",
            provider=props.provider,
            transit_gateway_id=props.transit_gateway.transit_gateway_id,
            vpc_id=props.network.vpc_id,
            # The topology has one subnet per zone, as an attachment wants it.
            # https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html
            subnet_ids=[subnet.subnet_id for subnet in props.network.subnets.values()],
            transit_gateway_default_route_table_association=default_tables,
            transit_gateway_default_route_table_propagation=default_tables,
            tags={"Name": props.display_name},
            depends_on=list(props.depends_on) or None,
        )
        self._attached: Ec2TransitGatewayVpcAttachment | Ec2TransitGatewayVpcAttachmentAccepter = (
            self._attachment
        )
        if props.owner_provider is not None and not same_account:
            self._attached = self._accept(props.owner_provider, own_tables=own_tables)
        if props.owner_provider is not None and own_tables:
            self._route(props.owner_provider)

    @property
    def attached(self) -> ITerraformDependable:
        """What has to be in place before a route of the network can point at the gateway."""
        return self._attached

    def _accept(
        self, owner_provider: AwsProvider, *, own_tables: bool
    ) -> Ec2TransitGatewayVpcAttachmentAccepter:
        default_tables = False if own_tables else None
        return Ec2TransitGatewayVpcAttachmentAccepter(
            self,
            "Accepter",
            provider=owner_provider,
            transit_gateway_attachment_id=self._attachment.id,
            transit_gateway_default_route_table_association=default_tables,
            transit_gateway_default_route_table_propagation=default_tables,
            tags={"Name": self._props.display_name},
        )

    def _route(self, owner_provider: AwsProvider) -> None:
        gateway = self._props.transit_gateway
        tables = (gateway.hub_route_table_id, gateway.spoke_route_table_id)
        associated, announced = tables if self._props.is_hub else tables[::-1]
        if associated is None or announced is None:
            raise ValueError("a Transit Gateway has either both of Hatchway's route tables or none")
        Ec2TransitGatewayRouteTableAssociation(
            self,
            "Association",
            provider=owner_provider,
            transit_gateway_attachment_id=self._attached.id,
            transit_gateway_route_table_id=associated,
        )
        Ec2TransitGatewayRouteTablePropagation(
            self,
            "Propagation",
            provider=owner_provider,
            transit_gateway_attachment_id=self._attached.id,
            transit_gateway_route_table_id=announced,
        )
