"""The sections `networks` and `transit`."""

import ipaddress
from typing import ClassVar, Literal

from pydantic import Field

from hatchway.topology.model.declared import Declared
from hatchway.topology.values import (
    Cidr,
    Name,
    PrivateAsn,
    RouteTableId,
    SubnetId,
    SubnetName,
    TransitGatewayId,
    VpcId,
    ZoneId,
)


class SubnetToCreate(Declared):
    """A private subnet to create."""

    availability_zone_id: ZoneId = Field(
        examples=["euw1-az1"],
        description="Zone id (euw1-az1), which means the same place in every account; zone names do not.",
    )
    cidr: Cidr = Field(examples=["10.0.0.0/24"], description="Address range, inside the network's.")


class NetworkToCreate(Declared):
    """A VPC with private subnets to create. It gets no internet gateway and no NAT gateway."""

    cidr: Cidr = Field(examples=["10.0.0.0/16"], description="Address range of the VPC, /16 to /28.")
    subnets: dict[SubnetName, SubnetToCreate] = Field(min_length=1, description="Private subnets by name.")


class ExistingSubnet(Declared):
    """A subnet that exists already."""

    subnet_id: SubnetId = Field(examples=["subnet-0a1b2c3d"], description="Id of the subnet.")
    cidr: Cidr = Field(
        examples=["10.0.0.0/24"],
        description="Its address range, so that pinned addresses can be checked before deploy.",
    )
    availability_zone_id: ZoneId | None = Field(
        examples=["euw1-az1"], default=None, description="Its zone id, if zones are to be compared."
    )
    route_table_id: RouteTableId | None = Field(
        examples=["rtb-0a1b2c3d"],
        default=None,
        description="Its route table, if Hatchway is to add the routes to the other side.",
    )


class ExistingNetwork(Declared):
    """A VPC that exists already, which Hatchway uses and does not own."""

    vpc_id: VpcId = Field(examples=["vpc-0a1b2c3d"], description="Id of the VPC.")
    cidr: Cidr = Field(examples=["10.0.0.0/16"], description="Its address range.")
    subnets: dict[SubnetName, ExistingSubnet] = Field(
        min_length=1, description="Private subnets to use, by name."
    )


class Network(Declared):
    """A VPC in one account: created, or existing. Exactly one of the two."""

    choices: ClassVar[tuple[str, ...]] = ("create", "existing")

    account: Name = Field(examples=["edge"], description="Name of the account under `accounts`.")
    create: NetworkToCreate | None = Field(default=None, description="Create this VPC.")
    existing: ExistingNetwork | None = Field(default=None, description="Use this VPC.")

    @property
    def definition(self) -> NetworkToCreate | ExistingNetwork:
        """The one of `create` and `existing` that is given."""
        found = self.create or self.existing
        if found is None:  # the validator above rules it out; mypy cannot know
            raise ValueError("network has neither 'create' nor 'existing'")
        return found

    @property
    def cidr(self) -> ipaddress.IPv4Network:
        """Address range of the VPC."""
        return self.definition.cidr

    @property
    def subnet_cidrs(self) -> dict[str, ipaddress.IPv4Network]:
        """Address range of each subnet, by subnet name, in the order of the file."""
        return {name: subnet.cidr for name, subnet in self.definition.subnets.items()}


class TransitGatewayToCreate(Declared):
    """A Transit Gateway to create, shared through RAM with the other accounts."""

    account: Name = Field(examples=["edge"], description="Account that owns the gateway.")
    amazon_side_asn: PrivateAsn = Field(
        examples=[64520],
        default=64512,
        description="Private ASN of the gateway: 64512 to 65534, or 4200000000 to 4294967294.",
    )
    within_organization: bool = Field(
        examples=[True],
        default=False,
        description=(
            "True where all accounts are in one AWS Organization with RAM sharing on: shares then need no "
            "acceptance. False sends an invitation and accepts it in each account."
        ),
    )


class ExistingTransitGateway(Declared):
    """A Transit Gateway that exists and is already shared with the accounts."""

    transit_gateway_id: TransitGatewayId = Field(examples=["tgw-0a1b2c3d"], description="Id of the gateway.")
    account: Name | None = Field(
        examples=["edge"],
        default=None,
        description=(
            "Owner account, if attachments have to be accepted there. Otherwise the gateway accepts them."
        ),
    )


class Transit(Declared):
    """How packets get from the gateway's network to the services' networks. Exactly one of the four."""

    choices: ClassVar[tuple[str, ...]] = ("create", "existing", "peering", "routed")

    create: TransitGatewayToCreate | None = Field(default=None, description="Create a Transit Gateway.")
    existing: ExistingTransitGateway | None = Field(
        default=None, description="Attach to this Transit Gateway."
    )
    peering: Literal[True] | None = Field(
        examples=[True],
        default=None,
        description="Peer the gateway's network with each service's: cheaper for a few, and no third party.",
    )
    routed: Literal[True] | None = Field(
        examples=[True], default=None, description="The networks reach each other already; build nothing."
    )
