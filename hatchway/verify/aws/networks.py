"""VPCs on both sides: subnets, route tables, network ACLs, security groups, prefix lists."""

from collections.abc import Iterator, Mapping
from typing import Any

from hatchway.verify.aws import vpc_links
from hatchway.verify.aws.answers import Answers
from hatchway.verify.aws.estate import Estate
from hatchway.verify.aws.reads import Request
from hatchway.verify.aws.shapes import Shapes

__all__ = ["places", "wanted", "write"]

_ANY_PORT = {"from_port": 0, "to_port": 65535}


def places(answers: Answers) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give account and description of whatever lies in a VPC: load balancers and endpoints."""
    yield from answers.items("DescribeLoadBalancers")
    yield from answers.items("DescribeVpcEndpoints")


def wanted(_estate: Estate, answers: Answers) -> Iterator[Request]:
    """Ask for the VPCs of load balancers and endpoints, with all that decides where packets go in them."""
    for account, vpc in dict.fromkeys((account, str(one.get("VpcId"))) for account, one in places(answers)):
        yield Request.of(account, "DescribeVpcs", VpcIds=[vpc])
        inside = (("vpc-id", (vpc,)),)
        for operation in ("DescribeSubnets", "DescribeRouteTables", "DescribeNetworkAcls"):
            yield Request.of(account, operation, Filters=inside)
    for account, groups in _group_ids(answers):
        yield Request.of(account, "DescribeSecurityGroups", Filters=(("group-id", groups),))
    for account, listing in _prefix_lists(answers):
        yield Request.of(account, "GetManagedPrefixListEntries", PrefixListId=listing)


def _prefix_lists(answers: Answers) -> Iterator[tuple[str, str]]:
    """Give account and id of each prefix list that a rule or a route names.

    Gateway endpoints, such as that of S3, put one of AWS's own into route tables; its entries are read alike.
    https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html
    """
    for account, group in answers.items("DescribeSecurityGroups"):
        for rule in (*_rules(group, "IpPermissions"), *_rules(group, "IpPermissionsEgress")):
            yield from ((account, one) for one in rule["prefix_list_ids"])
    for account, table in answers.items("DescribeRouteTables"):
        for route in table.get("Routes") or ():
            if route.get("DestinationPrefixListId"):
                yield account, str(route["DestinationPrefixListId"])


def _group_ids(answers: Answers) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give account and security groups of each load balancer and endpoint that has some."""
    for account, one in places(answers):
        groups = (*(one.get("SecurityGroups") or ()), *(one.get("Groups") or ()))
        ids = tuple(group if isinstance(group, str) else str(group.get("GroupId")) for group in groups)
        if ids:
            yield account, tuple(sorted(ids))
    for account, link in vpc_links.of_version_2(answers):
        if link.get("SecurityGroupIds"):
            yield account, tuple(sorted(link["SecurityGroupIds"]))


def write(answers: Answers, shapes: Shapes) -> None:
    """Add everything in the VPCs."""
    for account, vpc in answers.items("DescribeVpcs"):
        _vpc(account, vpc, shapes)
    for account, subnet in answers.items("DescribeSubnets"):
        shapes.add(
            account,
            "aws_subnet",
            str(subnet.get("SubnetId")),
            vpc_id=subnet.get("VpcId"),
            cidr_block=subnet.get("CidrBlock"),
            availability_zone_id=subnet.get("AvailabilityZoneId"),
        )
    for account, table in answers.items("DescribeRouteTables"):
        _table(account, table, shapes)
    for account, acl in answers.items("DescribeNetworkAcls"):
        _acl(account, acl, shapes)
    for account, group in answers.items("DescribeSecurityGroups"):
        shapes.add(
            account,
            "aws_security_group",
            str(group.get("GroupId")),
            vpc_id=group.get("VpcId"),
            ingress=list(_rules(group, "IpPermissions")),
            egress=list(_rules(group, "IpPermissionsEgress")),
        )
    for request, entries in answers.of("GetManagedPrefixListEntries"):
        identity = str(dict(request.about)["PrefixListId"])
        entry = [{"cidr": one.get("Cidr")} for one in entries]
        shapes.add(request.account, "aws_ec2_managed_prefix_list", identity, entry=entry)


def _vpc(account: str, vpc: Mapping[str, Any], shapes: Shapes) -> None:
    identity = str(vpc.get("VpcId"))
    shapes.add(account, "aws_vpc", identity, cidr_block=vpc.get("CidrBlock"))
    for one in vpc.get("CidrBlockAssociationSet") or ():
        state = (one.get("CidrBlockState") or {}).get("State")
        if one.get("CidrBlock") != vpc.get("CidrBlock") and state == "associated":
            shapes.add(
                account,
                "aws_vpc_ipv4_cidr_block_association",
                str(one.get("AssociationId")),
                vpc_id=identity,
                cidr_block=one.get("CidrBlock"),
            )


def _table(account: str, table: Mapping[str, Any], shapes: Shapes) -> None:
    identity = str(table.get("RouteTableId"))
    routes = [_route(one) for one in table.get("Routes") or () if one.get("GatewayId") != "local"]
    shapes.add(account, "aws_route_table", identity, vpc_id=table.get("VpcId"), route=routes)
    for one in table.get("Associations") or ():
        association = str(one.get("RouteTableAssociationId"))
        if one.get("Main"):
            kind = "aws_main_route_table_association"
            shapes.add(account, kind, association, vpc_id=table.get("VpcId"), route_table_id=identity)
        elif one.get("SubnetId"):
            kind = "aws_route_table_association"
            shapes.add(account, kind, association, subnet_id=one["SubnetId"], route_table_id=identity)


def _route(route: Mapping[str, Any]) -> Mapping[str, Any]:
    found = {
        "cidr_block": route.get("DestinationCidrBlock"),
        "destination_prefix_list_id": route.get("DestinationPrefixListId"),
        "transit_gateway_id": route.get("TransitGatewayId"),
        "vpc_peering_connection_id": route.get("VpcPeeringConnectionId"),
        "nat_gateway_id": route.get("NatGatewayId"),
        "network_interface_id": route.get("NetworkInterfaceId"),
        "gateway_id": route.get("GatewayId"),
    }
    return {name: value for name, value in found.items() if value is not None}


def _acl(account: str, acl: Mapping[str, Any], shapes: Shapes) -> None:
    entries: dict[bool, list[Mapping[str, Any]]] = {False: [], True: []}
    for entry in acl.get("Entries") or ():
        ports = entry.get("PortRange") or {}
        entries[bool(entry.get("Egress"))].append(
            {
                "rule_no": entry.get("RuleNumber"),
                "action": entry.get("RuleAction"),
                "protocol": str(entry.get("Protocol")),
                "cidr_block": entry.get("CidrBlock"),
                "from_port": ports.get("From", _ANY_PORT["from_port"]),
                "to_port": ports.get("To", _ANY_PORT["to_port"]),
            }
        )
    shapes.add(
        account,
        "aws_network_acl",
        str(acl.get("NetworkAclId")),
        subnet_ids=[str(one.get("SubnetId")) for one in acl.get("Associations") or ()],
        ingress=[one for one in entries[False] if one["cidr_block"]],
        egress=[one for one in entries[True] if one["cidr_block"]],
    )


def _rules(group: Mapping[str, Any], direction: str) -> Iterator[Mapping[str, Any]]:
    for rule in group.get(direction) or ():
        anything = rule.get("IpProtocol") == "-1"
        ports = _ANY_PORT if anything else {"from_port": rule.get("FromPort"), "to_port": rule.get("ToPort")}
        yield {
            "protocol": rule.get("IpProtocol"),
            **ports,
            "cidr_blocks": [one["CidrIp"] for one in rule.get("IpRanges") or () if one.get("CidrIp")],
            "prefix_list_ids": [str(one.get("PrefixListId")) for one in rule.get("PrefixListIds") or ()],
            "security_groups": [str(one.get("GroupId")) for one in rule.get("UserIdGroupPairs") or ()],
        }
