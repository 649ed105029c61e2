"""Hop 5, second part: the target group and its targets."""

from ipaddress import IPv4Network

from hatchway.route.checks.load_balancer import NEEDS, balancer_of, group_of
from hatchway.route.checks.model import (
    NLB_GUIDE,
    Check,
    Judgement,
    Kind,
    bad,
    check,
    decide,
    good,
    idle,
    unclear,
)
from hatchway.route.facts import Endpoint, Known, RouteFacts, Target, TargetGroup, Unknown
from hatchway.route.network.model import Vpc
from hatchway.route.network.zones import same_zone
from hatchway.route.policy.matching import equals
from hatchway.route.symbols import Text
from hatchway.route.targets import address_of, is_endpoint
from hatchway.route.truth import Truth, all_of, any_of, truth

_TARGETS = f"{NLB_GUIDE}load-balancer-target-groups.html"
_ATTRIBUTES = f"{NLB_GUIDE}edit-target-group-attributes.html"
_HEALTH = f"{NLB_GUIDE}target-group-health-checks.html"
_ROUTABLE = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")))
_TLS = 443


def _group(facts: RouteFacts) -> TargetGroup | None:
    return group_of(facts)


def _none(facts: RouteFacts) -> Judgement:
    return idle(balancer_of(facts).subject, "no target group is in sight")


def _is_tcp(facts: RouteFacts) -> Judgement:
    group = _group(facts)
    if group is None:
        return _none(facts)
    if group.target_type != "ip":
        return bad(group.subject, f"target_type is {group.target_type}", "ip: an endpoint is no instance")
    if group.protocol != "TCP":
        return bad(group.subject, f"protocol is {group.protocol}", "TCP")
    if group.proxy_protocol:
        return bad(
            group.subject,
            "proxy_protocol_v2 is on, which the endpoint does not read",
            "proxy_protocol_v2 off",
        )
    return good(group.subject, "addresses over TCP")


def _has_targets(facts: RouteFacts) -> Judgement:
    group = _group(facts)
    if group is None:
        return _none(facts)
    if not group.targets:
        return bad(group.subject, "no target is registered", "the endpoint's addresses")
    return good(group.subject, f"{len(group.targets)} targets")


def _ports(facts: RouteFacts) -> Judgement:
    group = _group(facts)
    if group is None:
        return _none(facts)
    for target in group.targets:
        if isinstance(target.port, Unknown):
            return unclear(target.subject, target.port.reason)
        if target.port.value != _TLS:
            return bad(
                target.subject, f"its port is {target.port.value}", f"{_TLS}, the only one the endpoint has"
            )
    return good(group.subject, f"targets listen on {_TLS}")


def _are_the_endpoint(facts: RouteFacts) -> Judgement:
    group, endpoint = _group(facts), facts.endpoint
    if group is None or not group.targets:
        return _none(facts)
    if endpoint is None:
        return idle(group.subject, "the endpoint is not in sight")
    for target in group.targets:
        truth = is_endpoint(target, endpoint)
        if truth is not Truth.YES:
            addresses = ", ".join(str(place.network) for place in endpoint.places)
            observed = f"forwards to {target.address}"
            return decide(truth, target.subject, observed, f"an address of {endpoint.subject}: {addresses}")
    return good(group.subject, f"every target is an address of {endpoint.subject}")


def _zones(facts: RouteFacts) -> Judgement:
    group, balancer = _group(facts), balancer_of(facts)
    if group is None:
        return _none(facts)
    vpc = next((place.vpc for place in balancer.nodes if place.vpc is not None), None)
    for target in group.targets:
        address = address_of(target.address) or target.address
        inside = _is_inside(target, vpc, facts.endpoint) if vpc is not None else Truth.MAYBE
        if inside is Truth.MAYBE or vpc is None:
            continue
        if inside is Truth.YES and target.availability_zone == "all":
            return bad(
                target.subject, f'{address} lies in {vpc.subject} and availability_zone is "all"', "none"
            )
        if inside is Truth.NO and target.availability_zone != "all":
            seen = f"{address} lies outside {vpc.subject} and availability_zone is {target.availability_zone}"
            return bad(target.subject, seen, '"all"')
    return good(group.subject, 'availability_zone is "all" exactly for targets outside the VPC')


def _is_inside(target: Target, vpc: Vpc, endpoint: Endpoint | None) -> Truth:
    """Whether a target lies in a VPC: by its address, else as one of an endpoint in it."""
    address = address_of(target.address)
    if address is not None:
        return Truth.MAYBE if vpc.cidrs is None else truth(any(address.subnet_of(one) for one in vpc.cidrs))
    if endpoint is None or endpoint.vpc is None or is_endpoint(target, endpoint) is not Truth.YES:
        return Truth.MAYBE
    return equals(endpoint.vpc, vpc.id)


def _hides_client(facts: RouteFacts) -> Judgement:
    group = _group(facts)
    if group is None:
        return _none(facts)
    if isinstance(group.preserves_client_ip, Unknown):
        return unclear(group.subject, group.preserves_client_ip.reason)
    if group.preserves_client_ip.value:
        return bad(group.subject, "preserve_client_ip is on", '"false": the target sees the load balancer')
    return good(group.subject, "the target sees the load balancer's address")


def _addresses(facts: RouteFacts) -> Judgement:
    group = _group(facts)
    if group is None:
        return _none(facts)
    for target in group.targets:
        address = address_of(target.address)
        if target.address.literal is not None and address is None:
            return bad(target.subject, f"{target.address} is no IPv4 address", "an address")
        if address is not None and not any(address.subnet_of(block) for block in _ROUTABLE):
            blocks = ", ".join(map(str, _ROUTABLE))
            return bad(
                target.subject, f"{address} is outside what a target may be", f"an address in {blocks}"
            )
    return good(group.subject, "targets are private addresses")


def _health(facts: RouteFacts) -> Judgement:
    group = _group(facts)
    if group is None:
        return _none(facts)
    protocol = group.health.get("protocol", "TCP").upper()
    port, path = group.health.get("port", "traffic-port"), group.health.get("path", "/")
    if port not in {"traffic-port", str(_TLS)}:
        return bad(group.subject, f"it is checked on port {port}", f"{_TLS} or traffic-port")
    if protocol == "HTTP":
        return bad(group.subject, "it is checked in plain text", "HTTPS on /ping, or TCP")
    codes = group.health.get("matcher", "200-399")
    if protocol == "HTTPS" and path not in {"/ping", "/sping"} and "403" not in codes:
        seen = f"{path} is expected to answer {codes}; without an API's name the endpoint answers 403"
        return bad(group.subject, seen, "the path /ping, which the service keeps for this")
    return good(group.subject, f"is checked over {protocol}")


def _health_says_something(facts: RouteFacts) -> Judgement:
    group = _group(facts)
    if group is None:
        return _none(facts)
    if group.health.get("protocol", "TCP").upper() == "TCP":
        return bad(group.subject, "is checked over TCP: healthy even while TLS is broken", "HTTPS on /ping")
    return good(group.subject, "is checked above TCP")


def _every_zone(facts: RouteFacts) -> Judgement:
    group, balancer = _group(facts), balancer_of(facts)
    if group is None or facts.endpoint is None:
        return _none(facts)
    if all(target.availability_zone == "all" for target in group.targets):
        return good(group.subject, "targets count for every zone")
    crosses = group.cross_zone == "true" or balancer.cross_zone == Known(value=True)
    if crosses and group.cross_zone != "false":
        return good(group.subject, "every node uses every target")
    wanted = "a target in each zone, or enable_cross_zone_load_balancing"
    served = {node.zone: _serves(facts, group, node.zone) for node in balancer.nodes}
    lonely = next((zone for zone, has in served.items() if has is Truth.NO), None)
    if lonely is not None:
        return bad(balancer.subject, f"its node in {lonely} has no target", wanted)
    if all_of(served.values()) is Truth.MAYBE:
        return unclear(balancer.subject, "the zones of its nodes or targets are not known", wanted)
    return good(group.subject, "every node has a target in its zone")


def _serves(facts: RouteFacts, group: TargetGroup, zone: Text | None) -> Truth:
    """Whether a target lies in a zone."""
    addresses = {address_of(target.address) for target in group.targets}
    places = facts.endpoint.places if facts.endpoint is not None else ()
    zones = [place.zone for place in places if place.network in addresses]
    return any_of(same_zone(one, zone) for one in zones) if zones else Truth.MAYBE


CHECKS: tuple[Check, ...] = (
    check(
        "511",
        "The target group forwards TCP to addresses.",
        _is_tcp,
        symptom="The apply fails, or the endpoint closes every connection.",
        fix='Set target_type = "ip", protocol = "TCP" and proxy_protocol_v2 = false.',
        source=_TARGETS,
        needs=NEEDS,
    ),
    check(
        "512",
        "The target group has targets.",
        _has_targets,
        symptom='500 {"message":"Internal server error"}: nothing answers the connection.',
        fix="Register each address of the endpoint with aws_lb_target_group_attachment.",
        source=_TARGETS,
        needs=NEEDS,
    ),
    check(
        "513",
        "Targets are asked on the endpoint's port.",
        _ports,
        symptom="Targets are unhealthy; calls get 504 or 500.",
        fix="Set port = 443 on target group and targets.",
        source=_TARGETS,
        needs=NEEDS,
    ),
    check(
        "514",
        "Every target is an address of the endpoint.",
        _are_the_endpoint,
        symptom="Targets are unhealthy, or something else answers.",
        fix="Pin the endpoint's addresses with subnet_configuration and register the same ones.",
        source=_TARGETS,
        needs=NEEDS,
    ),
    check(
        "515",
        "Targets outside the load balancer's VPC count for all zones.",
        _zones,
        symptom="The apply fails: specify a valid Availability Zone or 'all'.",
        fix='Set availability_zone = "all" exactly where the target lies outside the VPC.',
        source=f"{NLB_GUIDE}target-group-register-targets.html",
        needs=NEEDS,
    ),
    check(
        "516",
        "The client's address is not passed on.",
        _hides_client,
        symptom="Health checks fail and answers go astray.",
        fix='Set preserve_client_ip = "false" on the target group.',
        source=_ATTRIBUTES,
        needs=NEEDS,
    ),
    check(
        "517",
        "Targets are addresses a load balancer may forward to.",
        _addresses,
        symptom="The apply fails: the address is not in a valid range.",
        fix="Use private or shared address ranges for the endpoint's network.",
        source=_TARGETS,
        needs=NEEDS,
    ),
    check(
        "518",
        "The health check is one the endpoint can pass.",
        _health,
        symptom="Every target is unhealthy. Requests pass while all are, and a real fault does not show.",
        fix='Set health_check { protocol = "HTTPS", path = "/ping", matcher = "200" }.',
        source=_HEALTH,
        needs=NEEDS,
        kind=Kind.RISK,
    ),
    check(
        "519",
        "Every node of the load balancer has a target it may use.",
        _every_zone,
        symptom="Part of the calls gets 500 or 504.",
        fix="Set enable_cross_zone_load_balancing = true, or place the endpoint in every zone.",
        source=f"{NLB_GUIDE}edit-load-balancer-attributes.html",
        needs=NEEDS,
    ),
    check(
        "520",
        "The health check notices a broken endpoint.",
        _health_says_something,
        symptom="Targets look healthy while every call fails.",
        fix='Set health_check { protocol = "HTTPS", path = "/ping", matcher = "200" }.',
        source=_HEALTH,
        needs=NEEDS,
        kind=Kind.RISK,
    ),
)
