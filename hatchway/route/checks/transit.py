"""Hop 6: from the load balancer's subnets to the endpoint's, and back."""

from collections.abc import Callable, Iterator

from hatchway.route.checks.model import VPC_GUIDE, Check, Judgement, answer, bad, check, good, idle, unclear
from hatchway.route.facts import RouteFacts
from hatchway.route.network.acls import passes
from hatchway.route.network.crossing import cross
from hatchway.route.network.model import Answer, Place, worst
from hatchway.route.network.routes import is_local
from hatchway.route.truth import Truth

_ROUTES = f"{VPC_GUIDE}userguide/VPC_Route_Tables.html"
_ATTACHMENTS = f"{VPC_GUIDE}tgw/tgw-vpc-attachments.html"
_TABLES = f"{VPC_GUIDE}tgw/tgw-route-tables.html"
_PORT = 443


def _pairs(facts: RouteFacts) -> Iterator[tuple[Place, Place]]:
    balancer, endpoint = facts.balancer, facts.endpoint
    if balancer is None or endpoint is None:
        return
    for node in balancer.nodes:
        for place in endpoint.places:
            yield node, place


def _ends(facts: RouteFacts) -> Judgement:
    if facts.balancer is None or facts.endpoint is None:
        return unclear(facts.entry.api.subject, "the load balancer or the endpoint is not in sight")
    for name, subject, places in (
        ("load balancer", facts.balancer.subject, facts.balancer.nodes),
        ("endpoint", facts.endpoint.subject, facts.endpoint.places),
    ):
        if not places:
            return unclear(subject, f"the subnets of the {name} are not known")
        unseen = next((place for place in places if place.vpc is None), None)
        if unseen is not None:
            return unclear(subject, f"the subnet {unseen.subnet} of the {name} is not in sight")
    return good(facts.balancer.subject, f"subnets of both ends are in sight, to {facts.endpoint.subject}")


def _step(name: str, expected: str, *, back: bool) -> Callable[[RouteFacts], Judgement]:
    """Make a judgement of one question of one direction, for every pair of subnets."""

    def judge(facts: RouteFacts) -> Judgement:
        answers: list[Answer] = []
        subject = facts.balancer.subject if facts.balancer else facts.entry.api.subject
        for near, far in _pairs(facts):
            steps = cross(facts.transit, far, near) if back else cross(facts.transit, near, far)
            if name in steps:
                answers.append(steps[name])
        if not answers:
            return idle(subject, "the path does not lead through one")
        return answer(worst(answers, Answer(Truth.MAYBE, subject, "")), expected)

    return judge


def _acls(facts: RouteFacts) -> Judgement:
    answers = [passes(near, far, _PORT) for near, far in _pairs(facts)]
    if not answers:
        return idle(facts.entry.api.subject, "the subnets are not in sight")
    expected = "tcp/443 towards the endpoint and tcp/1024-65535 back, at both ends"
    return answer(worst(answers, answers[0]), expected)


def _overlap(facts: RouteFacts) -> Judgement:
    subject = facts.endpoint.subject if facts.endpoint else facts.entry.api.subject
    if facts.overlaps:
        return bad(subject, f"the VPCs' ranges overlap: {facts.overlaps[0]}", "ranges that do not overlap")
    return good(subject, "the VPCs' ranges do not overlap")


def _shared(facts: RouteFacts) -> Judgement:
    pairs = list(_pairs(facts))
    if not pairs or all(is_local(near, far) is Truth.YES for near, far in pairs):
        return idle(facts.entry.api.subject, "nothing has to be shared inside one VPC")
    vpcs = {place.vpc.id for pair in pairs for place in pair if place.vpc is not None}
    ours = [one.subject for one in facts.transit.attachments if one.vpc in vpcs]
    missing = [one for one in facts.unshared if one in ours]
    if missing:
        return bad(
            missing[0], "its account has no share of the Transit Gateway", "a RAM share with the account"
        )
    return good(
        ours[0] if ours else facts.entry.api.subject, "the gateway is shared with the accounts attached"
    )


_NEEDS = ("balancer", "endpoint")
_LOST = '504 {"message":"Endpoint request timed out"}; targets are unhealthy: Target.Timeout.'
_ROUTE_FIX = "Add an aws_route with destination_cidr_block and transit_gateway_id to the table of the subnet."

CHECKS: tuple[Check, ...] = (
    check(
        "601",
        "Both ends of the network path are in sight.",
        _ends,
        symptom="Nothing between load balancer and endpoint can be judged.",
        fix="Give the stack that declares the networks, too.",
    ),
    check(
        "602",
        "A route leads from the load balancer's subnets to the endpoint.",
        _step("route", "a route to the endpoint's network", back=False),
        symptom=_LOST,
        fix=_ROUTE_FIX,
        source=_ROUTES,
        needs=_NEEDS,
    ),
    check(
        "603",
        "What the route leads to joins both VPCs.",
        _step("attachment", "an accepted attachment, or peering connection, of both VPCs", back=False),
        symptom=_LOST,
        fix="Attach both VPCs and accept the attachment in the gateway's account.",
        source=_ATTACHMENTS,
        needs=_NEEDS,
    ),
    check(
        "604",
        "The attachment covers the zones of the load balancer.",
        _step("zone", "a subnet of the attachment in each of these zones", back=False),
        symptom="Part of the calls gets 504.",
        fix="Add a subnet of the zone to subnet_ids of the attachment.",
        source=_ATTACHMENTS,
        needs=_NEEDS,
    ),
    check(
        "605",
        "The Transit Gateway routes to the endpoint's VPC.",
        _step("gateway", "an association of the near attachment and a route to the far one", back=False),
        symptom=_LOST,
        fix="Associate the near attachment with a table to which the far one propagates, or add a route.",
        source=_TABLES,
        needs=_NEEDS,
    ),
    check(
        "606",
        "A route leads from the endpoint's subnets back to the load balancer.",
        _step("route", "a route to the load balancer's network", back=True),
        symptom=_LOST,
        fix=_ROUTE_FIX,
        source=_ROUTES,
        needs=_NEEDS,
    ),
    check(
        "607",
        "The attachment covers the zones of the endpoint.",
        _step("zone", "a subnet of the attachment in each of these zones", back=True),
        symptom="Answers of part of the endpoint's addresses are lost.",
        fix="Add a subnet of the zone to subnet_ids of the attachment.",
        source=_ATTACHMENTS,
        needs=_NEEDS,
    ),
    check(
        "608",
        "The Transit Gateway routes back to the load balancer's VPC.",
        _step("gateway", "an association of the far attachment and a route to the near one", back=True),
        symptom=_LOST,
        fix="Associate the far attachment with a table to which the near one propagates, or add a route.",
        source=_TABLES,
        needs=_NEEDS,
    ),
    check(
        "609",
        "Network ACLs let requests and answers through.",
        _acls,
        symptom=_LOST,
        fix="Allow tcp/443 towards the endpoint and the ephemeral ports back, at both ends.",
        source=f"{VPC_GUIDE}userguide/vpc-network-acls.html",
        needs=_NEEDS,
    ),
    check(
        "610",
        "The networks of the two VPCs do not overlap.",
        _overlap,
        symptom=_LOST,
        fix="Choose another range, or place the endpoint in the gateway's network.",
        source=_ATTACHMENTS,
        needs=_NEEDS,
    ),
    check(
        "611",
        "The Transit Gateway is shared with the accounts attached to it.",
        _shared,
        symptom="The apply fails: the Transit Gateway does not exist in that account.",
        fix="Share it with aws_ram_resource_association and aws_ram_principal_association.",
        source=f"{VPC_GUIDE}tgw/transit-gateway-share.html",
        needs=_NEEDS,
    ),
)
