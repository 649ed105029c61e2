"""The hardened example: valid, right by review, and Checkov reports what is listed with a reason.

Checkov is named by HATCHWAY_CHECKOV; `make checkov` installs it in an environment of its own, as it would not
agree with ours.
"""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.app import synthesize
from constructs_lib.bootstrap import synthesize_bootstrap
from hatchway.review import review
from hatchway.route.outcome import Verdict
from hatchway.topology import load_views
from tests.synth.synthesized import Synthesized, Validate

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "checkov.md"
EXAMPLE = Path(__file__).parents[2] / "examples" / "hardened" / "hatchway.yaml"
CHECKOV = os.environ.get("HATCHWAY_CHECKOV")


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Synthesized:
    """What the hardened example is synthesized to."""
    outdir = tmp_path_factory.mktemp("hardened") / "cdktf.out"
    synthesize(load_views(EXAMPLE), outdir)
    return Synthesized(outdir)


def resources(value: Any) -> Any:
    """Leaves out cdktf's comments, on which checkov's parser stumbles."""
    if isinstance(value, dict):
        return {name: resources(each) for name, each in value.items() if name != "//"}
    return [resources(each) for each in value] if isinstance(value, list) else value


def listed() -> set[str]:
    return set(re.findall(r"^\| (CKV2?_AWS_\d+) \|", PAGE.read_text("utf-8"), flags=re.MULTILINE))


def test_every_listed_check_has_a_reason() -> None:
    row = re.compile(r"^\| (CKV2?_AWS_\d+) \| [^|]+ \| ([^|]+) \|$", flags=re.MULTILINE)
    reasons = dict(row.findall(PAGE.read_text("utf-8")))

    assert set(reasons) == listed()
    assert [check for check, reason in reasons.items() if not reason.strip()] == []


@pytest.mark.parametrize("stack", ["foundation", "service-orders", "gateway"])
def test_hardened_example_is_valid(validate: Validate, estate: Synthesized, stack: str) -> None:
    verdict = validate(estate.outdir / "stacks" / stack)

    assert (verdict["valid"], verdict["diagnostics"]) == (True, [])


def test_review_has_nothing_to_say_about_the_hardened_example(estate: Synthesized) -> None:
    report = review(sorted((estate.outdir / "stacks").iterdir()))

    assert report.verdict is Verdict.PASS
    assert report.findings == ()


@pytest.mark.skipif(not CHECKOV, reason="HATCHWAY_CHECKOV names no checkov")
def test_checkov_finds_what_is_listed_and_nothing_else(estate: Synthesized, tmp_path: Path) -> None:
    synthesize_bootstrap(load_views(EXAMPLE), (), tmp_path / "bootstrap")
    paths = [*estate.outdir.glob("stacks/*/*.tf.json"), *tmp_path.glob("bootstrap/stacks/*/*.tf.json")]
    for number, path in enumerate(paths):
        folder = tmp_path / "checked" / str(number)
        folder.mkdir(parents=True)
        found = {"resource": resources(json.loads(path.read_text())["resource"])}
        (folder / "main.tf.json").write_text(json.dumps(found, indent=1))

    ran = subprocess.run(
        [str(CHECKOV), "-d", "checked", "--framework", "terraform_json", "-o", "json", "--compact"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    report = json.loads(ran.stdout)
    assert report["summary"]["parsing_errors"] == 0
    assert report["summary"]["passed"] > 100
    failed = {check["check_id"] for check in report["results"]["failed_checks"]}
    assert sorted(failed - listed()) == []
    assert sorted(listed() - failed) == []
