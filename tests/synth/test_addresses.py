"""Terraform addresses are a contract: to change one moves a resource, which destroys and rebuilds it."""

import re
from pathlib import Path

import pytest

from tests.synth.synthesized import Document, Synth, Synthesized

GOLDENS = Path(__file__).with_name("goldens")


def listed(synthesized: Synthesized):
    return "".join(
        f"{name} {address}\n"
        for name, stack in sorted(synthesized.stacks.items())
        for address in stack.addresses
    )


def test_addresses_of_the_article_are_the_committed_ones(article: Synthesized) -> None:
    assert listed(article) == (GOLDENS / "article.txt").read_text()


def test_addresses_of_two_services_are_the_committed_ones(synth: Synth, two_services: Document) -> None:
    assert listed(synth(two_services)) == (GOLDENS / "two_services.txt").read_text()


def test_addresses_of_existing_networks_are_the_committed_ones(synth: Synth, existing: Document) -> None:
    assert listed(synth(existing)) == (GOLDENS / "existing.txt").read_text()


def test_addresses_in_the_documentation_exist() -> None:
    page = (Path(__file__).parents[2] / "docs" / "explanation" / "architecture.md").read_text()
    committed = {line.split()[1] for golden in GOLDENS.iterdir() for line in golden.read_text().splitlines()}

    mentioned = set(re.findall(r"`((?:aws_|terraform_data)\w*\.[\w-]+)`", page))

    assert len(mentioned) > 10
    assert mentioned <= committed


@pytest.mark.parametrize("golden", ["article", "two_services", "existing"])
def test_addresses_are_made_of_names_and_of_no_hash(golden: str) -> None:
    for line in (GOLDENS / f"{golden}.txt").read_text().splitlines():
        assert re.fullmatch(r"[a-z-]+ (data\.)?[a-z0-9_]+\.[A-Za-z0-9_-]+", line)
        assert not re.search(r"_[0-9A-F]{8}$", line)
