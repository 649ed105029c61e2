"""Evaluates policy documents as AWS does: explicit deny, then allow, else nothing.

Rules: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html and
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-policy-language-overview.html
"""

import enum
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hatchway.sandbox.data.conditions import UnsupportedPolicyError, holds
from hatchway.sandbox.data.world import Document

__all__ = ["ANONYMOUS", "Decision", "PolicyRequest", "UnsupportedPolicyError", "evaluate", "matches_pattern"]

ANONYMOUS: Mapping[str, str] = {}


class Decision(enum.Enum):
    """What a policy says of a request."""

    ALLOW = "allow"
    DENY = "explicit deny"
    SILENT = "neither allow nor deny"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRequest:
    """Who wants to do what to what. `context` holds condition keys that are present, by lower-case name."""

    action: str
    resource: str
    principal: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    context: Mapping[str, str] = field(default_factory=dict)


def evaluate(policy: Document, request: PolicyRequest) -> Decision:
    """Decides by all statements of a policy; the order of the statements does not matter.

    Raises:
        UnsupportedPolicyError: a statement that applies uses something the sandbox cannot judge.
    """
    effects = {s["Effect"] for s in _as_list(policy.get("Statement")) if _applies(s, request)}
    if "Deny" in effects:
        return Decision.DENY
    return Decision.ALLOW if "Allow" in effects else Decision.SILENT


def matches_pattern(pattern: str, value: str) -> bool:
    """Tells whether a value matches a pattern in which `*` and `?` are the only special characters."""
    parts = (".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern)
    return re.fullmatch("".join(parts), value, re.DOTALL) is not None


def _applies(statement: Document, request: PolicyRequest) -> bool:
    return (
        _action_matches(statement, request.action)
        and _resource_matches(statement, request.resource)
        and _principal_matches(statement, request.principal)
        and holds(statement.get("Condition") or {}, request.context)
    )


def _action_matches(statement: Document, action: str) -> bool:
    def any_of(patterns: object) -> bool:
        return any(matches_pattern(p.lower(), action.lower()) for p in _as_list(patterns))

    if "NotAction" in statement:
        return not any_of(statement["NotAction"])
    return any_of(statement.get("Action"))


def _resource_matches(statement: Document, resource: str) -> bool:
    def any_of(patterns: object) -> bool:
        return any(matches_pattern(_full_arn(p, resource), resource) for p in _as_list(patterns))

    if "NotResource" in statement:
        return not any_of(statement["NotResource"])
    # A policy that a Lambda authorizer returns has resources; one of a function or a bucket may not.
    return "Resource" not in statement or any_of(statement["Resource"])


def _full_arn(pattern: str, resource: str) -> str:
    """Expands `execute-api:/stage/GET/path`, which API Gateway completes with the API the policy is on.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html
    """
    if not pattern.startswith("execute-api:/"):
        return pattern
    return resource.split("/", 1)[0] + "/" + pattern.removeprefix("execute-api:/")


def _principal_matches(statement: Document, principal: Mapping[str, str | tuple[str, ...]]) -> bool:
    if "NotPrincipal" in statement:
        return not _names(statement["NotPrincipal"], principal)
    # Policies of identities (a Lambda authorizer's answer) name no principal: the caller is meant.
    return "Principal" not in statement or _names(statement["Principal"], principal)


def _names(declared: object, principal: Mapping[str, str | tuple[str, ...]]) -> bool:
    if declared == "*":
        return True
    if not isinstance(declared, Mapping):
        return False
    for kind, patterns in declared.items():
        for pattern in _as_list(patterns):
            if (kind == "AWS" and pattern == "*") or pattern in _as_list(principal.get(kind)):
                return True
    return False


def _as_list(value: object) -> Iterable[Any]:
    if value is None:
        return ()
    return value if isinstance(value, list | tuple) else (value,)
