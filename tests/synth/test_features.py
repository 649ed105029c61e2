"""Every kind of resource that can be emitted is in a topology that the real provider accepts."""

from pathlib import Path

import pytest

from constructs_lib.app import synthesize
from hatchway.topology import load_views
from scripts.feature_reference import DEPLOYED, EVERYTHING, HARDENED
from tests.emitted import emitted
from tests.synth.synthesized import Synthesized, Validate

PROJECT = Path(__file__).parents[2]
# The stacks of what is deployed are accepted on the way, those of the hardened example in test_checkov.py,
# what bootstrap makes in test_bootstrap.py.
EXAMPLES = [f"examples/{name}/hatchway.yaml" for name in (*DEPLOYED, HARDENED)]


def kinds(synthesized: Synthesized) -> set[str]:
    """Kinds of resources and data sources in all stacks."""
    documents = [stack.document for stack in synthesized.stacks.values()]
    resources = {kind for each in documents for kind in each.get("resource", {})}
    return resources | {f"data.{kind}" for each in documents for kind in each.get("data", {})}


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Synthesized:
    """What no example has."""
    outdir = tmp_path_factory.mktemp("everything") / "cdktf.out"
    synthesize(load_views(PROJECT / EVERYTHING), outdir)
    return Synthesized(outdir)


@pytest.mark.parametrize("stack", ["foundation", "service-orders", "service-stock", "gateway"])
def test_what_no_example_has_is_valid(validate: Validate, everything: Synthesized, stack: str) -> None:
    verdict = validate(everything.outdir / "stacks" / stack)

    assert (verdict["valid"], verdict["diagnostics"]) == (True, [])


def test_nothing_is_emitted_that_the_provider_was_never_shown(
    everything: Synthesized, tmp_path_factory: pytest.TempPathFactory
) -> None:
    shown = kinds(everything)
    for path in EXAMPLES:
        outdir = tmp_path_factory.mktemp("example") / "cdktf.out"
        synthesize(load_views(PROJECT / path), outdir)
        shown |= kinds(Synthesized(outdir))

    assert emitted() - shown == set()
