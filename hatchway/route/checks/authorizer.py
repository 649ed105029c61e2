"""Hop 2: who may call the route."""

from hatchway.route.checks.model import (
    DEVELOPER_GUIDE,
    Check,
    Judgement,
    Kind,
    bad,
    check,
    decide,
    good,
    idle,
    unclear,
)
from hatchway.route.facts import Authorizer, Function, Known, LambdaPermission, Method, RouteFacts
from hatchway.route.policy.matching import equals, matches
from hatchway.route.symbols import Text
from hatchway.route.truth import Truth, all_of, any_of

_LAMBDA = f"{DEVELOPER_GUIDE}apigateway-use-lambda-authorizer.html"
_NEEDS_AUTHORIZER = {
    "CUSTOM": {"TOKEN", "REQUEST"},
    "COGNITO_USER_POOLS": {"COGNITO_USER_POOLS"},
    "JWT": {"JWT"},
}
_WITHOUT_FUNCTION = frozenset({"COGNITO_USER_POOLS", "JWT"})


def _method(facts: RouteFacts) -> Method | None:
    return facts.entry.method


def _names_authorizer(facts: RouteFacts) -> Judgement:
    method = _method(facts)
    if method is None:
        return idle(facts.entry.api.subject, "there is no route")
    return names_authorizer(method, facts.entry.api.id)


def names_authorizer(method: Method, api: Text) -> Judgement:
    """Judge whether a method that asks for an authorizer has one of its own API and of the right type."""
    fitting = _NEEDS_AUTHORIZER.get(method.authorization)
    if fitting is None:
        return good(method.subject, f"authorization is {method.authorization}")
    if method.authorizer_id is None:
        return bad(
            method.subject, f"authorization is {method.authorization} without an authorizer", "authorizer_id"
        )
    one = method.authorizer
    if one is None:
        return unclear(method.subject, f"the authorizer {method.authorizer_id} is not in sight")
    if one.type not in fitting:
        return bad(one.subject, f"its type is {one.type}", f"one of {', '.join(sorted(fitting))}")
    same = equals(one.api, api) if one.api is not None else Truth.MAYBE
    return decide(same, one.subject, "authorizes the route", "an authorizer of the same API as the method")


def _invokes(facts: RouteFacts) -> Judgement:
    method = _method(facts)
    one = method.authorizer if method else None
    if method is None or one is None or one.type in _WITHOUT_FUNCTION:
        return idle(
            method.subject if method else facts.entry.api.subject, "no Lambda function authorizes the route"
        )
    return may_invoke_authorizer(one, facts.entry.api.execution_arn)


def may_invoke_authorizer(one: Authorizer, execution_arn: Text) -> Judgement:
    """Judge whether API Gateway may call the function of an authorizer."""
    if one.has_credentials:
        return good(one.subject, "is called with authorizer_credentials")
    return may_invoke(one.subject, one.function, Text.of(execution_arn, "/authorizers/", one.id))


def may_invoke(subject: str, function: Function | None, source: Text) -> Judgement:
    """Judge whether API Gateway may call a function on behalf of one part of an API."""
    if function is None:
        return unclear(subject, "the function is not in sight")
    answers = [(one, _permits(one, source)) for one in function.permissions]
    truth = any_of(answer for _, answer in answers)
    if truth is Truth.NO:
        seen = (
            ", ".join(f"{one.subject} is for {one.source_arn}" for one, _ in answers)
            or "no permission names it"
        )
        expected = f"an aws_lambda_permission for apigateway.amazonaws.com and {source}"
        return bad(function.subject, seen, expected)
    return decide(truth, function.subject, "API Gateway may invoke the function", "")


def _permits(one: LambdaPermission, source: Text) -> Truth:
    principal = (
        Truth.MAYBE if one.principal is None else equals(one.principal, Text.of("apigateway.amazonaws.com"))
    )
    return all_of((principal, Truth.YES if one.source_arn is None else matches(one.source_arn, source)))


def _uri(facts: RouteFacts) -> Judgement:
    method = _method(facts)
    one = method.authorizer if method else None
    if one is None or one.type in _WITHOUT_FUNCTION:
        return idle(facts.entry.api.subject, "no Lambda function authorizes the route")
    if one.uri is None:
        return bad(one.subject, "authorizer_uri is not set", "the function's invoke_arn")
    if one.uri.symbol is not None and one.uri.symbol.name.endswith((".arn", ".id", ".function_name")):
        return bad(one.subject, f"authorizer_uri is {one.uri}", "the function's invoke_arn")
    if one.uri.literal is not None and ":lambda:path/" not in one.uri.literal:
        return bad(one.subject, f"authorizer_uri is {one.uri}", "arn:aws:apigateway:REGION:lambda:path/…")
    return good(one.subject, "authorizer_uri is an invocation ARN")


def _identity(facts: RouteFacts) -> Judgement:
    method = _method(facts)
    one = method.authorizer if method else None
    if one is None or one.type != "REQUEST":
        return idle(facts.entry.api.subject, "no REQUEST authorizer on the route")
    if one.identity_source:
        return good(one.subject, f"the identity source is {one.identity_source}")
    if isinstance(one.cache_seconds, Known) and one.cache_seconds.value == 0:
        return good(one.subject, "caches nothing and needs no identity source")
    return bad(one.subject, "it caches and has no identity source", "identity_source, or a cache of 0 s")


def _is_guarded(facts: RouteFacts) -> Judgement:
    method = _method(facts)
    if method is None:
        return idle(facts.entry.api.subject, "there is no route")
    if method.authorization != "NONE" or method.needs_api_key:
        return good(method.subject, f"authorization is {method.authorization}")
    if facts.entry.api.policies:
        return good(method.subject, "the API's resource policy decides who may call")
    return bad(method.subject, "authorization is NONE: anybody may call the private API", "an authorizer")


def _has_pool(facts: RouteFacts) -> Judgement:
    method = _method(facts)
    one = method.authorizer if method else None
    if one is None or one.type != "COGNITO_USER_POOLS":
        return idle(facts.entry.api.subject, "no Cognito authorizer on the route")
    if not one.has_user_pools:
        return bad(one.subject, "it names no user pool", "provider_arns with the ARN of a user pool")
    return good(one.subject, "names a user pool")


def _knows_issuer(facts: RouteFacts) -> Judgement:
    method = _method(facts)
    one = method.authorizer if method else None
    if one is None or one.type != "JWT":
        return idle(facts.entry.api.subject, "no JWT authorizer on the route")
    missing = [name for name, value in (("issuer", one.issuer), ("audience", one.audience)) if not value]
    missing += [] if one.identity_source else ["identity_sources"]
    if missing:
        return bad(one.subject, f"{' and '.join(missing)} not set", "issuer, audience and identity_sources")
    return good(one.subject, f"takes tokens of {one.issuer}")


def _has_format(facts: RouteFacts) -> Judgement:
    method = _method(facts)
    one = method.authorizer if method else None
    if one is None or not one.is_http or one.type != "REQUEST":
        return idle(facts.entry.api.subject, "no Lambda function authorizes a route of an HTTP API")
    if one.payload_format not in {"1.0", "2.0"}:
        return bad(one.subject, "authorizer_payload_format_version is not set", "1.0 or 2.0")
    return good(one.subject, f"the format of its event is {one.payload_format}")


CHECKS: tuple[Check, ...] = (
    check(
        "201",
        "The route's authorizer belongs to the public API and fits the method.",
        _names_authorizer,
        symptom="The apply fails, or every call gets 500 AuthorizerConfigurationException.",
        fix="Set authorizer_id to an authorizer of this API whose type fits authorization.",
        source=_LAMBDA,
    ),
    check(
        "202",
        "API Gateway may invoke the authorizer's function.",
        _invokes,
        symptom='500 {"message":null} with AuthorizerConfigurationException on every call.',
        fix="Add an aws_lambda_permission for apigateway.amazonaws.com with this authorizer's source_arn.",
        source=f"{DEVELOPER_GUIDE}configure-api-gateway-lambda-authorization.html",
    ),
    check(
        "203",
        "The route asks for a credential.",
        _is_guarded,
        symptom="Anybody on the internet can call the private API.",
        fix="Set authorization on the method, or gateway.authorizer in hatchway.yaml.",
        source=_LAMBDA,
        kind=Kind.WEAKNESS,
    ),
    check(
        "204",
        "The authorizer's uri is an invocation ARN.",
        _uri,
        symptom="The apply fails: invalid authorizer URI.",
        fix="Use invoke_arn of the function.",
        source=_LAMBDA,
    ),
    check(
        "205",
        "An authorizer that caches knows by what.",
        _identity,
        symptom="The apply fails: identity sources are required when caching is enabled.",
        fix="Set identity_source.",
        source=_LAMBDA,
    ),
    check(
        "206",
        "A JWT authorizer knows whose tokens it takes, and where they are.",
        _knows_issuer,
        symptom="The apply fails, or every call gets 401 Unauthorized.",
        fix="Set jwt_configuration { issuer, audience } and identity_sources.",
        source=f"{DEVELOPER_GUIDE}http-api-jwt-authorizer.html",
    ),
    check(
        "207",
        "A Lambda authorizer of an HTTP API has a payload format.",
        _has_format,
        symptom="The apply fails: AuthorizerPayloadFormatVersion is a required parameter.",
        fix='Set authorizer_payload_format_version = "1.0" or "2.0", as the function expects.',
        source=f"{DEVELOPER_GUIDE}http-api-lambda-authorizer.html",
    ),
    check(
        "208",
        "A Cognito authorizer names a user pool.",
        _has_pool,
        symptom="The apply fails, or every call gets 401 Unauthorized.",
        fix="Set provider_arns.",
        source=f"{DEVELOPER_GUIDE}apigateway-integrate-with-cognito.html",
    ),
)
