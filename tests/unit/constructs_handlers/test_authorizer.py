"""The authorizer's handler, with Secrets Manager replaced by a fake of its one call."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from constructs_lib.handlers.authorizer import ClientsSecretError, UnauthorizedError, authorize, handler

HANDLER = Path(__file__).parents[3] / "constructs_lib" / "handlers" / "authorizer.py"
METHOD_ARN = "arn:aws:execute-api:eu-west-1:111111111111:abcdefghij/live/GET/orders/1"
TOKENS = {"shop": "token-of-the-shop", "audit": "token-of-the-audit=="}


class MissingSecretError(Exception):
    """Stands for ResourceNotFoundException."""


class FakeSecrets:
    def __init__(self, text: str | None = None):
        self.text = text
        self.asked = []

    def get_secret_value(self, *, SecretId: str):  # noqa: N803 - AWS's own name
        self.asked.append(SecretId)
        if self.text is None:
            raise MissingSecretError
        return {"SecretString": self.text}


@pytest.fixture
def secrets():
    return FakeSecrets(
        json.dumps({name: hashlib.sha256(token.encode()).hexdigest() for name, token in TOKENS.items()})
    )


def request(authorization: str | None, header: str = "Authorization"):
    headers = {} if authorization is None else {header: authorization}
    return {"type": "REQUEST", "methodArn": METHOD_ARN, "headers": headers}


@pytest.mark.parametrize(("principal", "token"), TOKENS.items())
def test_known_token_may_call_the_whole_stage(secrets: FakeSecrets, principal: str, token: str) -> None:
    answer = authorize(request(f"Bearer {token}"), secrets, "the-secret")

    assert answer["principalId"] == principal
    assert answer["policyDocument"] == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Action": "execute-api:Invoke",
                "Effect": "Allow",
                "Resource": "arn:aws:execute-api:eu-west-1:111111111111:abcdefghij/live/*/*",
            }
        ],
    }
    assert secrets.asked == ["the-secret"]


def test_root_of_the_stage_widens_to_the_stage(secrets: FakeSecrets) -> None:
    event = {**request("Bearer token-of-the-shop"), "methodArn": METHOD_ARN.removesuffix("orders/1")}

    answer = authorize(event, secrets, "the-secret")

    assert answer["policyDocument"]["Statement"][0]["Resource"].endswith(":abcdefghij/live/*/*")


@pytest.mark.parametrize("header", ["authorization", "AUTHORIZATION"])
def test_name_of_the_header_is_read_in_any_case(secrets: FakeSecrets, header: str) -> None:
    assert authorize(request("bearer token-of-the-shop", header), secrets, "s")["principalId"] == "shop"


def test_unknown_token_is_unauthorized(secrets: FakeSecrets) -> None:
    with pytest.raises(UnauthorizedError, match=r"^Unauthorized$"):
        authorize(request("Bearer token-of-nobody"), secrets, "s")


def test_digest_itself_is_no_token(secrets: FakeSecrets) -> None:
    digest = hashlib.sha256(b"token-of-the-shop").hexdigest()

    with pytest.raises(UnauthorizedError):
        authorize(request(f"Bearer {digest}"), secrets, "s")


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "token-of-the-shop",
        "Basic token-of-the-shop",
        "Bearer token-of-the-shop trailing",
        "Bearer token-of-the-shop\n",
        "Bearer tökén",
    ],
)
def test_malformed_header_is_unauthorized_without_asking_for_the_secret(
    secrets: FakeSecrets, authorization: str | None
) -> None:
    with pytest.raises(UnauthorizedError, match=r"^Unauthorized$"):
        authorize(request(authorization), secrets, "s")

    assert secrets.asked == []


def test_request_without_headers_is_unauthorized(secrets: FakeSecrets) -> None:
    with pytest.raises(UnauthorizedError):
        authorize({"methodArn": METHOD_ARN, "headers": None}, secrets, "s")


def test_secret_without_a_value_is_an_error_of_the_gateway_not_of_the_caller() -> None:
    with pytest.raises(MissingSecretError):
        authorize(request("Bearer token-of-the-shop"), FakeSecrets(), "s")


@pytest.mark.parametrize("text", ["", "not json", "[]", '"text"', '{"shop": 1}', '{"shop": null}'])
def test_secret_of_another_shape_is_an_error_of_the_gateway_not_of_the_caller(text: str) -> None:
    with pytest.raises(ClientsSecretError) as caught:
        authorize(request("Bearer token-of-the-shop"), FakeSecrets(text), "s")

    assert caught.value.__cause__ is None
    assert not text or text not in str(caught.value)


def test_empty_secret_lets_nobody_in() -> None:
    with pytest.raises(UnauthorizedError):
        authorize(request("Bearer token-of-the-shop"), FakeSecrets("{}"), "s")


def test_digest_that_is_not_ascii_matches_nobody() -> None:
    with pytest.raises(UnauthorizedError):
        authorize(request("Bearer token-of-the-shop"), FakeSecrets('{"shop": "ü"}'), "s")


def test_lambda_calls_it_by_name_with_an_event_and_a_context(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLIENTS_SECRET_ARN", "arn:aws:secretsmanager:eu-west-1:111111111111:secret:none")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")

    with pytest.raises(UnauthorizedError):
        handler(request(None), None)


def test_file_works_by_itself_as_lambda_loads_it(tmp_path: Path) -> None:
    (tmp_path / HANDLER.name).write_bytes(HANDLER.read_bytes())

    finished = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path[:0] = [{str(tmp_path)!r}]; import authorizer"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (finished.returncode, finished.stderr) == (0, "")


def test_a_token_event_holds_the_header_alone(secrets: FakeSecrets) -> None:
    event = {"type": "TOKEN", "methodArn": METHOD_ARN, "authorizationToken": f"Bearer {TOKENS['shop']}"}

    assert authorize(event, secrets, "the-secret")["principalId"] == "shop"


@pytest.mark.parametrize("value", [TOKENS["shop"], f"Bearer {TOKENS['shop']}"])
def test_a_header_of_its_own_needs_no_scheme(secrets: FakeSecrets, value: str) -> None:
    answer = authorize(request(value, "x-partner"), secrets, "the-secret", "X-Partner")

    assert answer["principalId"] == "shop"


def test_another_header_than_the_one_that_is_declared_lets_nobody_in(secrets: FakeSecrets) -> None:
    with pytest.raises(UnauthorizedError):
        authorize(request(f"Bearer {TOKENS['shop']}"), secrets, "the-secret", "X-Partner")


@pytest.mark.parametrize("authorization", ["Bearer unknown", "Basic x", None])
def test_stranger_at_an_http_api_is_denied_by_a_policy(
    secrets: FakeSecrets, authorization: str | None
) -> None:
    event = {**request(authorization, "authorization"), "version": "1.0", "identitySource": authorization}

    answer = authorize(event, secrets, "the-secret")

    statement = answer["policyDocument"]["Statement"][0]
    assert (answer["principalId"], statement["Effect"]) == ("stranger", "Deny")
    assert statement["Resource"].endswith(":abcdefghij/live/*/*")


def test_known_token_may_call_an_http_api(secrets: FakeSecrets) -> None:
    given = f"Bearer {TOKENS['shop']}"
    event = {**request(given, "authorization"), "version": "1.0", "authorizationToken": given}

    answer = authorize(event, secrets, "the-secret")

    assert answer["principalId"] == "shop"
    assert answer["policyDocument"]["Statement"][0]["Effect"] == "Allow"
