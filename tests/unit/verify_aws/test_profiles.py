"""A profile for each account: whose key signs what. Files and requests are real; the requests stay here."""

import os
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from hatchway.errors import UndecidedError, UsageError
from hatchway.topology.model import Account, Topology
from hatchway.verify.aws.accounts import AwsReader
from hatchway.verify.aws.answers import Refusal
from hatchway.verify.aws.reads import Request
from hatchway.verify.s3_state import S3States
from hatchway.verify.state import states_of
from hatchway.verify.verifier import Verifier
from tests.unit.verify.conftest import declared

ASSUMED = """<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>AKIDASSUMED</AccessKeyId>
<SecretAccessKey>made-up</SecretAccessKey><SessionToken>t</SessionToken>
<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"""
IDENTITY = """<GetCallerIdentityResponse><GetCallerIdentityResult><Account>%s</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>"""
LINKS = '{"item": []}'
STATE = '{"outputs": {}}'
OWNERS = {"AKIDEDGE": "111111111111", "AKIDORDERS": "222222222222"}


class Aws(BaseHTTPRequestHandler):
    """Answers as STS, API Gateway and S3 do, and takes note of the key of each request."""

    signed: list[tuple[str, str]]

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        found = re.search(r"Credential=(\w+)/", self.headers["Authorization"])
        key = found[1] if found else ""
        what = (re.search(r"Action=(\w+)", body) or [self.path, self.path])[1]
        self.signed.append((what, key))
        text = {"AssumeRole": ASSUMED, "GetCallerIdentity": IDENTITY % OWNERS.get(key, "0")}.get(
            what, LINKS if "vpclinks" in what else STATE
        )
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def do_GET(self) -> None:
        self.answer()

    def do_POST(self) -> None:
        self.answer()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def signed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[list[tuple[str, str]]]:
    """What was asked, each with the key that signed it. The environment has keys of its own."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    (tmp_path / "config").write_text("[profile edge-reader]\nregion = us-east-1\n[profile orders-reader]\n")
    (tmp_path / "credentials").write_text(
        "[edge-reader]\naws_access_key_id = AKIDEDGE\naws_secret_access_key = made-up\n"
        "[orders-reader]\naws_access_key_id = AKIDORDERS\naws_secret_access_key = made-up\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDAMBIENT")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "made-up")
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Noting", (Aws,), {"signed": []}))
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_address[1]}")
    yield server.RequestHandlerClass.signed  # type: ignore[attr-defined] # the class made above
    server.shutdown()
    server.server_close()


def accounts(**of_edge: str) -> dict[str, Account]:
    edge = {"id": "111111111111", "region": "eu-west-1", **of_edge}
    orders = {"id": "222222222222", "region": "eu-west-1"}
    return {"edge": Account.model_validate(edge), "orders": Account.model_validate(orders)}


def links(reader: AwsReader, account: str) -> Any:
    return reader.read(Request.of(account, "GetVpcLinks"))


def test_each_account_is_read_with_its_own_profile(signed: list[tuple[str, str]]) -> None:
    reader = AwsReader(accounts(), profiles={"edge": "edge-reader", "orders": "orders-reader"})
    assert links(reader, "edge") == []
    assert links(reader, "orders") == []
    assert [key for _, key in signed] == ["AKIDEDGE", "AKIDEDGE", "AKIDORDERS", "AKIDORDERS"]


def test_a_role_is_assumed_from_the_profile(signed: list[tuple[str, str]]) -> None:
    role = "arn:aws:iam::111111111111:role/verify"
    reader = AwsReader(accounts(verify_role=role), profiles={"edge": "edge-reader"})
    assert links(reader, "edge") == []
    assert signed[0] == ("AssumeRole", "AKIDEDGE")
    assert signed[1][1] == "AKIDASSUMED"


def test_an_account_without_a_profile_is_read_with_the_environment(signed: list[tuple[str, str]]) -> None:
    found = links(AwsReader(accounts(), profiles={"orders": "orders-reader"}), "edge")
    assert [key for _, key in signed] == ["AKIDAMBIENT"]
    assert isinstance(found, Refusal)
    assert "--profile edge=PROFILE" in found.fix


@pytest.mark.usefixtures("signed")
def test_a_profile_that_is_not_there_is_named_with_its_account() -> None:
    found = links(AwsReader(accounts(), profiles={"edge": "edge-raeder"}), "edge")
    assert isinstance(found, Refusal)
    assert found.reason.startswith("account edge could not be asked: ")
    assert "edge-raeder" in found.reason
    assert "--profile" in found.fix


def test_state_is_read_with_the_profile_of_the_account_that_holds_it(signed: list[tuple[str, str]]) -> None:
    topology = Topology.model_validate(declared())
    profiles = {"edge": "edge-reader", "orders": "orders-reader"}
    assert states_of(topology, None, profiles).read("gateway") == STATE.encode()  # type: ignore[arg-type] # not asked
    assert [key for _, key in signed] == ["AKIDEDGE"]


@pytest.mark.usefixtures("signed")
def test_state_says_so_too_if_the_profile_is_not_there() -> None:
    with pytest.raises(UndecidedError, match=r"edge-raeder.*--profile"):
        S3States(Topology.model_validate(declared()), profile="edge-raeder").read("gateway")


def test_a_profile_for_no_account_is_refused() -> None:
    views = [Topology.model_validate(declared())]
    with pytest.raises(UsageError, match=r"--profile: there is no such account, got 'egde'"):
        Verifier(views=views, profiles={"egde": "x"})
