"""Checkov reports nothing on a hardened topology except what the documentation lists, with a reason.

Opt in with HATCHWAY_CHECKOV=PATH of a checkov in an environment of its own: it would not agree with ours.
"""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.bootstrap import synthesize_bootstrap
from hatchway.topology import load
from tests.synth.synthesized import Document, Synth

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "checkov.md"
KEY = "arn:aws:kms:eu-west-1:{account}:key/0a1b2c3d"
MANAGED_RULE_GROUPS = [
    "AWSManagedRulesCommonRuleSet",
    "AWSManagedRulesKnownBadInputsRuleSet",
    "AWSManagedRulesAnonymousIpList",
]
CHECKOV = os.environ.get("HATCHWAY_CHECKOV")


@pytest.fixture
def hardened(document: Document) -> Document:
    """The article's topology with everything turned on that makes it harder to break in, or to miss it."""
    document["state"]["s3"]["kms_key_id"] = KEY.format(account="1" * 12)
    document["bootstrap"] = {"trusted_principals": ["arn:aws:iam::111111111111:role/ci"]}
    document["gateway"] |= {
        "api_id_header": "pinned",
        "web_acl": {"create": {"managed_rule_groups": MANAGED_RULE_GROUPS}},
        "throttling": {"rate_per_second": 100, "burst": 200},
    }
    document["services"]["orders"].setdefault("load_balancer", {})["deletion_protection"] = True
    document["observability"] = {
        "execution_logs": "info",
        "log_retention_days": 365,
        "kms_keys": {name: KEY.format(account=each["id"]) for name, each in document["accounts"].items()},
        "account_log_role": True,
        "tracing": True,
        "detailed_metrics": True,
        "flow_logs": True,
        "alarms": {},
    }
    return document


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


@pytest.mark.skipif(not CHECKOV, reason="HATCHWAY_CHECKOV names no checkov")
def test_checkov_finds_what_is_listed_and_nothing_else(
    synth: Synth, hardened: Document, tmp_path: Path
) -> None:
    (tmp_path / "hatchway.yaml").write_text(json.dumps(hardened))
    synthesize_bootstrap([load(tmp_path / "hatchway.yaml")], (), tmp_path / "bootstrap")
    estate = synth(hardened).outdir
    paths = [*estate.glob("stacks/*/*.tf.json"), *tmp_path.glob("bootstrap/stacks/*/*.tf.json")]
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
