"""AWS's documented resource-policy examples, asked the questions their text answers.

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-vpc-endpoint-policies.html
"""

from types import MappingProxyType
from typing import Any

import pytest

from hatchway.route.policy import AwsPrincipal, Effect, PolicyRequest, evaluate, parse_policy, private_call
from hatchway.route.policy.context import public_call
from hatchway.route.symbols import Symbol, SymbolKind, Text

API = "arn:aws:execute-api:eu-west-1:222222222222:abcdef1234"
ENDPOINT = Text.of("vpce-0aaa")


def statement(effect: str = "Allow", resource: object = "execute-api:/*", **more: object) -> dict[str, Any]:
    return {"Effect": effect, "Principal": "*", "Action": "execute-api:Invoke", "Resource": resource} | more


def ask(request: PolicyRequest, *statements: dict[str, Any]) -> Effect:
    return evaluate(parse_policy({"Version": "2012-10-17", "Statement": list(statements)}), request).effect


def through_endpoint(
    endpoint: Text = ENDPOINT, path: str = "/v1/GET/test", **more: Text | None
) -> PolicyRequest:
    given: dict[str, Any] = {"vpc": Text.of("vpc-0aaa"), "source_address": Text.of("10.0.0.10")} | more
    return private_call(resource=Text.of(API + path), endpoint=endpoint, **given)


def signed(role: str, account: str = "111122223333") -> PolicyRequest:
    principal = AwsPrincipal(account=Text.of(account), arn=Text.of(f"arn:aws:iam::{account}:role/{role}"))
    return public_call(resource=Text.of(API + "/stage/GET/pets"), principal=principal)


def from_address(address: str) -> PolicyRequest:
    values = MappingProxyType({"aws:sourceip": (Text.of(address),)})
    return PolicyRequest(resource=Text.of(API + "/v1/GET/test"), values=values)


ROLES = statement(
    resource=["execute-api:/stage/GET/pets"],
    Principal={"AWS": ["arn:aws:iam::111122223333:role/developer", "arn:aws:iam::111122223333:role/Admin"]},
)


def test_roles_of_another_account_may_call_the_one_resource_named() -> None:
    assert ask(signed("developer"), ROLES) is Effect.ALLOW
    assert ask(signed("Admin"), ROLES) is Effect.ALLOW
    assert ask(signed("visitor"), ROLES) is Effect.IMPLICIT_DENY
    assert ask(signed("developer", "444455556666"), ROLES) is Effect.IMPLICIT_DENY
    assert ask(through_endpoint(path="/stage/GET/pets"), ROLES) is Effect.IMPLICIT_DENY


@pytest.mark.parametrize(
    ("address", "effect"),
    [
        ("192.0.2.7", Effect.EXPLICIT_DENY),
        ("198.51.100.255", Effect.EXPLICIT_DENY),
        ("203.0.113.1", Effect.ALLOW),
        ("192.0.0.0/16", Effect.UNKNOWN),
        ("2001:db8::1", Effect.ALLOW),
    ],
)
def test_a_range_of_source_addresses_is_denied(address: str, effect: Effect) -> None:
    deny = statement("Deny", Condition={"IpAddress": {"aws:SourceIp": ["192.0.2.0/24", "198.51.100.0/24"]}})
    assert ask(from_address(address), statement(), deny) is effect


def test_a_private_api_denies_by_the_address_inside_the_vpc() -> None:
    deny = statement("Deny", Condition={"NotIpAddress": {"aws:VpcSourceIp": ["10.0.0.0/24"]}})
    assert ask(through_endpoint(), statement(), deny) is Effect.ALLOW
    elsewhere = through_endpoint(source_address=Text.of("10.0.1.10"))
    assert ask(elsewhere, statement(), deny) is Effect.EXPLICIT_DENY
    unknown = through_endpoint(source_address=None)
    assert ask(unknown, statement(), deny) is Effect.UNKNOWN


def test_a_source_address_key_that_no_private_call_is_known_to_carry_is_unknown() -> None:
    deny = statement("Deny", Condition={"NotIpAddress": {"aws:SourceIp": ["10.0.0.0/24"]}})
    assert ask(through_endpoint(), statement(), deny) is Effect.UNKNOWN


def test_only_the_named_vpc_may_call() -> None:
    deny = statement("Deny", Condition={"StringNotEquals": {"aws:SourceVpc": "vpc-0aaa"}})
    assert ask(through_endpoint(), statement(), deny) is Effect.ALLOW
    assert ask(through_endpoint(vpc=Text.of("vpc-0bbb")), statement(), deny) is Effect.EXPLICIT_DENY


def test_only_the_named_endpoint_may_call() -> None:
    deny = statement("Deny", Condition={"StringNotEquals": {"aws:SourceVpce": ["vpce-0aaa", "vpce-0ccc"]}})
    assert ask(through_endpoint(), statement(), deny) is Effect.ALLOW
    assert ask(through_endpoint(Text.of("vpce-0bbb")), statement(), deny) is Effect.EXPLICIT_DENY


def test_a_call_from_the_internet_has_no_endpoint_and_fails_a_negated_condition() -> None:
    deny = statement("Deny", Condition={"StringNotEquals": {"aws:SourceVpce": "vpce-0aaa"}})
    request = public_call(resource=Text.of(API + "/v1/GET/test"), principal=signed("x").principal)
    assert ask(request, statement(), deny) is Effect.EXPLICIT_DENY
    allow = statement(Condition={"StringEquals": {"aws:SourceVpce": "vpce-0aaa"}})
    assert ask(request, allow) is Effect.IMPLICIT_DENY


def test_an_organization_condition_refuses_callers_who_do_not_sign() -> None:
    allow = statement(Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}})
    assert ask(through_endpoint(), allow) is Effect.IMPLICIT_DENY
    lenient = statement(Condition={"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}})
    assert ask(through_endpoint(), lenient) is Effect.ALLOW


def test_an_endpoint_policy_may_name_one_api() -> None:
    allow = statement(resource=[f"{API}/*"])
    assert ask(through_endpoint(), allow) is Effect.ALLOW
    other = API.replace("abcdef1234", "zzzzzz1234")
    assert ask(through_endpoint(), statement(resource=f"{other}/*")) is Effect.IMPLICIT_DENY


@pytest.mark.parametrize(
    ("resource", "effect"),
    [
        ("*", Effect.ALLOW),
        ("arn:aws:execute-api:*", Effect.ALLOW),
        ("arn:aws:execute-api:eu-west-1:*:*/v1/GET/*", Effect.ALLOW),
        (f"{API}/v1/*/test", Effect.ALLOW),
        ("execute-api:/v1/GET/tes?", Effect.ALLOW),
        ("execute-api:/v2/*", Effect.IMPLICIT_DENY),
        (f"{API}/v1/POST/*", Effect.IMPLICIT_DENY),
        (f"{API}/", Effect.IMPLICIT_DENY),
        ("execute-api:/${stageVariables.x}/*", Effect.UNKNOWN),
    ],
)
def test_resources_match_in_full_and_short_form(resource: str, effect: Effect) -> None:
    assert ask(through_endpoint(), statement(resource=resource)) is effect


@pytest.mark.parametrize(
    ("operator", "key", "values", "effect"),
    [
        ("StringLike", "aws:SourceVpce", "vpce-*", Effect.ALLOW),
        ("StringEquals", "AWS:sourceVPCE", "vpce-0aaa", Effect.ALLOW),
        ("StringEqualsIgnoreCase", "aws:SourceVpce", "VPCE-0AAA", Effect.ALLOW),
        ("StringEquals", "aws:SourceVpce", "vpce-*", Effect.IMPLICIT_DENY),
        ("Bool", "aws:SecureTransport", "true", Effect.ALLOW),
        ("Bool", "aws:SecureTransport", False, Effect.IMPLICIT_DENY),
        ("Null", "aws:SourceVpce", "false", Effect.ALLOW),
        ("Null", "aws:PrincipalArn", "true", Effect.ALLOW),
        ("Null", "aws:SourceVpce", "true", Effect.IMPLICIT_DENY),
        ("ForAnyValue:StringEquals", "aws:PrincipalOrgPaths", "o-1/*", Effect.IMPLICIT_DENY),
        ("ForAllValues:StringEquals", "aws:PrincipalOrgPaths", "o-1/*", Effect.ALLOW),
        ("NumericLessThan", "aws:MultiFactorAuthAge", "300", Effect.IMPLICIT_DENY),
        ("DateGreaterThan", "aws:CurrentTime", "2020-01-01T00:00:00Z", Effect.UNKNOWN),
        ("StringLike", "aws:UserAgent", "curl*", Effect.UNKNOWN),
        ("StringSounds", "aws:SourceVpce", "vpce", Effect.UNKNOWN),
        ("StringEquals", "aws:SourceVpce", "${aws:username}", Effect.UNKNOWN),
    ],
)
def test_operators_follow_their_reference(operator: str, key: str, values: object, effect: Effect) -> None:
    assert ask(through_endpoint(), statement(Condition={operator: {key: values}})) is effect


@pytest.mark.parametrize(
    "broken",
    [
        {"Effect": "Maybe"},
        statement(Oops=1),
        statement(Condition=["StringEquals"]),
        statement(Condition={"StringEquals": "x"}),
        statement(Principal=[{"AWS": "*"}]),
        statement(resource=[{"a": 1}]),
    ],
)
def test_a_statement_that_is_not_understood_leaves_the_answer_unknown(broken: dict[str, Any]) -> None:
    assert ask(through_endpoint(), broken) is not Effect.ALLOW
    assert ask(through_endpoint(), statement(), broken) in {Effect.UNKNOWN, Effect.ALLOW}


def test_a_statement_without_a_known_effect_may_deny() -> None:
    assert ask(through_endpoint(), statement(), {"Effect": "Maybe"}) is Effect.UNKNOWN


def symbol(name: str, kind: SymbolKind = SymbolKind.ID, *, fresh: bool = False) -> Symbol:
    return Symbol(name, kind, fresh)


@pytest.mark.parametrize(
    ("named", "effect"),
    [
        (symbol("ep.id"), Effect.ALLOW),
        (symbol("other.id"), Effect.EXPLICIT_DENY),
        (symbol("var.endpoint", SymbolKind.OPAQUE), Effect.UNKNOWN),
        ("vpce-0ddd", Effect.UNKNOWN),
    ],
)
def test_an_endpoint_that_does_not_exist_yet_is_compared_by_its_reference(
    named: str | Symbol, effect: Effect
) -> None:
    deny = statement("Deny", Condition={"StringNotEquals": {"aws:SourceVpce": [Text.of(named)]}})
    assert ask(through_endpoint(Text.of(symbol("ep.id"))), statement(), deny) is effect


def test_no_literal_names_an_endpoint_that_is_about_to_be_created() -> None:
    deny = statement("Deny", Condition={"StringNotEquals": {"aws:SourceVpce": ["vpce-0ddd"]}})
    fresh = Text.of(symbol("ep.id", fresh=True))
    assert ask(through_endpoint(fresh), statement(), deny) is Effect.EXPLICIT_DENY


def test_the_arn_of_an_api_that_does_not_exist_yet_is_compared_part_by_part() -> None:
    api = Text.of("arn:aws:execute-api:eu-west-1:222222222222:", symbol("api.id"))
    other = Text.of("arn:aws:execute-api:eu-west-1:222222222222:", symbol("other.id"))
    request = private_call(
        resource=Text.of(api, "/v1/GET/test"), endpoint=ENDPOINT, vpc=None, source_address=None
    )
    assert ask(request, statement(resource=Text.of(api, "/*"))) is Effect.ALLOW
    assert ask(request, statement(resource=Text.of(api, "/v1/*"))) is Effect.ALLOW
    assert ask(request, statement(resource=Text.of(api, "/v2/*"))) is Effect.IMPLICIT_DENY
    assert ask(request, statement(resource=Text.of(other, "/*"))) is Effect.IMPLICIT_DENY
    assert ask(request, statement(resource=f"{API}/*")) is Effect.UNKNOWN
    assert ask(request, statement(resource=f"{API}/v2/*")) is Effect.IMPLICIT_DENY
    assert ask(request, statement(resource=Text.of(Symbol("var.arn"), "/*"))) is Effect.UNKNOWN
