"""Reachability: the good path is delivered, and each broken thing on the way stops it, with its reason."""

import ipaddress
from dataclasses import replace
from typing import Any

import pytest

from hatchway.sandbox.data.network import Outcome, Verdict, connect
from hatchway.sandbox.data.world import AclEntry, Interface, Networks, Peering, Route, Rule

NETWORK = ipaddress.IPv4Network
ADDRESS = ipaddress.IPv4Address
TARGET = ADDRESS("10.1.0.10")


def go(networks: Networks, port: int = 443) -> Verdict:
    node = next(i for i in networks.interfaces if i.vpc_id == "vpc-edge")
    return connect(networks, node, TARGET, port)


def deny(number: int, *, egress: bool, low: int, high: int) -> AclEntry:
    return AclEntry(
        number=number,
        allows=False,
        is_egress=egress,
        protocol="6",
        network=NETWORK("0.0.0.0/0"),
        from_port=low,
        to_port=high,
    )


def test_the_articles_path_is_delivered(world: Any) -> None:
    verdict = go(world.network)
    assert verdict.outcome is Outcome.DELIVERED
    assert verdict.destination is not None
    assert verdict.destination.address == TARGET


def test_a_port_that_no_rule_opens_is_dropped(world: Any) -> None:
    assert go(world.network, 80).outcome is Outcome.BLACKHOLED


def test_a_closed_source_group_drops(world: Any) -> None:
    world.change_group("sg-nlb", egress=())
    assert go(world.network).reason == "sg-nlb of 10.0.0.10 lets no tcp/443 out to 10.1.0.10"


def test_a_closed_destination_group_drops(world: Any) -> None:
    world.change_group("sg-endpoint", ingress=())
    assert go(world.network).reason == "sg-endpoint of 10.1.0.10 lets no tcp/443 in from 10.0.0.10"


def test_a_rule_for_another_address_does_not_admit(world: Any) -> None:
    rule = Rule(protocol="tcp", from_port=443, to_port=443, network=NETWORK("10.0.0.11/32"))
    world.change_group("sg-endpoint", ingress=(rule,))
    assert go(world.network).outcome is Outcome.BLACKHOLED


@pytest.mark.parametrize("subnet", ["subnet-edge", "subnet-orders"])
def test_a_missing_route_drops_on_the_way_there_and_on_the_way_back(world: Any, subnet: str) -> None:
    kept = [route for route in world.network.subnets[subnet].routes if route.target == "local"]
    world.change_subnet(subnet, routes=tuple(kept))
    verdict = go(world.network)
    assert verdict.outcome is Outcome.BLACKHOLED
    assert f"rtb-{subnet} of {subnet} has no route" in verdict.reason


def test_the_most_specific_route_decides(world: Any) -> None:
    routes = world.network.subnets["subnet-edge"].routes
    world.change_subnet(
        "subnet-edge", routes=(*routes, Route(network=NETWORK("10.1.0.0/24"), target="nat-0a"))
    )
    assert "nat-0a" in go(world.network).reason


@pytest.mark.parametrize(
    ("subnet", "egress", "low", "high"),
    [
        ("subnet-edge", True, 443, 443),
        ("subnet-orders", False, 443, 443),
        ("subnet-orders", True, 1024, 65535),
        ("subnet-orders", True, 50000, 50010),
        ("subnet-edge", False, 32768, 65535),
    ],
)
def test_an_acl_that_denies_either_way_drops(
    world: Any, subnet: str, egress: bool, low: int, high: int
) -> None:
    acl = world.network.subnets[subnet].acl
    world.change_subnet(subnet, acl=(*acl, deny(50, egress=egress, low=low, high=high)))
    verdict = go(world.network)
    assert verdict.outcome is Outcome.BLACKHOLED
    assert f"acl-{subnet}" in verdict.reason


def test_a_later_acl_rule_does_not_take_back_what_an_earlier_one_allowed(world: Any) -> None:
    acl = world.network.subnets["subnet-edge"].acl
    world.change_subnet("subnet-edge", acl=(*acl, deny(200, egress=True, low=443, high=443)))
    assert go(world.network).outcome is Outcome.DELIVERED


@pytest.mark.parametrize("name", ["edge", "orders"])
@pytest.mark.parametrize(
    "broken", [{"state": "pendingAcceptance"}, {"associated_table_id": None}, {"subnet_ids": ()}]
)
def test_an_attachment_that_does_not_work_drops(world: Any, name: str, broken: dict[str, Any]) -> None:
    known = world.network.attachments
    key = f"tgw-attach-{name}"
    world.network = replace(world.network, attachments={**known, key: replace(known[key], **broken)})
    assert go(world.network).outcome is Outcome.BLACKHOLED


@pytest.mark.parametrize("kept", ["tgw-attach-edge", "tgw-attach-orders"])
def test_without_propagation_of_either_side_the_gateway_knows_no_way(world: Any, kept: str) -> None:
    table = world.network.transit_tables["tgw-rtb-0a"]
    broken = replace(table, propagating_attachment_ids=frozenset({kept}))
    world.network = replace(world.network, transit_tables={table.id: broken})
    assert "tgw-rtb-0a has no route" in go(world.network).reason


def test_a_static_blackhole_wins_over_propagation(world: Any) -> None:
    table = world.network.transit_tables["tgw-rtb-0a"]
    broken = replace(table, static_routes={NETWORK("10.1.0.0/16"): None})
    world.network = replace(world.network, transit_tables={table.id: broken})
    assert "blackhole" in go(world.network).reason


def test_an_address_that_nothing_has_is_silence(world: Any) -> None:
    world.network = replace(world.network, interfaces=world.network.interfaces[:1])
    assert go(world.network).reason == "nothing in vpc-orders has the address 10.1.0.10"


def test_peering_carries_where_it_is_active_on_both_sides(world: Any) -> None:
    for subnet, other in (("subnet-edge", "10.1.0.0/16"), ("subnet-orders", "10.0.0.0/16")):
        world.change_subnet(subnet, routes=(Route(network=NETWORK(other), target="pcx-0a"),))
    vpcs = frozenset({"vpc-edge", "vpc-orders"})
    active = Peering(id="pcx-0a", vpc_ids=vpcs, is_active=True)
    world.network = replace(world.network, peerings={"pcx-0a": active})
    assert go(world.network).outcome is Outcome.DELIVERED
    world.network = replace(world.network, peerings={"pcx-0a": replace(active, is_active=False)})
    assert "pcx-0a is not an active peering" in go(world.network).reason


def test_a_group_of_another_vpc_counts_only_with_referencing_on_both_attachments(world: Any) -> None:
    by_group = Rule(protocol="tcp", from_port=443, to_port=443, security_group_id="sg-nlb")
    world.change_group("sg-endpoint", ingress=(by_group,))
    assert go(world.network).outcome is Outcome.BLACKHOLED
    known = world.network.attachments
    world.network = replace(
        world.network,
        attachments={key: replace(item, references_security_groups=True) for key, item in known.items()},
    )
    assert go(world.network).outcome is Outcome.DELIVERED


def test_a_prefix_list_admits_what_it_lists(world: Any) -> None:
    listed = Rule(protocol="tcp", from_port=443, to_port=443, prefix_list_id="pl-0a")
    world.change_group("sg-endpoint", ingress=(listed,))
    assert go(world.network).outcome is Outcome.BLACKHOLED
    world.network = replace(world.network, prefix_lists={"pl-0a": (NETWORK("10.0.0.0/24"),)})
    assert go(world.network).outcome is Outcome.DELIVERED


def test_within_one_subnet_neither_routes_nor_acls_matter(world: Any) -> None:
    neighbour = Interface(
        vpc_id="vpc-edge",
        subnet_id="subnet-edge",
        address=ADDRESS("10.0.0.20"),
        security_group_ids=("sg-open",),
    )
    groups = world.network.security_groups
    everything = Rule(protocol="-1", network=NETWORK("0.0.0.0/0"))
    opened = replace(groups["sg-nlb"], id="sg-open", ingress=(everything,), egress=(everything,))
    world.network = replace(
        world.network,
        interfaces=(*world.network.interfaces, neighbour),
        security_groups={**groups, "sg-open": opened},
    )
    world.change_subnet("subnet-edge", acl=())
    node = replace(world.network.interfaces[0], security_group_ids=("sg-open",))
    assert connect(world.network, node, neighbour.address, 443).outcome is Outcome.DELIVERED
