"""State outside S3: HCP Terraform, and files on this machine."""

import json
from pathlib import Path

import pytest

from tests.synth.synthesized import Document, Synth, Synthesized, Terraform, Validate

STACKS = ["foundation", "service-orders", "gateway"]


@pytest.fixture
def hcp(synth: Synth, document: Document) -> Synthesized:
    document["state"] = {"hcp": {"organization": "example-org", "project": "Platform team"}}
    return synth(document)


@pytest.fixture
def local(synth: Synth, document: Document) -> Synthesized:
    document["state"] = {"local": {}}
    return synth(document)


@pytest.mark.parametrize("stack", STACKS)
def test_each_stack_has_its_workspace_and_no_backend(hcp: Synthesized, stack: str) -> None:
    settings = hcp[stack].document["terraform"]

    assert settings["cloud"] == {
        "hostname": "app.terraform.io",
        "organization": "example-org",
        "workspaces": {"name": f"article-{stack}", "project": "Platform team"},
    }
    assert "backend" not in settings


def test_values_of_other_stacks_are_read_from_their_workspaces(hcp: Synthesized) -> None:
    states = hcp["gateway"].document["data"]["terraform_remote_state"]

    assert states["service-orders"] == {
        "backend": "remote",
        "config": {
            "hostname": "app.terraform.io",
            "organization": "example-org",
            "workspaces": {"name": "article-service-orders"},
        },
    }


def test_each_account_has_dynamic_credentials_of_its_own_and_assumes_no_role(hcp: Synthesized) -> None:
    providers = hcp["foundation"].document["provider"]["aws"]

    assert {provider["alias"]: provider["shared_config_files"] for provider in providers} == {
        "edge": ['${var.tfc_aws_dynamic_credentials.aliases["EDGE"].shared_config_file}'],
        "orders": ['${var.tfc_aws_dynamic_credentials.aliases["ORDERS"].shared_config_file}'],
    }
    assert not any("assume_role" in provider for provider in providers)
    assert list(hcp["foundation"].document["variable"]) == ["tfc_aws_dynamic_credentials"]


def test_without_dynamic_credentials_deploy_roles_are_assumed(synth: Synth, document: Document) -> None:
    document["state"] = {"hcp": {"organization": "example-org", "dynamic_credentials": False}}

    stack = synth(document)["gateway"].document

    assert stack["provider"]["aws"][0]["assume_role"][0]["role_arn"].endswith(":role/hatchway-deploy")
    assert "shared_config_files" not in stack["provider"]["aws"][0]
    assert "variable" not in stack


def test_an_own_host_and_prefix_are_used_throughout(synth: Synth, document: Document) -> None:
    document["state"] = {
        "hcp": {
            "organization": "example-org",
            "hostname": "terraform.example.com",
            "workspace_prefix": "production",
        }
    }

    gateway = synth(document)["gateway"].document

    assert gateway["terraform"]["cloud"]["hostname"] == "terraform.example.com"
    assert gateway["terraform"]["cloud"]["workspaces"] == {"name": "production-gateway"}
    for state in gateway["data"]["terraform_remote_state"].values():
        assert state["config"]["hostname"] == "terraform.example.com"


def test_nothing_but_state_and_credentials_depends_on_where_state_is_kept(
    hcp: Synthesized, article: Synthesized
) -> None:
    for stack in STACKS:
        assert hcp[stack].document["resource"] == article[stack].document["resource"]
        assert hcp[stack].outputs == article[stack].outputs


@pytest.mark.parametrize("stack", STACKS)
def test_a_local_state_is_named_relative_to_where_terraform_runs(local: Synthesized, stack: str) -> None:
    backend = local[stack].document["terraform"]["backend"]

    assert backend == {"local": {"path": f"../../../state/{stack}.tfstate"}}
    assert str(local.outdir.parent) not in local[stack].text


def test_values_of_other_stacks_are_read_from_their_files(local: Synthesized) -> None:
    states = local["gateway"].document["data"]["terraform_remote_state"]

    assert {name: state["config"]["path"] for name, state in states.items()} == {
        "foundation": "../../../state/foundation.tfstate",
        "service-orders": "../../../state/service-orders.tfstate",
    }


@pytest.mark.parametrize("stack", ["foundation", "gateway"])
def test_stacks_with_a_cloud_block_are_valid(validate: Validate, hcp: Synthesized, stack: str) -> None:
    verdict = validate(hcp.outdir / "stacks" / stack)

    assert (verdict["valid"], verdict["diagnostics"]) == (True, [])


def test_terraform_writes_the_state_beside_the_topology(
    local: Synthesized, terraform: Terraform, tmp_path: Path
) -> None:
    folder = tmp_path / "cdktf.out" / "stacks" / "gateway"
    folder.mkdir(parents=True)
    backend = local["gateway"].document["terraform"]["backend"]
    stack = {"terraform": {"backend": backend}, "output": {"stage_name": {"value": "live"}}}
    (folder / "cdk.tf.json").write_text(json.dumps(stack))

    for command in (["init", "-input=false"], ["apply", "-auto-approve", "-input=false"]):
        ran = terraform(folder, *command)
        assert ran.returncode == 0, ran.stderr

    state = json.loads((tmp_path / "state" / "gateway.tfstate").read_text())
    assert state["outputs"]["stage_name"]["value"] == "live"
