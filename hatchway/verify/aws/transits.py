"""What lies between the VPCs: Transit Gateway attachments and routes, peering connections."""

from collections.abc import Iterator, Mapping
from typing import Any

from hatchway.verify.aws.answers import Answers
from hatchway.verify.aws.estate import Estate
from hatchway.verify.aws.networks import places
from hatchway.verify.aws.reads import Request
from hatchway.verify.aws.shapes import Shapes

__all__ = ["wanted", "write"]

_ALIVE = frozenset({"available", "modifying"})
_PENDING = frozenset({"pendingAcceptance"})
_ROUTES = (("state", ("active", "blackhole")),)


def wanted(estate: Estate, answers: Answers) -> Iterator[Request]:
    """Ask for attachments and peering connections of the VPCs, then for the tables of the gateway."""
    for account, vpc in dict.fromkeys((account, str(one.get("VpcId"))) for account, one in places(answers)):
        filters = (("vpc-id", (vpc,)),)
        yield Request.of(account, "DescribeTransitGatewayVpcAttachments", Filters=filters)
        if account == estate.gateway:
            for side in ("requester-vpc-info.vpc-id", "accepter-vpc-info.vpc-id"):
                yield Request.of(account, "DescribeVpcPeeringConnections", Filters=((side, (vpc,)),))
    if estate.transit is None:
        return
    for gateway in sorted(set(_gateways(answers))):
        filters = (("transit-gateway-id", (gateway,)),)
        yield Request.of(estate.transit, "DescribeTransitGatewayAttachments", Filters=filters)
    for table in dict.fromkeys(table for _, table in _associations(answers)):
        yield Request.of(
            estate.transit, "SearchTransitGatewayRoutes", TransitGatewayRouteTableId=table, Filters=_ROUTES
        )


def _associations(answers: Answers) -> Iterator[tuple[str, str]]:
    """Give attachments with the route table each is associated with."""
    for _, one in answers.items("DescribeTransitGatewayAttachments"):
        association = one.get("Association") or {}
        if association.get("State") == "associated":
            yield (
                str(one.get("TransitGatewayAttachmentId")),
                str(association.get("TransitGatewayRouteTableId")),
            )


def write(estate: Estate, answers: Answers, shapes: Shapes) -> None:
    """Add gateways, attachments, routes and peering connections."""
    if estate.transit is not None:
        for gateway in _gateways(answers):
            # Which table an attachment uses is said by associations and routes, never by a default.
            off = {"default_route_table_association": "disable", "default_route_table_propagation": "disable"}
            shapes.add(estate.transit, "aws_ec2_transit_gateway", gateway, **off)
    for account, one in answers.items("DescribeTransitGatewayVpcAttachments"):
        owner = estate.named(str(one.get("VpcOwnerId"))) or account
        _attachment(owner, one, estate, shapes)
    for attachment, table in _associations(answers):
        shapes.add(
            estate.transit or estate.gateway,
            "aws_ec2_transit_gateway_route_table_association",
            f"{table}_{attachment}",
            transit_gateway_attachment_id=attachment,
            transit_gateway_route_table_id=table,
        )
    for request, routes in answers.of("SearchTransitGatewayRoutes"):
        for one in routes:
            _route(request.account, str(dict(request.about)["TransitGatewayRouteTableId"]), one, shapes)
    for account, one in answers.items("DescribeVpcPeeringConnections"):
        _peering(account, one, shapes)


def _gateways(answers: Answers) -> Iterator[str]:
    """Give the gateways that VPCs are attached to, or that routes lead to."""
    for _, one in answers.items("DescribeTransitGatewayVpcAttachments"):
        yield str(one.get("TransitGatewayId"))
    for _, table in answers.items("DescribeRouteTables"):
        for route in table.get("Routes") or ():
            if route.get("TransitGatewayId"):
                yield str(route["TransitGatewayId"])


def _attachment(account: str, one: Mapping[str, Any], estate: Estate, shapes: Shapes) -> None:
    state, identity = str(one.get("State")), str(one.get("TransitGatewayAttachmentId"))
    if state not in _ALIVE | _PENDING:
        return
    support = (one.get("Options") or {}).get("SecurityGroupReferencingSupport")
    shapes.add(
        account,
        "aws_ec2_transit_gateway_vpc_attachment",
        identity,
        transit_gateway_id=one.get("TransitGatewayId"),
        vpc_id=one.get("VpcId"),
        subnet_ids=one.get("SubnetIds"),
        security_group_referencing_support=support,
        transit_gateway_default_route_table_association=False,
        transit_gateway_default_route_table_propagation=False,
    )
    if state in _ALIVE:
        shapes.add(
            estate.transit or account,
            "aws_ec2_transit_gateway_vpc_attachment_accepter",
            identity,
            transit_gateway_attachment_id=identity,
        )


def _route(account: str, table: str, one: Mapping[str, Any], shapes: Shapes) -> None:
    attachments = one.get("TransitGatewayAttachments") or ()
    shapes.add(
        account,
        "aws_ec2_transit_gateway_route",
        f"{table}_{one.get('DestinationCidrBlock')}",
        transit_gateway_route_table_id=table,
        destination_cidr_block=one.get("DestinationCidrBlock"),
        blackhole=one.get("State") == "blackhole",
        transit_gateway_attachment_id=next(
            (found["TransitGatewayAttachmentId"] for found in attachments), None
        ),
    )


def _peering(account: str, one: Mapping[str, Any], shapes: Shapes) -> None:
    state = (one.get("Status") or {}).get("Code")
    if state in {"active", "pending-acceptance"}:
        shapes.add(
            account,
            "aws_vpc_peering_connection",
            str(one.get("VpcPeeringConnectionId")),
            vpc_id=(one.get("RequesterVpcInfo") or {}).get("VpcId"),
            peer_vpc_id=(one.get("AccepterVpcInfo") or {}).get("VpcId"),
            auto_accept=state == "active",
        )
