"""What AWS says of the state of what is deployed: links, load balancers, endpoints, functions."""

from collections.abc import Callable
from dataclasses import replace

from hatchway.route.checks import targets
from hatchway.route.checks.link_states import FIX, link_fix
from hatchway.route.checks.model import (
    API_REFERENCE,
    DEVELOPER_GUIDE,
    NLB_GUIDE,
    VPC_GUIDE,
    Check,
    Judgement,
    Kind,
    bad,
    check,
    good,
    idle,
    unclear,
)
from hatchway.route.facts import RouteFacts, Unknown
from hatchway.route.live import FunctionState, Live, State, TargetHealth
from hatchway.route.outcome import Outcome

_HEALTH = f"{NLB_GUIDE}target-group-health-checks.html"
_FUNCTION = "https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html"
_PASSABLE = next(one for one in targets.CHECKS if one.id.id == "HW518")
_SETTLING = frozenset({"initial"})
_LISTENING = frozenset({"healthy", "unhealthy", "initial"})


def live_of(facts: RouteFacts) -> Live:
    """Return what only a deployed path has, which the check has asked for."""
    if facts.live is None:
        raise LookupError("the path is not deployed")
    return facts.live


def _state(found: State | None, subject: str, absent: str, wanted: str) -> Judgement:
    if found is None:
        return bad(subject, absent, f"one that is {wanted}")
    if found.code.lower() == wanted.lower():
        return good(found.subject, f"its state is {found.code}")
    told = f": {found.message}" if found.message else ""
    return bad(found.subject, f"its state is {found.code}{told}", wanted)


def _has_plan(facts: RouteFacts) -> Judgement:
    method = facts.entry.method
    if method is None or not method.needs_api_key:
        return idle(facts.entry.api.subject, "the route asks for no API key")
    plans = live_of(facts).plans
    if plans:
        return good(method.subject, f"the usage plan {plans[0]} covers the stage")
    return bad(method.subject, "asks for an API key, and no usage plan covers the stage", "a usage plan")


def _link(facts: RouteFacts) -> Judgement:
    method = facts.entry.method
    integration = method.integration if method is not None else None
    if integration is None or integration.connection_id is None:
        return idle(facts.entry.api.subject, "no VPC link is named")
    absent = f"there is no VPC link {integration.connection_id}"
    found = live_of(facts).link
    told = _state(found, integration.subject, absent, "AVAILABLE")
    return replace(told, fix=link_fix(facts, found)) if told.outcome is Outcome.FAIL else told


def _balancer(facts: RouteFacts) -> Judgement:
    if facts.link is None:
        return idle(facts.entry.api.subject, "no load balancer is named")
    method = facts.entry.method
    integration = method.integration if method is not None else None
    # A link of version 1 leads to one load balancer; for one of version 2, the integration names a listener.
    if facts.link.target_arns:
        absent = f"there is no load balancer {facts.link.target_arns[0]}"
    elif integration is not None and integration.target is not None:
        absent = f"there is no load balancer behind {integration.target}"
    else:
        return idle(facts.entry.api.subject, "no load balancer is named")
    return _state(live_of(facts).balancer, facts.link.subject, absent, "active")


def _endpoint(facts: RouteFacts) -> Judgement:
    return _state(
        live_of(facts).endpoint, facts.entry.api.subject, "the endpoint does not exist", "available"
    )


def _private(facts: RouteFacts) -> Judgement:
    if facts.private is None:
        return bad(facts.entry.api.subject, "the private API does not exist", "the one that was deployed")
    return good(facts.private.api.subject, "it exists")


def _answers_checks(facts: RouteFacts) -> Judgement:
    health, subject = _asked(facts)
    if isinstance(health, Unknown):
        return unclear(subject, health.reason)
    unasked = _unasked(facts)
    if unasked is not None:
        return idle(subject, unasked)
    listening = [one for one in health.value if one.state in _LISTENING]
    if not listening:
        return idle(subject, "no target is asked")
    if any(one.state == "healthy" for one in listening):
        return good(subject, "a target answers health checks")
    if any(one.state in _SETTLING for one in listening):
        return unclear(subject, "targets have not been asked often enough")
    return bad(subject, f"no target answers health checks: {_told(listening[0])}", "healthy targets")


def _unasked(facts: RouteFacts) -> str | None:
    """Return why health tells nothing of the endpoint; None if it does."""
    if facts.balancer is None:
        return "there is no load balancer that would ask"
    if _PASSABLE.judge(facts).outcome is Outcome.FAIL:
        return f"no target can pass this health check, which {_PASSABLE.id.id} tells"
    return None


def _answers_everywhere(facts: RouteFacts) -> Judgement:
    health, subject = _asked(facts)
    if isinstance(health, Unknown):
        return unclear(subject, health.reason)
    ill = [one for one in health.value if one.state == "unhealthy"]
    if not ill or len(ill) == len(health.value):
        return good(subject, "all targets say the same")
    return bad(subject, _told(ill[0]), "every target healthy")


def _asked(facts: RouteFacts) -> tuple["Unknown | _Health", str]:
    subject = facts.endpoint.subject if facts.endpoint is not None else facts.entry.api.subject
    health = live_of(facts).health
    return (health, subject) if isinstance(health, Unknown) else (_Health(health.value), subject)


class _Health:
    """Health that is known."""

    def __init__(self, value: tuple[TargetHealth, ...]) -> None:
        self.value = value


def _told(one: TargetHealth) -> str:
    reason = ", ".join(filter(None, (one.reason, one.description)))
    return f"{one.address} is {one.state} ({reason})" if reason else f"{one.address} is {one.state}"


def _function(which: Callable[[Live], FunctionState | None], name: str) -> Callable[[RouteFacts], Judgement]:
    def judge(facts: RouteFacts) -> Judgement:
        found = which(live_of(facts))
        if found is None:
            return idle(facts.entry.api.subject, f"no function {name}")
        if found.code not in {"Active", "Inactive"}:
            return bad(found.subject, f"its state is {found.code}", "Active")
        if found.last_update == "Failed":
            return bad(found.subject, "its last update failed", "an update that succeeded")
        return good(found.subject, f"its state is {found.code}")

    return judge


_NEEDS = ("live",)
_FAILED = '500 {"message":"Internal server error"}.'

CHECKS: tuple[Check, ...] = (
    check(
        "270",
        "The authorizer's function can be called.",
        _function(lambda live: live.authorizer, "authorizes the route"),
        symptom='500 {"message":null} with AuthorizerConfigurationException on every call.',
        fix="Deploy the function again, and see why its last update failed.",
        source=_FUNCTION,
        needs=_NEEDS,
    ),
    check(
        "271",
        "A usage plan covers a route that asks for an API key.",
        _has_plan,
        symptom='403 {"message":"Forbidden"}, whichever key is sent.',
        fix="Add the stage to api_stages of an aws_api_gateway_usage_plan.",
        source=f"{DEVELOPER_GUIDE}api-gateway-api-usage-plans.html",
        needs=_NEEDS,
    ),
    check(
        "470",
        "The VPC link is available.",
        _link,
        symptom=_FAILED,
        fix=FIX,
        source=f"{API_REFERENCE}API_VpcLink.html",
        needs=_NEEDS,
    ),
    check(
        "570",
        "The load balancer is active.",
        _balancer,
        symptom=_FAILED,
        fix="Wait while aws_lb is provisioned; replace one that failed.",
        source="https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerState.html",
        needs=_NEEDS,
    ),
    check(
        "770",
        "The interface endpoint is available.",
        _endpoint,
        symptom="Targets are unhealthy; calls get 504 or 500.",
        fix="Deploy aws_vpc_endpoint again, or accept its connection.",
        source=f"{VPC_GUIDE}privatelink/concepts.html",
        needs=_NEEDS,
    ),
    check(
        "771",
        "The endpoint answers the load balancer's health checks.",
        _answers_checks,
        symptom="Calls get 504 or 500: the load balancer sends them to targets that do not answer.",
        fix="See whether the addresses in aws_lb_target_group_attachment are the endpoint's, and what stands "
        "between.",
        source=_HEALTH,
        needs=_NEEDS,
    ),
    check(
        "772",
        "Every address of the endpoint answers health checks.",
        _answers_everywhere,
        symptom="The path works on fewer addresses than it has, and fails with the last of them.",
        fix="Look at the zone of this address: its route table, network ACL and security group.",
        source=_HEALTH,
        needs=_NEEDS,
        kind=Kind.RISK,
    ),
    check(
        "870",
        "The private API exists.",
        _private,
        symptom='403 {"message":"Forbidden"} from the endpoint.',
        fix="Deploy aws_api_gateway_rest_api again, then what refers to it.",
        source=f"{API_REFERENCE}API_GetRestApi.html",
        needs=_NEEDS,
    ),
    check(
        "970",
        "The function behind the private route can be called.",
        _function(lambda live: live.backend, "is behind the route"),
        symptom='502 or 500 {"message":"Internal server error"} from the private side.',
        fix="Deploy the function again, and see why its last update failed.",
        source=f"{DEVELOPER_GUIDE}set-up-lambda-proxy-integrations.html",
        needs=_NEEDS,
    ),
)
