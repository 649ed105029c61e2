"""Who may call a route of an HTTP API: tokens, functions, signatures.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html
"""

from hatchway.sandbox.data.http_api.call import HttpCall
from hatchway.sandbox.data.http_api.errors import FORBIDDEN, SERVER_ERROR, HttpApiError
from hatchway.sandbox.data.http_api.jwt_authorizer import JwtAuthorizers
from hatchway.sandbox.data.http_api.lambda_authorizer import HttpLambdaAuthorizers
from hatchway.sandbox.data.http_api.routes import RouteMatch
from hatchway.sandbox.data.policy import Decision, PolicyRequest, evaluate
from hatchway.sandbox.data.signatures import verify_signature
from hatchway.sandbox.data.world import HttpAuthorizer, World

__all__ = ["Admission"]


class Admission:
    """Decides who may call a route."""

    def __init__(self, world: World, tokens: JwtAuthorizers, functions: HttpLambdaAuthorizers) -> None:
        self._world = world
        self._tokens = tokens
        self._functions = functions

    def check(self, found: RouteMatch, call: HttpCall) -> None:
        """Lets a caller pass, and adds to the call what is known of it.

        Raises:
            HttpApiError: the caller may not call this route.
            GatewayError: the signature is not good.
        """
        route = found.route
        match route.authorization_type:
            case "NONE":
                return
            case "JWT":
                claims = self._tokens.check(
                    _authorizer(found, call), route.scopes, call, found.path_parameters
                )
                known = {f"authorizer.claims.{name}": str(value) for name, value in claims.items()}
                passed = f"a token of {claims['iss']} for {claims.get('sub')}"
            case "CUSTOM":
                context = self._functions.check(_authorizer(found, call), found, call)
                known = {f"authorizer.{name}": value for name, value in context.items()}
                passed = f"allowed {context.get('principalId', '')}"
            case "AWS_IAM":
                known, passed = self._signed(call)
            case other:
                raise HttpApiError(SERVER_ERROR, f"authorization {other!r} is not in the sandbox")
        call.known.update(known)
        call.trace.note("authorizer", "passed", passed)

    def _signed(self, call: HttpCall) -> tuple[dict[str, str], str]:
        """An HTTP API has no resource policy: the caller's own policies decide, in the API's account."""
        find = self._world.credentials
        credentials = verify_signature(call.request, call.called_path, call.api.region, find)
        wanted = PolicyRequest(action="execute-api:Invoke", resource=call.arn)
        decisions = {evaluate(policy, wanted) for policy in credentials.policies}
        allows = credentials.is_administrator or Decision.ALLOW in decisions
        is_local = credentials.account_id == call.api.account_id
        if Decision.DENY in decisions or not allows or not is_local:
            raise HttpApiError(FORBIDDEN, f"{credentials.arn} may not call {call.arn}")
        known = {"identity.userArn": credentials.arn, "identity.accountId": credentials.account_id}
        return known, f"signed by {credentials.arn}"


def _authorizer(found: RouteMatch, call: HttpCall) -> HttpAuthorizer:
    identity = found.route.authorizer_id
    authorizer = call.stage.definition.authorizers.get(identity or "")
    if authorizer is None:
        raise HttpApiError(SERVER_ERROR, f"there is no authorizer {identity}")
    return authorizer
