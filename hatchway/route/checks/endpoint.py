"""Hop 7: the execute-api interface endpoint."""

from hatchway.route.checks.load_balancer import groups_count, outside
from hatchway.route.checks.model import (
    DEVELOPER_GUIDE,
    VPC_GUIDE,
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
from hatchway.route.facts import Endpoint, RouteFacts, Unknown
from hatchway.route.network.groups import Peer, admits
from hatchway.route.network.model import Answer, worst
from hatchway.route.policy import Effect, evaluate
from hatchway.route.policy.matching import equals
from hatchway.route.private_call import call_of
from hatchway.route.truth import Truth

_CREATE = f"{DEVELOPER_GUIDE}apigateway-private-apis.html"
_INTERFACE = f"{VPC_GUIDE}privatelink/create-interface-endpoint.html"


def _endpoint(facts: RouteFacts) -> Endpoint:
    if facts.endpoint is None:
        raise LookupError("the endpoint is not in sight")
    return facts.endpoint


def _in_sight(facts: RouteFacts) -> Judgement:
    return found(facts.endpoint, facts.entry.api.subject, "the interface endpoint")


def _is_execute_api(facts: RouteFacts) -> Judgement:
    one = _endpoint(facts)
    if one.type != "Interface":
        return bad(one.subject, f"vpc_endpoint_type is {one.type}", "Interface")
    name = one.service_name
    if name is None or name.literal is None:
        return unclear(one.subject, f"service_name is {name}")
    region = one.location.region.literal
    if not name.literal.endswith(".execute-api") or (
        region is not None and f".{region}." not in name.literal
    ):
        return bad(one.subject, f"service_name is {name}", f"com.amazonaws.{region or 'REGION'}.execute-api")
    return good(one.subject, f"interface endpoint of {name}")


def _admits(facts: RouteFacts) -> Judgement:
    one, balancer = _endpoint(facts), facts.balancer
    if balancer is None or not balancer.nodes:
        return idle(one.subject, "the load balancer is not in sight")
    count = groups_count(facts)
    answers = [
        admits(
            one.groups,
            "ingress",
            Peer(network=node.network, groups=balancer.group_ids, groups_count=count),
            443,
        )
        for node in balancer.nodes
    ]
    decided = worst(answers, Answer(Truth.MAYBE, one.subject, "no node"))
    return answer(decided, "an ingress rule for tcp/443 from every address of the load balancer")


def _policy(facts: RouteFacts) -> Judgement:
    one = _endpoint(facts)
    if not one.policies:
        return good(one.subject, "has the default policy, which allows everything")
    if facts.private is None:
        return unclear(one.subject, "the private API is not in sight")
    attached = one.policies[-1]
    if isinstance(attached.policy, Unknown):
        return unclear(attached.subject, attached.policy.reason)
    decision = evaluate(attached.policy.value, call_of(facts, one, facts.private, None))
    if decision.effect is Effect.ALLOW:
        return good(attached.subject, decision.reason)
    expected = f"Allow execute-api:Invoke on {facts.private.api.execution_arn}/*"
    if decision.effect.is_deny:
        return bad(attached.subject, decision.reason, expected)
    return unclear(attached.subject, decision.reason, expected)


def _subnets(facts: RouteFacts) -> Judgement:
    one = _endpoint(facts)
    if one.mismatched_subnets:
        seen = f"{one.mismatched_subnets[0]} has a pinned address and is not in subnet_ids"
        return bad(one.subject, seen, "the same subnets in subnet_ids and subnet_configuration")
    for place in one.places:
        if place.vpc is not None and one.vpc is not None and equals(place.vpc.id, one.vpc) is Truth.NO:
            return bad(
                one.subject, f"{place.subject} is a subnet of another VPC", "subnets of the endpoint's VPC"
            )
    stray = outside(one.places)
    if stray is not None:
        return bad(one.subject, stray, "an address of the subnet")
    return good(one.subject, "addresses and subnets agree")


def _groups_fit(facts: RouteFacts) -> Judgement:
    one = _endpoint(facts)
    for subject, vpc in one.group_vpcs:
        if one.vpc is not None and equals(vpc, one.vpc) is Truth.NO:
            return bad(
                subject, "is a security group of another VPC than the endpoint", "one of the endpoint's VPC"
            )
    return good(one.subject, "its security groups are in its VPC")


def _one_per_vpc(facts: RouteFacts) -> Judgement:
    one = _endpoint(facts)
    if one.private_dns and one.namesakes:
        return bad(
            one.subject, f"{one.namesakes[0]} has private DNS in the same VPC", "private DNS on one of them"
        )
    return good(one.subject, "no other endpoint takes the same names")


def _leaves_names_alone(facts: RouteFacts) -> Judgement:
    one = _endpoint(facts)
    if one.private_dns:
        seen = "private DNS sends every execute-api name of the VPC to this endpoint"
        return bad(one.subject, seen, "private_dns_enabled = false, which this path does not need")
    return good(one.subject, "private DNS is off")


def _is_pinned(facts: RouteFacts) -> Judgement:
    one = _endpoint(facts)
    if one.has_pinned_addresses:
        return good(one.subject, "its addresses are pinned")
    return bad(
        one.subject,
        "AWS chooses its addresses, also anew when it is replaced",
        "subnet_configuration with ipv4",
    )


_NEEDS = ("endpoint",)

CHECKS: tuple[Check, ...] = (
    check(
        "701",
        "The interface endpoint is in sight.",
        _in_sight,
        symptom="Nothing behind the load balancer can be judged.",
        fix="Give the stack that declares the endpoint, too.",
    ),
    check(
        "702",
        "The endpoint is an interface endpoint for execute-api in its region.",
        _is_execute_api,
        symptom="The apply fails, or another service answers.",
        fix='Set vpc_endpoint_type = "Interface" and service_name = "com.amazonaws.REGION.execute-api".',
        source=_CREATE,
        needs=_NEEDS,
    ),
    check(
        "703",
        "The endpoint's security groups let the load balancer in.",
        _admits,
        symptom="Targets are unhealthy; calls get 504 or 500.",
        fix="Add an ingress rule for tcp/443 from the load balancer's addresses or subnets.",
        source=_INTERFACE,
        needs=_NEEDS,
    ),
    check(
        "704",
        "The endpoint policy allows the call.",
        _policy,
        symptom='403 {"Message":"User: anonymous is not authorized to perform: execute-api:Invoke …"}.',
        fix="Name the private API's execution_arn in the endpoint policy.",
        source=f"{DEVELOPER_GUIDE}apigateway-vpc-endpoint-policies.html",
        needs=_NEEDS,
    ),
    check(
        "705",
        "The endpoint's addresses and subnets agree.",
        _subnets,
        symptom="The apply fails.",
        fix="List the same subnets in subnet_ids and subnet_configuration, with addresses inside them.",
        source=_INTERFACE,
        needs=_NEEDS,
    ),
    check(
        "706",
        "The endpoint's security groups belong to its VPC.",
        _groups_fit,
        symptom="The apply fails.",
        fix="Create the security group in the endpoint's VPC.",
        source=_INTERFACE,
        needs=_NEEDS,
    ),
    check(
        "707",
        "No other endpoint takes the same private names.",
        _one_per_vpc,
        symptom="The apply fails: private DNS conflicts.",
        fix="Set private_dns_enabled = false on one of the endpoints.",
        source=_INTERFACE,
        needs=_NEEDS,
    ),
    check(
        "708",
        "Public APIs stay reachable from the endpoint's VPC.",
        _leaves_names_alone,
        symptom="Callers inside the VPC get 403 from every public API Gateway API.",
        fix="Set private_dns_enabled = false.",
        source=_CREATE,
        needs=_NEEDS,
        kind=Kind.RISK,
    ),
    check(
        "709",
        "The endpoint keeps its addresses when it is replaced.",
        _is_pinned,
        symptom="After a replacement the load balancer forwards to addresses that are gone.",
        fix="Pin them with subnet_configuration { ipv4, subnet_id }.",
        needs=_NEEDS,
        kind=Kind.RISK,
    ),
)
