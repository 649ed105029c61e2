"""Keys to sign with that come to their end: renewed before, and masked after. AWS's STS stands here."""

import os
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from hatchway.topology.model import Authorizer
from hatchway.verify import keyring
from hatchway.verify.admission import Admission
from hatchway.verify.calling import Call
from hatchway.verify.keyring import Keyring

IAM = Admission(authorizer=Authorizer.model_validate({"iam": {}}))
ROLE = "arn:aws:iam::111111111111:role/caller"
# botocore renews what ends within ten minutes, each time that it is asked for keys.
SOON = timedelta(minutes=5)
LATER = timedelta(hours=1)
GIVEN = """<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>AKID{number}</AccessKeyId>
<SecretAccessKey>made-up</SecretAccessKey><SessionToken>token-{number}</SessionToken>
<Expiration>{ends}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"""
PROCESS = """#!/bin/sh
n=$(($(cat {count}) + 1)); echo $n > {count}
echo '{{"Version": 1, "AccessKeyId": "AKID'$n'", "SecretAccessKey": "x", "SessionToken": "token-'$n'",'
echo ' "Expiration": "{ends}"}}'
"""


class Sts(BaseHTTPRequestHandler):
    """Gives other keys each time."""

    given = 0
    good_for = SOON

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        kind = type(self)
        kind.given += 1
        ends = (datetime.now(tz=UTC) + kind.good_for).isoformat()
        body = GIVEN.format(number=kind.given, ends=ends).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def sts(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Sts]]:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, os.devnull)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDAMBIENT")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "made-up")
    handler: type[Sts] = type("Giving", (Sts,), {"given": 0})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_address[1]}")
    keyring._ambient.cache_clear()  # noqa: SLF001 -- what a process asks once
    yield handler
    keyring._ambient.cache_clear()  # noqa: SLF001 -- the same
    server.shutdown()
    server.server_close()


def signed_by(keys: Keyring) -> str:
    """Return the key that a call is signed with."""
    (credential,) = keys.credentials(IAM)
    call = credential.applied(Call(method="GET", url="https://api.example.com/orders", headers={}))
    found = re.search(r"Credential=(\w+)/", call.headers["Authorization"])
    assert found is not None
    return found[1]


def test_keys_of_the_callers_role_are_renewed_before_they_end(sts: type[Sts]) -> None:
    keys = Keyring({"HATCHWAY_CALLER_ROLE": ROLE}, "eu-west-1")
    assert signed_by(keys) != signed_by(keys)
    assert sts.given > 2


def test_keys_that_are_good_for_long_are_asked_for_once(sts: type[Sts]) -> None:
    sts.good_for = LATER
    keys = Keyring({"HATCHWAY_CALLER_ROLE": ROLE}, "eu-west-1")
    assert {signed_by(keys) for _ in range(5)} == {"AKID1"}
    assert sts.given == 1


@pytest.mark.usefixtures("sts")
def test_keys_of_a_program_are_renewed_before_they_end(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program, count = tmp_path / "program", tmp_path / "count"
    count.write_text("0")
    program.write_text(PROCESS.format(count=count, ends=(datetime.now(tz=UTC) + SOON).isoformat()))
    program.chmod(0o700)
    (tmp_path / "config").write_text(f"[profile p]\ncredential_process = {program}\n")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_PROFILE", "p")
    keys = Keyring({}, "eu-west-1")
    assert signed_by(keys) != signed_by(keys)


@pytest.mark.usefixtures("sts")
def test_a_token_that_was_renewed_is_masked_still() -> None:
    keys = Keyring({"HATCHWAY_CALLER_ROLE": ROLE}, "eu-west-1")
    tokens = [signed_by(keys).replace("AKID", "token-") for _ in range(2)]
    masked = keys.masked_in(" ".join(tokens).encode()).decode()
    assert masked == "******** ********"
