"""One request to a stage of an HTTP API, with all that its steps need to know."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from hatchway.sandbox.data.message import Caller, Request, Trace, new_request_id
from hatchway.sandbox.data.world import HttpApi, HttpStage

__all__ = ["HttpCall"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpCall:
    """A request, where it goes and where it comes from.

    The request's path is without the stage; `called_path` is what the caller wrote. `known` grows with what
    is found out on the way: it becomes part of `$context`.
    """

    api: HttpApi
    stage: HttpStage
    request: Request
    called_path: str
    caller: Caller
    trace: Trace
    request_id: str = field(default_factory=new_request_id)
    known: dict[str, str] = field(default_factory=dict)
    began: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def api_arn(self) -> str:
        """The ARN of the API, as policies of functions see it."""
        return f"arn:aws:execute-api:{self.api.region}:{self.api.account_id}:{self.api.id}"

    @property
    def arn(self) -> str:
        """The ARN of what is called, as policies see it."""
        return f"{self.api_arn}/{self.stage.name}/{self.request.method}/{self.request.path.lstrip('/')}"

    def context(self) -> dict[str, str]:
        """What is known of the request and its caller, by the names of `$context`.

        https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
        """
        host = self.request.header("Host") or ""
        return {
            "accountId": self.api.account_id,
            "apiId": self.api.id,
            "domainName": host,
            "domainPrefix": host.partition(".")[0],
            "httpMethod": self.request.method,
            "identity.sourceIp": self.caller.source_address,
            "identity.userAgent": self.request.header("User-Agent") or "",
            "path": self.called_path,
            "protocol": "HTTP/1.1",
            "requestId": self.request_id,
            "requestTime": self.began.strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "requestTimeEpoch": str(int(self.began.timestamp() * 1000)),
            "stage": self.stage.name,
            **self.known,
        }
