"""Two implementations of how AWS works, written apart, asked about the same fault.

`hatchway review` reads the configuration with the fault in it; the data plane meets the fault on the deployed
path. The hop that the one names is the hop at which the other refuses the request.
"""

import json
from typing import Any

import pytest

from tests.sandbox.levers import Levers
from tests.sandbox.review_pairs import PAIRS
from tests.unit.review.article import reviewed
from tests.unit.review.test_faults import FAULTS

CHANGES = {name: change for faults in FAULTS.values() for name, (change, _) in faults.items()}
# A fault of one node or one target meets every other request.
MOST_CALLS = 6


@pytest.fixture
def path(deployed_sandbox: Any, edge: Any, orders: Any) -> Levers:
    return Levers(deployed_sandbox, edge, orders)


def refused_at(path: Levers) -> str | None:
    """Call until a request is refused, and say at which hop; None when none is."""
    for _ in range(MOST_CALLS):
        path.deployed.call()
        line = (path.deployed.sandbox.directory / "requests.jsonl").read_text().splitlines()[-1]
        ended = [hop["hop"] for hop in json.loads(line)["hops"] if hop["outcome"] in {"refused", "dropped"}]
        if ended:
            return str(ended[0])
    return None


@pytest.mark.parametrize("name", PAIRS)
def test_review_names_the_hop_that_refuses(path: Levers, name: str) -> None:
    (route,) = reviewed(CHANGES[name]).routes
    assert route.broken_hop is not None
    with PAIRS[name](path):
        assert refused_at(path) == route.broken_hop.value


def test_the_good_path_is_refused_nowhere(path: Levers) -> None:
    (route,) = reviewed().routes
    assert route.broken_hop is None
    assert refused_at(path) is None


def test_the_faults_that_are_paired_cover_every_hop_but_the_link() -> None:
    # A VPC link that is wrong is refused when it is made, there and in the sandbox.
    hops = {hop.value for hop, faults in FAULTS.items() for name in faults if name in PAIRS}
    assert hops == {hop.value for hop in FAULTS} - {"vpc-link"}
    assert len(PAIRS) >= 45
