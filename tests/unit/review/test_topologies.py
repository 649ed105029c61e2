"""Stacks synthesized from another topology: two services, one with its endpoint beside the load balancer."""

from hatchway.review import review
from hatchway.route.outcome import Verdict
from tests.unit.review.article import FIXTURE


def test_every_request_of_every_service_is_walked() -> None:
    report = review([FIXTURE.parent / "pair"])
    assert {(route.service, route.request) for route in report.routes} == {
        ("orders", "GET /orders"),
        ("orders", "GET /orders/test"),
        ("orders", "POST /orders/items/id"),
        ("billing", "GET /billing/test"),
    }
    assert report.verdict is Verdict.PASS
    assert report.findings == ()
