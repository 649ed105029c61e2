"""Routes from one network to another, over a Transit Gateway or a peering connection."""

from dataclasses import dataclass

from cdktf import ITerraformDependable, Token
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.route import Route
from constructs import Construct

from constructs_lib.network import NetworkReference


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitRoutesProps:
    """What `TransitRoutes` needs."""

    provider: AwsProvider
    """Provider of the account of the network that the routes are in."""
    transit_gateway_id: str | None = None
    """Where the routes point, if it is a Transit Gateway."""
    vpc_peering_connection_id: str | None = None
    """Where the routes point, if it is a peering connection."""
    source: NetworkReference
    """Network whose route tables get a route."""
    destination: NetworkReference
    """Network that becomes reachable."""
    attached: ITerraformDependable
    """Attachment of the source, or the accepted connection: AWS refuses a route to a gateway that the VPC
    is not attached to."""


class TransitRoutes(Construct):
    """One direction of the way between two networks.

    Terraform: `aws_route`, one for each route table of the source's subnets.
    An existing subnet without `route_table_id` gets none: its owner adds it.
    """

    def __init__(self, scope: Construct, id_: str, props: TransitRoutesProps) -> None:
        super().__init__(scope, id_)
        name = f"{props.source.name}_to_{props.destination.name}"
        tables = {subnet.route_table_id: None for subnet in props.source.subnets.values()}
        for table in tables:
            if table is None:
                continue
            # The id of an existing table is part of the address: subnets come and go in any order.
            created = Token.is_unresolved(table)
            Route(
                Construct(self, name if created else f"{name}_{table}"),
                "Route",
                provider=props.provider,
                route_table_id=table,
                destination_cidr_block=str(props.destination.cidr),
                transit_gateway_id=props.transit_gateway_id,
                vpc_peering_connection_id=props.vpc_peering_connection_id,
                depends_on=[props.attached],
            )
