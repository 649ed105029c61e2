"""Installing Terraform from a file server on loopback: what is right is installed, nothing else ever is."""

import hashlib
import http.server
import io
import json
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from hatchway.errors import ToolError
from scripts.setup import download
from scripts.setup.terraform import Release, Terraform
from tests.unit.setup.programs import place, terraform

REPOSITORY = Path(__file__).resolve().parents[2]
PLATFORM = "linux_amd64"
PROGRAM = '#!/bin/sh\necho \'{"terraform_version": "1.11.4"}\'\n'
PATH_ON_SITE = f"/terraform/1.11.4/terraform_1.11.4_{PLATFORM}.zip"


def _archive(**files: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


class Site:
    """A release site with one file, which can be told to misbehave."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.cut_after: int | None = None  # bytes of the next answers, of the length they announce
        self.knows_ranges = True
        self.requests: list[str | None] = []
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.answer(self)

            def log_message(self, *_: object) -> None:
                """Keep the test's output clean."""

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, request: http.server.BaseHTTPRequestHandler) -> None:
        asked = request.headers.get("Range")
        self.requests.append(asked)
        if request.path != PATH_ON_SITE:
            request.send_error(404)
            return
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and self.knows_ranges else 0
        if start >= len(self.content):
            request.send_error(416)
            return
        rest = self.content[start:]
        request.send_response(206 if start else 200)
        request.send_header("Content-Length", str(len(rest)))
        request.end_headers()
        request.wfile.write(rest[: self.cut_after])

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def site() -> Iterator[Site]:
    opened = Site(_archive(**{"LICENSE.txt": "words", "terraform": PROGRAM, "../../outside": "no"}))
    yield opened
    opened.close()


@pytest.fixture
def clone(tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone on a machine without Terraform, whose pins name what the site has."""
    pins = tmp_path / "scripts/setup/terraform.json"
    pins.parent.mkdir(parents=True)
    digests = {PLATFORM: hashlib.sha256(site.content).hexdigest()}
    pins.write_text(json.dumps({"site": "https://nowhere.invalid", "version": "1.11.4", "sha256": digests}))
    (tmp_path / "bin").mkdir()
    monkeypatch.setattr("time.sleep", lambda _: None)
    return tmp_path


def _step(clone: Path, site: Site, **environ: str) -> Terraform:
    variables = {"PATH": str(clone / "bin"), "HATCHWAY_TERRAFORM_RELEASES": f"{site.address}/", **environ}
    return Terraform(place(clone, **variables), platform=PLATFORM)


def _installed(clone: Path) -> list[str]:
    tools = clone / ".hatchway/tools"
    return sorted(str(path.relative_to(tools)) for path in tools.rglob("*") if path.is_file())


def test_installs_the_pinned_release_and_nothing_beside_it(clone: Path, site: Site) -> None:
    step = _step(clone, site)
    assert not step.intact()
    assert step.run(interrupted=False) == "1.11.4, .hatchway/tools/terraform"
    assert step.intact()
    program = clone / ".hatchway/tools/terraform"
    assert program.stat().st_mode & 0o777 == 0o755
    assert _installed(clone) == ["terraform"]
    assert not (clone.parent / "outside").exists()


def test_leaves_a_terraform_on_path_that_is_new_enough(clone: Path, site: Site) -> None:
    found = terraform(clone / "bin", "1.12.2")
    assert _step(clone, site).run(interrupted=False) == f"1.12.2, {found.relative_to(clone)}"
    assert site.requests == []


def test_installs_beside_a_terraform_on_path_that_is_too_old(clone: Path, site: Site) -> None:
    terraform(clone / "bin", "1.10.5")
    assert _step(clone, site).run(interrupted=False) == "1.11.4, .hatchway/tools/terraform"


def test_does_not_replace_a_terraform_that_was_asked_for(clone: Path, site: Site) -> None:
    with pytest.raises(ToolError, match=r"^HATCHWAY_TERRAFORM: is not a file, got '/no/such'"):
        _step(clone, site, HATCHWAY_TERRAFORM="/no/such").run(interrupted=False)
    assert site.requests == []


def test_refuses_a_file_with_another_digest_and_removes_it(clone: Path, site: Site) -> None:
    site.content = _archive(terraform="#!/bin/sh\necho something else\n")
    got = hashlib.sha256(site.content).hexdigest()
    with pytest.raises(ToolError, match=f"is not the file that was pinned: its SHA-256 is {got}, not "):
        _step(clone, site).run(interrupted=False)
    assert _installed(clone) == []


def test_says_which_address_has_nothing(clone: Path, site: Site) -> None:
    missing = f"{site.address}/elsewhere"
    with pytest.raises(ToolError, match=rf"^{missing}{PATH_ON_SITE}: cannot be fetched, got HTTP 404"):
        _step(clone, site, HATCHWAY_TERRAFORM_RELEASES=missing).run(interrupted=False)
    assert len(site.requests) == 1, "an answer is not asked for again"


def test_says_that_nobody_answers(clone: Path, site: Site) -> None:
    site.close()
    with pytest.raises(ToolError, match=r"cannot be fetched, got .*Connection refused.*Run set-up again"):
        _step(clone, site).run(interrupted=False)


def test_goes_on_where_a_connection_was_cut(clone: Path, site: Site) -> None:
    site.cut_after = 200
    assert _step(clone, site).run(interrupted=False).startswith("1.11.4")
    assert site.requests[:2] == [None, "bytes=200-"]


def test_the_next_set_up_goes_on_where_this_one_was_cut(clone: Path, site: Site) -> None:
    site.cut_after = 20
    with pytest.raises(
        ToolError, match=r"cannot be fetched, got 20 of \d+ bytes\. Run set-up again to go on\.$"
    ):
        _step(clone, site).run(interrupted=False)
    kept = 20 * download.ATTEMPTS
    site.cut_after = None
    assert _step(clone, site).run(interrupted=False).startswith("1.11.4")
    assert site.requests[-1] == f"bytes={kept}-"


def test_starts_over_at_a_site_that_knows_no_ranges(clone: Path, site: Site) -> None:
    site.knows_ranges = False
    part = clone / f".hatchway/tools/download/terraform_1.11.4_{PLATFORM}.zip.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"the beginning of something else")
    assert _step(clone, site).run(interrupted=False).startswith("1.11.4")


def test_takes_a_part_that_is_the_whole_file(clone: Path, site: Site) -> None:
    part = clone / f".hatchway/tools/download/terraform_1.11.4_{PLATFORM}.zip.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(site.content)
    assert _step(clone, site).run(interrupted=False).startswith("1.11.4")


@pytest.mark.parametrize("content", [b"<html>not found</html>", _archive(other="words")])
def test_refuses_a_pinned_file_that_holds_no_terraform(clone: Path, site: Site, content: bytes) -> None:
    site.content = content
    pins = clone / "scripts/setup/terraform.json"
    digests = {PLATFORM: hashlib.sha256(content).hexdigest()}
    pins.write_text(json.dumps({"site": site.address, "version": "1.11.4", "sha256": digests}))
    with pytest.raises(
        ToolError, match=r"is not a zip archive with a file 'terraform' in it\. Nothing was installed\."
    ):
        _step(clone, site).run(interrupted=False)
    assert _installed(clone) == []


def test_says_that_no_release_is_pinned_for_a_machine(clone: Path, site: Site) -> None:
    step = Terraform(place(clone, PATH=str(clone / "bin")), platform="plan9_mips")
    with pytest.raises(ToolError, match="none is pinned for plan9_mips"):
        step.run(interrupted=False)
    assert site.requests == []


def test_fetches_over_http_and_https_only(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="needs an http or https address, got 'file:///etc/passwd'"):
        download.fetch("file:///etc/passwd", tmp_path / "file", "0")


def test_the_repository_pins_a_release_for_every_machine_it_names() -> None:
    release = Release.pinned(REPOSITORY / "scripts/setup/terraform.json", {})
    assert sorted(release.sha256) == ["darwin_amd64", "darwin_arm64", "linux_amd64", "linux_arm64"]
    assert len(set(release.sha256.values())) == 4
    assert all(len(digest) == 64 and int(digest, 16) for digest in release.sha256.values())
    assert release.address("linux_arm64") == (
        "https://releases.hashicorp.com/terraform/1.11.4/terraform_1.11.4_linux_arm64.zip"
    )
