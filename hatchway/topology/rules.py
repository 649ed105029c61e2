"""The rules that compare values: references, overlaps, duplicates, and what AWS would refuse later.

Each rule is a generator over one subject (an account, a network, a service). It looks at a topology
that may be incomplete: a rule that touches a broken value ends there, having said what it knew.
"""

from collections.abc import Callable, Iterator, Mapping

from hatchway.topology import (
    account_rules,
    address_rules,
    authorizer_rules,
    backend_rules,
    bootstrap_rules,
    check_rules,
    gateway_rules,
    header_rules,
    http_api_rules,
    isolation_rules,
    network_rules,
    observability_rules,
    open_route_rules,
    quota_rules,
    route_rules,
    service_rules,
    state_rules,
    subnet_rules,
)
from hatchway.topology.model import Topology
from hatchway.topology.problems import Misfit
from hatchway.topology.shapes import UnusableError

NamedRule = Callable[[Topology, str], Iterator[Misfit]]
Rule = Callable[[Topology], Iterator[Misfit]]

ACCOUNT_RULES: tuple[NamedRule, ...] = (
    account_rules.account_id_has_one_name,
    account_rules.roles_are_in_account,
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
    service_rules.gateway_is_named_among_several,
    service_rules.account_is_in_the_gateways_region,
    service_rules.endpoint_network_is_known,
    service_rules.endpoint_is_in_its_account,
    service_rules.path_is_its_own,
    route_rules.routes_are_distinct,
    route_rules.variables_of_one_place_have_one_name,
    route_rules.checks_are_answered_by_the_service,
    check_rules.schemas_are_schemas,
    backend_rules.function_folders_are_usable,
    backend_rules.functions_of_one_place_are_one,
    backend_rules.existing_functions_are_the_services,
    backend_rules.url_variables_are_the_paths,
    backend_rules.openapi_documents_are_usable,
    backend_rules.api_has_few_enough_resources,
    isolation_rules.services_that_share_say_the_same,
    isolation_rules.existing_endpoint_is_in_an_existing_network,
    isolation_rules.existing_endpoint_has_one_bulkhead,
    isolation_rules.gateway_is_among_the_callers,
    isolation_rules.access_is_for_an_api_of_hatchways,
    open_route_rules.open_routes_are_distinct,
    open_route_rules.open_routes_are_the_services_own,
    open_route_rules.authorizers_of_routes_are_known,
    open_route_rules.keys_can_be_had_where_they_are_required,
    open_route_rules.streaming_has_the_provider_it_needs,
    http_api_rules.services_of_http_apis_ask_for_what_they_have,
    http_api_rules.http_apis_wait_no_longer_than_they_can,
)
TOPOLOGY_RULES: tuple[Rule, ...] = (
    account_rules.gateway_account_is_known,
    network_rules.gateway_network_is_the_gateways,
    network_rules.transit_account_is_known,
    network_rules.transit_is_in_the_gateways_region,
    network_rules.peerings_are_within_the_quota,
    service_rules.transit_is_there_when_needed,
    address_rules.addresses_are_usable,
    account_rules.tags_are_usable,
    state_rules.accounts_have_tags_for_dynamic_credentials,
    state_rules.project_is_a_name,
    state_rules.local_state_is_in_a_folder,
    observability_rules.log_keys_are_of_known_accounts,
    observability_rules.topics_are_in_the_region,
    observability_rules.flow_logs_have_a_network,
    observability_rules.log_role_has_a_use,
    observability_rules.canary_can_call,
    bootstrap_rules.somebody_is_trusted,
    bootstrap_rules.state_account_is_known,
    bootstrap_rules.state_role_is_in_the_state_account,
    bootstrap_rules.there_is_something_to_create,
    open_route_rules.variables_of_the_public_api_have_one_name,
    authorizer_rules.no_authorizer_is_named_none,
    authorizer_rules.rest_apis_take_no_jwt,
    authorizer_rules.patterns_are_of_token_authorizers,
    authorizer_rules.cached_answers_cover_the_route,
    authorizer_rules.settings_are_of_the_function_that_is_used,
    authorizer_rules.functions_are_in_the_gateways_account,
    authorizer_rules.folders_of_functions_are_there,
    gateway_rules.api_keys_have_one_plan,
    gateway_rules.usage_plans_are_used,
    gateway_rules.any_origin_stands_alone,
    gateway_rules.preflight_requests_have_one_answer,
    gateway_rules.values_of_headers_can_be_quoted,
    header_rules.rest_apis_pass_on_every_header,
    gateway_rules.certificates_can_be_validated,
    gateway_rules.certificate_is_the_gateways,
    gateway_rules.base_path_is_one_part,
    gateway_rules.tls_policy_is_one_that_terraform_can_set,
    gateway_rules.client_certificates_cannot_be_avoided,
    gateway_rules.web_acl_is_the_gateways,
    gateway_rules.rules_of_the_web_acl_are_ones_that_aws_takes,
    quota_rules.rest_api_has_few_enough_resources,
    quota_rules.rest_api_has_few_enough_authorizers,
    quota_rules.region_has_few_enough_vpc_links,
    quota_rules.region_has_few_enough_usage_plans,
    http_api_rules.http_apis_have_no_more_than_they_can,
    http_api_rules.vpc_links_are_of_a_version_that_fits,
    http_api_rules.authorizers_of_http_apis_are_ones_they_have,
    http_api_rules.jwt_authorizers_are_within_their_quotas,
    header_rules.removed_headers_can_be_removed,
    header_rules.overwritten_headers_can_be_overwritten,
    header_rules.headers_that_may_be_sent_are_few_enough,
    http_api_rules.http_api_has_few_enough_routes,
    http_api_rules.region_has_few_enough_links_of_version_2,
    http_api_rules.routes_quota_is_of_an_http_api,
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
