"""The real Terraform and the real AWS provider accept what was synthesized.

Nothing is skipped: set-up guarantees both, so a machine without them fails these tests.
"""

import json
from pathlib import Path

import pytest

from tests.synth.synthesized import Document, Synth, Synthesized, Validate


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
