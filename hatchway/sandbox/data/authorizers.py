"""Lambda authorizers.

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
"""

import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hatchway.sandbox.data.authorizer_events import Call, authorizer_event
from hatchway.sandbox.data.function_calls import FunctionCall, FunctionCalls, UncallableError
from hatchway.sandbox.data.functions import FunctionError, FunctionTimeoutError
from hatchway.sandbox.data.gateway_responses import (
    AUTHORIZER_CONFIGURATION_ERROR,
    AUTHORIZER_FAILURE,
    UNAUTHORIZED,
    GatewayError,
)
from hatchway.sandbox.data.mapping import Source, method_parameter
from hatchway.sandbox.data.world import Authorizer, Document

__all__ = ["Authorizers", "Grant"]

_MAXIMUM_CACHED = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What an authorizer answered: its policy, and what it says of the caller."""

    policy: Document
    principal_id: str
    context: Mapping[str, str]
    usage_identifier_key: str | None = None
    from_cache: bool = False


class Authorizers:
    """Asks Lambda authorizers, and remembers their policies by identity for as long as they say.

    Only a policy is remembered. `Unauthorized` and failures are asked again each time.
    """

    def __init__(self, calls: FunctionCalls, clock: Callable[[], float] = time.monotonic) -> None:
        self._calls = calls
        self._clock = clock
        self._cache: dict[tuple[str, ...], tuple[float, Grant]] = {}
        self._lock = threading.Lock()

    def ask(self, authorizer: Authorizer, call: Call) -> Grant:
        """Returns the authorizer's grant for this caller; whether it covers the method is not judged here.

        Raises:
            GatewayError: 401 for a missing or rejected identity, 500 for an authorizer that does not work.
        """
        identity = _identity(authorizer, call.source)
        key = (call.api_arn, call.deployment_id, authorizer.id, *identity)
        remembered = self._remembered(key) if authorizer.result_ttl_seconds and identity else None
        if remembered is not None:
            return remembered
        grant = _grant(self._invoke(authorizer, call, identity))
        if authorizer.result_ttl_seconds and identity:
            with self._lock:
                if len(self._cache) >= _MAXIMUM_CACHED:
                    self._cache.clear()
                self._cache[key] = (self._clock() + authorizer.result_ttl_seconds, grant)
        return grant

    def _remembered(self, key: tuple[str, ...]) -> Grant | None:
        with self._lock:
            until, grant = self._cache.get(key, (0.0, None))
        if grant is None or until <= self._clock():
            return None
        return replace(grant, from_cache=True)

    def _invoke(self, authorizer: Authorizer, call: Call, identity: tuple[str, ...]) -> object:
        event = authorizer_event(authorizer, call, identity)
        whom = FunctionCall(
            uri=authorizer.uri,
            source_arn=f"{call.api_arn}/authorizers/{authorizer.id}",
            account_id=call.account_id,
            credentials=authorizer.credentials,
        )
        try:
            return self._calls.invoke(whom, event, call.request_id)
        except UncallableError as error:
            raise GatewayError(AUTHORIZER_CONFIGURATION_ERROR, str(error)) from error
        except FunctionTimeoutError as error:
            raise GatewayError(AUTHORIZER_FAILURE, f"{authorizer.uri}: {error}") from error
        except FunctionError as error:
            if str(error) == "Unauthorized":
                raise GatewayError(UNAUTHORIZED, "the function said Unauthorized") from error
            raise GatewayError(
                AUTHORIZER_CONFIGURATION_ERROR, f"the function failed: {error.error_type}: {error}"
            ) from error


def _identity(authorizer: Authorizer, source: Source) -> tuple[str, ...]:
    """The values of the identity sources. All have to be there, or the function is not even asked."""
    values = [method_parameter(expression, source) for expression in authorizer.identity_sources]
    present = tuple(value for value in values if value)
    if len(present) != len(values):
        missing = [e for e, v in zip(authorizer.identity_sources, values, strict=True) if not v]
        raise GatewayError(UNAUTHORIZED, f"identity source {', '.join(missing)} is missing")
    expression = authorizer.identity_validation_expression
    if expression and authorizer.type == "TOKEN" and not re.fullmatch(expression, present[0]):
        raise GatewayError(UNAUTHORIZED, "the token does not match the validation expression")
    return present


def _grant(result: object) -> Grant:
    """Reads an authorizer's output: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html."""
    if not isinstance(result, Mapping):
        raise _malformed("is not an object")
    policy, principal = result.get("policyDocument"), result.get("principalId")
    if not isinstance(policy, Mapping) or not policy.get("Statement"):
        raise _malformed("has no policyDocument with a statement")
    if not isinstance(principal, str) or not principal:
        raise _malformed("has no principalId")
    context: Any = result.get("context") or {}
    if not isinstance(context, Mapping) or any(isinstance(v, dict | list) for v in context.values()):
        raise _malformed("has a context with more than plain values")
    texts = {str(k): v if isinstance(v, str) else str(v).lower() for k, v in context.items() if v is not None}
    key = result.get("usageIdentifierKey")
    return Grant(
        policy=policy,
        principal_id=principal,
        context=texts,
        usage_identifier_key=str(key) if key is not None else None,
    )


def _malformed(what: str) -> GatewayError:
    return GatewayError(AUTHORIZER_CONFIGURATION_ERROR, f"the authorizer's output {what}")
