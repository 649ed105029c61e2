"""`hatchway deploy` reviews what was synthesized before it changes anything."""

import stat
import sys
from pathlib import Path

import pytest

from hatchway import cli

PROJECT = Path(__file__).parents[3]
FIXTURE = PROJECT / "tests" / "fixtures" / "review" / "article"

# Writes what a synthesis would have written, with the routes to the other network left out if told so.
MAIN = f"""
import json, os, pathlib, shutil
shutil.copytree({str(FIXTURE)!r}, "cdktf.out", dirs_exist_ok=True)
path = pathlib.Path("cdktf.out/stacks/foundation/cdk.tf.json")
document = json.loads(path.read_text())
if os.environ.get("BREAK"):
    del document["resource"]["aws_route"]
path.write_text(json.dumps(document))
"""
# Tells its version, and fails at anything else: a deploy that gets here was not stopped by the review.
TERRAFORM = f"""#!{sys.executable}
import sys
if sys.argv[1] == "version":
    print('{{"terraform_version": "1.11.4"}}')
    sys.exit(0)
sys.exit(1)
"""


@pytest.fixture(autouse=True)
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "main.py").write_text(MAIN)
    (tmp_path / "hatchway.yaml").write_text((PROJECT / "hatchway.yaml").read_text())
    terraform = tmp_path / "terraform"
    terraform.write_text(TERRAFORM)
    terraform.chmod(terraform.stat().st_mode | stat.S_IXUSR)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HATCHWAY_TERRAFORM", str(terraform))
    for name in ("CDKTF_OUTDIR", "HATCHWAY_TOPOLOGY"):
        monkeypatch.delenv(name, raising=False)


def test_a_path_that_would_not_answer_is_not_deployed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BREAK", "1")
    assert cli.main(["deploy", "--yes"]) == 1
    said = capsys.readouterr().err
    assert "HW602" in said
    assert "verdict: FAIL  broken at transit" in said
    assert said.splitlines()[-1].startswith("hatchway: deploy: nothing was changed")


def test_a_sound_path_goes_on_to_terraform(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["deploy", "--yes"]) == 4
    assert "review: no broken hop, verdict pass" in capsys.readouterr().err


def test_without_review_a_broken_path_goes_on_to_terraform(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BREAK", "1")
    assert cli.main(["deploy", "--yes", "--no-review"]) == 4
    assert "review:" not in capsys.readouterr().err
