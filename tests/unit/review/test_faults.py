"""The article's path, broken in one way at a time: exactly one check says so, at the right hop."""

import pytest

from hatchway.route.checks.model import Kind
from hatchway.route.checks.registry import ALL
from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome, Verdict
from tests.unit.review.article import Change, ids, reviewed
from tests.unit.review.network_faults import BALANCERS, ENDPOINTS, LINKS, TRANSITS
from tests.unit.review.private_faults import BACKENDS, PRIVATES
from tests.unit.review.public_faults import AUTHORIZER, ENTRY, INTEGRATIONS

# Shown in test_variants.py, test_http_apis.py and test_limits.py, on another arrangement of the path.
ELSEWHERE = {"HW302", "HW508", "HW517", "HW519", "HW610", "HW705", "HW707", "HW803", "HW901"}
ELSEWHERE |= {"HW206", "HW207", "HW315", "HW316", "HW406", "HW407", "HW408", "HW521"}
ELSEWHERE |= {"HW110", "HW111", "HW112", "HW113", "HW815", "HW816", "HW817", "HW904"}

FAULTS = {
    Hop.ENTRY: ENTRY,
    Hop.AUTHORIZER: AUTHORIZER,
    Hop.INTEGRATION: INTEGRATIONS,
    Hop.VPC_LINK: LINKS,
    Hop.LOAD_BALANCER: BALANCERS,
    Hop.TRANSIT: TRANSITS,
    Hop.ENDPOINT: ENDPOINTS,
    Hop.PRIVATE_API: PRIVATES,
    Hop.BACKEND: BACKENDS,
}
CASES = [
    pytest.param(change, f"HW{identity[2:]}", id=f"{hop.value}-{name}")
    for hop, faults in FAULTS.items()
    for name, (change, identity) in faults.items()
]


@pytest.mark.parametrize(("change", "identity"), CASES)
def test_one_fault_is_named_by_one_check_at_its_hop(change: Change, identity: str) -> None:
    report = reviewed(change)
    assert ids(report, Outcome.FAIL) == {identity}
    assert {route.broken_hop for route in report.routes} == {tuple(Hop)[int(identity[2]) - 1]}
    assert report.verdict is Verdict.FAIL
    assert identity in {finding.id for finding in report.findings}
    assert "the check failed" not in str(report)


def test_every_check_that_breaks_the_path_has_a_fault_that_shows_it() -> None:
    shown = {identity for faults in FAULTS.values() for _, identity in faults.values()}
    breaking = {check.id.id for check in ALL if check.kind is Kind.BREAK}
    assert breaking - shown == NOT_SHOWN


# In sight or not is no fault of the path; the rest cannot be shown by changing one thing of the article.
NOT_SHOWN = {"HW109", "HW401", "HW501", "HW601", "HW701", "HW801"} | ELSEWHERE


def test_the_article_itself_passes_with_nothing_to_say() -> None:
    report = reviewed()
    assert report.verdict is Verdict.PASS
    assert report.findings == ()
    assert [(route.service, route.request) for route in report.routes] == [("orders", "GET /test")]
