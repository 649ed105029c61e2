import hashlib
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from hatchway.errors import UndecidedError
from hatchway.topology.model import Account
from tests.live.clients import AwsSecrets, Client, wanted_tokens

DEFAULT = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:edge-clients"
PARTNERS = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:edge-partners"
OTHERS = {"shop": "a" * 64}


class Secrets:
    """Secrets in memory."""

    def __init__(self) -> None:
        self.locked: set[str] = set()
        self.kept: dict[str, dict[str, str]] = {DEFAULT: dict(OTHERS), PARTNERS: {}}

    def read(self, arn: str) -> dict[str, str]:
        return dict(self.kept[arn])

    def write(self, arn: str, clients: dict[str, str]) -> None:
        if arn in self.locked:
            raise PermissionError(arn)
        self.kept[arn] = clients


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def test_the_digest_of_a_fresh_token_is_added_and_removed_again() -> None:
    secrets = Secrets()
    with Client() as client:
        token = client.admitted(secrets, DEFAULT)
        added = {name: value for name, value in secrets.kept[DEFAULT].items() if name not in OTHERS}
        assert list(added.values()) == [digest(token)]
        assert next(iter(added)).startswith("hatchway-live-")
    assert secrets.kept[DEFAULT] == OTHERS


def test_clients_that_came_meanwhile_stay() -> None:
    secrets = Secrets()
    with Client() as client:
        client.admitted(secrets, DEFAULT)
        secrets.kept[DEFAULT]["late"] = "b" * 64
    assert secrets.kept[DEFAULT] == {**OTHERS, "late": "b" * 64}


def test_every_gateway_that_asks_for_one_variable_knows_the_same_token() -> None:
    secrets = Secrets()
    with Client() as client:
        assert client.admitted(secrets, DEFAULT) == client.admitted(secrets, PARTNERS)


def test_the_token_is_removed_everywhere_though_one_secret_cannot_be_written() -> None:
    secrets = Secrets()
    client = Client()
    client.admitted(secrets, DEFAULT)
    client.admitted(secrets, PARTNERS)
    secrets.locked.add(PARTNERS)
    with pytest.raises(PermissionError):
        client.__exit__()
    assert secrets.kept[DEFAULT] == OTHERS


def test_a_token_is_never_shown() -> None:
    with Client() as client:
        assert client.admitted(Secrets(), DEFAULT) not in repr(client)


@pytest.mark.parametrize(
    ("environ", "wanted"),
    [
        ({}, {"HATCHWAY_TOKEN": DEFAULT, "HATCHWAY_TOKEN_BIG_ONES": PARTNERS}),
        ({"HATCHWAY_TOKEN": "given"}, {"HATCHWAY_TOKEN_BIG_ONES": PARTNERS}),
        ({"HATCHWAY_TOKEN_BIG_ONES_FILE": "given"}, {"HATCHWAY_TOKEN": DEFAULT}),
        ({"HATCHWAY_TOKEN_COMMAND": "given", "HATCHWAY_TOKEN_BIG_ONES": "given"}, {}),
    ],
)
def test_only_what_nobody_gave_is_made(environ: dict[str, str], wanted: dict[str, str]) -> None:
    outputs = {"clients_secret_arn": DEFAULT, "authorizer_secret_arns": {"big-ones": PARTNERS}}
    assert wanted_tokens(outputs, environ) == wanted


def test_a_gateway_without_authorizer_of_ours_wants_nothing() -> None:
    assert wanted_tokens({"clients_secret_arn": None}, {}) == {}


def refusing(code: str) -> AwsSecrets:
    def refuse(**_: Any) -> Any:
        raise ClientError({"Error": {"Code": code, "Message": "no"}}, "Any")

    client = SimpleNamespace(get_secret_value=refuse, put_secret_value=refuse)
    return AwsSecrets(Account(id="111111111111", region="eu-west-1"), lambda _account: client)


def test_a_secret_without_a_value_knows_nobody() -> None:
    assert refusing("ResourceNotFoundException").read(DEFAULT) == {}


def test_a_permission_that_is_missing_is_named_with_the_other_way() -> None:
    with pytest.raises(
        UndecidedError, match=r"Grant secretsmanager:GetSecretValue on it, or set HATCHWAY_TOKEN"
    ):
        refusing("AccessDeniedException").read(DEFAULT)
    with pytest.raises(UndecidedError, match=r"clients: .* got AccessDeniedException\. .*PutSecretValue"):
        refusing("AccessDeniedException").write(DEFAULT, {})
