"""A network: a VPC with private subnets."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Self

from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.route_table import RouteTable
from cdktf_cdktf_provider_aws.route_table_association import RouteTableAssociation
from cdktf_cdktf_provider_aws.subnet import Subnet
from cdktf_cdktf_provider_aws.vpc import Vpc
from constructs import Construct

from hatchway.topology.model import ExistingNetwork, NetworkToCreate, SubnetToCreate


@dataclass(frozen=True, slots=True, kw_only=True)
class SubnetReference:
    """A subnet, whoever made it."""

    subnet_id: str
    route_table_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkReference:
    """A network, whoever made it."""

    name: str
    account: str
    cidr: IPv4Network | str
    vpc_id: str
    subnets: Mapping[str, SubnetReference]

    @classmethod
    def from_existing(cls, name: str, account: str, existing: ExistingNetwork) -> Self:
        """Refers to a VPC that Hatchway does not own; adds no resource."""
        return cls(
            name=name,
            account=account,
            cidr=existing.cidr,
            vpc_id=existing.vpc_id,
            subnets={
                subnet_name: SubnetReference(
                    subnet_id=subnet.subnet_id,
                    route_table_id=subnet.route_table_id,
                )
                for subnet_name, subnet in existing.subnets.items()
            },
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkProps:
    """What `Network` needs."""

    provider: AwsProvider
    """Provider of the account of the VPC."""
    account: str
    """Name of that account in the topology."""
    display_name: str
    """Value of the tag `Name`."""
    definition: NetworkToCreate
    """Address ranges and zones."""


class Network(Construct):
    """A VPC with private subnets that share one route table.

    Terraform: `aws_vpc`, `aws_subnet`, `aws_route_table`, `aws_route_table_association`.
    No internet gateway, no NAT gateway, and no route but the local one: whoever connects the
    network adds routes. DNS host names stay off, since no endpoint here uses private DNS.
    """

    def __init__(self, scope: Construct, id_: str, props: NetworkProps) -> None:
        super().__init__(scope, id_)
        self._props = props
        self._vpc = Vpc(
            self,
            "Vpc",
            provider=props.provider,
            cidr_block=str(props.definition.cidr),
            tags={"Name": props.display_name},
        )
        # Read once: cdktf gives a new token for each reading, and equal tables are recognized by token.
        self._route_table_id = RouteTable(
            self,
            "RouteTable",
            provider=props.provider,
            vpc_id=self._vpc.id,
            tags={"Name": props.display_name},
        ).id
        subnets = {name: self._add_subnet(name, subnet) for name, subnet in props.definition.subnets.items()}
        self._reference = NetworkReference(
            name=id_,
            account=props.account,
            cidr=props.definition.cidr,
            vpc_id=self._vpc.id,
            subnets=subnets,
        )

    @property
    def reference(self) -> NetworkReference:
        """The network as others use it."""
        return self._reference

    def _add_subnet(self, name: str, definition: SubnetToCreate) -> SubnetReference:
        scope = Construct(self, name)
        subnet = Subnet(
            scope,
            "Subnet",
            provider=self._props.provider,
            vpc_id=self._vpc.id,
            cidr_block=str(definition.cidr),
            availability_zone_id=definition.availability_zone_id,
            tags={"Name": f"{self._props.display_name}-{name}"},
        )
        RouteTableAssociation(
            scope,
            "RouteTableAssociation",
            provider=self._props.provider,
            subnet_id=subnet.id,
            route_table_id=self._route_table_id,
        )
        return SubnetReference(
            subnet_id=subnet.id,
            route_table_id=self._route_table_id,
        )
