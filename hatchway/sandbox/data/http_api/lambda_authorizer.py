"""Lambda authorizers of HTTP APIs.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hatchway.sandbox.data.function_calls import FunctionCall, FunctionCalls, UncallableError
from hatchway.sandbox.data.functions import FunctionError, FunctionTimeoutError
from hatchway.sandbox.data.http_api.call import HttpCall
from hatchway.sandbox.data.http_api.errors import FORBIDDEN, SERVER_ERROR, UNAUTHORIZED, HttpApiError
from hatchway.sandbox.data.http_api.events import event_1_0, event_2_0
from hatchway.sandbox.data.http_api.mapping import value_of
from hatchway.sandbox.data.http_api.routes import RouteMatch
from hatchway.sandbox.data.policy import Decision, PolicyRequest, evaluate
from hatchway.sandbox.data.world import Document, HttpAuthorizer

__all__ = ["HttpLambdaAuthorizers"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Grant:
    """What an authorizer answered: yes or no, or a policy, and what it says of the caller."""

    is_authorized: bool = False
    policy: Document | None = None
    context: Mapping[str, str]


class HttpLambdaAuthorizers:
    """Asks functions, and remembers their answers by identity for as long as they say."""

    def __init__(self, calls: FunctionCalls, clock: Callable[[], float] = time.monotonic) -> None:
        self._calls = calls
        self._clock = clock
        self._cache: dict[tuple[str, ...], tuple[float, _Grant]] = {}
        self._lock = threading.Lock()

    def check(self, authorizer: HttpAuthorizer, found: RouteMatch, call: HttpCall) -> Mapping[str, str]:
        """Returns what the function says of the caller.

        Raises:
            HttpApiError: 401 for a missing identity, 403 for a refusal, 500 for a function that fails.
        """
        identity = _identity(authorizer, found, call)
        key = (call.api_arn, call.stage.name, authorizer.id, *identity)
        remembers = authorizer.result_ttl_seconds > 0 and bool(identity)
        grant = self._remembered(key) if remembers else None
        if grant is None:
            grant = _read(authorizer, self._invoke(authorizer, identity, found, call))
            if remembers:
                with self._lock:
                    self._cache[key] = (self._clock() + authorizer.result_ttl_seconds, grant)
        if not _allows(grant, call):
            raise HttpApiError(FORBIDDEN, f"the authorizer does not allow {call.arn}")
        return grant.context

    def _remembered(self, key: tuple[str, ...]) -> _Grant | None:
        with self._lock:
            until, grant = self._cache.get(key, (0.0, None))
        return grant if until > self._clock() else None

    def _invoke(
        self, authorizer: HttpAuthorizer, identity: tuple[str, ...], found: RouteMatch, call: HttpCall
    ) -> object:
        is_old = authorizer.payload_format_version == "1.0"
        event = (event_1_0 if is_old else event_2_0)(identity, found, call)
        whom = FunctionCall(
            uri=authorizer.uri,
            source_arn=f"{call.api_arn}/authorizers/{authorizer.id}",
            account_id=call.api.account_id,
            credentials=authorizer.credentials,
        )
        try:
            return self._calls.invoke(whom, event, call.request_id)
        except (UncallableError, FunctionError, FunctionTimeoutError) as error:
            raise HttpApiError(SERVER_ERROR, f"the authorizer's function: {error}") from error


def _identity(authorizer: HttpAuthorizer, found: RouteMatch, call: HttpCall) -> tuple[str, ...]:
    """The values of the identity sources. All have to be there, or the function is not even asked."""
    sources = authorizer.identity_sources
    values = [value_of(source.lstrip("$"), call, found.path_parameters) for source in sources]
    present = tuple(value for value in values if value)
    if len(present) != len(values):
        raise HttpApiError(UNAUTHORIZED, f"one of {', '.join(sources)} is missing")
    return present


def _read(authorizer: HttpAuthorizer, result: object) -> _Grant:
    if not isinstance(result, Mapping):
        raise HttpApiError(SERVER_ERROR, "the authorizer's answer is not an object")
    given: Any = result.get("context") or {}
    context = {str(name): str(value) for name, value in given.items()} if isinstance(given, Mapping) else {}
    if authorizer.has_simple_responses:
        if not isinstance(result.get("isAuthorized"), bool):
            raise HttpApiError(SERVER_ERROR, "the authorizer's answer has no isAuthorized")
        return _Grant(is_authorized=result["isAuthorized"], context=context)
    policy, principal = result.get("policyDocument"), result.get("principalId")
    if not isinstance(policy, Mapping) or not policy.get("Statement") or not isinstance(principal, str):
        raise HttpApiError(SERVER_ERROR, "the authorizer's answer has no policyDocument and principalId")
    return _Grant(policy=policy, context={**context, "principalId": principal})


def _allows(grant: _Grant, call: HttpCall) -> bool:
    if grant.policy is None:
        return grant.is_authorized
    request = PolicyRequest(action="execute-api:Invoke", resource=call.arn)
    return evaluate(grant.policy, request) is Decision.ALLOW
