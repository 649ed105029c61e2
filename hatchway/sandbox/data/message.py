"""HTTP requests and answers as values, and what is known of the caller."""

import base64
import secrets
import urllib.parse
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self

__all__ = [
    "Answer",
    "Caller",
    "Headers",
    "Request",
    "Trace",
    "new_request_id",
    "request_identity",
    "trace_id",
]

Headers = tuple[tuple[str, str], ...]


def request_identity(request_id: str) -> Headers:
    """The two headers by which API Gateway names a request in each of its answers."""
    extended = base64.b64encode(secrets.token_bytes(11)).decode()
    return (("x-amzn-RequestId", request_id), ("x-amz-apigw-id", extended))


def trace_id(request_id: str, began: datetime) -> str:
    """The id under which a request is traced.

    https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
    """
    return f"Root=1-{int(began.timestamp()):08x}-{request_id.replace('-', '')[:24]}"


def new_request_id() -> str:
    """A request id as AWS makes them."""
    return str(uuid.uuid4())


@dataclass(slots=True)
class Trace:
    """What happened to one request, hop by hop, for the sandbox's log. Never shown to the caller."""

    request_id: str = field(default_factory=new_request_id)
    hops: list[dict[str, object]] = field(default_factory=list)

    def note(self, hop: str, outcome: str, reason: str, **facts: object) -> None:
        """Adds a line: what the hop did, and why."""
        self.hops.append({"hop": hop, "outcome": outcome, "reason": reason, **facts})


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Where a request comes from, as policies see it."""

    source_address: str
    vpc_endpoint_id: str | None = None
    vpc_id: str | None = None

    def identity(self) -> dict[str, str]:
        """What `$context` has of a caller besides its address."""
        if self.vpc_endpoint_id is None:
            return {}
        return {"identity.vpceId": self.vpc_endpoint_id, "identity.vpcId": self.vpc_id or ""}

    def policy_context(self) -> dict[str, str]:
        """The condition keys that are present for a request without IAM credentials.

        https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-aws-condition-keys.html
        """
        if self.vpc_endpoint_id is None:
            return {"aws:sourceip": self.source_address, "aws:securetransport": "true"}
        return {
            "aws:sourcevpce": self.vpc_endpoint_id,
            "aws:sourcevpc": self.vpc_id or "",
            "aws:vpcsourceip": self.source_address,
            "aws:securetransport": "true",
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request with its path and query as they came, still percent-encoded."""

    method: str
    path: str
    query: str = ""
    headers: Headers = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """The last value of a header; names are compared without regard to case."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        return values[-1] if values else None

    @property
    def query_values(self) -> dict[str, list[str]]:
        """Decoded query parameters, each with all of its values."""
        return urllib.parse.parse_qs(self.query, keep_blank_values=True)

    @property
    def header_values(self) -> dict[str, list[str]]:
        """Headers with all of their values, names as the caller wrote them."""
        values: dict[str, list[str]] = {}
        for name, value in self.headers:
            values.setdefault(name, []).append(value)
        return values

    def without(self, name: str) -> Self:
        """The same request without a header."""
        kept = tuple((key, value) for key, value in self.headers if key.lower() != name.lower())
        return replace(self, headers=kept)

    def with_path(self, path: str) -> Self:
        """The same request for another path."""
        return replace(self, path=path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is sent back."""

    status: int
    headers: Headers = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """The last value of a header; names are compared without regard to case."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        return values[-1] if values else None

    def without_body(self) -> Self:
        """The same answer, empty."""
        return replace(self, body=b"")

    def with_headers(self, headers: Mapping[str, str] | Iterable[tuple[str, str]]) -> Self:
        """The same answer with further headers; one of the same name is replaced."""
        added = tuple(headers.items() if isinstance(headers, Mapping) else headers)
        names = {name.lower() for name, _ in added}
        kept = tuple((name, value) for name, value in self.headers if name.lower() not in names)
        return replace(self, headers=kept + added)
