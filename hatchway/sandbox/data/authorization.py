"""Who may call a method: resource policies and authorizers together.

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html: with a Lambda
authorizer, an explicit denial of the resource policy comes first, and its silence is judged together with
the authorizer's answer; without one, the policy has to allow.
"""

from dataclasses import replace

from hatchway.sandbox.data.authorizer_events import Call
from hatchway.sandbox.data.authorizers import Authorizers
from hatchway.sandbox.data.gateway_responses import (
    ACCESS_DENIED,
    AUTHORIZER_CONFIGURATION_ERROR,
    INVALID_SIGNATURE,
    MISSING_AUTHENTICATION_TOKEN,
    GatewayError,
)
from hatchway.sandbox.data.invocation import Invocation
from hatchway.sandbox.data.mapping import Source
from hatchway.sandbox.data.message import Request
from hatchway.sandbox.data.policy import Decision, PolicyRequest, evaluate
from hatchway.sandbox.data.resources import Match

__all__ = ["authorize", "check_resource_policy", "denied"]


def check_resource_policy(invocation: Invocation) -> Decision:
    """Returns what the deployed resource policy says.

    Raises:
        GatewayError: it denies.
    """
    policy = invocation.stage.definition.policy
    decision = Decision.SILENT if policy is None else invocation.decide(policy)
    if decision is Decision.DENY:
        raise denied(invocation.arn, explicit=True, why="the deployed resource policy denies")
    return decision


def authorize(
    authorizers: Authorizers, invocation: Invocation, found: Match, source: Source, policy: Decision
) -> Source:
    """Lets a caller pass, and returns the source with what the authorizer says of the caller.

    Raises:
        GatewayError: the caller may not call this method.
    """
    method, stage = found.method, invocation.stage
    if method.authorization_type == "NONE":
        needs_allow = invocation.api.is_private or stage.definition.policy is not None
        if needs_allow and policy is not Decision.ALLOW:
            raise denied(invocation.arn, explicit=False, why="the deployed resource policy does not allow")
        return source
    if method.authorization_type != "CUSTOM":
        raise _unsupported(method.authorization_type, invocation.request)
    authorizer = stage.definition.authorizers.get(method.authorizer_id or "")
    if authorizer is None:
        raise GatewayError(AUTHORIZER_CONFIGURATION_ERROR, f"no authorizer {method.authorizer_id}")
    call = Call(
        source=source,
        api_arn=invocation.api_arn,
        method_arn=invocation.arn,
        account_id=invocation.api.account_id,
        resource_path=found.resource.path,
        request_id=invocation.request_id,
        deployment_id=stage.deployment_id,
    )
    grant = authorizers.ask(authorizer, call)
    request = PolicyRequest(action="execute-api:Invoke", resource=invocation.arn)
    decision = evaluate(grant.policy, request)
    if decision is Decision.DENY:
        explicit = "User is not authorized to access this resource with an explicit deny"
        raise GatewayError(ACCESS_DENIED, f"the authorizer's policy denies {invocation.arn}", explicit)
    if decision is Decision.SILENT and policy is not Decision.ALLOW:
        raise GatewayError(ACCESS_DENIED, f"neither policy allows {invocation.arn}")
    how = "from cache" if grant.from_cache else "asked"
    invocation.trace.note(invocation.hops.authorizer, "passed", f"allowed {grant.principal_id}", how=how)
    claims = {f"authorizer.{key}": value for key, value in grant.context.items()}
    claims["authorizer.principalId"] = grant.principal_id
    return replace(source, context={**source.context, **claims})


def denied(arn: str, *, explicit: bool, why: str) -> GatewayError:
    """The refusal of a resource policy or an endpoint policy. The account is masked, as AWS does.

    https://repost.aws/knowledge-center/api-gateway-403-error-lambda-authorizer
    """
    parts = arn.split(":")
    parts[4] = "********" + parts[4][-4:]
    masked = ":".join(parts)
    message = f"User: anonymous is not authorized to perform: execute-api:Invoke on resource: {masked}"
    if explicit:
        message += " with an explicit deny"
    return GatewayError(ACCESS_DENIED, f"{why} {arn}", message)


def _unsupported(authorization_type: str, request: Request) -> GatewayError:
    """What AWS answers to a request that cannot prove who it is; proofs are not checked here."""
    if request.header("Authorization") is None:
        return GatewayError(MISSING_AUTHENTICATION_TOKEN, f"{authorization_type} wants Authorization")
    return GatewayError(INVALID_SIGNATURE, f"{authorization_type} is not in the sandbox")
