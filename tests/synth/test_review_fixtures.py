"""What the tests of review read is what is synthesized today.

To renew: CDKTF_OUTDIR=tests/fixtures/review/article .venv/bin/python main.py, and the same for `pair` with
HATCHWAY_TOPOLOGY=tests/fixtures/review/pair.yaml; then remove the assets folders in them. The plans
of the corpus are made of the article's: .venv/bin/python -m tests.corpus.make ours, a matter of minutes.
"""

from pathlib import Path

import pytest

from hatchway.review import review
from hatchway.route.outcome import Verdict
from hatchway.topology import load_views
from tests.synth.conftest import synthesize
from tests.synth.synthesized import Synthesized

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "tests/fixtures/review"
TOPOLOGIES = {"article": ROOT / "hatchway.yaml", "pair": FIXTURES / "pair.yaml"}


@pytest.fixture(scope="module", params=TOPOLOGIES)
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    """A topology's fixture, and what it is synthesized to."""
    outdir = tmp_path_factory.mktemp("review") / "cdktf.out"
    synthesize(load_views(TOPOLOGIES[request.param]), outdir)
    return FIXTURES / request.param, Synthesized(outdir)


def test_fixture_is_what_its_topology_is_synthesized_to(pair: tuple[Path, Synthesized]) -> None:
    fixture, now = pair

    kept = {path.relative_to(fixture): path.read_text() for path in sorted(fixture.rglob("*.json"))}
    made = {path.relative_to(now.outdir): path.read_text() for path in sorted(now.outdir.rglob("*.json"))}
    assert made == kept


def test_review_has_nothing_to_say_about_what_hatchway_emits(pair: tuple[Path, Synthesized]) -> None:
    _, now = pair

    report = review([now.outdir])

    assert report.verdict is Verdict.PASS
    assert report.findings == ()
