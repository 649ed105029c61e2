"""What the public API's stage does besides passing requests on: limits, logs, forms of answers, domains."""

import gzip
import http.client
import json
import ssl
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import trustme

from hatchway.sandbox.data.world import (
    BasePath,
    Canary,
    Domain,
    GatewayResponse,
    Integration,
    IntegrationResponse,
    Method,
    MethodSettings,
    Model,
    RestApi,
    Stage,
    Throttle,
    WebAcl,
)
from tests.unit.sandbox_data.gateway import ACCOUNT, API, FUNCTION_ARN, INVOKE, Gateway, function, resource

FORBIDDEN = (403, {"message": "Forbidden"})
STAGE_ARN = f"arn:aws:apigateway:eu-west-1::/restapis/{API}/stages/live"
LOGS = f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:access"


def answering(text: str = '{"ok": true}', verb: str = "ANY", **changes: Any) -> Method:
    response = IntegrationResponse(status_code=200, templates={"application/json": text})
    integration = Integration(
        type="MOCK", request_templates={"application/json": '{"statusCode": 200}'}, responses=(response,)
    )
    made = Method(http_method=verb, response_statuses=frozenset({200}), integration=integration)
    return replace(made, **changes)


# --- limits of the stage ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["*/*", "test/ANY"])
def test_beyond_the_stages_burst_there_are_too_many_requests(gateway: Gateway, name: str) -> None:
    settings = {name: MethodSettings(throttle=Throttle(rate=0.001, burst=2))}
    gateway.deploy(resource(answering()), stage={"method_settings": settings})
    replies = [gateway.call() for _ in range(3)]
    assert [reply.status for reply in replies] == [200, 200, 429]
    assert replies[2].json == {"message": "Too Many Requests"}
    assert replies[2].headers["x-amzn-ErrorType"] == "TooManyRequestsException"


def test_a_methods_own_limit_takes_the_place_of_the_stages(gateway: Gateway) -> None:
    settings = {
        "*/*": MethodSettings(throttle=Throttle(rate=0.001, burst=1)),
        "test/ANY": MethodSettings(throttle=Throttle(rate=-1, burst=-1)),
    }
    gateway.deploy(resource(answering()), stage={"method_settings": settings})
    assert [gateway.call().status for _ in range(3)] == [200] * 3


# --- validators ---------------------------------------------------------------------------------------

ORDER = Model(name="order", schema={"type": "object", "required": ["id"]})


@pytest.mark.parametrize(
    ("body", "status"), [(b'{"id": 1}', 200), (b'{"no": 1}', 400), (b"nonsense", 400), (b"", 400)]
)
def test_a_body_has_to_fit_its_model(gateway: Gateway, body: bytes, status: int) -> None:
    checked = answering(validates_body=True, request_models={"application/json": "order"})
    gateway.deploy(resource(checked), models={"order": ORDER})
    reply = gateway.call(method="POST", body=body, Content_Type="application/json")
    assert reply.status == status
    if status == 400:
        assert reply.json == {"message": "Invalid request body"}


def test_without_a_validator_the_model_says_nothing(gateway: Gateway) -> None:
    unchecked = answering(request_models={"application/json": "order"})
    gateway.deploy(resource(unchecked), models={"order": ORDER})
    assert gateway.call(method="POST", body=b"{}").status == 200


# --- the web ACL --------------------------------------------------------------------------------------


def acl(*rules: dict[str, Any], default: str = "Allow", ip_sets: Any = None) -> WebAcl:
    return WebAcl(arn="arn:aws:wafv2:acl", default_action={default: {}}, rules=rules, ip_sets=ip_sets or {})


def rule(statement: dict[str, Any], action: str | None = "Block", priority: int = 0) -> dict[str, Any]:
    made: dict[str, Any] = {"Name": f"r{priority}", "Priority": priority, "Statement": statement}
    return made | ({"Action": {action: {}}} if action else {"OverrideAction": {"None": {}}})


CALLERS = {"IPSetReferenceStatement": {"ARN": "set"}}
PATH = {
    "ByteMatchStatement": {
        "FieldToMatch": {"UriPath": {}},
        "PositionalConstraint": "STARTS_WITH",
        "SearchString": b"/test",
        "TextTransformations": [{"Priority": 0, "Type": "LOWERCASE"}],
    }
}


def headers(scope: str, pattern: str, regex: str, **names: list[str]) -> dict[str, Any]:
    field = {"Headers": {"MatchPattern": {pattern: names.get("names", {})}, "MatchScope": scope}}
    transformations = [{"Priority": 0, "Type": "NONE"}]
    settings = {"FieldToMatch": field, "RegexString": regex, "TextTransformations": transformations}
    return {"RegexMatchStatement": settings}


SENT = ["HOST", "accept-encoding", "X-Forwarded-For"]


@pytest.mark.parametrize(
    ("statement", "more", "status"),
    [
        (headers("KEY", "ExcludedHeaders", ".", names=SENT), {}, 200),
        (headers("KEY", "ExcludedHeaders", ".", names=SENT), {"X_Other": "1"}, 403),
        (headers("KEY", "ExcludedHeaders", ".", names=[*SENT, "x-other"]), {"X_Other": "1"}, 200),
        (headers("KEY", "IncludedHeaders", ".", names=["x-other"]), {}, 200),
        (headers("KEY", "IncludedHeaders", ".", names=["x-other"]), {"X_Other": "1"}, 403),
        (headers("VALUE", "All", "^evil$"), {"X_Other": "evil"}, 403),
        (headers("KEY", "All", "^evil$"), {"X_Other": "evil"}, 200),
        (headers("ALL", "All", "^evil$"), {"X_Other": "evil"}, 403),
    ],
)
def test_the_web_acl_looks_at_headers(
    gateway: Gateway, statement: dict[str, Any], more: dict[str, str], status: int
) -> None:
    gateway.deploy(resource(answering()))
    gateway.world.web_acls[STAGE_ARN] = acl(rule(statement))
    assert gateway.call(**more).status == status


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (acl(), 200),
        (acl(default="Block"), 403),
        (acl(rule(CALLERS), ip_sets={"set": ("203.0.113.0/24",)}), 403),
        (acl(rule(CALLERS), ip_sets={"set": ("198.51.100.0/24",)}), 200),
        (acl(rule(CALLERS, "Allow"), default="Block", ip_sets={"set": ("203.0.113.0/24",)}), 200),
        (acl(rule(CALLERS, "Count"), ip_sets={"set": ("203.0.113.0/24",)}), 200),
        (acl(rule({"NotStatement": {"Statement": CALLERS}}), ip_sets={"set": ("203.0.113.0/24",)}), 200),
        (acl(rule({"AndStatement": {"Statements": [CALLERS, PATH]}})), 200),
        (acl(rule({"OrStatement": {"Statements": [CALLERS, PATH]}})), 403),
        (acl(rule(PATH)), 403),
        (acl(rule({"ManagedRuleGroupStatement": {"Name": "AWSManagedRulesCommonRuleSet"}}, None)), 200),
        (acl(rule({"GeoMatchStatement": {"CountryCodes": ["DE"]}})), 403),
    ],
)
def test_the_web_acl_decides_first(gateway: Gateway, given: WebAcl, status: int) -> None:
    gateway.deploy(resource(answering()))
    gateway.world.web_acls[STAGE_ARN] = given
    reply = gateway.call()
    assert reply.status == status
    if status == 403:
        assert reply.seen == FORBIDDEN


def test_a_rate_based_rule_blocks_who_comes_too_often(gateway: Gateway) -> None:
    limited = rule({"RateBasedStatement": {"Limit": 2, "AggregateKeyType": "IP"}})
    gateway.deploy(resource(answering()))
    gateway.world.web_acls[STAGE_ARN] = acl(limited)
    assert [gateway.call().status for _ in range(3)] == [200, 200, 403]


# --- forms of answers ---------------------------------------------------------------------------------


def test_a_gateway_response_gives_refusals_the_apis_own_form(gateway: Gateway) -> None:
    own = GatewayResponse(
        type="DEFAULT_4XX",
        templates={"application/json": '{"error": $context.error.messageString, "at": "$context.stage"}'},
        parameters={
            "gatewayresponse.header.Access-Control-Allow-Origin": "'*'",
            "gatewayresponse.header.x-origin": "method.request.header.Origin",
        },
    )
    gateway.deploy(resource(answering()), gateway_responses={"DEFAULT_4XX": own})
    reply = gateway.call("/live/nope", Origin="https://a")
    assert reply.seen == (403, {"error": "Missing Authentication Token", "at": "live"})
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert reply.headers["x-origin"] == "https://a"


def preflight(template: str = "", **parameters: str) -> Method:
    response = IntegrationResponse(
        status_code=204,
        templates={"application/json": template} if template else {},
        parameters={f"method.response.header.{k.replace('_', '-')}": v for k, v in parameters.items()},
    )
    integration = Integration(
        type="MOCK", request_templates={"application/json": '{"statusCode": 204}'}, responses=(response,)
    )
    return Method(http_method="OPTIONS", response_statuses=frozenset({204}), integration=integration)


def test_a_preflight_is_answered_by_a_mock(gateway: Gateway) -> None:
    gateway.deploy(resource(preflight(Access_Control_Allow_Origin="'*'", Access_Control_Max_Age="'60'")))
    reply = gateway.call(method="OPTIONS")
    assert (reply.status, reply.body) == (204, b"")
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert reply.headers["Access-Control-Max-Age"] == "60"


@pytest.mark.parametrize(("origin", "allowed"), [("https://a", "https://a"), ("https://c", None)])
def test_a_template_can_choose_the_origin(gateway: Gateway, origin: str, allowed: str | None) -> None:
    template = (
        '#set($origin = $input.params().header.get("Origin"))\n'
        '#if($origin == "https://a" || $origin == "https://b")\n'
        "#set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)\n"
        "#end"
    )
    gateway.deploy(resource(preflight(template)))
    reply = gateway.call(method="OPTIONS", Origin=origin)
    assert reply.headers.get("Access-Control-Allow-Origin") == allowed


def test_a_template_that_overrides_the_request_is_an_error(gateway: Gateway) -> None:
    gateway.deploy(resource(preflight("#set($context.requestOverride.header.x = 1)")))
    assert gateway.call(method="OPTIONS").status == 500


@pytest.mark.parametrize(
    ("least", "accepted", "coding"),
    [
        (0, "gzip", "gzip"),
        (0, "deflate", "deflate"),
        (0, "", None),
        (9999, "gzip", None),
        (None, "gzip", None),
    ],
)
def test_large_answers_are_compressed_for_who_takes_it(
    gateway: Gateway, least: int | None, accepted: str, coding: str | None
) -> None:
    gateway.deploy(resource(answering("x" * 500)), minimum_compression_size=least)
    reply = gateway.call(Accept_Encoding=accepted)
    assert reply.headers.get("Content-Encoding") == coding
    if coding == "gzip":
        assert gzip.decompress(reply.body) == b"x" * 500


def test_a_compressed_request_is_unpacked(gateway: Gateway) -> None:
    checked = answering(validates_body=True, request_models={"application/json": "order"})
    gateway.deploy(resource(checked), models={"order": ORDER}, minimum_compression_size=0)
    body = gzip.compress(b'{"id": 1}')
    assert gateway.call(method="POST", body=body, Content_Encoding="gzip").status == 200
    assert gateway.call(method="POST", body=b"{}", Content_Encoding="gzip").status == 400


# --- the access log -----------------------------------------------------------------------------------


def logged(gateway: Gateway) -> Any:
    return json.loads(gateway.world.logs[LOGS][-1].partition(" ")[2])


def test_each_request_has_a_line_in_the_access_log(gateway: Gateway) -> None:
    form = {
        "status": "$context.status",
        "path": "$context.path",
        "resource": "$context.resourcePath",
        "backend": "$context.integration.status",
        "latency": "$context.integration.latency",
        "nobody": "$context.authorizer.principalId",
        "id": "$context.requestId",
    }
    gateway.world.functions[FUNCTION_ARN] = function(
        "def handler(event, context):\n    return {'statusCode': 201}\n"
    )
    method = Method(http_method="ANY", integration=Integration(type="AWS_PROXY", uri=INVOKE))
    stage = {"access_log_arn": LOGS, "access_log_format": json.dumps(form)}
    gateway.deploy(resource(method), stage=stage)
    reply = gateway.call()
    line = logged(gateway)
    assert (line["status"], line["path"], line["resource"], line["backend"]) == (
        "201",
        "/live/test",
        "/test",
        "201",
    )
    assert line["latency"].isdigit()
    assert (line["nobody"], line["id"]) == ("-", reply.headers["x-amzn-RequestId"])


def test_a_refusal_is_logged_with_its_error(gateway: Gateway) -> None:
    form = '{"type": "$context.error.responseType", "message": $context.error.messageString}'
    gateway.deploy(resource(answering()), stage={"access_log_arn": LOGS, "access_log_format": form})
    gateway.call("/live/nope")
    assert logged(gateway) == {
        "type": "MISSING_AUTHENTICATION_TOKEN",
        "message": "Missing Authentication Token",
    }


# --- canary releases ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("percent", "text"), [(0.0, "old"), (100.0, "new")])
def test_a_canary_answers_its_share(gateway: Gateway, percent: float, text: str) -> None:
    gateway.deploy(resource(answering("new")))
    canary = Canary(
        percent=percent,
        deployment_id="d2",
        definition=gateway.world.apis[API].stages["live"].definition,
    )
    gateway.deploy(resource(answering("old")), stage={"canary": canary})
    assert gateway.call().body == text.encode()


# --- custom domains -----------------------------------------------------------------------------------


@pytest.fixture
def domain(gateway: Gateway) -> Callable[..., Gateway]:
    """Gives the API the domain api.example.com."""

    def make(**changes: Any) -> Gateway:
        gateway.deploy(resource(answering('{"path": "$context.path"}')))
        mapped = {"v1": BasePath(api_id=API, stage="live"), "any": BasePath(api_id=API, stage=None)}
        made = Domain(name="api.example.com", region="eu-west-1", account_id=ACCOUNT, mappings=mapped)
        gateway.world.domains["api.example.com"] = replace(made, **changes)
        return gateway

    return make


@pytest.mark.parametrize("path", ["/v1/test", "/any/live/test"])
def test_a_custom_domain_leads_to_the_mapped_stage(domain: Callable[..., Gateway], path: str) -> None:
    assert domain().call(path, host="api.example.com").seen == (200, {"path": path})


def test_an_empty_base_path_takes_what_no_other_does(domain: Callable[..., Gateway]) -> None:
    mapped = {"": BasePath(api_id=API, stage="live")}
    assert domain(mappings=mapped).call("/test", host="api.example.com").status == 200


@pytest.mark.parametrize("path", ["/v2/test", "/v11/test", "/", "/any/nostage/test"])
def test_a_path_that_is_not_mapped_is_forbidden(domain: Callable[..., Gateway], path: str) -> None:
    assert domain().call(path, host="api.example.com").seen == FORBIDDEN


def test_the_domain_answers_where_the_default_name_does_not(domain: Callable[..., Gateway]) -> None:
    gateway = domain()
    api: RestApi = gateway.world.apis[API]
    gateway.world.apis[API] = replace(api, default_endpoint_disabled=True)
    assert gateway.call().seen == FORBIDDEN
    assert gateway.call("/v1/test", host="api.example.com").status == 200


def test_a_domain_that_resolves_to_nothing_is_not_public(domain: Callable[..., Gateway]) -> None:
    assert domain().plane.is_public("api.example.com")
    assert not domain(resolves=False).plane.is_public("api.example.com")


def test_a_host_header_of_another_domain_is_forbidden(domain: Callable[..., Gateway]) -> None:
    assert domain().call("/v1/test", host="api.example.com", Host="other.example.com").seen == FORBIDDEN


def client(gateway: Gateway, **limits: Any) -> ssl.SSLContext:
    context = gateway.authority.client_context()
    for name, value in limits.items():
        setattr(context, name, value)
    return context


def test_the_tls_policy_refuses_older_versions(domain: Callable[..., Gateway]) -> None:
    gateway = domain(security_policy="SecurityPolicy_TLS13_1_3_2025_09")
    old = client(gateway, maximum_version=ssl.TLSVersion.TLSv1_2)
    with pytest.raises((ssl.SSLError, ConnectionError)):
        gateway.call("/v1/test", host="api.example.com", context=old)
    assert gateway.call("/v1/test", host="api.example.com").status == 200


def test_mutual_tls_takes_callers_with_a_trusted_certificate_alone(domain: Callable[..., Gateway]) -> None:
    trusted, stranger = trustme.CA(), trustme.CA()
    gateway = domain(truststore=trusted.cert_pem.bytes())
    with_certificate, with_another = client(gateway), client(gateway)
    trusted.issue_cert("client").configure_cert(with_certificate)
    stranger.issue_cert("client").configure_cert(with_another)
    assert gateway.call("/v1/test", host="api.example.com", context=with_certificate).status == 200
    for context in (client(gateway), with_another):
        with pytest.raises((ssl.SSLError, ConnectionError, http.client.RemoteDisconnected)):
            gateway.call("/v1/test", host="api.example.com", context=context)


def test_an_integration_can_call_a_deployed_api_by_its_public_name(domain: Callable[..., Gateway]) -> None:
    gateway = domain()
    integration = Integration(type="HTTP_PROXY", uri="https://api.example.com/v1/test")
    caller = Method(http_method="GET", integration=integration)
    stage: Stage = gateway.world.apis[API].stages["live"]
    second = replace(stage, definition=replace(stage.definition, resources=(resource(caller, "/call"),)))
    api: RestApi = gateway.world.apis[API]
    gateway.world.apis["caller0001"] = replace(api, id="caller0001", stages={"live": second})
    host = "caller0001.execute-api.eu-west-1.amazonaws.com"
    assert gateway.call("/live/call", host=host).seen == (200, {"path": "/v1/test"})
