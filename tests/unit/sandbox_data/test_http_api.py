"""HTTP APIs: routes, proofs, mappings, and the way through a VPC link of version 2."""

import dataclasses
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from hatchway.sandbox import issuer
from hatchway.sandbox.data.http_api.routes import find_route
from hatchway.sandbox.data.world import (
    BasePath,
    Cors,
    Domain,
    HttpApi,
    HttpAuthorizer,
    HttpDefinition,
    HttpIntegration,
    HttpRoute,
    HttpStage,
    Interface,
    Rule,
    SecurityGroup,
    Throttle,
    UserPool,
    VpcLinkV2,
)
from tests.unit.sandbox_data.gateway import (
    ACCOUNT,
    FUNCTION_ARN,
    INVOKE,
    Gateway,
    Reply,
    function,
    local_server,
)

HTTP = "http000001"
HOST = f"{HTTP}.execute-api.eu-west-1.amazonaws.com"
ARN = f"arn:aws:execute-api:eu-west-1:{ACCOUNT}:{HTTP}"
PRIVATE = "private001"
PRIVATE_HOST = f"{PRIVATE}.execute-api.eu-west-1.amazonaws.com"
LISTENER = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/net/edge/0a/1b"
ISSUER = "https://login.example.com/"
POOL = f"arn:aws:cognito-idp:eu-west-1:{ACCOUNT}:userpool/eu-west-1_abc"
COGNITO = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc"
KEY = RSAKey.generate_key(2048)
ECHO = HttpIntegration(type="HTTP_PROXY", uri="https://orders.example.com/v1")
UNAVAILABLE = (503, {"message": "Service Unavailable"})
NOT_FOUND = (404, {"message": "Not Found"})
FORBIDDEN = (403, {"message": "Forbidden"})


@dataclasses.dataclass(frozen=True, kw_only=True)
class Http:
    """An HTTP API on the stage `live`, which a test deploys and calls."""

    gateway: Gateway

    @property
    def world(self) -> Any:
        return self.gateway.world

    def deploy(self, *routes: HttpRoute, stage: Any = None, authorizers: Any = None, **api: Any) -> None:
        definition = HttpDefinition(routes=routes, authorizers=authorizers or {})
        made = HttpStage(**{"name": "live", "definition": definition} | (stage or {}))
        self.world.http_apis[HTTP] = HttpApi(
            **{"id": HTTP, "account_id": ACCOUNT, "region": "eu-west-1", "stages": {made.name: made}} | api
        )

    def call(self, path: str = "/live/test", method: str = "GET", **more: Any) -> Reply:
        return self.gateway.call(path, method, **{"host": HOST} | more)

    def hop(self) -> str:
        hops: Any = self.gateway.plane.log.recent[-1]["hops"]
        return str(next(hop["hop"] for hop in hops if hop["outcome"] in {"refused", "dropped"}))


@pytest.fixture
def api(gateway: Gateway) -> Http:
    return Http(gateway=gateway)


def route(key: str = "ANY /test", integration: HttpIntegration = ECHO, **changes: Any) -> HttpRoute:
    return replace(HttpRoute(key=key, integration=integration), **changes)


# --- routes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "key"),
    [
        ("GET", "/a", "GET /a"),
        ("POST", "/a", "ANY /a"),
        ("GET", "/a/1", "GET /a/{id}"),
        ("PUT", "/a/1", "ANY /a/{proxy+}"),
        ("GET", "/a/1/2", "ANY /a/{proxy+}"),
        ("GET", "/b", "$default"),
        ("GET", "/", "$default"),
    ],
)
def test_the_closest_route_with_the_method_answers(method: str, path: str, key: str) -> None:
    keys = ("$default", "ANY /a/{proxy+}", "ANY /a", "GET /a", "GET /a/{id}")
    found = find_route(HttpDefinition(routes=tuple(map(route, keys))), method, path)
    assert found is not None
    assert found.route.key == key


def test_what_is_no_route_is_not_found(api: Http) -> None:
    api.deploy(route("GET /test"), route("ANY /a/{proxy+}"))
    for path, method in (("/live/nope", "GET"), ("/live/test", "POST"), ("/live/a", "GET"), ("/test", "GET")):
        reply = api.call(path, method)
        assert reply.seen == NOT_FOUND
        assert reply.headers["apigw-requestid"]


def test_the_default_stage_takes_paths_without_a_stage(api: Http) -> None:
    api.deploy(route(), stage={"name": "$default"})
    assert api.call("/test").status == 200


def test_a_disabled_default_endpoint_is_not_found_and_the_domain_answers(api: Http) -> None:
    api.deploy(route(), default_endpoint_disabled=True)
    mapped = {"v1/orders": BasePath(api_id=HTTP, stage="live")}
    api.world.domains["api.example.com"] = Domain(
        name="api.example.com", region="eu-west-1", account_id=ACCOUNT, mappings=mapped
    )
    assert api.call().seen == NOT_FOUND
    assert api.call("/v1/orders/test", host="api.example.com").status == 200
    assert api.call("/v1/test", host="api.example.com").status == 403


def test_limits_hold_for_the_stage_and_for_a_route(api: Http) -> None:
    small = Throttle(rate=0.001, burst=1)
    for settings in ({"throttle": small}, {"route_throttles": {"ANY /test": small}}):
        api.gateway.world.http_apis.clear()
        api.deploy(route(), stage={"name": f"s{len(str(settings))}", **settings})
        path = f"/{next(iter(api.world.http_apis[HTTP].stages))}/test"
        assert [api.call(path).status for _ in range(2)] == [200, 429]


# --- mappings -----------------------------------------------------------------------------------------


def test_mappings_change_path_query_and_headers(api: Http) -> None:
    mapped = replace(
        ECHO,
        request_parameters={
            "overwrite:path": "/v1/items/$request.path.id/x",
            "overwrite:header.x-api": "one",
            "append:header.x-who": "${request.header.x-me}-$context.stage",
            "remove:header.x-secret": "''",
            "overwrite:querystring.q": "$request.querystring.a",
            "remove:querystring.a": "''",
        },
    )
    api.deploy(route("GET /i/{id}", mapped))
    told = api.call("/live/i/a%20b?a=1&b=2", x_me="me", x_secret="s", x_api="mine").json
    assert (told["path"], told["query"]) == ("/v1/items/a%20b/x", {"b": ["2"], "q": ["1"]})
    headers = {name.lower(): value for name, value in told["headers"].items()}
    assert (headers["x-api"], headers["x-who"]) == ("one", "me-live")
    assert "x-secret" not in headers


# --- CORS ---------------------------------------------------------------------------------------------

CORS = Cors(
    allow_origins=("https://a.example",),
    allow_methods=("GET",),
    allow_headers=("x-one",),
    expose_headers=("etag",),
    max_age_seconds=60,
    allow_credentials=True,
)


def test_a_preflight_is_answered_without_a_route_and_without_a_proof(api: Http) -> None:
    api.deploy(cors=CORS)
    asked = {"Origin": "https://a.example", "Access_Control_Request_Method": "GET"}
    reply = api.call("/live/any", "OPTIONS", **asked)
    assert (reply.status, reply.headers["access-control-allow-origin"]) == (204, "https://a.example")
    assert reply.headers["access-control-allow-methods"] == "GET"
    other = api.call("/live/any", "OPTIONS", **asked | {"Origin": "https://b.example"})
    assert (other.status, "access-control-allow-origin" in other.headers) == (204, False)
    assert api.call("/live/any", "OPTIONS").seen == NOT_FOUND


def test_answers_carry_the_apis_own_cors(api: Http) -> None:
    api.deploy(route(), cors=CORS)
    reply = api.call(Origin="https://a.example")
    assert reply.headers["access-control-allow-origin"] == "https://a.example"
    assert reply.headers["access-control-expose-headers"] == "etag"
    assert "access-control-allow-origin" not in api.call().headers


# --- JWT ----------------------------------------------------------------------------------------------


@pytest.fixture
def tokens(api: Http) -> Callable[..., Http]:
    """Deploys a route that wants a token of an issuer."""

    def deploy(*scopes: str, issuer_name: str = COGNITO) -> Http:
        api.world.pools[POOL] = UserPool(
            arn=POOL, id="eu-west-1_abc", region="eu-west-1", keys={"k1": KEY.as_dict(private=False)}
        )
        authorizer = HttpAuthorizer(
            id="a1",
            type="JWT",
            identity_sources=("$request.header.Authorization",),
            issuer=issuer_name,
            audience=("client",),
        )
        guarded = route(authorization_type="JWT", authorizer_id="a1", scopes=scopes)
        api.deploy(guarded, authorizers={"a1": authorizer})
        return api

    return deploy


def token(key: RSAKey = KEY, kid: str = "k1", **changes: Any) -> str:
    now = int(time.time())
    claims = {"iss": COGNITO, "sub": "alice", "aud": "client", "exp": now + 3600} | changes
    given = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": "RS256", "kid": kid}, given, key)


@pytest.mark.parametrize("prefix", ["Bearer ", "bearer ", ""])
def test_a_good_token_is_let_in(tokens: Callable[..., Http], prefix: str) -> None:
    assert tokens().call(Authorization=prefix + token()).status == 200


def test_without_an_audience_the_client_counts(tokens: Callable[..., Http]) -> None:
    assert tokens().call(Authorization=token(aud=None, client_id="client")).status == 200


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        "nonsense",
        token(kid="k2"),
        token(RSAKey.generate_key(2048)),
        token(iss="https://other"),
        token(aud="other"),
        token(aud=None),
        token(exp=int(time.time()) - 1),
        token(exp=None),
        token(nbf=int(time.time()) + 7200),
    ],
)
def test_a_bad_token_is_unauthorized_with_a_challenge(tokens: Callable[..., Http], wrong: str | None) -> None:
    api = tokens()
    reply = api.call(Authorization=wrong) if wrong else api.call()
    assert reply.seen == (401, {"message": "Unauthorized"})
    assert reply.headers["www-authenticate"].startswith("Bearer")
    assert api.hop() == "authorizer"


@pytest.mark.parametrize(
    ("claims", "status"),
    [({"scope": "a b"}, 200), ({"scp": ["b"]}, 200), ({"scope": "a"}, 403), ({}, 403)],
)
def test_one_of_the_routes_scopes_is_wanted(
    tokens: Callable[..., Http], claims: dict[str, Any], status: int
) -> None:
    reply = tokens("b", "c").call(Authorization=token(**claims))
    assert reply.status == status
    if status == 403:
        assert reply.json == {"message": "Forbidden"}
        assert 'error="insufficient_scope"' in reply.headers["www-authenticate"]


def test_an_issuer_under_a_reserved_name_is_the_sandbox_itself(
    tokens: Callable[..., Http], tmp_path: Path
) -> None:
    api = tokens("orders/read", issuer_name=ISSUER)
    good = issuer.token(tmp_path / "plane", ISSUER, "client", ["orders/read"])
    assert api.call(Authorization=f"Bearer {good}").status == 200
    other = issuer.token(tmp_path, ISSUER, "client", ["orders/read"])
    assert api.call(Authorization=f"Bearer {other}").status == 401


def test_an_issuer_that_cannot_be_reached_makes_no_token_good(tokens: Callable[..., Http]) -> None:
    api = tokens(issuer_name="https://login.corp.internal")
    assert api.call(Authorization=token(iss="https://login.corp.internal")).status == 401


# --- functions ----------------------------------------------------------------------------------------


@pytest.fixture
def asked(api: Http) -> Callable[..., Http]:
    """Deploys a route with a Lambda authorizer that has this code."""

    def deploy(code: str, source: str = f"{ARN}/authorizers/a1", **changes: Any) -> Http:
        api.world.functions[FUNCTION_ARN] = function(code, source)
        made = HttpAuthorizer(
            id="a1", type="REQUEST", uri=INVOKE, identity_sources=("$request.header.Authorization",)
        )
        guarded = route(authorization_type="CUSTOM", authorizer_id="a1")
        api.deploy(guarded, authorizers={"a1": replace(made, **changes)})
        return api

    return deploy


POLICY = """
def handler(event, context):
    assert event["version"] == "1.0" and event["methodArn"].endswith("/live/GET/test")
    effect = "Allow" if event["authorizationToken"] == "good" else "Deny"
    statement = {"Effect": effect, "Action": "execute-api:Invoke", "Resource": event["methodArn"]}
    return {"principalId": "alice", "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
"""
SIMPLE = """
def handler(event, context):
    assert event["version"] == "2.0" and event["routeKey"] == "ANY /test"
    return {"isAuthorized": event["identitySource"] == ["good"], "context": {"who": "alice"}}
"""


@pytest.mark.parametrize(
    ("code", "settings"),
    [
        (POLICY, {"payload_format_version": "1.0"}),
        (SIMPLE, {"payload_format_version": "2.0", "has_simple_responses": True}),
    ],
)
def test_a_function_lets_in_or_refuses(
    asked: Callable[..., Http], code: str, settings: dict[str, Any]
) -> None:
    api = asked(code, **settings)
    assert api.call(Authorization="good").status == 200
    assert api.call(Authorization="bad").seen == FORBIDDEN
    assert api.call().seen == (401, {"message": "Unauthorized"})


@pytest.mark.parametrize(
    ("code", "source"),
    [
        ("def handler(event, context):\n    raise Exception('Unauthorized')\n", f"{ARN}/authorizers/a1"),
        ("def handler(event, context):\n    return None\n", f"{ARN}/authorizers/a1"),
        (SIMPLE, f"{ARN}/authorizers/other"),
    ],
)
def test_a_function_that_fails_or_may_not_be_called_is_an_error(
    asked: Callable[..., Http], code: str, source: str
) -> None:
    reply = asked(code, source, has_simple_responses=True).call(Authorization="good")
    assert reply.seen == (500, {"message": "Internal Server Error"})


def test_an_answer_is_remembered_by_identity(asked: Callable[..., Http]) -> None:
    code = """
        n = 0

        def handler(event, context):
            global n
            n += 1
            return {"isAuthorized": n == 1}
    """
    api = asked(code, has_simple_responses=True, result_ttl_seconds=60)
    assert [api.call(Authorization=who).status for who in ("a", "a", "b")] == [200, 200, 403]


# --- the way through a VPC link -----------------------------------------------------------------------


@pytest.fixture
def linked(api: Http) -> Http:
    """The article's estate behind an HTTP API: a link with an interface of its own in the same subnet."""
    world = api.world
    address = IPv4Address("10.0.0.30")
    own = Interface(
        vpc_id="vpc-edge", subnet_id="subnet-edge", address=address, security_group_ids=("sg-link",)
    )
    https = {"protocol": "tcp", "from_port": 443, "to_port": 443}
    groups = dict(world.network.security_groups)
    groups["sg-link"] = SecurityGroup(
        id="sg-link", vpc_id="vpc-edge", egress=(Rule(network=IPv4Network("10.0.0.10/32"), **https),)
    )
    groups["sg-nlb"] = replace(groups["sg-nlb"], ingress=(Rule(security_group_id="sg-link", **https),))
    world.network = replace(
        world.network, security_groups=groups, interfaces=(*world.network.interfaces, own)
    )
    balancer = next(iter(world.balancers.values()))
    world.listeners[LISTENER] = (balancer, balancer.listeners[0])
    world.second_links["l1"] = VpcLinkV2(id="l1", account_id=ACCOUNT, status="AVAILABLE", interfaces=(own,))
    api.deploy(route("ANY /orders/{proxy+}", private()))
    return api


def private(**changes: Any) -> HttpIntegration:
    made = HttpIntegration(
        type="HTTP_PROXY",
        uri=LISTENER,
        connection_type="VPC_LINK",
        connection_id="l1",
        request_parameters={
            "overwrite:path": "/v1/$request.path.proxy",
            "overwrite:header.Host": PRIVATE_HOST,
            "overwrite:header.x-apigw-api-id": PRIVATE,
        },
        timeout_milliseconds=700,
        server_name_to_verify=PRIVATE_HOST,
    )
    return replace(made, **changes)


def test_the_private_api_answers_through_the_link(linked: Http) -> None:
    reply = linked.call("/live/orders/test", x_apigw_api_id="foreign001")
    assert reply.seen == (200, {"response": "integration-successful"})
    hops: Any = linked.gateway.plane.log.recent[-1]["hops"]
    names = [hop["hop"] for hop in hops]
    assert names == [
        "entry",
        "integration",
        "vpc-link",
        "load-balancer",
        "transit",
        "endpoint",
        "private-api",
        "backend",
    ]


def test_without_a_path_of_its_own_the_stage_goes_along(linked: Http) -> None:
    parameters = {
        name: value for name, value in private().request_parameters.items() if name != "overwrite:path"
    }
    linked.deploy(route("ANY /orders/{proxy+}", private(request_parameters=parameters)))
    assert linked.call("/live/orders/test").status == 403


@pytest.mark.parametrize(
    ("changes", "hop"),
    [
        ({"connection_id": "none"}, "vpc-link"),
        ({"uri": f"{LISTENER}x"}, "load-balancer"),
        ({"server_name_to_verify": "orders.example.com"}, "integration"),
        ({"server_name_to_verify": None}, "integration"),
    ],
)
def test_a_link_that_leads_nowhere_is_unavailable(linked: Http, changes: dict[str, Any], hop: str) -> None:
    linked.deploy(route("ANY /orders/{proxy+}", private(**changes)))
    assert linked.call("/live/orders/test").seen == UNAVAILABLE
    assert linked.hop() == hop


@pytest.mark.parametrize(
    ("group", "change", "hop"),
    [
        ("sg-link", {"egress": ()}, "vpc-link"),
        ("sg-nlb", {"ingress": ()}, "load-balancer"),
        ("sg-endpoint", {"ingress": ()}, "endpoint"),
    ],
)
def test_a_closed_group_is_silence(linked: Http, group: str, change: dict[str, Any], hop: str) -> None:
    linked.world.change_group(group, **change)
    assert linked.call("/live/orders/test").seen == UNAVAILABLE
    assert linked.hop() == hop


def test_requests_are_logged_with_the_route(api: Http) -> None:
    logs = f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:http"
    form = '{"route":"$context.routeKey","status":"$context.status","backend":"$context.integrationStatus"}'
    api.deploy(route(), stage={"access_log_arn": logs, "access_log_format": form})
    api.call()
    line = json.loads(api.world.logs[logs][-1].partition(" ")[2])
    assert line == {"route": "ANY /test", "status": "200", "backend": "200"}


@pytest.fixture
def local() -> Iterator[int]:
    """An issuer on this machine, whose address of keys is wrong."""
    with local_server(200, lambda _host, _path: {"jwks_uri": "http://login.corp.internal/keys"}) as port:
        yield port


def test_keys_are_not_fetched_without_tls(
    tokens: Callable[..., Http], local: int, authority: Any, tmp_path: Path
) -> None:
    from hatchway.sandbox.data import DataPlane  # noqa: PLC0415 - this test alone makes one of its own

    api = tokens(issuer_name="https://login.corp.internal")
    backends = {"login.corp.internal": local}
    plane = DataPlane(authority, tmp_path, world=api.world, backends=backends, time_scale=0.01)
    plane.start()
    mapped = Http(gateway=replace(api.gateway, plane=plane))
    assert mapped.call(Authorization=token(iss="https://login.corp.internal")).status == 401
    plane.stop()
