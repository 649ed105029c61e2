"""Policies: deny first, and nothing that is not understood lets anything pass."""

from typing import Any

import pytest

from hatchway.sandbox.data.policy import Decision, PolicyRequest, UnsupportedPolicyError, evaluate

ARN = "arn:aws:execute-api:eu-west-1:222222222222:private001/v1/GET/test"


def statement(**changes: Any) -> dict[str, Any]:
    base = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*"}
    return {**base, **changes}


def decide(*statements: dict[str, Any], **context: str) -> Decision:
    keys = {name.replace("_", ":").lower(): value for name, value in context.items()}
    request = PolicyRequest(action="execute-api:Invoke", resource=ARN, context=keys)
    return evaluate({"Statement": list(statements)}, request)


def test_a_deny_beats_an_allow_in_any_order() -> None:
    assert decide(statement(), statement(Effect="Deny")) is Decision.DENY
    assert decide(statement(Effect="Deny"), statement()) is Decision.DENY


def test_a_policy_that_says_nothing_is_silent() -> None:
    assert decide(statement(Action="s3:GetObject")) is Decision.SILENT


@pytest.mark.parametrize(
    "resource",
    [
        "execute-api:/*",
        "execute-api:/v1/GET/test",
        "execute-api:/v1/*/test",
        ARN,
        "arn:aws:execute-api:*:*:private001/*",
        "arn:aws:execute-api:eu-west-1:222222222222:private???/*",
    ],
)
def test_resources_match_in_full_and_in_short_form(resource: str) -> None:
    assert decide(statement(Resource=[resource])) is Decision.ALLOW


@pytest.mark.parametrize("resource", ["execute-api:/v2/*", ARN + "s", ARN.replace("private", "other")])
def test_other_resources_do_not_match(resource: str) -> None:
    assert decide(statement(Resource=resource)) is Decision.SILENT


@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}, {"AWS": ["*"]}])
def test_everyone_can_be_written_in_three_ways(principal: Any) -> None:
    assert decide(statement(Principal=principal)) is Decision.ALLOW


def test_a_named_principal_is_not_an_anonymous_caller() -> None:
    assert decide(statement(Principal={"AWS": "arn:aws:iam::222222222222:root"})) is Decision.SILENT


def test_the_articles_policy_lets_in_its_endpoint_and_nobody_else() -> None:
    guard = statement(Effect="Deny", Condition={"StringNotEquals": {"aws:SourceVpce": ["vpce-0a"]}})
    assert decide(statement(), guard, aws_SourceVpce="vpce-0a") is Decision.ALLOW
    assert decide(statement(), guard, aws_SourceVpce="vpce-0b") is Decision.DENY
    assert decide(statement(), guard) is Decision.DENY


@pytest.mark.parametrize(
    ("condition", "present", "absent"),
    [
        ({"StringEquals": {"aws:SourceVpce": "vpce-0a"}}, True, False),
        ({"StringEqualsIfExists": {"aws:SourceVpce": "vpce-0a"}}, True, True),
        ({"StringNotEquals": {"aws:SourceVpce": "vpce-0a"}}, False, True),
        ({"StringLike": {"aws:SourceVpce": "vpce-*"}}, True, False),
        ({"StringNotLike": {"aws:SourceVpce": "vpce-*"}}, False, True),
        ({"Null": {"aws:SourceVpce": "true"}}, False, True),
        ({"Null": {"aws:SourceVpce": False}}, True, False),
        ({"ForAnyValue:StringEquals": {"aws:SourceVpce": ["x", "vpce-0a"]}}, True, False),
        ({"ForAllValues:StringEquals": {"aws:SourceVpce": ["vpce-0a"]}}, True, True),
    ],
)
def test_conditions_hold_or_not_with_the_key_and_without(
    condition: dict[str, Any], present: bool, absent: bool
) -> None:
    rule = statement(Condition=condition)
    assert (decide(rule, aws_SourceVpce="vpce-0a") is Decision.ALLOW) is present
    assert (decide(rule) is Decision.ALLOW) is absent


def test_addresses_are_compared_as_networks() -> None:
    rule = statement(Condition={"IpAddress": {"aws:VpcSourceIp": "10.0.0.0/24"}})
    assert decide(rule, aws_VpcSourceIp="10.0.0.10") is Decision.ALLOW
    assert decide(rule, aws_VpcSourceIp="10.0.1.10") is Decision.SILENT


def test_an_operator_that_is_not_known_stops_the_evaluation() -> None:
    with pytest.raises(UnsupportedPolicyError, match="StringSortOf"):
        decide(statement(Condition={"StringSortOf": {"aws:SourceVpce": "vpce-0a"}}))
