"""Answers AWS API calls with moto, in the process of the sandbox."""

import json
import logging
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from email.message import Message
from functools import lru_cache
from typing import Any, cast
from xml.sax.saxutils import escape

from moto.backend_index import backend_url_patterns
from moto.backends import get_backend
from moto.core.base_backend import BackendDict
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.core.request import Request
from werkzeug.exceptions import HTTPException

__all__ = ["MOTO_LOCK", "Answer", "ControlPlane"]

_log = logging.getLogger(__name__)

Written = Callable[[str, str, str, Message, int], None]
Handler = Callable[[Request, str, Any], tuple[int, dict[str, Any], str | bytes] | str]

MOTO_LOCK = threading.RLock()
"""Held during each call: moto's backends are plain dictionaries and are not safe between threads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An HTTP response, ready to be written."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class ControlPlane:
    """The AWS control plane: one call in, one answer out.

    A call that moto does not know, and a call that moto fails at, are answered with status 400 and a
    message that names the call: SDKs and the Terraform provider retry a 500 up to 25 times, which
    looks like a hang and hides what is missing.
    """

    def __init__(self, written: Written = lambda *_: None) -> None:
        """Takes what writes each call down: its name, method, target, headers and status."""
        self._written = written

    def respond(self, method: str, host: str, target: str, headers: Message, body: bytes) -> Answer:
        """Answers the call; never raises.

        Args:
            method: HTTP method.
            host: Host name the call was sent to, which selects the service.
            target: Request target: path and query, still percent-encoded.
            headers: Headers of the request.
            body: Body, with transfer encoding removed.
        """
        call = name_of_call(method, host, target, headers, body)
        answer = self._ask(call, method, host, target, headers, body)
        self._written(call, method, target, headers, answer.status)
        return answer

    def _ask(  # noqa: PLR0913, PLR0917 - the parts of one request, handed on
        self, call: str, method: str, host: str, target: str, headers: Message, body: bytes
    ) -> Answer:
        handler = _handler(host, target.split("?", 1)[0])
        if handler is None:
            return _refusal(headers, "NotInSandbox", f"The sandbox does not have {call}.")
        try:
            with MOTO_LOCK:
                request = Request.from_primitives(method, f"https://{host}{target}", headers, body)
                return _answer(handler(request, request.raw_url, request.headers))
        except HTTPException as error:
            return _answer((error.code or 500, dict(error.get_headers()), str(error.get_body())))
        except NotImplementedError as error:
            _log.warning("not implemented: %s: %s", call, error)
            return _refusal(headers, "NotInSandbox", f"The sandbox does not have {call}: {error}")
        except Exception as error:  # noqa: BLE001 - whatever moto trips over, the caller must get an answer
            _log.exception("failed: %s", call)
            message = f"The sandbox failed at {call}: {type(error).__name__}: {error}"
            return _refusal(headers, "SandboxFailure", message)


def name_of_call(method: str, host: str, target: str, headers: Message, body: bytes) -> str:
    """Names an AWS call for people: service and operation, or method and path where it has no name."""
    scope = re.search(r"Credential=[^/]+/\d+/[^/]*/([^/]+)/", headers.get("Authorization", ""))
    service = scope.group(1) if scope else host.split(".", 1)[0]
    action = re.search(rb"(?:^|&)Action=(\w+)", body)
    json_target = headers.get("X-Amz-Target")
    if json_target is not None:
        operation = json_target.rsplit(".", 1)[-1]
    elif action is not None:
        operation = action.group(1).decode()
    else:
        operation = f"{method} {target.split('?', 1)[0]}"
    return f"{service} {operation}"


@lru_cache(maxsize=256)
def _routes(host: str) -> tuple[tuple[re.Pattern[str], Handler], ...]:
    """Returns the paths that moto knows under a host name, in moto's order of precedence."""
    for service, pattern in backend_url_patterns:
        if pattern.match(f"https://{host}"):
            # An overload per service says less here than its common shape.
            backends = cast("Any", get_backend)(service)
            if isinstance(backends, BackendDict):
                regions = backends[DEFAULT_ACCOUNT_ID]
                backend = regions["us-east-1" if "us-east-1" in regions else "aws"]
            else:
                backend = backends["global"]
            return tuple((re.compile(path), handler) for path, handler in backend.url_paths.items())
    return ()


def _handler(host: str, path: str) -> Handler | None:
    return next((handler for pattern, handler in _routes(host) if pattern.match(path)), None)


def _answer(result: tuple[int, Mapping[str, Any], str | bytes] | str) -> Answer:
    status, headers, body = (200, {}, result) if isinstance(result, str | bytes) else result
    return Answer(
        status=int(status),
        headers=tuple(_clean(headers.items())),
        body=body.encode() if isinstance(body, str) else body or b"",
    )


def _clean(headers: Iterable[tuple[str, Any]]) -> Iterable[tuple[str, str]]:
    """Yields the headers as text, without those that belong to the connection or repeat the status."""
    for name, value in headers:
        if name.lower() not in {"connection", "transfer-encoding", "status"}:
            yield name, value.decode() if isinstance(value, bytes) else str(value)


def _refusal(headers: Message, code: str, message: str) -> Answer:
    """Returns an error in the protocol the caller speaks, with a status that no SDK retries."""
    content_type = headers.get("Content-Type", "")
    if "x-www-form-urlencoded" in content_type:
        body = (
            f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code>"
            f"<Message>{escape(message)}</Message></Error>"
            f"<Errors><Error><Code>{code}</Code><Message>{escape(message)}</Message></Error></Errors>"
            "<RequestID>sandbox</RequestID></ErrorResponse>"
        ).encode()
        kind = "text/xml"
    else:
        body = json.dumps({"__type": code, "message": message}).encode()
        kind = "application/json"
    return Answer(status=400, headers=(("Content-Type", kind), ("x-amzn-ErrorType", code)), body=body)
