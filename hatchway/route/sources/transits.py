"""What lies between VPCs: Transit Gateways, their tables and attachments, sharing, peering."""

from collections.abc import Iterator

from hatchway.route.network.model import Attachment, Gateway, GatewayLink, GatewayRoute, Peering, Transit
from hatchway.route.policy.matching import equals
from hatchway.route.sources import attributes
from hatchway.route.sources.configuration import Resource
from hatchway.route.sources.index import Index, network
from hatchway.route.sources.networks import Networks
from hatchway.route.symbols import Symbol, Text
from hatchway.route.truth import Truth

_ATTACHMENT = "aws_ec2_transit_gateway_vpc_attachment"
_ACCEPTER = "aws_ec2_transit_gateway_vpc_attachment_accepter"


def transit_of(index: Index, networks: Networks) -> Transit:
    """Collect everything between VPCs."""
    vpcs = [networks.vpc(attributes.identity(one)) for one in index.of_type("aws_vpc")]
    return Transit(
        vpcs=tuple(vpc for vpc in vpcs if vpc is not None),
        gateways=tuple(_gateway(one) for one in index.of_type("aws_ec2_transit_gateway")),
        attachments=tuple(_attachment(index, networks, one) for one in index.of_type(_ATTACHMENT)),
        routes=tuple(_routes(index)),
        associations=tuple(_links(index, "aws_ec2_transit_gateway_route_table_association")),
        propagations=tuple(_links(index, "aws_ec2_transit_gateway_route_table_propagation")),
        peerings=tuple(_peering(index, one) for one in index.of_type("aws_vpc_peering_connection")),
    )


def unshared(index: Index) -> tuple[str, ...]:
    """Return the attachments made in an account that their gateway is not shared with."""
    return tuple(
        one.subject
        for one in index.of_type(_ATTACHMENT)
        if (gateway := index.find(index.text(one, "transit_gateway_id"), "aws_ec2_transit_gateway"))
        is not None
        and _foreign(index, one, gateway) is Truth.YES
        and not _is_shared(index, gateway)
    )


def _foreign(index: Index, one: Resource, gateway: Resource) -> Truth:
    return ~equals(index.location(one).account, index.location(gateway).account)


def _is_shared(index: Index, gateway: Resource) -> bool:
    arn = attributes.value(gateway, "arn")
    shares = [
        index.text(one, "resource_share_arn")
        for one in index.pointing("aws_ram_resource_association", "resource_arn", arn)
    ]
    return any(
        index.pointing("aws_ram_principal_association", "resource_share_arn", share) for share in shares
    )


def _gateway(resource: Resource) -> Gateway:
    table = attributes.value(resource, "association_default_route_table_id")
    identity = attributes.identity(resource)
    return Gateway(id=identity, subject=resource.subject, is_in_sight=True, default_table=table)


def _attachment(index: Index, networks: Networks, resource: Resource) -> Attachment:
    identity = attributes.identity(resource)
    gateway_id = index.text(resource, "transit_gateway_id") or Text.of(
        Symbol(f"{resource.subject}: its gateway")
    )
    gateway = index.find(gateway_id, "aws_ec2_transit_gateway")
    accepters = index.pointing(_ACCEPTER, "transit_gateway_attachment_id", identity)
    subnets = index.texts(resource, "subnet_ids")
    zones = tuple(zone for one in subnets if (zone := networks.place(one, None).zone) is not None)
    return Attachment(
        id=identity,
        subject=resource.subject,
        gateway=gateway_id,
        vpc=index.text(resource, "vpc_id") or Text.of(Symbol(f"{resource.subject}: its VPC")),
        zones=zones if len(zones) == len(subnets) else None,
        is_accepted=_accepted(index, resource, gateway, accepters),
        references_groups=index.word(resource, "security_group_referencing_support", "") == "enable",
        associates_by_default=_default(index, gateway, [*accepters, resource], "association"),
        propagates_by_default=_default(index, gateway, [*accepters, resource], "propagation"),
    )


def _accepted(index: Index, one: Resource, gateway: Resource | None, accepters: list[Resource]) -> Truth:
    if gateway is None:
        return Truth.YES if accepters else Truth.MAYBE
    if accepters or index.word(gateway, "auto_accept_shared_attachments", "disable") == "enable":
        return Truth.YES
    return ~_foreign(index, one, gateway)


def _default(index: Index, gateway: Resource | None, sides: list[Resource], what: str) -> Truth:
    """Whether an attachment joins the gateway's default route table; an accepter's word comes first."""
    if gateway is None:
        return Truth.MAYBE
    if index.word(gateway, f"default_route_table_{what}", "enable") == "disable":
        return Truth.NO
    for side in sides:
        said = index.word(side, f"transit_gateway_default_route_table_{what}", "")
        if said:
            return Truth.YES if said == "true" else Truth.NO
    return Truth.YES


def _routes(index: Index) -> Iterator[GatewayRoute]:
    for one in index.of_type("aws_ec2_transit_gateway_route"):
        table = index.text(one, "transit_gateway_route_table_id")
        if table is not None:
            yield GatewayRoute(
                subject=one.subject,
                table=table,
                destination=network(index.text(one, "destination_cidr_block")),
                attachment=None
                if index.flag(one, "blackhole")
                else index.text(one, "transit_gateway_attachment_id"),
            )


def _links(index: Index, kind: str) -> Iterator[GatewayLink]:
    for one in index.of_type(kind):
        attachment = index.text(one, "transit_gateway_attachment_id")
        table = index.text(one, "transit_gateway_route_table_id")
        if attachment is not None and table is not None:
            yield GatewayLink(attachment, table, one.subject)


def _peering(index: Index, resource: Resource) -> Peering:
    identity = attributes.identity(resource)
    accepters = index.pointing("aws_vpc_peering_connection_accepter", "vpc_peering_connection_id", identity)
    accepted = index.flag(resource, "auto_accept") or any(index.flag(one, "auto_accept") for one in accepters)
    return Peering(
        id=identity,
        subject=resource.subject,
        vpcs=(
            index.text(resource, "vpc_id") or Text.of("?"),
            index.text(resource, "peer_vpc_id") or Text.of("?"),
        ),
        is_accepted=Truth.YES if accepted else Truth.NO,
    )
