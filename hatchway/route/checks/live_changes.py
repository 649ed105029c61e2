"""What has changed since it was deployed, and what time alone will break."""

from collections.abc import Callable

from hatchway.route.checks.live_states import live_of
from hatchway.route.checks.model import (
    DEVELOPER_GUIDE,
    Check,
    Judgement,
    Kind,
    bad,
    check,
    good,
    idle,
    unclear,
)
from hatchway.route.facts import Fact, RouteFacts, Unknown
from hatchway.route.live import Certificate, Live

_DEPLOY = f"{DEVELOPER_GUIDE}how-to-deploy-api.html"
_DOMAIN = f"{DEVELOPER_GUIDE}how-to-custom-domains.html"
_SOON_DAYS = 30
_NEARLY = 0.8


def _is_current(
    changes: Callable[[Live], Fact[tuple[str, ...]]], subject: Callable[[RouteFacts], str]
) -> Callable[[RouteFacts], Judgement]:
    def judge(facts: RouteFacts) -> Judgement:
        found = changes(live_of(facts))
        if isinstance(found, Unknown):
            return unclear(subject(facts), found.reason)
        if not found.value:
            return good(subject(facts), "its stage serves the definition of today")
        seen = f"since the deployment {'; '.join(found.value[:4])}"
        return bad(subject(facts), seen, "a stage that serves the definition of today")

    return judge


def _private_subject(facts: RouteFacts) -> str:
    return facts.private.api.subject if facts.private is not None else facts.entry.api.subject


def _certificate(facts: RouteFacts) -> Judgement:
    return _each(facts, lambda one: one.status == "ISSUED" and (one.days_left or 0) >= 0, "a valid one")


def _lasts(facts: RouteFacts) -> Judgement:
    wanted = f"more than {_SOON_DAYS} days"
    return _each(facts, lambda one: one.days_left is None or one.days_left > _SOON_DAYS, wanted)


def _each(facts: RouteFacts, holds: Callable[[Certificate], bool], wanted: str) -> Judgement:
    certificates = live_of(facts).certificates
    for one in certificates:
        if not holds(one):
            left = "" if one.days_left is None else f", {one.days_left} days left"
            return bad(one.subject, f"the certificate of {one.domain} is {one.status}{left}", wanted)
    if not certificates:
        return idle(facts.entry.api.subject, "no custom domain leads to it")
    return good(certificates[0].subject, f"{certificates[0].days_left} days left")


def _logs(facts: RouteFacts) -> Judgement:
    live, subject = live_of(facts), facts.entry.api.subject
    if not live.logs:
        return idle(subject, "its stages write no execution logs")
    if live.log_role:
        return good(subject, f"API Gateway logs as {live.log_role}")
    return bad(subject, "logs are on, and the account has no role to write them with", "a log role")


def _has_room(facts: RouteFacts) -> Judgement:
    uses = live_of(facts).quotas
    for one in uses:
        if one.used >= _NEARLY * one.most:
            return bad(one.subject, f"{one.used} of {one.most} {one.name} are in use", "room for more")
    if not uses:
        return unclear(facts.entry.api.subject, "nothing could be counted")
    told = ", ".join(f"{one.used} of {one.most} {one.name}" for one in uses)
    return good(uses[0].subject, f"in use are {told}")


_NEEDS = ("live",)
_REDEPLOY = "Run 'hatchway deploy', or take a new aws_api_gateway_deployment and point the stage to it."

CHECKS: tuple[Check, ...] = (
    check(
        "170",
        "The public stage serves the definition of today.",
        _is_current(lambda live: live.public_changes, lambda facts: facts.entry.api.subject),
        symptom="Calls are answered from an older definition.",
        fix=_REDEPLOY,
        source=_DEPLOY,
        needs=_NEEDS,
        kind=Kind.RISK,
    ),
    check(
        "171",
        "The certificate of the custom domain is valid.",
        _certificate,
        symptom="Callers of the custom domain refuse the connection.",
        fix="Renew or validate the certificate that aws_api_gateway_domain_name refers to.",
        source=_DOMAIN,
        needs=_NEEDS,
    ),
    check(
        "172",
        "The certificate of the custom domain lasts for a month.",
        _lasts,
        symptom="Soon callers of the custom domain refuse the connection.",
        fix="See why ACM does not renew it: its validation record has to stay in DNS.",
        source="https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html",
        needs=_NEEDS,
        kind=Kind.RISK,
    ),
    check(
        "173",
        "API Gateway may write the logs it is told to write.",
        _logs,
        symptom="There are no logs to look into when something fails.",
        fix="Add aws_api_gateway_account with cloudwatch_role_arn to the gateway's account.",
        source=f"{DEVELOPER_GUIDE}set-up-logging.html",
        needs=_NEEDS,
        kind=Kind.RISK,
    ),
    check(
        "174",
        "There is room below the quotas of API Gateway: less than four fifths are in use.",
        _has_room,
        symptom="The next service cannot be deployed.",
        fix="Have AWS raise the quota, and write the new one under gateway.raised_quotas.",
        source=f"{DEVELOPER_GUIDE}limits.html",
        needs=_NEEDS,
        kind=Kind.RISK,
    ),
    check(
        "871",
        "The private stage serves the definition of today.",
        _is_current(lambda live: live.private_changes, _private_subject),
        symptom="Calls are judged by an older resource policy, or answered from an older definition.",
        fix=_REDEPLOY,
        source=f"{DEVELOPER_GUIDE}apigateway-resource-policies-create-attach.html",
        needs=_NEEDS,
        kind=Kind.RISK,
    ),
)
