"""Hops 4 and 5: how the interfaces of a VPC link V2 reach the load balancer.

Such a link is a client in the VPC like any other: its traffic is no PrivateLink traffic.
https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-vpc-links-v2.html
"""

from collections.abc import Iterator

from hatchway.route.checks.model import (
    DEVELOPER_GUIDE,
    NLB_GUIDE,
    Check,
    Judgement,
    answer,
    check,
    good,
    idle,
    unclear,
)
from hatchway.route.facts import Balancer, Link, RouteFacts
from hatchway.route.network.acls import passes
from hatchway.route.network.crossing import cross
from hatchway.route.network.groups import Peer, admits
from hatchway.route.network.model import Answer, Place, worst
from hatchway.route.truth import Truth

_LINKS = f"{DEVELOPER_GUIDE}apigateway-vpc-links-v2.html"
_TLS = 443


def _ends(facts: RouteFacts) -> tuple[Link, Balancer]:
    if facts.link is None or facts.balancer is None:
        raise LookupError("the link or the load balancer is not in sight")
    return facts.link, facts.balancer


def _port(facts: RouteFacts) -> int:
    return (facts.destination.port if facts.destination is not None else None) or _TLS


def _lets_out(facts: RouteFacts) -> Judgement:
    link, balancer = _ends(facts)
    if not link.is_v2:
        return idle(link.subject, "has no interfaces of its own")
    if not link.group_ids:
        return unclear(
            link.subject, "its security groups are not known", "an egress rule to the load balancer"
        )
    answers = [
        admits(link.groups, "egress", Peer(network=node.network, groups=balancer.group_ids), _port(facts))
        for node in balancer.nodes
    ]
    decided = worst(answers, Answer(Truth.MAYBE, link.subject, "the load balancer's nodes are not known"))
    return answer(decided, f"an egress rule for tcp/{_port(facts)} to the load balancer")


def _pairs(link: Link, balancer: Balancer) -> Iterator[tuple[Place, Place]]:
    for near in link.places:
        for far in balancer.nodes:
            yield near, far


def _reaches(facts: RouteFacts) -> Judgement:
    link, balancer = _ends(facts)
    if not link.is_v2:
        return idle(link.subject, "has no interfaces of its own")
    answers: list[Answer] = []
    for near, far in _pairs(link, balancer):
        if near.vpc is None or far.vpc is None:
            return unclear(link.subject, "the subnets of link or load balancer are not in sight")
        if near.vpc.id != far.vpc.id:
            answers += cross(facts.transit, near, far).values()
            answers += cross(facts.transit, far, near).values()
        answers.append(passes(near, far, _port(facts)))
    if not answers:
        return unclear(link.subject, "its subnets are not known")
    decided = worst(answers, answers[0])
    if decided.truth is Truth.YES:
        return good(link.subject, "its subnets reach the load balancer's")
    return answer(decided, "subnets from which the load balancer can be reached, best in its own VPC")


def _is_let_in(facts: RouteFacts) -> Judgement:
    link, balancer = _ends(facts)
    if not link.is_v2:
        return idle(balancer.subject, "is reached by PrivateLink")
    if not balancer.group_ids:
        return good(balancer.subject, "has no security group")
    answers = [
        admits(balancer.groups, "ingress", Peer(network=place.network, groups=link.group_ids), _port(facts))
        for place in link.places
    ]
    decided = worst(answers, Answer(Truth.MAYBE, balancer.subject, "the link's subnets are not known"))
    return answer(decided, f"an ingress rule for tcp/{_port(facts)} from the link's group or subnets")


_NEEDS = ("link", "balancer")

CHECKS: tuple[Check, ...] = (
    check(
        "407",
        "The link's security groups let it reach the load balancer.",
        _lets_out,
        symptom='503 {"message":"Service Unavailable"} after a timeout.',
        fix="Add an egress rule to a group of the link.",
        source=_LINKS,
        needs=_NEEDS,
    ),
    check(
        "408",
        "Packets find their way from the link's subnets to the load balancer and back.",
        _reaches,
        symptom='503 {"message":"Service Unavailable"} after a timeout.',
        fix="Put the link into subnets of the load balancer's VPC.",
        source=_LINKS,
        needs=_NEEDS,
    ),
    check(
        "521",
        "The load balancer lets the link's interfaces in.",
        _is_let_in,
        symptom='503 {"message":"Service Unavailable"} after a timeout.',
        fix="Add an ingress rule from the link's security group: its traffic is no PrivateLink traffic.",
        source=f"{NLB_GUIDE}load-balancer-security-groups.html",
        needs=_NEEDS,
    ),
)
