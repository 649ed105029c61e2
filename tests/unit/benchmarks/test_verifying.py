"""What a bare loop sends is what was recorded, and it notices when it is answered otherwise."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from benchmarks import bare_calls, many_services
from hatchway.topology import load


class Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200 if self.headers["x-good"] else 403)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{server.server_address[1]}")
    monkeypatch.setenv("SSL_CERT_FILE", "")
    yield "http://api.example.com"
    server.shutdown()
    server.server_close()


def recorded(folder: Path, url: str, statuses: dict[str, int]) -> Path:
    requests = [{"method": "GET", "url": f"{url}/a", "headers": {"x-good": "1"}, "body": None}] * 3
    requests.append({"method": "GET", "url": f"{url}/b", "headers": {}, "body": "x"})
    path = folder / "requests.json"
    path.write_text(json.dumps({"requests": requests, "statuses": statuses}))
    return path


def test_the_loop_is_content_with_the_same_answers(proxy: str, tmp_path: Path) -> None:
    assert bare_calls.main(recorded(tmp_path, proxy, {"200": 3, "403": 1})) == 0


def test_the_loop_fails_if_it_is_answered_otherwise(
    proxy: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bare_calls.main(recorded(tmp_path, proxy, {"200": 4})) == 1
    assert "answered {200: 3, 403: 1}" in capsys.readouterr().err


def test_many_services_are_a_topology_without_problems(tmp_path: Path) -> None:
    path = tmp_path / "hatchway.yaml"
    path.write_text(json.dumps(many_services.document(200)))
    topology = load(path)
    assert len(topology.services) == 200
    assert {service.isolation for service in topology.services.values()} == {"shared"}
