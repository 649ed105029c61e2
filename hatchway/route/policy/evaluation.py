"""Deny first, then Allow, else an implicit deny; unknown wherever a value that decides is not known.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from hatchway.route.policy import conditions, matching
from hatchway.route.policy.context import Anonymous, PolicyRequest
from hatchway.route.policy.model import Policy, Statement
from hatchway.route.symbols import Text
from hatchway.route.truth import Truth, all_of, any_of, truth

_ARN_FIELDS = 6


class Effect(StrEnum):
    """What a policy answers."""

    ALLOW = "allow"
    EXPLICIT_DENY = "explicit deny"
    IMPLICIT_DENY = "implicit deny"
    UNKNOWN = "unknown"

    @property
    def is_deny(self) -> bool:
        """Whether the request is refused for certain."""
        return self in {Effect.EXPLICIT_DENY, Effect.IMPLICIT_DENY}


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer, and what decided it."""

    effect: Effect
    reason: str
    statement: int | None = None
    """Index of the statement that decided, from 0; None when none matched."""


def evaluate(policy: Policy, request: PolicyRequest) -> Decision:
    """Answer one request from one policy."""
    answers = [_matches(statement, request) for statement in policy.statements]
    denies, allows = _by_effect(policy, answers, "Deny"), _by_effect(policy, answers, "Allow")
    if (index := _first(denies, Truth.YES)) is not None:
        return Decision(Effect.EXPLICIT_DENY, f"{_name(policy, index)} denies it", index)
    allow, doubt = _first(allows, Truth.YES), _first(denies, Truth.MAYBE)
    if allow is not None:
        if doubt is None:
            return Decision(Effect.ALLOW, f"{_name(policy, allow)} allows it", allow)
        return Decision(
            Effect.UNKNOWN, f"{_name(policy, doubt)} may deny it: {_why(policy, doubt, request)}", doubt
        )
    if (index := _first(allows, Truth.MAYBE)) is not None:
        return Decision(
            Effect.UNKNOWN, f"{_name(policy, index)} may allow it: {_why(policy, index, request)}", index
        )
    return Decision(Effect.IMPLICIT_DENY, "no statement allows it")


def _by_effect(policy: Policy, answers: list[Truth], effect: str) -> dict[int, Truth]:
    # A statement that is not understood may have either effect.
    return {
        index: answer
        for index, (statement, answer) in enumerate(zip(policy.statements, answers, strict=True))
        if statement.effect in {effect, ""}
    }


def _first(answers: Mapping[int, Truth], wanted: Truth) -> int | None:
    return next((index for index, answer in answers.items() if answer is wanted), None)


def _name(policy: Policy, index: int) -> str:
    statement = policy.statements[index]
    return f"statement {index + 1}" + (f" ({statement.sid})" if statement.sid else "")


def _why(policy: Policy, index: int, request: PolicyRequest) -> str:
    statement = policy.statements[index]
    if statement.problem is not None:
        return statement.problem
    for condition in statement.conditions:
        if conditions.holds(condition, request) is Truth.MAYBE:
            given = request.key(condition.key)
            seen = "is not known" if given is None else f"is {', '.join(map(str, given))}"
            wanted = ", ".join(map(str, condition.values))
            return f"{condition.key} {seen}, {condition.operator} compares it with {wanted}"
    return "a principal, an action or a resource in it is not known"


def _matches(statement: Statement, request: PolicyRequest) -> Truth:
    if statement.problem is not None:
        return Truth.MAYBE
    return all_of(
        (
            _principal(statement, request),
            _action(statement, request),
            _resource(statement, request),
            *(conditions.holds(condition, request) for condition in statement.conditions),
        )
    )


def _action(statement: Statement, request: PolicyRequest) -> Truth:
    wanted = Text.of(request.action.lower())
    found = any_of(matching.matches(action.casefold(), wanted) for action in statement.actions)
    return ~found if statement.action_negated else found


def _resource(statement: Statement, request: PolicyRequest) -> Truth:
    if statement.resources is None:
        return Truth.MAYBE
    found = any_of(_covers(pattern, request.resource) for pattern in statement.resources)
    return ~found if statement.resource_negated else found


def _covers(pattern: Text, resource: Text) -> Truth:
    """Whether a resource pattern covers the ARN of a call, its short form completed as AWS does on saving."""
    if any("${" in part for part in pattern.parts if isinstance(part, str)):
        return Truth.MAYBE
    if pattern.startswith("execute-api:/"):
        # The short form names stage, method and path of the API the policy is attached to.
        own, rest = pattern.split("/", 1)[1], resource.split("/", 1)
        return matching.matches(own, rest[1]) if len(rest) > 1 else Truth.MAYBE
    if pattern.startswith("arn:") and len(fields := pattern.split(":")) < _ARN_FIELDS:
        pattern = Text.of(pattern, *((":*",) * (_ARN_FIELDS - len(fields))))
    return matching.matches(pattern, resource)


def _principal(statement: Statement, request: PolicyRequest) -> Truth:
    if statement.principals is None:
        return Truth.MAYBE
    found = any_of(
        _is_principal(kind, value, request)
        for kind, values in statement.principals.items()
        for value in values
    )
    return ~found if statement.principal_negated else found


def _is_principal(kind: str, value: Text, request: PolicyRequest) -> Truth:
    if kind not in {"*", "AWS"}:
        # A service, a federated user or a canonical user is neither anonymous nor an IAM principal.
        return Truth.NO
    if value.literal == "*":
        return Truth.YES
    if isinstance(request.principal, Anonymous):
        return Truth.NO if value.literal is not None or not _may_be_star(value) else Truth.MAYBE
    account, arn = request.principal.account, request.principal.arn
    whole = any_of(
        (
            matching.equals(value, account),
            matching.equals(value, Text.of("arn:aws:iam::", account, ":root")),
        )
    )
    exact = matching.equals(value, arn) if arn is not None else _same_account(value, account)
    return any_of((whole, exact))


def _may_be_star(value: Text) -> bool:
    return value.symbol is not None and not value.symbol.is_unique


def _same_account(value: Text, account: Text) -> Truth:
    """Whether an ARN may be the caller's, of whom only the account is known."""
    fields = value.split(":")
    if len(fields) < _ARN_FIELDS:
        return truth(False) if value.literal is not None else Truth.MAYBE
    return Truth.NO if matching.equals(fields[4], account) is Truth.NO else Truth.MAYBE
