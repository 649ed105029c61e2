"""The canary's handler, calling a server on this machine."""

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

HANDLER = Path(__file__).parents[3] / "constructs_lib" / "handlers" / "canary.py"
GOOD = {"service": "orders", "request": "GET /test", "status": 200, "json": {"response": "fine"}}


class Api(BaseHTTPRequestHandler):
    answers: ClassVar[dict[str, tuple[int, str]]] = {}
    seen: ClassVar[list[tuple[str, dict[str, str]]]] = []

    def do_GET(self) -> None:
        self.seen.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        status, body = self.answers.get(self.path, (404, "{}"))
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def url() -> Iterator[str]:
    Api.answers = {"/live/test": (200, '{"response": "fine", "more": 1}'), "/live/broken": (500, "no JSON")}
    Api.seen = []
    server = HTTPServer(("127.0.0.1", 0), Api)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/live"
    server.shutdown()
    thread.join()
    server.server_close()


def run(
    folder: Path, url: str, *checks: dict[str, Any], **environ: str
) -> "subprocess.CompletedProcess[str]":
    """Runs the handler as Lambda would: a file beside its checks, and nothing of this project."""
    shutil.copy(HANDLER, folder)
    (folder / "checks.json").write_text(json.dumps(checks))
    return subprocess.run(
        [sys.executable, "-c", "import canary; print(canary.handler({}, None))"],
        cwd=folder,
        env={"PUBLIC_URL": url, **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def test_checks_that_are_answered_as_expected_pass(tmp_path: Path, url: str) -> None:
    ran = run(tmp_path, url, GOOD)

    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[-1] == "1 checks passed"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"request": "GET /nowhere"}, "GET /nowhere answered 404, not 200"),
        ({"status": 201}, "GET /test answered 200, not 201"),
        ({"json": {"response": "else"}}, "GET /test answered with another body"),
        ({"json": {"other": 1}}, "GET /test answered with another body"),
        ({"request": "GET /broken", "status": 500}, "GET /broken answered with another body"),
    ],
)
def test_anything_else_fails_the_run_and_is_named(
    tmp_path: Path, url: str, change: dict[str, Any], message: str
) -> None:
    ran = run(tmp_path, url, {**GOOD, **change})

    assert ran.returncode != 0
    assert f"CheckFailedError: orders: {message}" in ran.stderr


def test_a_failing_check_does_not_keep_the_others_from_being_sent(tmp_path: Path, url: str) -> None:
    run(tmp_path, url, {**GOOD, "request": "GET /nowhere"}, GOOD)

    assert [path for path, _ in Api.seen] == ["/live/nowhere", "/live/test"]


def test_the_api_id_is_sent_where_callers_have_to_send_it(tmp_path: Path, url: str) -> None:
    run(tmp_path, url, GOOD, {**GOOD, "service": "billing"}, API_IDS='{"orders": "abcdefghij"}')

    assert [headers.get("x-apigw-api-id") for _, headers in Api.seen] == ["abcdefghij", None]


def test_a_host_that_does_not_answer_is_a_failure_and_no_crash(tmp_path: Path) -> None:
    ran = run(tmp_path, "http://127.0.0.1:1/live", GOOD)

    assert "orders: GET /test was not answered: URLError" in ran.stderr


def test_the_token_comes_from_its_secret_and_is_not_logged(tmp_path: Path, url: str) -> None:
    (tmp_path / "boto3.py").write_text(
        "class client:\n"
        "    def __init__(self, name): assert name == 'secretsmanager'\n"
        "    def get_secret_value(self, SecretId): return {'SecretString': f'token-of-{SecretId}'}\n"
    )

    ran = run(tmp_path, url, GOOD, SECRET_ARN="canary")

    assert Api.seen[0][1]["authorization"] == "Bearer token-of-canary"
    assert "token-of" not in ran.stdout + ran.stderr
