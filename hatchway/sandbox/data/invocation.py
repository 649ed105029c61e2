"""One request to a stage of an API, with all that its steps need to know."""

import urllib.parse
from dataclasses import dataclass, field
from datetime import UTC, datetime

from hatchway.sandbox.data.mapping import Source
from hatchway.sandbox.data.message import Caller, Request, Trace, new_request_id, trace_id
from hatchway.sandbox.data.policy import Decision, PolicyRequest, evaluate
from hatchway.sandbox.data.resources import Match
from hatchway.sandbox.data.world import Credentials, Document, RestApi, Stage

__all__ = ["Hops", "Invocation", "method_arn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hops:
    """What the log calls this API's own steps."""

    api: str
    authorizer: str
    integration: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """A request, where it goes and where it comes from. The request's path is without the stage.

    `called_path` is the path as the caller wrote it, where that is not the stage and the path. `known` grows
    with what is found out on the way: it becomes part of `$context`.
    """

    api: RestApi
    stage: Stage
    request: Request
    caller: Caller
    trace: Trace
    hops: Hops
    request_id: str = field(default_factory=new_request_id)
    called_path: str | None = None
    known: dict[str, str] = field(default_factory=dict)
    began: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def api_arn(self) -> str:
        """The ARN of the API, as policies of functions see it."""
        return _api_arn(self.api)

    @property
    def arn(self) -> str:
        """The ARN of the method that is called, as policies see it."""
        return method_arn(self.api, self.stage.name, self.request)

    def decide(self, policy: Document, credentials: Credentials | None = None) -> Decision:
        """What a policy says of this call, by nobody or by whoever has signed it."""
        context = self.caller.policy_context()
        principal: dict[str, tuple[str, ...]] = {}
        if credentials is not None:
            account = credentials.account_id
            root = f"arn:aws:iam::{account}:root"
            principal = {"AWS": (*credentials.principals, root, account)}
            context |= {"aws:principalarn": credentials.principals[-1], "aws:principalaccount": account}
        return evaluate(
            policy,
            PolicyRequest(
                action="execute-api:Invoke", resource=self.arn, principal=principal, context=context
            ),
        )

    def context(self) -> dict[str, str]:
        """What is known of the request and its caller, by the names of `$context`.

        https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
        """
        return {
            "accountId": self.api.account_id,
            "apiId": self.api.id,
            "deploymentId": self.stage.deployment_id,
            "domainName": self.request.header("Host") or "",
            "domainPrefix": (self.request.header("Host") or "").partition(".")[0],
            "httpMethod": self.request.method,
            "identity.sourceIp": self.caller.source_address,
            "identity.userAgent": self.request.header("User-Agent") or "",
            "path": self.called_path or f"/{self.stage.name}{self.request.path}",
            "protocol": "HTTP/1.1",
            "requestId": self.request_id,
            "requestTime": self.began.strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "requestTimeEpoch": str(int(self.began.timestamp() * 1000)),
            "stage": self.stage.name,
            "xrayTraceId": self.request.header("X-Amzn-Trace-Id") or trace_id(self.request_id, self.began),
            **self.caller.identity(),
            **self.known,
        }

    def source(self, found: Match) -> Source:
        """What mappings, templates and backends take their values from.

        API Gateway keeps the signature of a caller of IAM to itself (docs/decisions/0010).
        """
        place = {"resourceId": found.resource.id, "resourcePath": found.resource.path}
        is_signed = found.method.authorization_type == "AWS_IAM"
        return Source(
            request=self.request.without("Authorization") if is_signed else self.request,
            path_parameters=found.path_parameters,
            stage_variables=self.stage.variables,
            context={**self.context(), **place},
        )


def method_arn(api: RestApi, stage_name: str, request: Request) -> str:
    """Returns `arn:…:execute-api:region:account:api/stage/METHOD/path`."""
    path = urllib.parse.unquote(request.path).lstrip("/")
    return f"{_api_arn(api)}/{stage_name}/{request.method}/{path}"


def _api_arn(api: RestApi) -> str:
    return f"arn:aws:execute-api:{api.region}:{api.account_id}:{api.id}"
