"""The errors that an HTTP API answers itself.

They have no error type header, and an API cannot give them a form of its own. Limits and missing routes:
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-protect.html. That a private backend is
503 when it cannot be reached, and when it does not answer in time, is our reading.
"""

import json

from hatchway.sandbox.data.message import Answer

__all__ = [
    "FORBIDDEN",
    "NOT_FOUND",
    "SERVER_ERROR",
    "THROTTLED",
    "UNAUTHORIZED",
    "UNAVAILABLE",
    "HttpApiError",
    "render",
]

Kind = tuple[int, str]

UNAUTHORIZED: Kind = (401, "Unauthorized")
FORBIDDEN: Kind = (403, "Forbidden")
NOT_FOUND: Kind = (404, "Not Found")
THROTTLED: Kind = (429, "Too Many Requests")
SERVER_ERROR: Kind = (500, "Internal Server Error")
UNAVAILABLE: Kind = (503, "Service Unavailable")


class HttpApiError(Exception):
    """An HTTP API answers by itself. `reason` and `hop` are for the sandbox's log alone."""

    def __init__(
        self, kind: Kind, reason: str, *, hop: str | None = None, challenge: str | None = None
    ) -> None:
        super().__init__(reason)
        self.status, self.message = kind
        self.reason = reason
        self.hop = hop
        self.challenge = challenge


def render(error: HttpApiError) -> Answer:
    """Makes the answer of an error."""
    headers = [("Content-Type", "application/json")]
    if error.challenge is not None:
        headers.append(("www-authenticate", error.challenge))
    body = json.dumps({"message": error.message}, separators=(",", ":")).encode()
    return Answer(status=error.status, headers=tuple(headers), body=body)
