"""Hop 8: the private API behind the endpoint."""

from dataclasses import replace

from hatchway.route.checks.authorizer import may_invoke_authorizer, names_authorizer
from hatchway.route.checks.entry import deployed, redeployed, replaced
from hatchway.route.checks.model import (
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
from hatchway.route.facts import AttachedPolicy, Deployment, Private, RouteFacts, Unknown
from hatchway.route.outcome import Outcome
from hatchway.route.policy import Decision, Effect, PolicyRequest, evaluate, private_call
from hatchway.route.policy.matching import equals
from hatchway.route.private_call import calls_of
from hatchway.route.symbols import Symbol, SymbolKind, Text
from hatchway.route.truth import Truth

_PRIVATE = f"{DEVELOPER_GUIDE}apigateway-private-apis.html"
_POLICY = f"{DEVELOPER_GUIDE}apigateway-resource-policies-create-attach.html"
_EXAMPLES = f"{DEVELOPER_GUIDE}apigateway-resource-policies-examples.html"
_STRANGER = Text.of(Symbol("an endpoint of somebody else", SymbolKind.ID, fresh=True))
_STRANGERS_VPC = Text.of(Symbol("a VPC of somebody else", SymbolKind.ID, fresh=True))


def _private(facts: RouteFacts) -> Private:
    if facts.private is None:
        raise LookupError("the private API is not in sight")
    return facts.private


def _in_sight(facts: RouteFacts) -> Judgement:
    return found(facts.private.api if facts.private else None, facts.entry.api.subject, "the private API")


def _is_private(facts: RouteFacts) -> Judgement:
    api = _private(facts).api
    if isinstance(api.endpoint_types, Unknown):
        return unclear(api.subject, api.endpoint_types.reason)
    types = ", ".join(api.endpoint_types.value)
    if "PRIVATE" in api.endpoint_types.value:
        return good(api.subject, "its endpoint type is PRIVATE")
    return bad(api.subject, f"its endpoint type is {types}", "PRIVATE: an endpoint answers for no other")


def _has_policy(facts: RouteFacts) -> Judgement:
    api = _private(facts).api
    if not api.policies:
        return bad(
            api.subject, "has no resource policy, without which it cannot be deployed", "a resource policy"
        )
    return good(api.policies[0].subject, "has a resource policy")


def _one_policy(facts: RouteFacts) -> Judgement:
    api = _private(facts).api
    if len(api.policies) > 1:
        seen = f"policy is written by {' and by '.join(one.subject for one in api.policies)}"
        return bad(api.subject, seen, "one of them: each undoes what the other wrote")
    return good(api.subject, "one place writes the policy")


def _admits(facts: RouteFacts) -> Judgement:
    private = _private(facts)
    if not private.api.policies:
        return idle(private.api.subject, "there is no policy to ask")
    attached = private.api.policies[-1]
    if isinstance(attached.policy, Unknown):
        return unclear(attached.subject, attached.policy.reason)
    calls = list(calls_of(facts))
    if not calls:
        return unclear(attached.subject, "the endpoint the call comes through is not in sight")
    decisions = [evaluate(attached.policy.value, call) for call in calls]
    return _judged(facts, attached, min(decisions, key=_severity))


_SEVERITY = (Effect.EXPLICIT_DENY, Effect.IMPLICIT_DENY, Effect.UNKNOWN, Effect.ALLOW)


def _severity(decision: Decision) -> int:
    return _SEVERITY.index(decision.effect)


def _judged(facts: RouteFacts, attached: AttachedPolicy, decision: Decision) -> Judgement:
    endpoint = facts.endpoint.id if facts.endpoint is not None else ""
    expected = f"Allow execute-api:Invoke to calls through {endpoint}"
    method = _private(facts).method
    if decision.effect is Effect.ALLOW:
        return good(attached.subject, decision.reason)
    silent = decision.effect is Effect.IMPLICIT_DENY
    if silent and method is not None and method.authorization == "CUSTOM":
        # In one account an allow of the Lambda authorizer is enough where the policy is silent.
        return unclear(attached.subject, f"{decision.reason}; the private API's authorizer may", expected)
    if decision.effect.is_deny:
        return bad(attached.subject, decision.reason, expected)
    return unclear(attached.subject, decision.reason, expected)


def _keeps_out(facts: RouteFacts) -> Judgement:
    private = _private(facts)
    if not private.api.policies or isinstance(private.api.policies[-1].policy, Unknown):
        return idle(private.api.subject, "there is no policy that could be read")
    attached = private.api.policies[-1]
    calls = list(calls_of(facts))
    if not calls or isinstance(attached.policy, Unknown):
        return idle(attached.subject, "the endpoint is not in sight")
    effect = evaluate(attached.policy.value, _from_elsewhere(calls[0])).effect
    if effect is Effect.ALLOW:
        wanted = "a condition on aws:SourceVpce, aws:SourceVpc or aws:VpcSourceIp"
        return bad(attached.subject, "an endpoint in any account may call it", wanted)
    if effect is Effect.UNKNOWN:
        return idle(attached.subject, "whether strangers get in depends on values not known yet")
    return good(attached.subject, "calls through other endpoints are refused")


def _from_elsewhere(call: PolicyRequest) -> PolicyRequest:
    stranger = private_call(
        resource=call.resource, endpoint=_STRANGER, vpc=_STRANGERS_VPC, source_address=None
    )
    return replace(stranger, principal=call.principal)


def _has_stage(facts: RouteFacts) -> Judgement:
    private, destination = _private(facts), facts.destination
    wanted = destination.stage if destination is not None else None
    if wanted is None and destination is not None and destination.is_under_execute_api is None:
        return unclear(private.api.subject, f"the uri is {destination.host}")
    if wanted is None:
        return bad(private.api.subject, "the uri names no stage", f"one of {', '.join(private.stage_names)}")
    if private.stage is not None:
        return good(private.stage.subject, f"the stage {wanted} exists")
    doubt = wanted.literal is None or any("${" in name for name in private.stage_names)
    seen = f"the uri asks for {wanted}; there are: {', '.join(private.stage_names) or 'none'}"
    if doubt:
        return unclear(private.api.subject, seen)
    return bad(private.api.subject, seen, "a stage of that name")


def _serves_deployment(facts: RouteFacts) -> Judgement:
    private = _private(facts)
    if private.stage is None:
        return idle(private.api.subject, "there is no such stage")
    deployment = private.stage.deployment
    if deployment is None:
        return unclear(private.stage.subject, "its deployment is not in sight")
    same = equals(deployment.api, private.api.id) if deployment.api is not None else Truth.MAYBE
    return decide(same, private.stage.subject, f"serves {deployment.subject}", "a deployment of this API")


def _has_route(facts: RouteFacts) -> Judgement:
    private, destination = _private(facts), facts.destination
    if destination is None or private.stage is None:
        return idle(private.api.subject, "the uri leads to no stage of it")
    if private.method is not None:
        return good(private.method.subject, f"answers {facts.http_method} {destination.path}")
    if private.api.has_body or destination.path.literal is None:
        return unclear(private.api.subject, "its routes, or the path asked for, are not known")
    known = ", ".join(private.routes[:8]) or "none"
    wanted = f"{facts.http_method} {destination.path}"
    return bad(private.api.subject, f"no route fits {wanted}; there are: {known}", f"a route for {wanted}")


def _deployment(private: Private) -> Deployment | None:
    """Return the deployment the stage serves, if it is one of this API."""
    deployment = private.stage.deployment if private.stage is not None else None
    if deployment is None or deployment.api is None:
        return deployment
    return None if equals(deployment.api, private.api.id) is Truth.NO else deployment


def _is_deployed(facts: RouteFacts) -> Judgement:
    private = _private(facts)
    deployment = _deployment(private)
    if deployment is None or private.method is None:
        return idle(private.api.subject, "there is no deployment or no route to compare")
    return deployed(deployment.subject, deployment.follows, private.method)


def _policy_first(facts: RouteFacts) -> Judgement:
    private = _private(facts)
    deployment = _deployment(private)
    own = [one for one in private.api.policies if one.subject != private.api.subject]
    if deployment is None or not own:
        return idle(private.api.subject, "the policy is part of the API, or there is no deployment")
    late = [one.address for one in own if one.address not in deployment.follows]
    if late:
        return bad(deployment.subject, f"does not wait for {late[0]}", "a deployment made after the policy")
    return good(deployment.subject, "is made after the policy")


def _redeploys(facts: RouteFacts) -> Judgement:
    private = _private(facts)
    deployment = _deployment(private)
    if deployment is None or private.method is None:
        return idle(private.api.subject, "there is no deployment or no route to compare")
    wanted = {one.address for one in private.api.policies[-1:]} | {private.method.address}
    wanted |= {private.method.integration.address} if private.method.integration else set()
    return redeployed(deployment.subject, deployment.hashes, wanted)


def _authorizes(facts: RouteFacts) -> Judgement:
    private = _private(facts)
    method = private.method
    if method is None:
        return idle(private.api.subject, "there is no route")
    if method.authorization == "AWS_IAM":
        return bad(
            method.subject, "authorization is AWS_IAM, and the gateway signs nothing", "NONE or an authorizer"
        )
    named = names_authorizer(method, private.api.id)
    if named.outcome is not Outcome.PASS or method.authorizer is None or method.authorization != "CUSTOM":
        return named
    return may_invoke_authorizer(method.authorizer, private.api.execution_arn)


def _replaces_safely(facts: RouteFacts) -> Judgement:
    private = _private(facts)
    deployment = _deployment(private)
    if deployment is None:
        return idle(private.api.subject, "there is no deployment")
    return replaced(deployment.subject, create_before_destroy=deployment.create_before_destroy)


_NEEDS = ("private",)
_FORBIDDEN = '403 {"message":"Forbidden"} from the private side.'
_REFUSED = "403: anonymous is not authorized to perform execute-api:Invoke on the private API."

CHECKS: tuple[Check, ...] = (
    check(
        "801",
        "The private API is in sight.",
        _in_sight,
        symptom="Nothing behind the endpoint can be judged.",
        fix="Give the stack that declares the private API, too.",
    ),
    check(
        "802",
        "The API behind the endpoint is a private one.",
        _is_private,
        symptom=_FORBIDDEN,
        fix='Set endpoint_configuration { types = ["PRIVATE"] }.',
        source=_PRIVATE,
        needs=_NEEDS,
    ),
    check(
        "803",
        "The private API has a resource policy.",
        _has_policy,
        symptom="The apply fails: private REST API doesn't have a resource policy attached to it.",
        fix="Add an aws_api_gateway_rest_api_policy.",
        source=_PRIVATE,
        needs=_NEEDS,
    ),
    check(
        "804",
        "The resource policy admits the call.",
        _admits,
        symptom=_REFUSED,
        fix="Refer to the id of this endpoint in the policy's aws:SourceVpce condition.",
        source=_EXAMPLES,
        needs=_NEEDS,
    ),
    check(
        "805",
        "The resource policy refuses calls through other endpoints.",
        _keeps_out,
        symptom="Anybody with an execute-api endpoint in any AWS account can call the private API.",
        fix="Deny unless aws:SourceVpce is the endpoint of this path.",
        source=_EXAMPLES,
        needs=_NEEDS,
        kind=Kind.WEAKNESS,
    ),
    check(
        "806",
        "The stage the uri asks for exists.",
        _has_stage,
        symptom=_FORBIDDEN,
        fix="Use the private API's stage_name as the first segment of the uri's path.",
        source=f"{DEVELOPER_GUIDE}set-up-stages.html",
        needs=_NEEDS,
    ),
    check(
        "807",
        "The stage serves a deployment of the private API.",
        _serves_deployment,
        symptom=_FORBIDDEN,
        fix="Point the stage at a deployment of this API.",
        source=f"{DEVELOPER_GUIDE}how-to-deploy-api.html",
        needs=_NEEDS,
    ),
    check(
        "808",
        "A route of the private API fits the request.",
        _has_route,
        symptom='403 {"message":"Missing Authentication Token"} from the private side.',
        fix="Make the uri's path the private API's: stage, then route.",
        source=f"{DEVELOPER_GUIDE}private-integration.html",
        needs=_NEEDS,
    ),
    check(
        "809",
        "The private deployment is made after the route it has to contain.",
        _is_deployed,
        symptom='403 {"message":"Missing Authentication Token"} from the private side.',
        fix="Refer to method and integration in the deployment's triggers.",
        source=f"{DEVELOPER_GUIDE}how-to-deploy-api.html",
        needs=_NEEDS,
    ),
    check(
        "810",
        "The private deployment is made after the policy.",
        _policy_first,
        symptom="The apply fails, or every call gets 403 until somebody deploys again.",
        fix="Refer to aws_api_gateway_rest_api_policy in the deployment's triggers.",
        source=_POLICY,
        needs=_NEEDS,
    ),
    check(
        "811",
        "The private route asks for nothing the gateway cannot give.",
        _authorizes,
        symptom="401, 403 or 500 from the private side.",
        fix="Authorize callers at the public API, or with an authorizer that reads what is passed on.",
        source=f"{DEVELOPER_GUIDE}apigateway-authorization-flow.html",
        needs=_NEEDS,
    ),
    check(
        "812",
        "One place writes the resource policy.",
        _one_policy,
        symptom="Every other apply brings the other policy back.",
        fix="Leave policy off the API and keep aws_api_gateway_rest_api_policy.",
        source=f"{REGISTRY}api_gateway_rest_api_policy",
        needs=_NEEDS,
        kind=Kind.RISK,
    ),
    check(
        "813",
        "A change of the private route or its policy is deployed.",
        _redeploys,
        symptom="A later change of the policy is applied and has no effect.",
        fix="Hash the policy resource, methods and integrations in the deployment's triggers.",
        source=_POLICY,
        needs=_NEEDS,
        kind=Kind.RISK,
    ),
    check(
        "814",
        "The private deployment is replaced without taking the stage away.",
        _replaces_safely,
        symptom="A later apply fails: active stages point to the deployment.",
        fix="Set lifecycle { create_before_destroy = true } on the deployment.",
        source=f"{REGISTRY}api_gateway_deployment",
        needs=_NEEDS,
        kind=Kind.RISK,
    ),
)
