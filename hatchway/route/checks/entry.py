"""Hop 1: the public API, its stage, its deployment and the route."""

from hatchway.route.checks.model import (
    DEVELOPER_GUIDE,
    REGISTRY,
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
from hatchway.route.facts import Method, RouteFacts, Unknown
from hatchway.route.policy import Anonymous, AwsPrincipal, Effect, evaluate
from hatchway.route.policy.context import public_call
from hatchway.route.policy.matching import equals
from hatchway.route.symbols import Symbol, Text
from hatchway.route.truth import Truth

_SNAPSHOT = f"{DEVELOPER_GUIDE}how-to-deploy-api.html"


def _is_public(facts: RouteFacts) -> Judgement:
    api = facts.entry.api
    if isinstance(api.endpoint_types, Unknown):
        return unclear(api.subject, api.endpoint_types.reason)
    types = ", ".join(api.endpoint_types.value)
    if "PRIVATE" in api.endpoint_types.value:
        return bad(api.subject, f"the endpoint type is {types}", "REGIONAL or EDGE")
    return good(api.subject, f"the endpoint type is {types}")


def _has_stage(facts: RouteFacts) -> Judgement:
    api, stages = facts.entry.api, facts.entry.stages
    if not stages:
        return bad(api.subject, "the API has no stage", "a stage that serves a deployment of this API")
    stage = stages[0]
    if stage.deploys_itself:
        return good(stage.subject, "deploys every change at once")
    if api.is_http and stage.deployment_id is None:
        return bad(stage.subject, "auto_deploy is off and it serves no deployment", "auto_deploy = true")
    if api.is_http:
        return good(stage.subject, f"serves {stage.deployment_id}")
    if stage.deployment is None:
        return unclear(stage.subject, f"its deployment {stage.deployment_id or ''} is not in sight")
    same = equals(stage.deployment.api, api.id) if stage.deployment.api is not None else Truth.MAYBE
    return decide(
        same, stage.subject, f"serves {stage.deployment.subject}", "a deployment of this API, not of another"
    )


def _has_route(facts: RouteFacts) -> Judgement:
    api, method = facts.entry.api, facts.entry.method
    if method is not None:
        return good(method.subject, f"{method.http_method} {method.path} answers {facts.path}")
    if api.has_body:
        return unclear(api.subject, "its routes come from an OpenAPI document")
    known = ", ".join(facts.entry.routes[:8]) or "none"
    return bad(
        api.subject, f"no route fits; there are: {known}", f"a route for {facts.http_method} {facts.path}"
    )


def _is_deployed(facts: RouteFacts) -> Judgement:
    stage = next(iter(facts.entry.stages), None)
    deployment, method = stage.deployment if stage else None, facts.entry.method
    if deployment is None or method is None:
        return idle(facts.entry.api.subject, "there is no deployment or no route to compare")
    return deployed(deployment.subject, deployment.follows, method)


def deployed(subject: str, follows: frozenset[str], method: Method) -> Judgement:
    """Judge whether a deployment is made after the method it has to contain."""
    late = sorted(method.owners - follows)
    if late:
        wanted = "a deployment made after them, by a reference in `triggers` or by `depends_on`"
        return bad(subject, f"does not wait for {', '.join(late)}", wanted)
    return good(subject, "is made after the method and its integration")


def _default_endpoint(facts: RouteFacts) -> Judgement:
    api = facts.entry.api
    if not api.disables_default_endpoint:
        return good(api.subject, "answers on its execute-api name")
    if api.has_domain:
        return good(api.subject, "answers on its custom domain only")
    return bad(
        api.subject, "disable_execute_api_endpoint is true and no domain is mapped", "a name that answers"
    )


def _policy_allows(facts: RouteFacts) -> Judgement:
    api, method = facts.entry.api, facts.entry.method
    if not api.policies:
        return idle(api.subject, "has no resource policy: everybody may call it")
    attached = api.policies[0]
    if isinstance(attached.policy, Unknown):
        return unclear(attached.subject, attached.policy.reason)
    signed = method is not None and method.authorization == "AWS_IAM"
    stage = facts.entry.stages[0].name if facts.entry.stages else Text.of("*")
    caller = AwsPrincipal(account=Text.of(Symbol("account of the caller"))) if signed else Anonymous()
    resource = Text.of(api.execution_arn, "/", stage, f"/{facts.http_method}{facts.path}")
    decision = evaluate(attached.policy.value, public_call(resource=resource, principal=caller))
    if decision.effect.is_deny and not (
        decision.effect is Effect.IMPLICIT_DENY and _decides_elsewhere(method)
    ):
        return bad(attached.subject, decision.reason, "a policy that lets callers from the internet in")
    if decision.effect is Effect.ALLOW:
        return good(attached.subject, decision.reason)
    return unclear(attached.subject, decision.reason)


def _decides_elsewhere(method: Method | None) -> bool:
    """Whether an allow may also come from the authorizer or an identity policy."""
    return method is not None and method.authorization in {"CUSTOM", "AWS_IAM"}


def _redeploys(facts: RouteFacts) -> Judgement:
    stage = next(iter(facts.entry.stages), None)
    deployment, method = stage.deployment if stage else None, facts.entry.method
    if deployment is None or method is None or method.integration is None:
        return idle(facts.entry.api.subject, "there is no deployment or no route to compare")
    wanted = {method.address, method.integration.address}
    wanted |= {method.authorizer.address} if method.authorizer else set()
    wanted |= {one.address for one in facts.entry.api.policies if one.subject != facts.entry.api.subject}
    return redeployed(deployment.subject, deployment.hashes, wanted)


def redeployed(subject: str, hashes: frozenset[str] | None, wanted: set[str]) -> Judgement:
    """Judge whether a change of any of some resources makes a new deployment."""
    if hashes is None:
        return idle(subject, "its trigger is a value made before Terraform runs")
    missing = sorted(wanted - hashes)
    if missing:
        return bad(subject, f"its triggers leave out {', '.join(missing)}", "triggers over all of them")
    return good(subject, "is renewed when the route or its policy changes")


def _replaces_safely(facts: RouteFacts) -> Judgement:
    stage = next(iter(facts.entry.stages), None)
    deployment = stage.deployment if stage else None
    if deployment is None:
        return idle(facts.entry.api.subject, "there is no deployment")
    return replaced(deployment.subject, create_before_destroy=deployment.create_before_destroy)


def replaced(subject: str, *, create_before_destroy: bool) -> Judgement:
    """Judge whether something in use is replaced in the only order that works."""
    if create_before_destroy:
        return good(subject, "is created before the old one is destroyed")
    return bad(subject, "create_before_destroy is not set", "lifecycle { create_before_destroy = true }")


def _modules_read(facts: RouteFacts) -> Judgement:
    if facts.unread:
        subject, reason = facts.unread[0]
        return unclear(subject, reason)
    return idle(facts.entry.api.subject, "no module was left out")


CHECKS: tuple[Check, ...] = (
    check(
        "101",
        "The public API answers from the internet.",
        _is_public,
        symptom="The host name does not resolve, or every call gets 403 Forbidden.",
        fix='Set endpoint_configuration { types = ["REGIONAL"] } on the public API.',
        source=f"{DEVELOPER_GUIDE}api-gateway-api-endpoint-types.html",
    ),
    check(
        "102",
        "A stage serves a deployment of the public API.",
        _has_stage,
        symptom='403 {"message":"Forbidden"} on every path.',
        fix="Point an aws_api_gateway_stage at a deployment of this API.",
        source=_SNAPSHOT,
    ),
    check(
        "103",
        "A route of the public API fits the request.",
        _has_route,
        symptom='403 {"message":"Missing Authentication Token"}.',
        fix="Add the method; a greedy /{proxy+} does not answer the root, which needs a method of its own.",
        source=f"{DEVELOPER_GUIDE}api-gateway-set-up-simple-proxy.html",
    ),
    check(
        "104",
        "The public deployment is made after the route it has to contain.",
        _is_deployed,
        symptom='403 {"message":"Missing Authentication Token"}, or the apply fails.',
        fix="Refer to method and integration in the deployment's triggers.",
        source=_SNAPSHOT,
    ),
    check(
        "105",
        "The public API has a name that answers.",
        _default_endpoint,
        symptom='403 {"message":"Forbidden"} on the execute-api name.',
        fix="Leave disable_execute_api_endpoint off, or map a custom domain name.",
        source=f"{DEVELOPER_GUIDE}rest-api-disable-default-endpoint.html",
    ),
    check(
        "106",
        "The public API's own resource policy lets callers in.",
        _policy_allows,
        symptom="403: not authorized to perform execute-api:Invoke.",
        fix="Use no endpoint or VPC condition in a public API: calls from the internet have none.",
        source=f"{DEVELOPER_GUIDE}apigateway-resource-policies-aws-condition-keys.html",
    ),
    check(
        "107",
        "A change of the public route is deployed.",
        _redeploys,
        symptom="A later change of the route is applied and has no effect.",
        fix="Hash method, integration, authorizer and policy in the deployment's triggers.",
        source=_SNAPSHOT,
        kind=Kind.RISK,
    ),
    check(
        "108",
        "The public deployment is replaced without taking the stage away.",
        _replaces_safely,
        symptom="A later apply fails: active stages point to the deployment.",
        fix="Set lifecycle { create_before_destroy = true } on the deployment.",
        source=f"{REGISTRY}api_gateway_deployment",
        kind=Kind.RISK,
    ),
    check(
        "109",
        "Every module that is called was read.",
        _modules_read,
        symptom="What such a module declares is not seen: nothing that depends on it can be judged.",
        fix="Run `terraform init` in the folder, or give what `terraform show -json PLAN` prints.",
        source="https://developer.hashicorp.com/terraform/language/modules/sources",
    ),
)
