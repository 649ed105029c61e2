"""Networks: subnets with their tables and lists, security groups, what lies between VPCs."""

from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from ipaddress import IPv4Network
from typing import Any

from hatchway.route.facts import Known
from hatchway.route.network.model import (
    ANY_PORT,
    Acl,
    AclEntry,
    GroupRule,
    Place,
    Route,
    RouteTable,
    SecurityGroup,
    TargetKind,
    Vpc,
)
from hatchway.route.sources import attributes
from hatchway.route.sources.configuration import Resource
from hatchway.route.sources.index import Index, listed, network, number
from hatchway.route.sources.resolve import as_text
from hatchway.route.symbols import Text

_TARGETS = {
    "transit_gateway_id": TargetKind.TRANSIT_GATEWAY,
    "vpc_peering_connection_id": TargetKind.PEERING,
    "gateway_id": TargetKind.OTHER,
    "nat_gateway_id": TargetKind.INTERNET,
    "network_interface_id": TargetKind.OTHER,
    "vpc_endpoint_id": TargetKind.OTHER,
    "egress_only_gateway_id": TargetKind.INTERNET,
    "carrier_gateway_id": TargetKind.OTHER,
    "local_gateway_id": TargetKind.OTHER,
    "core_network_arn": TargetKind.OTHER,
}
_DESTINATIONS = ("destination_cidr_block", "cidr_block")
_PREFIX_LISTS = ("destination_prefix_list_id",)


class Networks:
    """The networks of a configuration."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self.place = cache(self._place)
        self.group = cache(self._group)
        self.vpc = cache(self._vpc)
        # Many interfaces are in one subnet.
        self.table = cache(self._table)
        self.acl = cache(self._acl)

    def _vpc(self, identity: Text) -> Vpc | None:
        resource = self._index.find(identity, "aws_vpc", "aws_default_vpc")
        if resource is None:
            return Vpc(id=identity, subject=str(identity), cidrs=None)
        blocks = [network(self._index.text(resource, "cidr_block"))]
        more = self._index.pointing("aws_vpc_ipv4_cidr_block_association", "vpc_id", identity)
        blocks += [network(self._index.text(one, "cidr_block")) for one in more]
        known = tuple(block for block in blocks if block is not None)
        return Vpc(id=identity, subject=resource.subject, cidrs=known if len(known) == len(blocks) else None)

    def _place(self, subnet: Text, address: Text | None) -> Place:
        """Describe an interface in a subnet, at a pinned address or anywhere in it."""
        resource = self._index.find(subnet, "aws_subnet", "aws_default_subnet")
        if resource is None:
            return Place(network=network(address), subnet=subnet, subject=str(subnet), vpc=None)
        vpc = self._index.text(resource, "vpc_id")
        zone = self._index.text(resource, "availability_zone_id") or self._index.text(
            resource, "availability_zone"
        )
        own = network(self._index.text(resource, "cidr_block"))
        return Place(
            network=network(address) if address is not None else own,
            subnet_network=own,
            subnet=subnet,
            subject=resource.subject,
            vpc=self.vpc(vpc) if vpc is not None else None,
            zone=zone,
            table=self.table(subnet, vpc),
            acl=self.acl(subnet, vpc),
        )

    def _table(self, subnet: Text, vpc: Text | None) -> RouteTable | None:
        links = self._index.pointing("aws_route_table_association", "subnet_id", subnet)
        if links:
            identity = self._index.text(links[0], "route_table_id")
            table = self._index.find(identity, "aws_route_table", "aws_default_route_table")
            return None if table is None or identity is None else self._routes(table, (identity,))
        return self._main_table(vpc)

    def _main_table(self, vpc: Text | None) -> RouteTable | None:
        resource = self._index.find(vpc, "aws_vpc")
        if resource is None or vpc is None:
            return None
        for link in self._index.pointing("aws_main_route_table_association", "vpc_id", vpc):
            identity = self._index.text(link, "route_table_id")
            table = self._index.find(identity, "aws_route_table")
            return None if table is None or identity is None else self._routes(table, (identity,))
        names = ("default_route_table_id", "main_route_table_id")
        identities = tuple(attributes.value(resource, name) for name in names)
        for identity in identities:
            for table in self._index.pointing("aws_default_route_table", "default_route_table_id", identity):
                return self._routes(table, (*identities, attributes.identity(table)))
        return self._routes(resource, identities)

    def _routes(self, resource: Resource, identities: tuple[Text, ...]) -> RouteTable:
        found: list[Route] = []
        for block in self._index.blocks(resource, "route"):
            found += self._route(resource.subject, block)
        for identity in identities:
            for one in self._index.pointing("aws_route", "route_table_id", identity):
                values = {
                    name: self._index.text(one, name) for name in (*_TARGETS, *_DESTINATIONS, *_PREFIX_LISTS)
                }
                found += self._route(one.subject, values)
        propagates = any(
            self._index.pointing("aws_vpn_gateway_route_propagation", "route_table_id", one)
            for one in identities
        )
        is_complete = not propagates and not self._index.is_open(resource, "route")
        return RouteTable(subject=resource.subject, routes=tuple(found), is_complete=is_complete)

    def _route(self, subject: str, values: Mapping[str, Any]) -> Iterator[Route]:
        kind, target = next(
            (
                (kind, text)
                for name, kind in _TARGETS.items()
                if (text := as_text(values.get(name))) and text.parts
            ),
            (TargetKind.OTHER, Text.of("nothing")),
        )
        if _is_internet_gateway(target):
            kind = TargetKind.INTERNET
        written = next(
            (text for name in _DESTINATIONS if (text := as_text(values.get(name))) and text.parts), None
        )
        listing = as_text(values.get("destination_prefix_list_id"))
        if written is None and (listing is None or not listing.parts):
            return
        networks = [network(written)] if written is not None else self.prefix_list(listing)
        for one in networks:
            yield Route(subject=subject, destination=one, kind=kind, target=target)

    def prefix_list(self, identity: Text | None) -> list[IPv4Network | None]:
        """Return the networks of a managed prefix list; one unknown network when it is not in sight."""
        resource = self._index.find(identity, "aws_ec2_managed_prefix_list")
        if resource is None:
            return [None]
        inline = [network(as_text(one.get("cidr"))) for one in self._index.blocks(resource, "entry")]
        entries = self._index.pointing("aws_ec2_managed_prefix_list_entry", "prefix_list_id", identity)
        return inline + [network(self._index.text(one, "cidr")) for one in entries]

    @cached_property
    def _acls(self) -> Mapping[Text, Resource]:
        found: dict[Text, Resource] = {}
        for one in self._index.of_type("aws_network_acl", "aws_default_network_acl"):
            for subnet in self._index.texts(one, "subnet_ids"):
                found[subnet] = one
            for link in self._index.pointing(
                "aws_network_acl_association", "network_acl_id", attributes.identity(one)
            ):
                subnet_id = self._index.text(link, "subnet_id")
                if subnet_id is not None:
                    found[subnet_id] = one
        return found

    def _acl(self, subnet: Text, vpc: Text | None) -> Acl | None:
        resource = self._acls.get(subnet)
        if resource is None and (owner := self._index.find(vpc, "aws_vpc")) is not None:
            default = attributes.value(owner, "default_network_acl_id")
            found = self._index.pointing("aws_default_network_acl", "default_network_acl_id", default)
            resource = found[0] if found else None
        return None if resource is None else self._entries(resource)

    def _entries(self, resource: Resource) -> Acl:
        entries = []
        for way in ("ingress", "egress"):
            entries += [
                _entry(block, "rule_no", "action", is_egress=way == "egress")
                for block in self._index.blocks(resource, way)
            ]
        for one in self._index.pointing(
            "aws_network_acl_rule", "network_acl_id", attributes.identity(resource)
        ):
            names = ("rule_number", "rule_action", "protocol", "from_port", "to_port", "cidr_block")
            values = {name: self._index.text(one, name) for name in names}
            entries.append(
                _entry(values, "rule_number", "rule_action", is_egress=self._index.flag(one, "egress"))
            )
        return Acl(subject=resource.subject, entries=tuple(entries))

    def _group(self, identity: Text) -> SecurityGroup:
        resource = self._index.find(identity, "aws_security_group", "aws_default_security_group")
        if resource is None:
            return SecurityGroup(id=identity, subject=str(identity), is_complete=False)
        rules = {way: tuple(self._rules(resource, identity, way)) for way in ("ingress", "egress")}
        return SecurityGroup(
            id=identity,
            subject=resource.subject,
            ingress=rules["ingress"],
            egress=rules["egress"],
            is_complete=not any(self._index.is_open(resource, way) for way in rules),
        )

    def group_vpc(self, identity: Text) -> Text | None:
        """Return the VPC of a security group."""
        resource = self._index.find(identity, "aws_security_group")
        return self._index.text(resource, "vpc_id") if resource else None

    def _rules(self, resource: Resource, identity: Text, way: str) -> Iterator[GroupRule]:
        for block in self._index.blocks(resource, way):
            yield self._rule(resource.subject, identity, block)
        for one in self._index.pointing("aws_security_group_rule", "security_group_id", identity):
            if self._index.word(one, "type", "") == way:
                names = ("cidr_blocks", "prefix_list_ids", "source_security_group_id", "self", "protocol")
                values = {
                    name: self._index.resolver.argument(one, name)
                    for name in (*names, "from_port", "to_port")
                }
                yield self._rule(one.subject, identity, values)
        for one in self._index.pointing(f"aws_vpc_security_group_{way}_rule", "security_group_id", identity):
            wanted = (
                "ip_protocol",
                "from_port",
                "to_port",
                "cidr_ipv4",
                "prefix_list_id",
                "referenced_security_group_id",
            )
            yield self._rule(one.subject, identity, {name: self._index.text(one, name) for name in wanted})

    def _rule(self, subject: str, own: Text, values: Mapping[str, Any]) -> GroupRule:
        networks = [network(one) for name in ("cidr_blocks", "cidr_ipv4") for one in listed(values.get(name))]
        for name in ("prefix_list_ids", "prefix_list_id"):
            for one in listed(values.get(name)):
                networks += self.prefix_list(one)
        names = ("security_groups", "source_security_group_id", "referenced_security_group_id")
        groups = [one for name in names for one in listed(values.get(name))]
        if str(values.get("self")).lower() == "true":
            groups.append(own)
        protocol = as_text(values.get("protocol", values.get("ip_protocol"))) or Text.of("-1")
        return GroupRule(
            subject=subject,
            protocol=str(protocol).lower(),
            ports=_ports(values),
            networks=tuple(networks),
            groups=tuple(groups),
            is_known=protocol.literal is not None,
        )


def _is_internet_gateway(target: Text) -> bool:
    return target.startswith("igw-") or any("aws_internet_gateway." in one.name for one in target.symbols)


def _ports(values: Mapping[str, Any]) -> tuple[int, int] | None:
    first, last = number(values.get("from_port"), 0), number(values.get("to_port"), ANY_PORT[1])
    return (first.value, last.value) if isinstance(first, Known) and isinstance(last, Known) else None


def _entry(values: Mapping[str, Any], rule: str, action: str, *, is_egress: bool) -> AclEntry:
    order = number(values.get(rule), 0)
    return AclEntry(
        number=order.value if isinstance(order, Known) else 0,
        is_egress=is_egress,
        allows=str(values.get(action)).lower() == "allow",
        protocol=str(values.get("protocol", "-1")).lower(),
        ports=_ports(values) or ANY_PORT,
        network=network(as_text(values.get("cidr_block"))),
    )
