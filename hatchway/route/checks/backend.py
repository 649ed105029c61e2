"""Hop 9: what the private API's route is made of."""

import re

from hatchway.route.checks.authorizer import may_invoke
from hatchway.route.checks.model import (
    API_REFERENCE,
    DEVELOPER_GUIDE,
    Check,
    Judgement,
    bad,
    check,
    good,
    idle,
)
from hatchway.route.facts import Integration, Method, RouteFacts
from hatchway.route.symbols import Text

_MOCK = f"{DEVELOPER_GUIDE}how-to-mock-integration.html"
_SERVERS = frozenset({"HTTP", "HTTP_PROXY"})
_LAMBDAS = frozenset({"AWS", "AWS_PROXY"})
_STATUS = re.compile(r'"?statusCode"?\s*:\s*"?(\d{3})')


def _method(facts: RouteFacts) -> Method | None:
    return facts.private.method if facts.private is not None else None


def _integration(facts: RouteFacts) -> Integration | None:
    method = _method(facts)
    return method.integration if method is not None else None


def _exists(facts: RouteFacts) -> Judgement:
    method = _method(facts)
    if method is None:
        return idle(facts.entry.api.subject, "there is no route of the private API")
    if method.integration is None:
        return bad(method.subject, "the route has no integration", "an aws_api_gateway_integration")
    return good(method.integration.subject, f"the route ends in {method.integration.type}")


def _mock_answers(facts: RouteFacts) -> Judgement:
    one, method = _integration(facts), _method(facts)
    if one is None or method is None or one.type != "MOCK":
        return idle(method.subject if method else facts.entry.api.subject, "the route does not end in MOCK")
    template = next(iter(one.request_templates.values()), None)
    if template is None:
        return bad(one.subject, "has no request template", 'request_templates with {"statusCode": 200}')
    found = _STATUS.search(str(template))
    if template.literal is not None and found is None:
        return bad(one.subject, "its request template names no statusCode", '{"statusCode": 200}')
    if not one.responses:
        return bad(one.subject, "has no integration response", "an aws_api_gateway_integration_response")
    return _answers_with(one, method, found.group(1) if found else None)


def _answers_with(one: Integration, method: Method, status: str | None) -> Judgement:
    late = [code for code in one.responses if code not in method.responses and "${" not in code]
    if late and not any("${" in code for code in method.responses):
        return bad(
            one.subject, f"answers {late[0]}, which the method does not declare", "a method response for it"
        )
    return good(one.subject, f"answers {status or one.responses[0]} by itself")


def _lambda_answers(facts: RouteFacts) -> Judgement:
    one, method = _integration(facts), _method(facts)
    if (
        one is None
        or method is None
        or facts.private is None
        or one.type not in _LAMBDAS
        or not _is_lambda(one)
    ):
        return idle(
            method.subject if method else facts.entry.api.subject, "the route does not end in a function"
        )
    if one.http_method != "POST":
        return bad(
            one.subject, f"integration_http_method is {one.http_method}", "POST, whatever the route's is"
        )
    if one.has_credentials:
        return good(one.subject, "is called with credentials")
    destination = facts.destination
    stage = destination.stage if destination is not None and destination.stage is not None else Text.of("*")
    source = Text.of(facts.private.api.execution_arn, "/", stage, f"/{method.http_method}{method.path}")
    return may_invoke(one.subject, one.function, source)


def _has_uri(facts: RouteFacts) -> Judgement:
    one = _integration(facts)
    if one is None or one.type not in _SERVERS:
        return idle(facts.entry.api.subject, "the route does not end in a web server")
    if one.uri is None:
        return bad(one.subject, "uri is not set", "the address of the web server")
    if one.http_method is None:
        return bad(one.subject, "integration_http_method is not set", "a method, or ANY")
    if one.uri.literal is not None and not one.uri.literal.startswith(("http://", "https://")):
        return bad(one.subject, f"uri is {one.uri}", "an address that begins with http:// or https://")
    return good(one.subject, f"calls {one.uri}")


def _is_lambda(one: Integration) -> bool:
    return one.function is not None or "lambda" in str(one.uri)


_NEEDS = ("private",)

CHECKS: tuple[Check, ...] = (
    check(
        "901",
        "The private route has an integration.",
        _exists,
        symptom="The apply fails: no integration defined for method.",
        fix="Add an aws_api_gateway_integration for the method.",
        source=f"{API_REFERENCE}API_Integration.html",
        needs=_NEEDS,
    ),
    check(
        "902",
        "A mock integration can answer.",
        _mock_answers,
        symptom='500 {"message":"Internal server error"} from the private side.',
        fix="Give it a request template with statusCode, an integration response and a method response.",
        source=_MOCK,
        needs=_NEEDS,
    ),
    check(
        "903",
        "API Gateway may invoke the function behind the route.",
        _lambda_answers,
        symptom='500 {"message":"Internal server error"} from the private side.',
        fix="Add an aws_lambda_permission for this API and set integration_http_method to POST.",
        source=f"{DEVELOPER_GUIDE}set-up-lambda-proxy-integrations.html",
        needs=_NEEDS,
    ),
    check(
        "904",
        "A web server behind the route has an address.",
        _has_uri,
        symptom="The apply fails: invalid HTTP endpoint specified for URI.",
        fix="Set uri to an http:// or https:// address, and integration_http_method.",
        source=f"{DEVELOPER_GUIDE}setup-http-integrations.html",
        needs=_NEEDS,
    ),
)
