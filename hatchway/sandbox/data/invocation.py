"""One request to a stage of an API, with all that its steps need to know."""

import urllib.parse
from dataclasses import dataclass, field
from datetime import UTC, datetime

from hatchway.sandbox.data.mapping import Source
from hatchway.sandbox.data.message import Caller, Request, Trace, new_request_id
from hatchway.sandbox.data.policy import Decision, PolicyRequest, evaluate
from hatchway.sandbox.data.resources import Match
from hatchway.sandbox.data.world import Document, RestApi, Stage

__all__ = ["Hops", "Invocation", "method_arn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hops:
    """What the log calls this API's own steps."""

    api: str
    authorizer: str
    integration: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """A request, where it goes and where it comes from. The request's path is without the stage."""

    api: RestApi
    stage: Stage
    request: Request
    caller: Caller
    trace: Trace
    hops: Hops
    request_id: str = field(default_factory=new_request_id)

    @property
    def api_arn(self) -> str:
        """The ARN of the API, as policies of functions see it."""
        return _api_arn(self.api)

    @property
    def arn(self) -> str:
        """The ARN of the method that is called, as policies see it."""
        return method_arn(self.api, self.stage.name, self.request)

    def decide(self, policy: Document) -> Decision:
        """What a policy says of this call."""
        request = PolicyRequest(
            action="execute-api:Invoke", resource=self.arn, context=self.caller.policy_context()
        )
        return evaluate(policy, request)

    def source(self, found: Match) -> Source:
        """What mappings and templates take their values from.

        https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
        """
        now = datetime.now(UTC)
        context = {
            "accountId": self.api.account_id,
            "apiId": self.api.id,
            "domainName": self.request.header("Host") or "",
            "httpMethod": self.request.method,
            "identity.sourceIp": self.caller.source_address,
            "identity.userAgent": self.request.header("User-Agent") or "",
            "path": f"/{self.stage.name}{self.request.path}",
            "protocol": "HTTP/1.1",
            "requestId": self.request_id,
            "requestTime": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "requestTimeEpoch": str(int(now.timestamp() * 1000)),
            "resourceId": found.resource.id,
            "resourcePath": found.resource.path,
            "stage": self.stage.name,
        }
        return Source(
            request=self.request,
            path_parameters=found.path_parameters,
            stage_variables=self.stage.variables,
            context=context,
        )


def method_arn(api: RestApi, stage_name: str, request: Request) -> str:
    """Returns `arn:…:execute-api:region:account:api/stage/METHOD/path`."""
    path = urllib.parse.unquote(request.path).lstrip("/")
    return f"{_api_arn(api)}/{stage_name}/{request.method}/{path}"


def _api_arn(api: RestApi) -> str:
    return f"arn:aws:execute-api:{api.region}:{api.account_id}:{api.id}"
