"""Credentials that are set up wrong, with real files and variables: named, with what to do about them."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.exceptions import (
    CredentialRetrievalError,
    EndpointConnectionError,
    HTTPClientError,
    SSLError,
)

from hatchway.errors import UndecidedError
from hatchway.topology.model import Account, Topology
from hatchway.verify import keyring
from hatchway.verify.aws.accounts import AwsReader
from hatchway.verify.aws.answers import Refusal
from hatchway.verify.aws.reads import Request
from hatchway.verify.s3_state import S3States
from hatchway.verify.session_trouble import SessionError, asking_aws, trouble_of
from tests.unit.verify.conftest import declared

SECRET = "s3cret-that-a-program-printed"
ROLE = "role_arn = arn:aws:iam::111111111111:role/x\n"
SSO = "sso_session = s\nsso_account_id = 1\nsso_role_name = r\n"
SESSION = "[sso-session s]\nsso_start_url = https://sso.example.com\nsso_region = eu-west-1\n"
GIVES = "credential_process = printf '%s'\n"

CASES = {
    # What is in the configuration, or a variable: what is said of it, and what is to be done.
    "AWS_PROFILE=nope": ("profile (nope) could not be found", "aws configure list-profiles"),
    "AWS_ACCESS_KEY_ID=AKIA": ("missing: AWS_SECRET_ACCESS_KEY", "Set what is missing"),
    "aws_access_key_id = AKIA": ("missing: aws_secret_access_key", "Set what is missing"),
    "[": ("Unable to parse config file", "Correct the file"),
    SSO: ('sso-session does not exist: "s"', "Correct it"),
    SSO + SESSION: ("Error loading SSO Token", "aws sso login"),
    "credential_process = /no/such/program": ("'/no/such/program': No such file", "credential_process"),
    f"credential_process = echo {SECRET}": ("gave no credentials", "Run it by hand"),
    "credential_process = echo '[]'": ("gave no credentials", "Run it by hand"),
    "credential_process = echo '{\"Version\": 2}'": ("gave no credentials", "Run it by hand"),
    "credential_process = echo '{\"Version\": 1}'": ("gave no credentials", "Run it by hand"),
    f"credential_process = sh -c 'echo {SECRET} >&2; exit 3'": ("gave no credentials", "Run it by hand"),
    'credential_process = echo "x': ("No closing quotation", "Correct it"),
    "AWS_WEB_IDENTITY_TOKEN_FILE=/no/token": ("'/no/token': No such file", "AWS_WEB_IDENTITY_TOKEN_FILE"),
    ROLE: ("missing: source_profile", "Set what is missing"),
    ROLE + "source_profile = p": ("Infinite loop", "Correct it"),
    ROLE + "source_profile = q": ('source_profile "q"', "Correct it"),
    ROLE + "credential_source = Moon": ('source "Moon"', "Correct it"),
    "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://example.com": ("Unsupported host", "Correct it"),
}


@pytest.fixture(autouse=True)
def nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.upper().startswith(("AWS_", "HTTPS_PROXY"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    # Whatever is asked nevertheless is refused at once, and stays here.
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture(params=CASES)
def case(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[tuple[str, str]]:
    name, _, value = request.param.partition("=")
    if name.startswith("AWS_"):
        monkeypatch.setenv(name, value)
        if "WEB_IDENTITY" in name:
            monkeypatch.setenv("AWS_ROLE_ARN", "arn:aws:iam::111111111111:role/x")
    else:
        (tmp_path / "config").write_text(f"[profile p]\n{request.param}\n")
        monkeypatch.setenv("AWS_PROFILE", "p")
    yield CASES[request.param]
    keyring._ambient.cache_clear()  # noqa: SLF001 -- what a process asks once


def test_facts_are_refused_with_it(case: tuple[str, str]) -> None:
    account = Account.model_validate({"id": "111111111111", "region": "eu-west-1"})
    found = AwsReader({"edge": account}).read(Request.of("edge", "GetAccount"))
    assert isinstance(found, Refusal)
    assert case[0] in found.reason
    assert case[1] in found.fix
    assert "account edge could not be asked: " in found.reason
    assert not found.lacks_credentials
    assert SECRET not in repr(found)


def test_state_is_not_read_and_says_so(case: tuple[str, str]) -> None:
    with pytest.raises(UndecidedError, match=r"^s3://article-state/hatchway/gateway") as caught:
        S3States(Topology.model_validate(declared())).read("gateway")
    assert case[0] in str(caught.value)
    assert case[1] in str(caught.value)
    assert SECRET not in str(caught.value)


def test_a_request_cannot_be_signed_and_says_so(case: tuple[str, str]) -> None:
    with pytest.raises(UndecidedError, match="an IAM authorizer asks for signed requests") as caught:
        keyring._ambient_keys("arn:aws:iam::111111111111:role/caller", "eu-west-1")  # noqa: SLF001
    assert case[0] in str(caught.value)
    assert case[1] in str(caught.value)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("error", "what", "fix"),
    [
        (EOFError(), "the code of an MFA device", "aws sts get-session-token"),
        (HTTPClientError(error=FileNotFoundError(2, "No such file")), "certificates", "AWS_CA_BUNDLE"),
        (SSLError(endpoint_url="https://x", error="self-signed"), "certificates", "AWS_CA_BUNDLE"),
        (HTTPClientError(error=ValueError("x")), "AWS cannot be reached", "HTTPS_PROXY"),
        (EndpointConnectionError(endpoint_url="https://x"), "AWS cannot be reached", "HTTPS_PROXY"),
        (CredentialRetrievalError(provider="container-role", error_msg=SECRET), "container-role", "Correct"),
    ],
)
def test_what_no_file_can_cause_here_is_said_too(error: Exception, what: str, fix: str) -> None:
    trouble = trouble_of(error)
    assert trouble is not None
    assert what in trouble.what
    assert fix in trouble.fix
    assert SECRET not in str(trouble)


def test_a_defect_of_ours_stays_a_defect() -> None:
    with pytest.raises(KeyError), asking_aws():
        raise KeyError
    with pytest.raises(SessionError, match="there is nobody to type it"), asking_aws():
        raise EOFError
