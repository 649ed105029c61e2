"""The issuer that the sandbox stands in for: what it publishes verifies what it signs."""

import stat
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.errors import BadSignatureError
from joserfc.jwk import KeySet

from hatchway.sandbox import client_credentials, issuer
from hatchway.topology.model import Gateway

ISSUER = "https://id.example.com/"


def published_keys(directory: Path, of: str = ISSUER) -> KeySet:
    configuration = issuer.answer(directory, of, "/.well-known/openid-configuration")
    assert configuration is not None
    path = configuration["jwks_uri"].removeprefix("https://id.example.com")
    return KeySet.import_key_set(issuer.answer(directory, of, path))


def test_published_key_verifies_an_issued_token(tmp_path: Path) -> None:
    token = issuer.token(tmp_path, ISSUER, "clients", ["orders/read", "orders/write"])

    decoded = jwt.decode(token, published_keys(tmp_path), algorithms=["RS256"])

    assert decoded.header["kid"] == issuer.KEY_ID
    assert {name: decoded.claims[name] for name in ("iss", "aud", "scope")} == {
        "iss": ISSUER,
        "aud": "clients",
        "scope": "orders/read orders/write",
    }
    assert decoded.claims["nbf"] <= decoded.claims["iat"] < decoded.claims["exp"]


def test_private_half_is_not_published(tmp_path: Path) -> None:
    keys = issuer.answer(tmp_path, ISSUER, "/.well-known/jwks.json")

    assert keys is not None
    assert not {"d", "p", "q", "dp", "dq", "qi"} & set(keys["keys"][0])


def test_key_stays_the_same_and_is_the_users_alone(tmp_path: Path) -> None:
    first = issuer.answer(tmp_path, ISSUER, "/.well-known/jwks.json")

    assert issuer.answer(tmp_path, ISSUER, "/.well-known/jwks.json") == first
    assert [stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()] == [0o600]


def test_each_sandbox_has_a_key_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    token = issuer.token(tmp_path / "one", ISSUER, "clients")

    with pytest.raises(BadSignatureError):
        jwt.decode(token, published_keys(tmp_path / "two"), algorithms=["RS256"])


def test_issuer_below_a_path_publishes_there(tmp_path: Path) -> None:
    tenant = "https://id.example.com/tenants/one"

    assert issuer.answer(tmp_path, tenant, "/.well-known/openid-configuration") is None
    found = issuer.answer(tmp_path, tenant, "/tenants/one/.well-known/openid-configuration")
    assert found is not None
    assert found["issuer"] == tenant
    assert found["jwks_uri"] == f"{tenant}/.well-known/jwks.json"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://id.example.com/", True),
        ("https://login.corp.test", True),
        ("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123", False),
        ("https://login.example.io/", False),
    ],
)
def test_only_names_that_nobody_can_have_are_stood_in_for(url: str, expected: bool) -> None:
    assert issuer.is_ours(url) is expected


def test_credentials_are_signed_for_each_issuer_that_is_ours(tmp_path: Path) -> None:
    gateway = Gateway.model_validate(
        {
            "account": "edge",
            "network": "edge",
            "kind": "http",
            "authorizer": {"jwt": {"issuer": ISSUER, "audience": ["shop", "till"]}},
            "authorizers": {
                "order-writers": {
                    "jwt": {"issuer": ISSUER, "audience": ["shop"], "scopes": ["orders/write"]}
                },
                "elsewhere": {"jwt": {"issuer": "https://login.example.io/", "audience": ["shop"]}},
                "machines": {"iam": {}},
            },
        }
    )

    signed = client_credentials.signed(tmp_path, gateway)

    claims = {
        name: jwt.decode(token, published_keys(tmp_path), algorithms=["RS256"]).claims
        for name, token in signed.items()
    }
    assert set(claims) == {"HATCHWAY_TOKEN", "HATCHWAY_TOKEN_ORDER_WRITERS"}
    assert (claims["HATCHWAY_TOKEN"]["aud"], claims["HATCHWAY_TOKEN"]["scope"]) == ("shop", "")
    assert claims["HATCHWAY_TOKEN_ORDER_WRITERS"]["scope"] == "orders/write"


def test_gateway_without_authorizer_gets_no_token(tmp_path: Path) -> None:
    gateway = Gateway.model_validate({"account": "edge", "network": "edge", "authorizer": "none"})

    assert client_credentials.signed(tmp_path, gateway) == {}
    assert list(tmp_path.iterdir()) == []
