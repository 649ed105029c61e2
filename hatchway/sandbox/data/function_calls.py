"""Calls of Lambda functions by API Gateway: which function an uri names, and whether it may be called.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hatchway.sandbox.data.functions import Functions
from hatchway.sandbox.data.policy import Decision, PolicyRequest, evaluate
from hatchway.sandbox.data.world import Function, World

__all__ = ["FunctionCall", "FunctionCalls", "UncallableError"]

_GATEWAY = {"Service": "apigateway.amazonaws.com"}
_INVOKE = "lambda:InvokeFunction"


class UncallableError(Exception):
    """The function does not exist, or API Gateway has no permission to call it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionCall:
    """Who calls what: `source_arn` is what the function's policy compares with `aws:SourceArn`."""

    uri: str
    source_arn: str
    account_id: str
    credentials: str | None = None


class FunctionCalls:
    """Calls functions on behalf of an API, with the permissions that were deployed."""

    def __init__(self, world: World, functions: Functions) -> None:
        self._world = world
        self._functions = functions

    def invoke(
        self,
        call: FunctionCall,
        event: Mapping[str, Any],
        request_id: str,
        patience_seconds: float | None = None,
    ) -> object:
        """Returns what the function's handler returns.

        Raises:
            UncallableError: there is no such function, or no permission.
            FunctionError: the handler failed.
            FunctionTimeoutError: the handler took longer than the function may.
            FunctionStillRunningError: it took longer than `patience_seconds`.
        """
        function = self._find(call.uri)
        self._check_permission(function, call)
        return self._functions.invoke(function, event, request_id, patience_seconds)

    def _find(self, uri: str) -> Function:
        found = re.search(r"/functions/(arn:[^/]+)/invocations$", uri)
        if found is None:
            raise UncallableError(f"{uri!r} is not the uri of a function")
        function = self._world.function(found[1])
        if function is None:
            raise UncallableError(f"there is no function {found[1]}")
        return function

    def _check_permission(self, function: Function, call: FunctionCall) -> None:
        """API Gateway calls by the function's resource policy, or by a role that it may assume."""
        if call.credentials:
            self._check_role(function, call.credentials)
            return
        request = PolicyRequest(
            action=_INVOKE,
            resource=function.arn,
            principal=_GATEWAY,
            context={"aws:sourcearn": call.source_arn, "aws:sourceaccount": call.account_id},
        )
        if function.policy is None or evaluate(function.policy, request) is not Decision.ALLOW:
            raise UncallableError(f"{function.name} has no permission for {call.source_arn}")

    def _check_role(self, function: Function, role_arn: str) -> None:
        role = self._world.role(role_arn)
        if role is None:
            raise UncallableError(f"there is no role {role_arn}")
        trust = PolicyRequest(action="sts:AssumeRole", resource=role_arn, principal=_GATEWAY)
        if role.trust is None or evaluate(role.trust, trust) is not Decision.ALLOW:
            raise UncallableError(f"{role_arn} does not trust apigateway.amazonaws.com")
        wanted = PolicyRequest(action=_INVOKE, resource=function.arn)
        decisions = {evaluate(policy, wanted) for policy in role.policies}
        if Decision.DENY in decisions or Decision.ALLOW not in decisions:
            raise UncallableError(f"{role_arn} may not call {function.name}")
