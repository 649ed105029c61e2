import sys
from pathlib import Path
from typing import Any

import pytest
from botocore.credentials import ReadOnlyCredentials

from hatchway.errors import UndecidedError, UsageError
from hatchway.topology.model import Authorizer
from hatchway.verify.admission import Admission
from hatchway.verify.calling import Call
from hatchway.verify.keyring import Keyring

CALL = Call(method="GET", url="https://pub1234567.execute-api.eu-west-1.amazonaws.com/live/test?a=b")
DEFAULT = Admission(authorizer=Authorizer.model_validate({"lambda": {}}))
STAFF = Admission(
    authorizer=Authorizer.model_validate({"lambda": {"identity_header": "X-Staff"}}), name="our-staff"
)
JWT = {"jwt": {"issuer": "https://id.example.com/", "audience": ["a"]}}
IAM = Admission(authorizer=Authorizer.model_validate({"iam": {}}), name="partners")
SECRET = "s3cret-value"


def sent(keyring: Keyring, asked: Admission) -> dict[str, str]:
    call = CALL
    for credential in keyring.credentials(asked):
        call = credential.applied(call)
    assert SECRET not in f"{call!r} {keyring.credentials(asked)!r}"
    return dict(call.headers)


def test_the_token_is_taken_from_the_environment_without_blanks_around_it() -> None:
    assert sent(Keyring({"HATCHWAY_TOKEN": " abc.def-1=\n"}), DEFAULT) == {
        "Authorization": "Bearer abc.def-1="
    }


@pytest.mark.parametrize("environ", [{}, {"HATCHWAY_TOKEN": ""}, {"HATCHWAY_TOKEN": "  "}])
def test_a_token_that_is_missing_is_named(environ: dict[str, str]) -> None:
    with pytest.raises(UndecidedError, match="HATCHWAY_TOKEN: is not set, and the gateway has an authorizer"):
        Keyring(environ).credentials(DEFAULT)


@pytest.mark.parametrize("value", ["Bearer abc", "s3\ncret", "s3 cret", "s3crät", 's3"cret'])
def test_a_token_that_cannot_be_sent_is_refused_without_being_shown(value: str) -> None:
    with pytest.raises(UsageError, match="HATCHWAY_TOKEN: is not a bearer token") as caught:
        Keyring({"HATCHWAY_TOKEN": value}).credentials(DEFAULT)
    assert value not in str(caught.value).replace("'Bearer'", "")


def test_a_named_authorizer_has_a_variable_and_a_header_of_its_own() -> None:
    assert sent(Keyring({"HATCHWAY_TOKEN_OUR_STAFF": SECRET}), STAFF) == {"X-Staff": SECRET}
    with pytest.raises(
        UndecidedError, match="HATCHWAY_TOKEN_OUR_STAFF: is not set, and authorizer 'our-staff'"
    ):
        Keyring({"HATCHWAY_TOKEN": SECRET}).credentials(STAFF)


@pytest.mark.parametrize(
    "kind",
    [
        JWT,
        {"cognito": {"user_pool_arns": ["arn:aws:cognito-idp:eu-west-1:111111111111:userpool/eu-west-1_a"]}},
    ],
)
def test_tokens_of_issuers_are_bearer_tokens(kind: dict[str, Any]) -> None:
    asked = Admission(authorizer=Authorizer.model_validate(kind))
    assert sent(Keyring({"HATCHWAY_TOKEN": SECRET}), asked) == {"Authorization": f"Bearer {SECRET}"}


def test_an_api_key_goes_beside_the_token() -> None:
    asked = Admission(authorizer=DEFAULT.authorizer, api_key=True)
    environ = {"HATCHWAY_TOKEN": "token", "HATCHWAY_API_KEY": SECRET}
    assert sent(Keyring(environ), asked) == {"Authorization": "Bearer token", "x-api-key": SECRET}
    with pytest.raises(UndecidedError, match="HATCHWAY_API_KEY: is not set, and a route asks for an API key"):
        Keyring({"HATCHWAY_TOKEN": "token"}).credentials(asked)


def test_a_request_to_iam_is_signed_for_execute_api() -> None:
    keyring = Keyring({}, "eu-west-1", lambda: ReadOnlyCredentials("AKIAEXAMPLE", SECRET, "session"))
    headers = sent(keyring, IAM)
    assert headers["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/")
    assert "/eu-west-1/execute-api/aws4_request" in headers["Authorization"]
    assert headers["X-Amz-Security-Token"] == "session"
    (credential,) = keyring.credentials(IAM)
    made_up = credential.made_up().applied(CALL).headers["Authorization"]
    assert "AKIAEXAMPLE" not in made_up
    assert made_up.startswith("AWS4-HMAC-SHA256 Credential=AKIA")


def test_without_aws_credentials_nothing_can_be_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("AWS_EC2_METADATA_DISABLED", "true"), ("AWS_CONFIG_FILE", "/dev/null")):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    (credential,) = Keyring({}, "eu-west-1").credentials(IAM)
    with pytest.raises(UndecidedError, match="there are no AWS credentials"):
        credential.applied(CALL)


def test_secrets_are_masked_wherever_they_come_back() -> None:
    keyring = Keyring({"HATCHWAY_TOKEN": SECRET, "HATCHWAY_API_KEY": "k3y-value"})
    keyring.credentials(Admission(authorizer=DEFAULT.authorizer, api_key=True))
    assert keyring.masked_in(f"{SECRET} and k3y-value".encode()) == b"******** and ********"


def test_a_made_up_credential_is_another_one_each_time() -> None:
    (credential,) = Keyring({"HATCHWAY_TOKEN": SECRET}).credentials(DEFAULT)
    one, other = (credential.made_up().applied(CALL).headers["Authorization"] for _ in range(2))
    assert one != other
    assert one.startswith("Bearer ")
    assert SECRET not in one


def test_a_file_gives_a_credential(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{SECRET}\n")
    assert (
        sent(Keyring({"HATCHWAY_TOKEN_FILE": str(tmp_path / "token")}), DEFAULT)["Authorization"]
        == f"Bearer {SECRET}"
    )


def test_a_command_gives_a_credential_without_a_shell() -> None:
    command = f"{sys.executable} -c 'print(\"{SECRET}\")' ; true"
    assert sent(Keyring({"HATCHWAY_TOKEN_COMMAND": command}), DEFAULT)["Authorization"] == f"Bearer {SECRET}"


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({"HATCHWAY_TOKEN": SECRET, "HATCHWAY_TOKEN_FILE": "x"}, "is set, and so is HATCHWAY_TOKEN_FILE"),
        ({"HATCHWAY_TOKEN_FILE": "/nowhere/token"}, "cannot be read, got 'No such file"),
        ({"HATCHWAY_TOKEN_COMMAND": "/nowhere/command"}, "cannot be run, got 'No such file"),
        ({"HATCHWAY_TOKEN_COMMAND": "it's"}, "is not a command"),
        (
            {"HATCHWAY_TOKEN_COMMAND": f"{sys.executable} -c 'print(\"{SECRET}\"); exit(3)'"},
            "failed, got exit code 3",
        ),
        ({"HATCHWAY_TOKEN_COMMAND": f"{sys.executable} -c pass"}, "gave nothing"),
        ({"HATCHWAY_TOKEN_COMMAND": f"{sys.executable} -c 'print(\"x\" * 20000)'"}, "gave more than 16 KiB"),
        (
            {"HATCHWAY_TOKEN_COMMAND": f"{sys.executable} -c 'import os; os.write(1, bytes([255]))'"},
            "gave something that is not text",
        ),
    ],
)
def test_a_source_that_gives_no_credential_is_named_and_shows_nothing(
    environ: dict[str, str], message: str
) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        Keyring(environ).credentials(DEFAULT)
    assert str(caught.value).startswith("HATCHWAY_TOKEN")
    assert f"'{SECRET}'" not in str(caught.value)


def test_a_command_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hatchway.verify.secret_sources._COMMAND_SECONDS", 0.2)
    with pytest.raises(UsageError, match=r"did not end within 0\.2 s"):
        Keyring({"HATCHWAY_TOKEN_COMMAND": f"{sys.executable} -c 'import time; time.sleep(20)'"}).credentials(
            DEFAULT
        )
