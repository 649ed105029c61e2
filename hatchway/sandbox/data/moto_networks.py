"""Reads the networks of all accounts from moto's EC2 backends."""

from collections.abc import Iterable, Mapping
from typing import Any

from hatchway.sandbox.data.world import (
    AclEntry,
    Address,
    Interface,
    Network,
    Networks,
    Peering,
    Route,
    Rule,
    SecurityGroup,
    Subnet,
    TransitAttachment,
    TransitTable,
    Vpc,
)

__all__ = ["interface", "read"]

# moto is not typed: its objects are `Any` throughout this module.
_Moto = Any
_Lists = Mapping[str, tuple[Network, ...]]


def read(backends: Iterable[_Moto]) -> Networks:
    """Returns everything that decides where packets go, from the backends of all accounts."""
    sides = list(backends)
    lists = {item.id: _entries(item) for side in sides for item in list(side.managed_prefix_lists.values())}
    tables = [table for side in sides for table in list(side.transit_gateways_route_tables.values())]
    return Networks(
        vpcs={vpc.id: _vpc(side, vpc) for side in sides for vpc in list(side.vpcs.values())},
        subnets={
            subnet.id: _subnet(side, subnet, lists)
            for side in sides
            for zone in list(side.subnets.values())
            for subnet in list(zone.values())
        },
        security_groups={
            group.id: _group(group)
            for side in sides
            for groups in list(side.groups.values())
            for group in list(groups.values())
        },
        prefix_lists=lists,
        interfaces=tuple(
            interface(eni)
            for side in sides
            for eni in list(side.enis.values())
            if eni.private_ip_address is not None
        ),
        attachments={
            item.id: _attachment(item, tables)
            for side in sides
            for item in list(side.transit_gateway_attachments.values())
            if item.resource_type == "vpc"
        },
        transit_tables={table.id: _transit_table(table) for table in tables if table.state != "deleted"},
        peerings={item.id: _peering(item) for side in sides for item in list(side.vpc_pcxs.values())},
    )


def interface(eni: _Moto) -> Interface:
    """Reads moto's network interface."""
    groups = tuple(group.id for group in list(eni.group_set or ()) if group is not None)
    is_node = eni.interface_type == "network_load_balancer"
    return Interface(
        vpc_id=eni.subnet.vpc_id,
        subnet_id=eni.subnet.id,
        address=Address(eni.private_ip_address),
        security_group_ids=groups,
        is_filtered=bool(groups) or not is_node,
    )


def _vpc(side: _Moto, vpc: _Moto) -> Vpc:
    blocks = [item["cidr_block"] for item in vpc.get_cidr_block_association_set()]
    return Vpc(id=vpc.id, account_id=side.account_id, networks=tuple(Network(block) for block in blocks))


def _subnet(side: _Moto, subnet: _Moto, lists: _Lists) -> Subnet:
    table = _table_of(side, subnet)
    acl = _acl_of(side, subnet)
    return Subnet(
        id=subnet.id,
        vpc_id=subnet.vpc_id,
        network=Network(subnet.cidr_block),
        availability_zone=subnet.availability_zone,
        routes=tuple(route for item in (table.routes if table else ()) for route in _routes(item, lists)),
        acl=tuple(_acl_entries(acl)),
        route_table_id=table.id if table else "no route table",
        acl_id=acl.id if acl else "no network ACL",
    )


def _table_of(side: _Moto, subnet: _Moto) -> _Moto:
    """The route table that a subnet is associated with, else the main one of its VPC."""
    main = None
    for table in list(side.route_tables.values()):
        if table.vpc_id != subnet.vpc_id:
            continue
        if any(item.get("SubnetId") == subnet.id for item in table.associations):
            return table
        if table.main_association_id is not None:
            main = table
    return main


def _acl_of(side: _Moto, subnet: _Moto) -> _Moto:
    for acl in list(side.network_acls.values()):
        if any(item.subnet_id == subnet.id for item in acl.associations):
            return acl
    return None


def _routes(route: _Moto, lists: _Lists) -> Iterable[Route]:
    if route.destination_cidr_block:
        networks: tuple[Network, ...] = (Network(route.destination_cidr_block),)
    elif route.destination_prefix_list:
        networks = lists.get(route.destination_prefix_list.id, ())
    else:
        networks = ()  # IPv6
    for network in networks:
        yield Route(network=network, target=_target(route))


def _target(route: _Moto) -> str:
    if route.local:
        return "local"
    kinds = ("transit_gateway", "vpc_pcx", "gateway", "nat_gateway", "instance", "interface")
    for kind in kinds:
        value = getattr(route, kind, None)
        if value is not None:
            return str(value.id)
    return str(route.vpc_endpoint_id or "blackhole")


def _acl_entries(acl: _Moto) -> Iterable[AclEntry]:
    for entry in list(acl.network_acl_entries) if acl else ():
        if not entry.cidr_block:
            continue  # IPv6
        yield AclEntry(
            number=int(entry.rule_number),
            allows=entry.rule_action == "allow",
            is_egress=str(entry.egress).lower() == "true",
            protocol=str(entry.protocol),
            network=Network(entry.cidr_block, strict=False),
            from_port=_number(entry.port_range_from),
            to_port=_number(entry.port_range_to),
        )


def _group(group: _Moto) -> SecurityGroup:
    return SecurityGroup(
        id=group.id,
        vpc_id=group.vpc_id,
        ingress=tuple(rule for item in list(group.ingress_rules) for rule in _rules(item)),
        egress=tuple(rule for item in list(group.egress_rules) for rule in _rules(item)),
    )


def _rules(rule: _Moto) -> Iterable[Rule]:
    block = rule.cidr_ipv4
    group_id = (rule.source_group or {}).get("GroupId")
    if block or group_id or rule.prefix_list_id:
        yield Rule(
            protocol=str(rule.ip_protocol),
            from_port=_number(rule.from_port),
            to_port=_number(rule.to_port),
            network=Network(block, strict=False) if block else None,
            security_group_id=group_id,
            prefix_list_id=rule.prefix_list_id,
        )


def _entries(prefix_list: _Moto) -> tuple[Network, ...]:
    entries = prefix_list.entries.get(prefix_list.version) or ()
    return tuple(Network(entry["Cidr"]) for entry in entries if ":" not in entry["Cidr"])


def _attachment(item: _Moto, tables: Iterable[_Moto]) -> TransitAttachment:
    associated = next((table.id for table in tables if item.id in table.route_table_associations), None)
    options = getattr(item, "options", None) or {}
    return TransitAttachment(
        id=item.id,
        transit_gateway_id=item.transit_gateway_id,
        vpc_id=item.resource_id,
        state=item.state,
        subnet_ids=tuple(getattr(item, "subnet_ids", ())),
        associated_table_id=associated,
        references_security_groups=options.get("SecurityGroupReferencingSupport") == "enable",
    )


def _transit_table(table: _Moto) -> TransitTable:
    static: dict[Network, str | None] = {}
    for block, route in list(table.routes.items()):
        attachment = route.get("transitGatewayAttachments") or {}
        leads_on = route.get("state") == "active"
        static[Network(block)] = attachment.get("transitGatewayAttachmentId") if leads_on else None
    return TransitTable(
        id=table.id,
        transit_gateway_id=table.transit_gateway_id,
        static_routes=static,
        propagating_attachment_ids=frozenset(
            item.transitGatewayAttachmentId for item in list(table.route_table_propagation)
        ),
    )


def _peering(item: _Moto) -> Peering:
    status = getattr(item, "_status", None)
    return Peering(
        id=item.id,
        vpc_ids=frozenset({item.vpc.id, item.peer_vpc.id}),
        is_active=getattr(status, "code", None) == "active",
    )


def _number(value: object) -> int | None:
    return None if value is None or value == "" else int(str(value))
