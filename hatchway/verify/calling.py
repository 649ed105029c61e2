"""What a verification sends, and what comes back: the port between judgement and the network."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from hatchway.errors import ToolError
from hatchway.route.timing import Timing

__all__ = ["Answer", "Call", "Caller", "HostUnknownError", "NoAnswer", "Silence"]

_EXCERPT = 200
_UNTIMED = Timing(total=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request to send. Headers may carry a credential, so they stay out of `repr`."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    timeout_seconds: float = 35


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An HTTP answer. Header names are lower-case; the body is cut at the limit of the caller."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    timing: Timing = _UNTIMED
    truncated: bool = False

    @property
    def text(self) -> str:
        """The body as text, with what is no UTF-8 replaced."""
        return self.body.decode("utf-8", errors="replace")

    @property
    def json(self) -> Any:  # noqa: ANN401 -- JSON is any of its types
        """The body as JSON; None if it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    @property
    def message(self) -> str:
        """API Gateway's error message, empty if the body has none."""
        body = self.json
        if not isinstance(body, dict):
            return ""
        return str(body.get("message") or body.get("Message") or "")

    @property
    def error_type(self) -> str:
        """API Gateway's name of the error, empty if it gave none."""
        return self.headers.get("x-amzn-errortype", "").split(":", 1)[0]

    @property
    def is_from_behind(self) -> bool:
        """Whether a header proves that the answer came through the integration.

        API Gateway renames some headers of an integration's answer, and only of such an answer.
        https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
        """
        return any(name.startswith("x-amzn-remapped-") for name in self.headers)

    def __str__(self) -> str:
        text = self.text[: 2 * _EXCERPT]
        if not text.isprintable():
            text = "".join(c if c.isprintable() else " " for c in text)
        text = " ".join(text.split())
        excerpt = text if len(text) <= _EXCERPT else f"{text[:_EXCERPT]}…"
        return f"{self.status} {excerpt}".rstrip()


class Silence(StrEnum):
    """Why there is no answer although the host was reached."""

    TIMEOUT = "no answer in time"
    BROKEN_OFF = "the connection broke off"
    TOO_SLOW = "the answer did not end in time"
    NOT_CALLED = "not called, since another call waited out its time"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAnswer:
    """No usable answer came, after the connection to the public host stood."""

    reason: Silence
    timing: Timing = _UNTIMED

    def __str__(self) -> str:
        waited = "" if self.reason is Silence.NOT_CALLED else f" ({self.timing.total:.0f} s)"
        return self.reason.value + waited


class HostUnknownError(ToolError):
    """The name of the public host is not known here, or not yet."""


class Caller(Protocol):
    """Sends requests to the public endpoint."""

    def call(self, request: Call, /) -> Answer | NoAnswer:
        """Send one request, follow no redirect, and return what came.

        Raises:
            ToolError: The public host cannot be reached at all from here.
        """
