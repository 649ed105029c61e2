"""The state bucket and the deploy roles, created by the real Terraform in an account with nothing in it."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hatchway.sandbox import Sandbox
from hatchway.topology import bootstrap_state_file, load

PROJECT = Path(__file__).resolve().parents[2]
ADMINISTRATORS = [
    *("--role", "edge=arn:aws:iam::111111111111:role/admin"),
    *("--role", "orders=arn:aws:iam::222222222222:role/admin"),
]


@pytest.fixture(scope="module")
def empty_account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    sandbox = Sandbox.start(
        tmp_path_factory.mktemp("bootstrap") / "sandbox", time_scale=0.05, follow_parent=True
    )
    yield sandbox
    sandbox.stop()


@pytest.fixture(scope="module")
def topology_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("topology") / "hatchway.yaml"
    ci = "arn:aws:iam::111111111111:role/ci"
    text = (PROJECT / "hatchway.yaml").read_text("utf-8")
    path.write_text(f"{text}\nbootstrap:\n  trusted_principals: [{ci}]\n", "utf-8")
    return path


def bootstrap(sandbox: Sandbox, topology: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "hatchway",
            "bootstrap",
            "--topology",
            str(topology),
            "--yes",
            *ADMINISTRATORS,
        ],
        cwd=PROJECT,
        env={**os.environ, **sandbox.environment()},
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )


@pytest.fixture(scope="module")
def first_run(empty_account: Sandbox, topology_path: Path) -> "subprocess.CompletedProcess[str]":
    ran = bootstrap(empty_account, topology_path)
    assert ran.returncode == 0, ran.stderr[-4000:]
    return ran


def test_the_state_is_in_the_bucket_that_the_first_run_made(
    first_run: Any, empty_account: Sandbox, topology_path: Path
) -> None:
    assert "its state is in the bucket now" in re.sub(r"\s+", " ", first_run.stderr)
    assert not bootstrap_state_file(load(topology_path)).exists()
    s3 = empty_account.session("arn:aws:iam::111111111111:role/admin", "eu-west-1").client("s3")
    body = s3.get_object(Bucket="article-terraform-state", Key="article/bootstrap.tfstate")["Body"].read()
    assert {each["type"] for each in json.loads(body)["resources"]} >= {"aws_s3_bucket", "aws_iam_role"}


@pytest.mark.usefixtures("first_run")
@pytest.mark.parametrize("account", ["111111111111", "222222222222"])
def test_each_account_has_its_deploy_role_with_its_policies(empty_account: Sandbox, account: str) -> None:
    iam = empty_account.session(f"arn:aws:iam::{account}:role/admin", "eu-west-1").client("iam")

    role = iam.get_role(RoleName="hatchway-deploy")["Role"]

    assert role["Arn"] == f"arn:aws:iam::{account}:role/hatchway-deploy"
    assert iam.list_attached_role_policies(RoleName="hatchway-deploy")["AttachedPolicies"]


@pytest.mark.usefixtures("first_run")
def test_a_second_run_uses_the_bucket_and_changes_nothing(
    empty_account: Sandbox, topology_path: Path
) -> None:
    ran = bootstrap(empty_account, topology_path)

    assert ran.returncode == 0, ran.stderr[-4000:]
    assert "bootstrap: no changes" in ran.stderr
    assert not bootstrap_state_file(load(topology_path)).exists()
