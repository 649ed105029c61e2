"""Hop 5: the load balancer with its listener, and its security groups."""

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network

from hatchway.route.checks.model import (
    NLB_GUIDE,
    Check,
    Judgement,
    Kind,
    answer,
    bad,
    check,
    found,
    good,
    idle,
    unclear,
)
from hatchway.route.facts import Balancer, Known, Listener, RouteFacts, TargetGroup, Unknown
from hatchway.route.network.groups import Peer, admits
from hatchway.route.network.model import Answer, Place, worst
from hatchway.route.targets import networks_of_targets
from hatchway.route.truth import Truth

_GROUPS = f"{NLB_GUIDE}load-balancer-security-groups.html"
_LISTENER = f"{NLB_GUIDE}create-listener.html"
_TLS = 443
_EVERYBODY = IPv4Network("0.0.0.0/0")


def balancer_of(facts: RouteFacts) -> Balancer:
    """Return the load balancer, which the check has asked for."""
    if facts.balancer is None:
        raise LookupError("the load balancer is not in sight")
    return facts.balancer


def listener_of(facts: RouteFacts) -> Listener | None:
    """Return the listener that the integration's port meets, else the only one."""
    listeners = balancer_of(facts).listeners
    wanted = facts.destination.port if facts.destination is not None else None
    for one in listeners:
        if isinstance(one.port, Known) and one.port.value == wanted:
            return one
    unsure = wanted is None or any(isinstance(one.port, Unknown) for one in listeners)
    return listeners[0] if len(listeners) == 1 and unsure else None


def group_of(facts: RouteFacts) -> TargetGroup | None:
    """Return the target group the listener forwards to."""
    listener = listener_of(facts)
    return listener.group if listener is not None else None


def _in_sight(facts: RouteFacts) -> Judgement:
    return found(facts.balancer, facts.entry.api.subject, "the load balancer")


def _passes_tls_on(facts: RouteFacts) -> Judgement:
    listener = listener_of(facts)
    if listener is None:
        balancer = balancer_of(facts)
        ports = ", ".join(str(one.port.value) for one in balancer.listeners if isinstance(one.port, Known))
        wanted = facts.destination.port if facts.destination is not None else None
        seen = f"the uri asks for port {wanted}, it listens on {ports or 'none'}"
        return bad(balancer.subject, seen, "a TCP listener on 443")
    if listener.protocol != "TCP":
        seen = f"its protocol is {listener.protocol}"
        return bad(listener.subject, seen, "TCP, so that the endpoint's own certificate reaches API Gateway")
    return good(listener.subject, "TCP, TLS is passed through")


def _forwards(facts: RouteFacts) -> Judgement:
    listener = listener_of(facts)
    if listener is None:
        return idle(balancer_of(facts).subject, "there is no listener")
    if listener.action != "forward":
        return bad(listener.subject, f"its default action is {listener.action}", "forward")
    if listener.group is None:
        return unclear(listener.subject, "the target group is not in sight")
    return good(listener.subject, f"forwards to {listener.group.subject}")


def _lets_private_link_in(facts: RouteFacts) -> Judgement:
    balancer = balancer_of(facts)
    if facts.link is not None and facts.link.is_v2:
        return idle(balancer.subject, "a link V2 is a client in the VPC, no PrivateLink")
    if not balancer.group_ids:
        return good(balancer.subject, "has no security group")
    if balancer.enforces_private_link_rules == "off":
        return good(balancer.subject, "inbound rules do not apply to PrivateLink traffic")
    port = facts.destination.port if facts.destination is not None else None
    anyone = admits(balancer.groups, "ingress", Peer(network=_EVERYBODY), port or 443)
    if anyone.truth is Truth.YES:
        return good(anyone.element, "inbound rules let everybody in")
    seen = "inbound rules apply to PrivateLink traffic and do not let everybody in"
    if anyone.truth is Truth.MAYBE and any(not group.is_complete for group in balancer.groups):
        return unclear(anyone.element, anyone.reason)
    expected = 'enforce_security_group_inbound_rules_on_private_link_traffic = "off"'
    return bad(balancer.subject, seen, expected)


def _lets_out(facts: RouteFacts) -> Judgement:
    balancer, group = balancer_of(facts), group_of(facts)
    if not balancer.group_ids:
        return good(balancer.subject, "has no security group")
    if group is None or not group.targets:
        return idle(balancer.subject, "no target is in sight")
    decided = _best(list(_egress(facts, balancer, group)), balancer.subject)
    return answer(decided, "an egress rule for tcp/443 to every target: health checks obey it too")


def _best(answers: Sequence[Answer], subject: str) -> Answer:
    """Return the most favourable answer: health checks take out the targets that cannot be reached."""
    return max(answers, key=lambda one: one.truth.value, default=Answer(Truth.MAYBE, subject, "no target"))


def _lets_out_to_each(facts: RouteFacts) -> Judgement:
    balancer, group = balancer_of(facts), group_of(facts)
    if not balancer.group_ids or group is None or not group.targets:
        return idle(balancer.subject, "has no security group, or no target is in sight")
    answers = list(_egress(facts, balancer, group))
    if _best(answers, balancer.subject).truth is Truth.NO:
        return idle(balancer.subject, "no target can be reached")
    decided = worst(answers, answers[0])
    return answer(decided, "an egress rule for tcp/443 to every target: health checks obey it too")


def _egress(facts: RouteFacts, balancer: Balancer, group: TargetGroup) -> Iterator[Answer]:
    groups = facts.endpoint.group_ids if facts.endpoint is not None else ()
    for _, network in networks_of_targets(group, facts.endpoint):
        yield admits(
            balancer.groups,
            "egress",
            Peer(
                network=network,
                groups=groups,
                knows_groups=facts.endpoint is not None,
                groups_count=groups_count(facts),
            ),
            _TLS,
        )


def groups_count(facts: RouteFacts) -> Truth:
    """Whether a rule may refer to a group at the other end: in one VPC, or where the gateway supports it."""
    balancer, endpoint = facts.balancer, facts.endpoint
    near = next((place.vpc for place in balancer.nodes if place.vpc is not None), None) if balancer else None
    far = next((place.vpc for place in endpoint.places if place.vpc is not None), None) if endpoint else None
    if near is None or far is None:
        return Truth.MAYBE
    if near.id == far.id:
        return Truth.YES
    ids = {near.id, far.id}
    if any(set(peering.vpcs) == ids for peering in facts.transit.peerings):
        return Truth.YES
    joined = [one for one in facts.transit.attachments if one.vpc in ids]
    return Truth.MAYBE if any(one.references_groups for one in joined) else Truth.NO


def _is_internal(facts: RouteFacts) -> Judgement:
    balancer = balancer_of(facts)
    if balancer.is_internal:
        return good(balancer.subject, "is internal")
    return bad(balancer.subject, "is reachable from the internet", "internal = true")


def outside(places: Sequence[Place]) -> str | None:
    """Tell of a pinned address that its subnet does not have; None when there is none."""
    for place in places:
        own, subnet = place.network, place.subnet_network
        if own is not None and subnet is not None and not own.subnet_of(subnet):
            return f"{own.network_address} is no address of {place.subject}, {subnet}"
    return None


def _addresses_fit(facts: RouteFacts) -> Judgement:
    balancer = balancer_of(facts)
    stray = outside(balancer.nodes)
    if stray is not None:
        return bad(balancer.subject, stray, "an address of the subnet")
    return good(balancer.subject, "its pinned addresses lie in their subnets")


def _has_group(facts: RouteFacts) -> Judgement:
    balancer = balancer_of(facts)
    if balancer.group_ids:
        return good(balancer.subject, "has a security group")
    return bad(
        balancer.subject, "has no security group and can never get one", "a security group from the start"
    )


NEEDS = ("balancer",)

CHECKS: tuple[Check, ...] = (
    check(
        "501",
        "The load balancer is in sight.",
        _in_sight,
        symptom="Nothing behind the link can be judged.",
        fix="Give the stack that declares the load balancer, too.",
    ),
    check(
        "502",
        "The listener passes TLS through.",
        _passes_tls_on,
        symptom='500 {"message":"Internal server error"} or 504.',
        fix='Set protocol = "TCP" and port = 443 on the listener.',
        source=_LISTENER,
        needs=NEEDS,
    ),
    check(
        "503",
        "The listener forwards to a target group.",
        _forwards,
        symptom="504 or 500: the connection leads nowhere.",
        fix="Set default_action to forward to the target group.",
        source=_LISTENER,
        needs=NEEDS,
    ),
    check(
        "504",
        "Security groups let the VPC link's traffic in.",
        _lets_private_link_in,
        symptom='504 {"message":"Endpoint request timed out"} while the targets are healthy.',
        fix='Set enforce_security_group_inbound_rules_on_private_link_traffic = "off".',
        source=_GROUPS,
        needs=NEEDS,
    ),
    check(
        "505",
        "Security groups let the load balancer reach its targets.",
        _lets_out,
        symptom="Targets are unhealthy; calls get 504 or 500.",
        fix="Add an egress rule for tcp/443 to the endpoint's addresses.",
        source=_GROUPS,
        needs=NEEDS,
    ),
    check(
        "506",
        "The load balancer is internal.",
        _is_internal,
        symptom="The private API can be reached from the internet past the public one.",
        fix="Set internal = true.",
        source=f"{NLB_GUIDE}network-load-balancers.html",
        needs=NEEDS,
        kind=Kind.WEAKNESS,
    ),
    check(
        "508",
        "The load balancer's pinned addresses lie in their subnets.",
        _addresses_fit,
        symptom="The apply fails.",
        fix="Pin addresses of the subnets in subnet_mapping.",
        source=f"{NLB_GUIDE}network-load-balancers.html",
        needs=NEEDS,
    ),
    check(
        "507",
        "The load balancer has a security group from the start.",
        _has_group,
        symptom="A later change that adds one replaces the load balancer.",
        fix="Attach a security group when it is created.",
        source=_GROUPS,
        needs=NEEDS,
        kind=Kind.RISK,
    ),
    check(
        "522",
        "The load balancer's group lets it reach every target.",
        _lets_out_to_each,
        symptom="A target stays unhealthy: when the others fail, nothing is left.",
        fix="Add an egress rule for tcp/443 to the target.",
        source=f"{NLB_GUIDE}load-balancer-security-groups.html",
        needs=NEEDS,
        kind=Kind.RISK,
    ),
)
