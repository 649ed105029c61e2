"""Who may call a method: resource policies, signatures and authorizers together.

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html: an explicit
denial of the resource policy comes first. With a Lambda authorizer, its silence is judged together with the
authorizer's answer; with IAM, together with the caller's own policies, all of which have to allow where the
caller is of another account; with Cognito and without any, the policy has to allow, where there is one.
"""

import json
from collections.abc import Mapping

from hatchway.sandbox.data.authorizer_events import Call
from hatchway.sandbox.data.authorizers import Authorizers
from hatchway.sandbox.data.cognito import check_pool_token
from hatchway.sandbox.data.gateway_responses import (
    ACCESS_DENIED,
    API_CONFIGURATION_ERROR,
    AUTHORIZER_CONFIGURATION_ERROR,
    GatewayError,
)
from hatchway.sandbox.data.invocation import Invocation
from hatchway.sandbox.data.mapping import Source
from hatchway.sandbox.data.policy import Decision, PolicyRequest, evaluate
from hatchway.sandbox.data.resources import Match
from hatchway.sandbox.data.signatures import verify_signature
from hatchway.sandbox.data.world import Authorizer, Credentials, World

__all__ = ["Authorization", "denied"]


class Authorization:
    """Decides who may call a method."""

    def __init__(self, world: World, authorizers: Authorizers) -> None:
        self._world = world
        self._authorizers = authorizers

    def authorize(self, invocation: Invocation, found: Match) -> Source:
        """Lets a caller pass, and returns the source with what is known of the caller.

        Raises:
            GatewayError: the caller may not call this method.
        """
        match found.method.authorization_type:
            case "AWS_IAM":
                self._by_signature(invocation)
            case "CUSTOM":
                self._by_function(invocation, found, _resource_policy(invocation))
            case "COGNITO_USER_POOLS":
                _needs_allow(invocation, _resource_policy(invocation))
                self._by_pool(invocation, found)
            case "NONE":
                _needs_allow(invocation, _resource_policy(invocation))
            case other:
                raise GatewayError(API_CONFIGURATION_ERROR, f"authorization {other!r} is not in the sandbox")
        return invocation.source(found)

    def _by_signature(self, invocation: Invocation) -> None:
        api = invocation.api
        path = invocation.called_path or f"/{invocation.stage.name}{invocation.request.path}"
        credentials = verify_signature(invocation.request, path, api.region, self._world.credentials)
        policy = _resource_policy(invocation, credentials)
        own = {invocation.decide(document, credentials) for document in credentials.policies}
        is_local = credentials.account_id == api.account_id
        if Decision.DENY in own:
            raise denied(invocation.arn, explicit=True, why="the caller's policy denies", who=credentials.arn)
        allows = Decision.ALLOW in own or (credentials.is_administrator and is_local)
        by_resource = policy is Decision.ALLOW
        across = by_resource and (allows or credentials.is_administrator)
        if not ((allows or by_resource) if is_local else across):
            raise denied(
                invocation.arn, explicit=False, why=f"nothing allows {credentials.arn}", who=credentials.arn
            )
        invocation.known.update(_identity(credentials))
        invocation.trace.note(invocation.hops.authorizer, "passed", f"signed by {credentials.arn}")

    def _by_pool(self, invocation: Invocation, found: Match) -> None:
        authorizer = _authorizer(invocation, found)
        claims = check_pool_token(self._world, authorizer, found.method, invocation.source(found))
        for name, value in claims.items():
            text = value if isinstance(value, str) else json.dumps(value)
            invocation.known[f"authorizer.claims.{name}"] = text
        invocation.trace.note(
            invocation.hops.authorizer, "passed", f"a token of {claims['iss']} for {claims.get('sub')}"
        )

    def _by_function(self, invocation: Invocation, found: Match, policy: Decision) -> None:
        call = Call(
            source=invocation.source(found),
            api_arn=invocation.api_arn,
            method_arn=invocation.arn,
            account_id=invocation.api.account_id,
            resource_path=found.resource.path,
            request_id=invocation.request_id,
            deployment_id=invocation.stage.deployment_id,
        )
        grant = self._authorizers.ask(_authorizer(invocation, found), call)
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
        invocation.known.update(claims | {"authorizer.principalId": grant.principal_id})
        if grant.usage_identifier_key is not None:
            invocation.known["authorizer.usageIdentifierKey"] = grant.usage_identifier_key


def _resource_policy(invocation: Invocation, credentials: Credentials | None = None) -> Decision:
    """What the deployed resource policy says; a denial is final."""
    policy = invocation.stage.definition.policy
    decision = Decision.SILENT if policy is None else invocation.decide(policy, credentials)
    if decision is Decision.DENY:
        who = credentials.arn if credentials else "anonymous"
        error = denied(invocation.arn, explicit=True, why="the deployed resource policy denies", who=who)
        error.hop = invocation.hops.api
        raise error
    return decision


def _needs_allow(invocation: Invocation, policy: Decision) -> None:
    is_guarded = invocation.api.is_private or invocation.stage.definition.policy is not None
    if is_guarded and policy is not Decision.ALLOW:
        error = denied(invocation.arn, explicit=False, why="the deployed resource policy does not allow")
        error.hop = invocation.hops.api
        raise error


def _authorizer(invocation: Invocation, found: Match) -> Authorizer:
    identity = found.method.authorizer_id
    authorizer = invocation.stage.definition.authorizers.get(identity or "")
    if authorizer is None:
        raise GatewayError(AUTHORIZER_CONFIGURATION_ERROR, f"no authorizer {identity}")
    return authorizer


def _identity(credentials: Credentials) -> Mapping[str, str]:
    return {
        "identity.accessKey": credentials.access_key_id,
        "identity.accountId": credentials.account_id,
        "identity.caller": credentials.arn,
        "identity.user": credentials.arn,
        "identity.userArn": credentials.arn,
    }


def denied(arn: str, *, explicit: bool, why: str, who: str = "anonymous") -> GatewayError:
    """The refusal of a policy. The account is masked, as AWS does.

    https://repost.aws/knowledge-center/api-gateway-403-error-lambda-authorizer
    """
    parts = arn.split(":")
    parts[4] = "********" + parts[4][-4:]
    masked = ":".join(parts)
    message = f"User: {who} is not authorized to perform: execute-api:Invoke on resource: {masked}"
    if explicit:
        message += " with an explicit deny"
    return GatewayError(ACCESS_DENIED, f"{why} {arn}", message)
