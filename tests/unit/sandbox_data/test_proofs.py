"""How callers prove who they are: user pools, signatures, keys; and what AWS answers where they cannot."""

import base64
import time
import urllib.parse
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from hatchway.sandbox.data.world import (
    ApiKey,
    Authorizer,
    Credentials,
    Integration,
    IntegrationResponse,
    Method,
    PlanStage,
    Throttle,
    TokenClient,
    UsagePlan,
    UserPool,
)
from hatchway.sandbox.data.world.callers import Quota
from tests.unit.sandbox_data.gateway import ACCOUNT, API, API_ARN, HOST, Gateway, Reply, resource

POOL = f"arn:aws:cognito-idp:eu-west-1:{ACCOUNT}:userpool/eu-west-1_abc"
ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc"
UNAUTHORIZED = (401, {"message": "Unauthorized"})
FORBIDDEN = (403, {"message": "Forbidden"})
KEY, OTHER = RSAKey.generate_key(2048), RSAKey.generate_key(2048)


def method(**changes: Any) -> Method:
    response = IntegrationResponse(
        status_code=200, templates={"application/json": '{"sub": "$context.authorizer.claims.sub"}'}
    )
    integration = Integration(
        type="MOCK", request_templates={"application/json": '{"statusCode": 200}'}, responses=(response,)
    )
    made = Method(http_method="ANY", response_statuses=frozenset({200}), integration=integration)
    return replace(made, **changes)


def token(key: RSAKey = KEY, kid: str = "k1", **changes: Any) -> str:
    claims = {
        "iss": ISSUER,
        "sub": "alice",
        "aud": "client",
        "token_use": "id",
        "exp": int(time.time()) + 3600,
    } | changes
    return jwt.encode({"alg": "RS256", "kid": kid}, {k: v for k, v in claims.items() if v is not None}, key)


@pytest.fixture
def pool(gateway: Gateway) -> Callable[..., Gateway]:
    """Deploys a method that wants a token of the pool, with the scopes given."""

    def deploy(*scopes: str) -> Gateway:
        public = KEY.as_dict(private=False)
        gateway.world.pools[POOL] = UserPool(
            arn=POOL,
            id="eu-west-1_abc",
            region="eu-west-1",
            keys={"k1": public},
            client_ids=frozenset({"client"}),
        )
        authorizer = Authorizer(
            id="a1",
            type="COGNITO_USER_POOLS",
            provider_arns=(POOL,),
            identity_sources=("method.request.header.Authorization",),
        )
        guarded = method(
            authorization_type="COGNITO_USER_POOLS", authorizer_id="a1", authorization_scopes=scopes
        )
        gateway.deploy(resource(guarded), authorizers={"a1": authorizer})
        return gateway

    return deploy


@pytest.mark.parametrize("prefix", ["", "Bearer "])
def test_an_id_token_of_the_pool_is_let_in_and_its_claims_are_known(
    pool: Callable[..., Gateway], prefix: str
) -> None:
    assert pool().call(Authorization=prefix + token()).seen == (200, {"sub": "alice"})


def test_without_a_token_the_caller_is_unauthorized(pool: Callable[..., Gateway]) -> None:
    assert pool().call().seen == UNAUTHORIZED


@pytest.mark.parametrize(
    "wrong",
    [
        "nonsense",
        token(OTHER),
        token(kid="k2"),
        token(iss=f"{ISSUER}x"),
        token(aud="another"),
        token(token_use="access", client_id="client"),
        token()[:-4] + "AAAA",
    ],
)
def test_a_wrong_token_is_unauthorized(pool: Callable[..., Gateway], wrong: str) -> None:
    assert pool().call(Authorization=wrong).seen == UNAUTHORIZED


def test_a_token_that_is_not_signed_is_unauthorized(pool: Callable[..., Gateway]) -> None:
    head = "eyJhbGciOiJub25lIiwia2lkIjoiazEifQ"
    assert pool().call(Authorization=f"{head}.{token().split('.')[1]}.").seen == UNAUTHORIZED


def test_an_expired_token_is_told_so(pool: Callable[..., Gateway]) -> None:
    reply = pool().call(Authorization=token(exp=int(time.time()) - 1))
    assert reply.seen == (401, {"message": "The incoming token has expired"})


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"token_use": "access", "client_id": "client", "scope": "api/read api/write"}, 200),
        ({"token_use": "access", "client_id": "client", "scope": "api/write"}, 401),
        ({"token_use": "access", "client_id": "client"}, 401),
        ({"token_use": "id", "scope": "api/read"}, 401),
    ],
)
def test_scopes_want_an_access_token_that_has_one(
    pool: Callable[..., Gateway], changes: dict[str, Any], status: int
) -> None:
    assert pool("api/read").call(Authorization=token(**changes)).status == status


def test_a_pool_that_is_gone_is_an_error(pool: Callable[..., Gateway]) -> None:
    gateway = pool()
    gateway.world.pools.clear()
    assert gateway.call(Authorization=token()).status == 500


ALICE = Credentials(
    access_key_id="ASIAALICE",
    secret_access_key="secret",
    session_token="session",
    arn=f"arn:aws:sts::{ACCOUNT}:assumed-role/alice/s",
    account_id=ACCOUNT,
    principals=(f"arn:aws:sts::{ACCOUNT}:assumed-role/alice/s", f"arn:aws:iam::{ACCOUNT}:role/alice"),
)


def policy(effect: str = "Allow", **more: Any) -> dict[str, Any]:
    statement = {"Effect": effect, "Action": "execute-api:Invoke", "Resource": f"{API_ARN}/*"}
    return {"Version": "2012-10-17", "Statement": [statement | more]}


def signed(  # noqa: PLR0913 - a signature has this many parts
    gateway: Gateway,
    *,
    key: str = "ASIAALICE",
    secret: str = "secret",  # noqa: S107 - made up
    session: str = "session",
    region: str = "eu-west-1",
    when: datetime | None = None,
    path: str = "/live/test?b=2&a=1",
    method: str = "POST",
    body: bytes = b"{}",
    sent_body: bytes | None = None,
) -> Reply:
    """Calls with a signature that botocore makes, as any SDK would."""
    request = botocore.awsrequest.AWSRequest(method=method, url=f"https://{HOST}{path}", data=body)
    credentials = botocore.credentials.Credentials(key, secret, session)
    signer = botocore.auth.SigV4Auth(credentials, "execute-api", region)
    moment = when or datetime.now(UTC)
    request.context["timestamp"] = moment.strftime("%Y%m%dT%H%M%SZ")
    signer._modify_request_before_signing(request)  # noqa: SLF001 - add_auth() would take the present time
    canonical = signer.canonical_request(request)
    signature = signer.signature(signer.string_to_sign(request, canonical), request)
    signer._inject_signature_to_request(request, signature)  # noqa: SLF001 - the same
    headers = {name.replace("-", "_"): str(value) for name, value in request.headers.items()}
    return gateway.call(path, method, body=body if sent_body is None else sent_body, **headers)


@pytest.fixture
def iam(gateway: Gateway) -> Callable[..., Gateway]:
    """Deploys a method that wants a signature; the caller has the policies given."""

    def deploy(*own: dict[str, Any], resource_policy: Any = None, **caller: Any) -> Gateway:
        gateway.world.keys["ASIAALICE"] = replace(ALICE, policies=own, **caller)
        gateway.deploy(resource(method(authorization_type="AWS_IAM")), policy=resource_policy)
        return gateway

    return deploy


def test_a_good_signature_of_a_caller_who_may_is_let_in(iam: Callable[..., Gateway]) -> None:
    assert signed(iam(policy())).status == 200


def test_without_a_signature_the_token_is_missing(iam: Callable[..., Gateway]) -> None:
    assert iam(policy()).call().seen == (403, {"message": "Missing Authentication Token"})


def test_a_bearer_token_is_an_incomplete_signature(iam: Callable[..., Gateway]) -> None:
    status, body = iam(policy()).call(Authorization="Bearer x").seen
    assert status == 403
    assert "requires 'Credential' parameter" in body["message"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"secret": "wrong"}, "The request signature we calculated does not match"),
        ({"sent_body": b"{ }"}, "The request signature we calculated does not match"),
        ({"region": "eu-west-2"}, "Credential should be scoped to a valid region"),
        ({"key": "ASIANOBODY"}, "The security token included in the request is invalid."),
        ({"session": "stolen"}, "The security token included in the request is invalid."),
        ({"when": datetime(2020, 1, 1, tzinfo=UTC)}, "Signature expired"),
    ],
)
def test_a_bad_signature_is_forbidden_with_the_reason(
    iam: Callable[..., Gateway], changes: dict[str, Any], message: str
) -> None:
    status, body = signed(iam(policy()), **changes).seen
    assert status == 403
    assert body["message"].startswith(message)


@pytest.mark.parametrize("own", [(), (policy("Deny"), policy()), (policy(Resource="arn:aws:s3:::x"),)])
def test_a_caller_whose_policies_do_not_allow_is_refused(
    iam: Callable[..., Gateway], own: tuple[Any, ...]
) -> None:
    status, body = signed(iam(*own)).seen
    assert status == 403
    assert body["Message"].startswith(f"User: {ALICE.arn} is not authorized to perform: execute-api:Invoke")


@pytest.mark.parametrize(
    "principal",
    [
        "*",
        {"AWS": f"arn:aws:iam::{ACCOUNT}:role/alice"},
        {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        {"AWS": ACCOUNT},
    ],
)
def test_in_one_account_the_resource_policy_alone_can_allow(
    iam: Callable[..., Gateway], principal: Any
) -> None:
    assert signed(iam(resource_policy=policy(Principal=principal))).status == 200


def test_a_resource_policy_for_others_allows_nothing(iam: Callable[..., Gateway]) -> None:
    other = policy(Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:role/bob"})
    assert signed(iam(resource_policy=other)).status == 403


def test_the_resource_policys_denial_beats_the_callers_policy(iam: Callable[..., Gateway]) -> None:
    assert signed(iam(policy(), resource_policy=policy("Deny", Principal="*"))).status == 403


@pytest.mark.parametrize(
    ("own", "resource_policy", "status"),
    [
        ((policy(),), policy(Principal="*"), 200),
        ((policy(),), None, 403),
        ((), policy(Principal="*"), 403),
    ],
)
def test_across_accounts_both_sides_have_to_allow(
    iam: Callable[..., Gateway], own: Any, resource_policy: Any, status: int
) -> None:
    assert signed(iam(*own, resource_policy=resource_policy, account_id="2" * 12)).status == status


def test_an_administrator_needs_no_policy_in_the_own_account_alone(iam: Callable[..., Gateway]) -> None:
    assert signed(iam(is_administrator=True)).status == 200
    assert signed(iam(is_administrator=True, account_id="2" * 12)).status == 403


def plan(**changes: Any) -> UsagePlan:
    return replace(UsagePlan(id="p1", stages=(PlanStage(api_id=API, stage="live"),)), **changes)


@pytest.fixture
def keyed(gateway: Gateway) -> Callable[..., Gateway]:
    """Deploys a method that wants an API key; the key `good` is in the plans given."""

    def deploy(*plans: UsagePlan, enabled: bool = True, **definition: Any) -> Gateway:
        gateway.world.api_keys["good"] = ApiKey(id="k1", name="good", is_enabled=enabled, plans=plans)
        gateway.deploy(resource(method(api_key_required=True)), **definition)
        return gateway

    return deploy


def test_a_key_in_a_plan_of_the_stage_is_let_in(keyed: Callable[..., Gateway]) -> None:
    assert keyed(plan()).call(x_api_key="good").status == 200


def test_a_key_that_is_missing_or_unknown_is_forbidden(keyed: Callable[..., Gateway]) -> None:
    gateway = keyed(plan())
    assert [gateway.call().seen, gateway.call(x_api_key="bad").seen] == [FORBIDDEN, FORBIDDEN]


def test_a_key_that_is_disabled_or_of_another_stage_is_forbidden(keyed: Callable[..., Gateway]) -> None:
    assert keyed(plan(), enabled=False).call(x_api_key="good").seen == FORBIDDEN
    elsewhere = plan(stages=(PlanStage(api_id=API, stage="test"),))
    assert keyed(elsewhere).call(x_api_key="good").seen == FORBIDDEN
    assert keyed().call(x_api_key="good").seen == FORBIDDEN


def test_a_key_in_the_header_counts_for_nothing_where_the_authorizer_is_the_source(
    keyed: Callable[..., Gateway],
) -> None:
    assert keyed(plan(), api_key_source="AUTHORIZER").call(x_api_key="good").seen == FORBIDDEN


def test_beyond_the_plans_burst_there_are_too_many_requests(keyed: Callable[..., Gateway]) -> None:
    gateway = keyed(plan(throttle=Throttle(rate=0.001, burst=2)))
    seen = [gateway.call(x_api_key="good").status for _ in range(3)]
    assert seen == [200, 200, 429]
    assert gateway.call(x_api_key="good").seen == (429, {"message": "Too Many Requests"})


def test_a_plan_can_limit_one_method(keyed: Callable[..., Gateway]) -> None:
    limited = PlanStage(api_id=API, stage="live", throttles={"/test/ANY": Throttle(rate=0.001, burst=1)})
    gateway = keyed(plan(stages=(limited,)))
    assert [gateway.call(x_api_key="good").status for _ in range(2)] == [200, 429]


def test_beyond_the_quota_the_limit_is_exceeded(keyed: Callable[..., Gateway]) -> None:
    gateway = keyed(plan(quota=Quota(limit=1, period="MONTH")))
    assert gateway.call(x_api_key="good").status == 200
    assert gateway.call(x_api_key="good").seen == (429, {"message": "Limit Exceeded"})


TOKENS = "callers.auth.eu-west-1.amazoncognito.com"


@pytest.fixture
def program(pool: Callable[..., Gateway]) -> Gateway:
    """A program that the pool knows, and a method that wants `api/read`."""
    gateway = pool("api/read")
    gateway.world.token_clients["callers", "eu-west-1", "client"] = TokenClient(
        id="client",
        secret="secret",
        flows=frozenset({"client_credentials"}),
        scopes=frozenset({"api/read"}),
        sign=lambda claims, seconds: token(**claims, exp=int(time.time()) + seconds),
    )
    return gateway


def ask(gateway: Gateway, secret: str = "secret", **form: str) -> Reply:  # noqa: S107 - made up
    basic = base64.b64encode(f"client:{secret}".encode()).decode()
    body = urllib.parse.urlencode({"grant_type": "client_credentials"} | form).encode()
    kind = "application/x-www-form-urlencoded"
    headers = {"Authorization": f"Basic {basic}", "Content_Type": kind}
    return gateway.call("/oauth2/token", "POST", body=body, host=TOKENS, **headers)


@pytest.mark.parametrize("form", [{}, {"scope": "api/read"}])
def test_a_program_gets_a_token_that_lets_it_in(program: Gateway, form: dict[str, str]) -> None:
    given = ask(program, **form).json
    assert (given["token_type"], given["expires_in"]) == ("Bearer", 3600)
    assert program.call(Authorization=given["access_token"]).status == 200


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"secret": "wrong"}, "invalid_client"),
        ({"scope": "api/write"}, "invalid_scope"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_a_program_that_may_not_is_told_why(program: Gateway, changes: dict[str, str], error: str) -> None:
    assert ask(program, **changes).seen == (400, {"error": error})


def test_a_client_without_the_flow_gets_no_token(program: Gateway) -> None:
    key = ("callers", "eu-west-1", "client")
    program.world.token_clients[key] = replace(program.world.token_clients[key], flows=frozenset())
    assert ask(program).seen == (400, {"error": "unauthorized_client"})
