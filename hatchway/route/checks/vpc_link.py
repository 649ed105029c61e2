"""Hop 4: API Gateway's VPC link."""

from hatchway.route.checks.entry import replaced
from hatchway.route.checks.model import (
    API_REFERENCE,
    DEVELOPER_GUIDE,
    REGISTRY,
    Check,
    Judgement,
    Kind,
    bad,
    check,
    decide,
    found,
    good,
    idle,
    unclear,
)
from hatchway.route.facts import Balancer, Link, RouteFacts
from hatchway.route.policy.matching import equals
from hatchway.route.truth import all_of

_GUIDE = f"{DEVELOPER_GUIDE}set-up-nlb-for-vpclink-using-console.html"


def _link(facts: RouteFacts) -> Link:
    if facts.link is None:
        raise LookupError("the VPC link is not in sight")
    return facts.link


def _in_sight(facts: RouteFacts) -> Judgement:
    return found(facts.link, facts.entry.api.subject, "the VPC link")


def _one_balancer(facts: RouteFacts) -> Judgement:
    link = _link(facts)
    if link.is_v2:
        return _one_behind(link, facts.balancer)
    if len(link.target_arns) != 1:
        return bad(
            link.subject, f"it has {len(link.target_arns)} targets", "exactly one network load balancer"
        )
    if facts.balancer is not None and facts.balancer.type != "network":
        return bad(
            link.subject, f"its target is a load balancer of type {facts.balancer.type}", "a network one"
        )
    return good(link.subject, f"leads to {link.target_arns[0]}")


def _one_behind(link: Link, balancer: Balancer | None) -> Judgement:
    if balancer is None:
        return unclear(link.subject, "the load balancer that the integration names is not in sight")
    if balancer.type != "network":
        return unclear(balancer.subject, "ends TLS itself: what it does then is not judged here")
    return good(link.subject, f"leads to {balancer.subject}, which the integration names")


def _right_kind(facts: RouteFacts) -> Judgement:
    link = _link(facts)
    if facts.entry.api.is_http and not link.is_v2:
        return bad(
            link.subject, "is a link of the first kind, and the API an HTTP API", "aws_apigatewayv2_vpc_link"
        )
    return good(link.subject, "is of a kind that the API takes")


def _unshared(facts: RouteFacts) -> Judgement:
    link, balancer = _link(facts), facts.balancer
    if link.is_v2:
        return idle(link.subject, "a link V2 makes no endpoint service")
    if balancer is None:
        return idle(link.subject, "the load balancer is not in sight")
    if balancer.endpoint_services:
        others = ", ".join(balancer.endpoint_services)
        return bad(balancer.subject, f"is used by {others} too", "a load balancer of its own for the link")
    return good(balancer.subject, "serves the link alone")


def _one_account(facts: RouteFacts) -> Judgement:
    link, api, balancer = _link(facts), facts.entry.api, facts.balancer
    others = [api.location] + ([balancer.location] if balancer is not None else [])
    truth = all_of(
        answer
        for other in others
        for answer in (
            equals(link.location.account, other.account),
            equals(link.location.region, other.region),
        )
    )
    seen = f"the link is in {link.location.account}, the API in {api.location.account}"
    seen += f", the load balancer in {balancer.location.account}" if balancer is not None else ""
    return decide(truth, link.subject, seen, "API, link and load balancer in one account and region")


def _replaces_safely(facts: RouteFacts) -> Judgement:
    link = _link(facts)
    return replaced(link.subject, create_before_destroy=link.create_before_destroy)


_NEEDS = ("link",)

CHECKS: tuple[Check, ...] = (
    check(
        "401",
        "The VPC link is in sight.",
        _in_sight,
        symptom="Nothing behind the link can be judged.",
        fix="Give the stack that declares the VPC link, too.",
    ),
    check(
        "402",
        "The link leads to exactly one network load balancer.",
        _one_balancer,
        symptom="The link's status becomes FAILED and calls get 500.",
        fix="Set target_arns to the ARN of one network load balancer.",
        source=f"{API_REFERENCE}API_VpcLink.html",
        needs=_NEEDS,
    ),
    check(
        "403",
        "The load balancer serves no endpoint service besides.",
        _unshared,
        symptom="The link's status becomes FAILED: the load balancer has another endpoint service.",
        fix="Give the link a load balancer of its own.",
        source=_GUIDE,
        needs=_NEEDS,
    ),
    check(
        "404",
        "API, link and load balancer are in one account and region.",
        _one_account,
        symptom="The apply fails, or the link's status becomes FAILED.",
        fix="Give the three the same provider.",
        source=f"{DEVELOPER_GUIDE}private-integration.html",
        needs=_NEEDS,
    ),
    check(
        "405",
        "The link can be replaced.",
        _replaces_safely,
        symptom="A later apply fails: the VPC link is referenced by the stage.",
        fix="Set lifecycle { create_before_destroy = true } on the link.",
        source=f"{REGISTRY}api_gateway_vpc_link",
        needs=_NEEDS,
        kind=Kind.RISK,
    ),
    check(
        "406",
        "The link is of a kind that the API takes.",
        _right_kind,
        symptom="The apply fails: the VPC link does not exist for this kind of API.",
        fix="Use aws_apigatewayv2_vpc_link with an HTTP API.",
        source=f"{DEVELOPER_GUIDE}http-api-vpc-links.html",
        needs=_NEEDS,
    ),
)
