"""The real Terraform and the real AWS provider accept what was synthesized.

Nothing is skipped: set-up guarantees both, so a machine without them fails these tests.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from hatchway.errors import ToolError
from hatchway.terraform.binary import find_terraform
from hatchway.terraform.mirror import cli_configuration
from tests.synth.synthesized import Document, Synth, Synthesized

Terraform = Callable[..., subprocess.CompletedProcess[str]]
Validate = Callable[[Path], Document]

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def terraform(tmp_path_factory: pytest.TempPathFactory):
    """Runs Terraform with the provider from a mirror, without a backend."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
    try:
        binary = find_terraform(environ, ROOT)
        found = cli_configuration(environ, ROOT, sandbox=tmp_path_factory.mktemp("terraform"))
    except ToolError as error:
        pytest.fail(str(error))

    def run(folder: Path, *arguments):
        return subprocess.run(
            [str(binary), *arguments],
            cwd=folder,
            env={**environ, **found, "CHECKPOINT_DISABLE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def validate(terraform: Terraform, tmp_path_factory: pytest.TempPathFactory):
    """Validates the stacks of a topology, merged to one start of the provider each."""

    def run(folder: Path):
        copied = tmp_path_factory.mktemp("validate") / "stack"
        shutil.copytree(folder, copied)
        started = terraform(copied, "init", "-backend=false", "-input=false", "-no-color")
        assert started.returncode == 0, started.stderr
        return json.loads(terraform(copied, "validate", "-json").stdout)

    return run


@pytest.mark.parametrize("stack", ["foundation", "service-orders", "gateway"])
def test_article_is_valid(validate: Validate, article: Synthesized, stack: str) -> None:
    verdict = validate(article.outdir / "stacks" / stack)

    assert (verdict["valid"], verdict["diagnostics"]) == (True, [])


def test_existing_networks_are_valid(validate: Validate, synth: Synth, existing: Document) -> None:
    verdict = validate(synth(existing).outdir / "stacks" / "foundation")

    assert (verdict["valid"], verdict["diagnostics"]) == (True, [])


def test_pinned_gateway_of_two_services_is_valid(
    validate: Validate, synth: Synth, two_services: Document
) -> None:
    two_services["gateway"]["api_id_header"] = "pinned"

    verdict = validate(synth(two_services).outdir / "stacks" / "gateway")

    assert (verdict["valid"], verdict["diagnostics"]) == (True, [])


def test_a_wrong_argument_would_be_noticed(validate: Validate, article: Synthesized, tmp_path: Path) -> None:
    document = json.loads((article.outdir / "stacks" / "service-orders" / "cdk.tf.json").read_text())
    document["resource"]["aws_vpc_endpoint"]["execute_api"]["private_dns"] = False
    (tmp_path / "cdk.tf.json").write_text(json.dumps(document))

    verdict = validate(tmp_path)

    assert verdict["valid"] is False
    assert "private_dns" in verdict["diagnostics"][0]["detail"]
