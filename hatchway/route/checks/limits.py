"""Hops 1 and 8: keys, limits, web ACLs and names that stand before a stage."""

from collections.abc import Callable

from hatchway.route.checks.model import DEVELOPER_GUIDE, Check, Judgement, bad, check, good, idle, unclear
from hatchway.route.facts import Known, Limit, Method, RouteFacts, Stage
from hatchway.route.policy.matching import equals
from hatchway.route.truth import Truth, any_of

_KEYS = f"{DEVELOPER_GUIDE}api-gateway-api-usage-plans.html"
_THROTTLING = f"{DEVELOPER_GUIDE}api-gateway-request-throttling.html"
_Side = Callable[[RouteFacts], tuple[Stage | None, Method | None]]


def _public(facts: RouteFacts) -> tuple[Stage | None, Method | None]:
    return next(iter(facts.entry.stages), None), facts.entry.method


def _private(facts: RouteFacts) -> tuple[Stage | None, Method | None]:
    private = facts.private
    return (private.stage, private.method) if private is not None else (None, None)


def _takes_keys(side: _Side) -> Callable[[RouteFacts], Judgement]:
    def judge(facts: RouteFacts) -> Judgement:
        stage, method = side(facts)
        if stage is None or method is None or not method.needs_api_key:
            return idle(facts.entry.api.subject, "no API key is asked for")
        if not stage.usage_plans:
            return bad(method.subject, "asks for an API key, and no usage plan is for the stage", _PLAN)
        return good(stage.subject, f"takes the keys of {', '.join(stage.usage_plans)}")

    return judge


_PLAN = "an aws_api_gateway_usage_plan with the stage in api_stages"


def _lets_some_through(side: _Side) -> Callable[[RouteFacts], Judgement]:
    def judge(facts: RouteFacts) -> Judgement:
        stage, method = side(facts)
        if stage is None or method is None:
            return idle(facts.entry.api.subject, "there is no stage or no route")
        for limit in stage.limits:
            if _concerns(limit, method) and Known(0) in (limit.rate, limit.burst):
                return bad(limit.subject, "its limit is 0: no request passes", "a limit above 0")
        return good(stage.subject, "no limit is 0")

    return judge


def _concerns(limit: Limit, method: Method) -> bool:
    path, _, verb = limit.route.rpartition("/")
    same = path.replace("~1", "/").strip("/") in {"*", method.path.strip("/")}
    return same and verb in {"*", method.http_method}


def _is_not_blocked(facts: RouteFacts) -> Judgement:
    stage, _ = _public(facts)
    if stage is None or not stage.blocked_by:
        return idle(facts.entry.api.subject, "no web ACL that blocks by default")
    return bad(
        stage.blocked_by[0], "blocks by default and has no rule that allows", "default_action { allow {} }"
    )


def _domain_leads_here(facts: RouteFacts) -> Judgement:
    api = facts.entry.api
    for subject, wanted in api.domain_stages:
        found = any_of(equals(stage.name, wanted) for stage in facts.entry.stages)
        if found is Truth.NO:
            return bad(
                subject, f"leads to the stage {wanted}, which the API does not have", "one of its stages"
            )
        if found is Truth.MAYBE:
            return unclear(subject, f"whether the API has the stage {wanted} is not known")
    return (
        idle(api.subject, "no domain name names a stage")
        if not api.domain_stages
        else good(api.domain_stages[0][0], "leads to a stage of the API")
    )


def _name_in_tls_is_host(facts: RouteFacts) -> Judgement:
    private, destination = facts.private, facts.destination
    if private is None or destination is None or private.api.access_mode != "STRICT":
        return idle(facts.entry.api.subject, "the API does not compare the name in TLS with Host")
    if destination.host_api is None:
        seen = f"endpoint_access_mode is STRICT, and the host {destination.host} is not the API's own name"
        return bad(private.api.subject, seen, "BASIC, or the private API's own name in the uri")
    return good(private.api.subject, "the name in TLS is the one in Host")


CHECKS: tuple[Check, ...] = (
    check(
        "110",
        "Where the route asks for an API key, a usage plan is for the stage.",
        _takes_keys(_public),
        symptom='403 {"message":"Forbidden"} whatever key the caller sends.',
        fix="Add a usage plan with the stage, and a key to it.",
        source=_KEYS,
    ),
    check(
        "111",
        "No limit on the public stage is zero.",
        _lets_some_through(_public),
        symptom='429 {"message":"Too Many Requests"} on every call.',
        fix="Set rate and burst limits above 0, or leave them out.",
        source=_THROTTLING,
    ),
    check(
        "112",
        "A domain name leads to a stage of the public API.",
        _domain_leads_here,
        symptom="The apply fails: invalid stage identifier specified.",
        fix="Name a stage of the API in the mapping.",
        source=f"{DEVELOPER_GUIDE}rest-api-mappings.html",
    ),
    check(
        "113",
        "The web ACL in front of the public stage lets something through.",
        _is_not_blocked,
        symptom='403 {"message":"Forbidden"} on every call.',
        fix="Set default_action to allow, or add a rule that allows.",
        source="https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-default-action.html",
    ),
    check(
        "815",
        "Where the private route asks for an API key, a usage plan is for its stage.",
        _takes_keys(_private),
        symptom='403 {"message":"Forbidden"} from the private side.',
        fix="Add a usage plan with the stage, and a key to it.",
        source=_KEYS,
        needs=("private",),
    ),
    check(
        "816",
        "Where the private API compares the name in TLS with Host, they are the same.",
        _name_in_tls_is_host,
        symptom='403 {"message":"Forbidden"}, or the handshake is refused.',
        fix='Use the private API\'s own name in the uri, or endpoint_access_mode = "BASIC".',
        source=f"{DEVELOPER_GUIDE}apigateway-security-policies.html",
        needs=("private",),
    ),
    check(
        "817",
        "No limit on the private stage is zero.",
        _lets_some_through(_private),
        symptom='429 {"message":"Too Many Requests"} on every call.',
        fix="Set rate and burst limits above 0, or leave them out.",
        source=_THROTTLING,
        needs=("private",),
    ),
)
