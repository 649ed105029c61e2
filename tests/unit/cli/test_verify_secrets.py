"""A credential given to verify is in nothing that anybody can read, whatever the endpoint does with it."""

import base64
import json
import os
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import trustme

from tests.unit.verify.conftest import PRIVATE, PUBLIC, declared, service
from tests.unit.verify.servers import Server, certificate

ROOT = Path(__file__).parents[3]
HOST = "api.example.com"
BEARER = "tok-3n+ReAdMe/aNyWhErE.0123456789=="
API_KEY = 'key-"q&x=<1>%0123456789abcdefgh'
ACCESS_KEY = "AKIAEXAMPLEEXAMPLE01"
SECRET_KEY = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY01"
SESSION = "FwoGZXIvYXdzEXAMPLETOKENEXAMPLETOKEN0123456789"
SECRETS = (BEARER, API_KEY, SECRET_KEY, SESSION)
FORMATS = ("console", "json", "markdown", "html", "junit", "github", "sarif")
HANDED_OVER = ("variable", "file", "command")


def in_base64(text: str) -> str:
    return base64.b64encode(text.encode("latin-1")).decode()


WRITTEN = {
    "as it is": lambda text: text,
    "as a URL": lambda text: quote(text, safe=""),
    "as JSON": lambda text: json.dumps({"message": text}),
    "as base64": in_base64,
    "as base64 after one": lambda text: in_base64("." + text),
    "as base64 after two": lambda text: in_base64(".." + text),
    "as base64 in URLs": lambda text: in_base64(text).translate(str.maketrans("+/", "-_")),
}


class Echo(Server):
    """Sends back the credentials that it gets, written in some way: in reason, headers and body."""

    def __init__(self, context: ssl.SSLContext) -> None:
        super().__init__(context, at_once=True)
        self.status = 500
        self.write: Callable[[str], str] = str
        self.handler = self._echo

    def _echo(self, client: ssl.SSLSocket) -> None:
        lines = self.requests[-1].decode("latin-1").split("\r\n")[1:]
        sent = dict(
            line.lower().split(": ", 1)[:1] + line.split(": ", 1)[1:] for line in lines if ": " in line
        )
        kept = ("authorization", "x-api-key", "x-amz-security-token")
        # The signed one last: its signature is long, and reports show the beginning.
        found = " ".join(sent[name].removeprefix("Bearer ") for name in reversed(kept) if name in sent)
        said = self.write(found)
        head = (
            f"HTTP/1.1 {self.status} {said[:400]}",
            f"Location: https://elsewhere.example/?{said}",
            f"X-Echo: {said}",
            f"x-amzn-ErrorType: {said}",
            "x-amzn-RequestId: r",
            f"Content-Length: {len(said)}",
        )
        client.sendall("\r\n".join((*head, "", said)).encode("latin-1"))


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA(key_type=trustme.KeyType.ECDSA)


@pytest.fixture
def echoing(authority: trustme.CA) -> Iterator[Echo]:
    running = Echo(certificate(authority, HOST))
    yield running
    running.close()


def estate(folder: Path) -> Path:
    """A topology whose state is beside it, with routes for a token, a key and a signature."""
    document = declared(
        authorizers={"machines": {"iam": {}}}, usage_plans={"basic": {"api_keys": ["partner"]}}
    )
    document["state"] = {"local": {"directory": "state"}}
    expect = {"headers": {"X-Echo": "nothing"}, "json": {"response": "right"}}
    checks = [{"request": "GET /{}/test".replace("{}", name), "expect": expect} for name in ("a", "b", "c")]
    document["services"] = {
        "a": service("/a", checks=[checks[0]]),
        "b": service("/b", checks=[checks[1]]) | {"api_key_required": True},
        "c": service("/c", checks=[checks[2]]) | {"authorizer": "machines"},
    }
    for number, one in enumerate(document["services"].values()):
        one["endpoint"]["addresses"] = {"a": f"10.0.0.{40 + number}"}
        one["load_balancer"] = {"addresses": {"a": f"10.0.0.{60 + number}"}}
        one["endpoint"]["placement"] = "gateway"
    path = folder / "hatchway.yaml"
    path.write_text(json.dumps(document))
    outputs = {
        "public_url": f"https://{HOST}/live",
        "rest_api_id": PUBLIC,
        "private_api_ids": dict.fromkeys(document["services"], PRIVATE),
    }
    (folder / "state").mkdir()
    (folder / "state" / "gateway.tfstate").write_text(
        json.dumps({"version": 4, "outputs": {name: {"value": one} for name, one in outputs.items()}})
    )
    return path


def handed_over(how: str, folder: Path) -> dict[str, str]:
    given = {"HATCHWAY_TOKEN": BEARER, "HATCHWAY_API_KEY": API_KEY}
    if how == "variable":
        return given
    found = {}
    for name, value in given.items():
        kept = folder / name.lower()
        kept.write_text(value + "\n")
        found[f"{name}_{how.upper()}"] = str(kept) if how == "file" else f"cat {kept}"
    return found


def command_lines(parent: int) -> set[str]:
    """What a process list shows of a process and its children."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            of = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            if parent in {of, int(entry.name)}:
                found.add((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
        except (OSError, ValueError, IndexError):
            continue
    return found


def forms(secret: str) -> set[str]:
    plain = secret.encode()
    encoded = {base64.b64encode(b"." * before + plain).decode()[4:-4] for before in range(3)}
    safe = {one.translate(str.maketrans("+/", "-_")) for one in encoded}
    return {secret, quote(secret, safe=""), json.dumps(secret)[1:-1], *encoded, *safe}


# A wrong status has the body reported, a right one the header that was expected otherwise.
SHOWN = [*((500, way) for way in WRITTEN), (200, "as it is"), (200, "as base64 after two")]
CASES = [(HANDED_OVER[number % 3], *shown) for number, shown in enumerate(SHOWN)]


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="there is no /proc to look into")
@pytest.mark.parametrize(("how", "status", "way"), CASES)
def test_no_credential_is_in_any_report_message_or_process_list(  # noqa: PLR0913, PLR0917 -- fixtures and cases
    echoing: Echo, authority: trustme.CA, tmp_path: Path, how: str, status: int, way: str
) -> None:
    echoing.status, echoing.write = status, WRITTEN[way]
    topology = estate(tmp_path)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    reports = {name: tmp_path / f"report.{name}" for name in FORMATS}
    environ: dict[str, Any] = {
        **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
        **handed_over(how, tmp_path),
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_SESSION_TOKEN": SESSION,
        "HATCHWAY_DEBUG": "1",
    }
    command = [sys.executable, "-m", "hatchway", "verify", "--topology", str(topology), "--calls-only"]
    command += ["--wait", "0", "--ca-file", str(tmp_path / "ca.pem")]
    command += ["--connect-to", f"::127.0.0.1:{echoing.port}"]
    command += [f"--output={name}={path}" for name, path in reports.items()]
    with subprocess.Popen(
        command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as ran:
        listed = set()
        while ran.poll() is None:
            listed |= command_lines(ran.pid)
            time.sleep(0.02)
        out, err = ran.communicate(timeout=60)

    assert ran.returncode == 1, err
    sent = b"\n".join(echoing.requests).decode("latin-1")
    assert [secret for secret in (BEARER, API_KEY, SESSION) if secret not in sent] == []
    readable = {"stdout": out, "stderr": err, "processes": "\n".join(listed)}
    readable |= {name: path.read_text("utf-8") for name, path in reports.items()}
    assert "********" in readable["json"]
    leaks = [
        (place, secret[:4])
        for place, text in readable.items()
        for secret in SECRETS
        if any(form in text for form in forms(secret))
    ]
    assert leaks == []
