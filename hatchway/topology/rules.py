"""The rules that compare values: references, overlaps, duplicates, and what AWS would refuse later.

Each rule is a generator over one subject (an account, a network, a service). It looks at a topology
that may be incomplete: a rule that touches a broken value ends there, having said what it knew.
"""

from collections.abc import Callable, Iterator, Mapping

from hatchway.topology import (
    account_rules,
    address_rules,
    network_rules,
    route_rules,
    service_rules,
    subnet_rules,
)
from hatchway.topology.model import Topology
from hatchway.topology.problems import Misfit
from hatchway.topology.shapes import UnusableError

NamedRule = Callable[[Topology, str], Iterator[Misfit]]
Rule = Callable[[Topology], Iterator[Misfit]]

ACCOUNT_RULES: tuple[NamedRule, ...] = (
    account_rules.account_id_has_one_name,
    account_rules.deploy_role_is_in_account,
)
NETWORK_RULES: tuple[NamedRule, ...] = (
    network_rules.account_is_known,
    network_rules.vpc_has_one_name,
    subnet_rules.ranges_have_a_size_that_aws_accepts,
    subnet_rules.subnets_are_inside_the_network,
    subnet_rules.subnets_do_not_overlap,
    subnet_rules.subnets_are_distinct,
    subnet_rules.zones_are_in_the_region,
    subnet_rules.zones_are_distinct,
    network_rules.range_is_apart_from_connected_networks,
)
SERVICE_RULES: tuple[NamedRule, ...] = (
    service_rules.account_is_known,
    service_rules.account_is_in_the_gateways_region,
    service_rules.endpoint_network_is_known,
    service_rules.endpoint_is_in_its_account,
    service_rules.path_is_its_own,
    route_rules.routes_are_distinct,
    route_rules.variables_of_one_place_have_one_name,
    route_rules.checks_are_answered_by_the_service,
)
TOPOLOGY_RULES: tuple[Rule, ...] = (
    account_rules.gateway_account_is_known,
    network_rules.gateway_network_is_the_gateways,
    network_rules.transit_account_is_known,
    network_rules.transit_is_in_the_gateways_region,
    service_rules.transit_is_there_when_needed,
    address_rules.addresses_are_usable,
    account_rules.tags_are_usable,
)


def check(topology: Topology) -> Iterator[Misfit]:
    """What is wrong between the values of a topology, which may be incomplete."""
    for rules, subjects in (
        (ACCOUNT_RULES, lambda: topology.accounts),
        (NETWORK_RULES, lambda: topology.networks),
        (SERVICE_RULES, lambda: topology.services),
    ):
        for name in _names(subjects):
            for named_rule in rules:
                yield from _usable(named_rule(topology, name))
    for rule in TOPOLOGY_RULES:
        yield from _usable(rule(topology))


def _names(section: Callable[[], Mapping[str, object]]) -> tuple[str, ...]:
    try:
        return tuple(section())
    except UnusableError:
        return ()


def _usable(misfits: Iterator[Misfit]) -> Iterator[Misfit]:
    try:
        yield from misfits
    except UnusableError:
        return
