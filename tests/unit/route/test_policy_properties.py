"""What holds for every policy and request."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hatchway.route.policy import Effect, PolicyRequest, evaluate, parse_policy, private_call
from hatchway.route.policy.matching import equals, matches
from hatchway.route.symbols import Symbol, SymbolKind, Text
from hatchway.route.truth import Truth

SYMBOLS = (Symbol("a.id", SymbolKind.ID), Symbol("b.id", SymbolKind.ID), Symbol("var.x"), Symbol("var.y"))
VALUES = st.one_of(
    st.sampled_from(["vpce-1", "vpce-2", "vpce-*", "*"]).map(Text.of),
    st.sampled_from(SYMBOLS).map(Text.of),
    st.tuples(st.sampled_from(["", "vpce-"]), st.sampled_from(SYMBOLS), st.sampled_from(["", "*", "1"])).map(
        lambda parts: Text.of(*parts)
    ),
)
OPERATORS = st.sampled_from(
    [
        *("StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIfExists", "Null"),
        *("ForAnyValue:StringEquals", "ForAllValues:StringNotEquals", "Unheard"),
    ]
)
KEYS = st.sampled_from(["aws:SourceVpce", "aws:SourceVpc", "aws:PrincipalOrgID", "aws:Referer"])
CONDITIONS = st.dictionaries(
    OPERATORS, st.dictionaries(KEYS, st.lists(VALUES, min_size=1, max_size=2), max_size=1)
)
RESOURCES = st.one_of(
    st.sampled_from(["*", "execute-api:/*", "execute-api:/v1/GET/*", "arn:aws:execute-api:*:*:api/v1/*"]).map(
        Text.of
    ),
    st.sampled_from(SYMBOLS).map(lambda one: Text.of("arn:aws:execute-api:eu-west-1:1:", one, "/*")),
)


def statements(effect: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "Effect": st.just(effect),
            "Principal": st.sampled_from(["*", {"AWS": "*"}, {"AWS": "111111111111"}]),
            "Action": st.sampled_from(["execute-api:Invoke", "execute-api:*", "*", "s3:*"]),
            "Resource": RESOURCES,
        },
        optional={"Condition": CONDITIONS},
    )


ANY_STATEMENTS = st.lists(st.one_of(statements("Allow"), statements("Deny")), max_size=3)
REQUESTS = st.builds(
    lambda endpoint, vpc, api: private_call(
        resource=Text.of("arn:aws:execute-api:eu-west-1:1:", api, "/v1/GET/test"),
        endpoint=endpoint,
        vpc=vpc,
        source_address=None,
    ),
    endpoint=VALUES.filter(lambda text: "*" not in str(text)),
    vpc=st.none() | VALUES.filter(lambda text: "*" not in str(text)),
    api=st.sampled_from([Text.of("api"), *map(Text.of, SYMBOLS)]),
)


def effect(given_statements: list[dict[str, Any]], request: PolicyRequest) -> Effect:
    return evaluate(parse_policy({"Version": "2012-10-17", "Statement": given_statements}), request).effect


@settings(deadline=None)
@given(ANY_STATEMENTS, REQUESTS)
def test_a_deny_of_everything_always_wins(some: list[dict[str, Any]], request: PolicyRequest) -> None:
    deny = {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}
    assert effect([*some, deny], request) is Effect.EXPLICIT_DENY


@settings(deadline=None)
@given(ANY_STATEMENTS, statements("Allow"), REQUESTS)
def test_adding_an_allow_never_removes_access(
    some: list[dict[str, Any]], allow: dict[str, Any], request: PolicyRequest
) -> None:
    before, after = effect(some, request), effect([*some, allow], request)
    if before is Effect.ALLOW:
        assert after is Effect.ALLOW
    if before is Effect.EXPLICIT_DENY:
        assert after is Effect.EXPLICIT_DENY
    if before is Effect.UNKNOWN:
        assert not after.is_deny


@settings(deadline=None)
@given(ANY_STATEMENTS, statements("Deny"), REQUESTS)
def test_adding_a_deny_never_grants_access(
    some: list[dict[str, Any]], deny: dict[str, Any], request: PolicyRequest
) -> None:
    before, after = effect(some, request), effect([*some, deny], request)
    if before is not Effect.ALLOW:
        assert after is not Effect.ALLOW
    if before.is_deny:
        assert after.is_deny


@settings(deadline=None)
@given(
    st.permutations(range(3)),
    st.lists(st.one_of(statements("Allow"), statements("Deny")), min_size=3, max_size=3),
)
def test_the_order_of_statements_is_irrelevant(order: list[int], some: list[dict[str, Any]]) -> None:
    request = private_call(
        resource=Text.of("arn:aws:execute-api:eu-west-1:1:api/v1/GET/test"),
        endpoint=Text.of(SYMBOLS[0]),
        vpc=Text.of("vpce-1"),
        source_address=None,
    )
    assert effect(some, request) is effect([some[index] for index in order], request)


ASSIGNMENTS = st.fixed_dictionaries(
    {
        "a.id": st.sampled_from(["vpce-1", "api", "x1"]),
        "b.id": st.sampled_from(["vpce-2", "y2"]),
        "var.x": st.sampled_from(["vpce-1", "vpce-2", "1", "", "api/v1/GET/test"]),
        "var.y": st.sampled_from(["vpce-1", "vpce-", "api"]),
    }
)


def resolved(value: Any, assignment: Mapping[str, str]) -> Any:
    if isinstance(value, Text):
        return Text.of(*(assignment[part.name] if isinstance(part, Symbol) else part for part in value.parts))
    if isinstance(value, dict):
        return {key: resolved(one, assignment) for key, one in value.items()}
    return [resolved(one, assignment) for one in value] if isinstance(value, list) else value


@settings(max_examples=400, deadline=None)
@given(ANY_STATEMENTS, REQUESTS, ASSIGNMENTS)
def test_learning_a_value_refines_the_answer_and_never_turns_it_round(
    some: list[dict[str, Any]], request: PolicyRequest, assignment: Mapping[str, str]
) -> None:
    before = effect(some, request)
    known = replace(
        request,
        resource=resolved(request.resource, assignment),
        values={
            key: tuple(resolved(one, assignment) for one in values) for key, values in request.values.items()
        },
    )
    after = effect(resolved(some, assignment), known)
    if before is Effect.ALLOW:
        assert after is Effect.ALLOW
    if before.is_deny:
        assert after.is_deny


PIECES = st.lists(
    st.one_of(st.sampled_from(["a", "-", "/", ":", "1", "ab"]), st.sampled_from(SYMBOLS)), max_size=4
)
PATTERNS = st.lists(
    st.one_of(st.sampled_from(["a", "-", "/", "1", "*", "?"]), st.sampled_from(SYMBOLS)), max_size=4
)


@settings(max_examples=500, deadline=None)
@given(PATTERNS, PIECES, ASSIGNMENTS)
def test_a_match_decided_with_unknown_parts_stays_decided(
    pattern: list[Any], subject: list[Any], assignment: Mapping[str, str]
) -> None:
    for compare in (matches, equals):
        before = compare(Text.of(*pattern), Text.of(*subject))
        after = compare(resolved(Text.of(*pattern), assignment), resolved(Text.of(*subject), assignment))
        assert before in {Truth.MAYBE, after}


def test_a_hostile_pattern_is_decided_in_bounded_time() -> None:
    assert matches(Text.of("*a" * 12 + "b"), Text.of("a" * 200)) is Truth.NO
