"""What a review costs grows with the number of services and no faster."""

import sys
from types import FrameType

from hatchway.review.reviewing import judge
from hatchway.route.outcome import Verdict
from tests.unit.review.many import configuration


def calls(services: int) -> int:
    """Count the calls of a review: unlike time, the same on every machine."""
    counted = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event in {"call", "c_call"}

    given = configuration(services)
    before = sys.getprofile()
    sys.setprofile(count)
    try:
        judge(given)
    finally:
        sys.setprofile(before)
    return counted


def test_every_service_of_many_is_reviewed() -> None:
    report = judge(configuration(12))
    assert report.verdict is Verdict.PASS
    assert len(report.routes) == 12
    assert report.findings == ()


def test_a_service_among_many_costs_what_it_costs_among_few() -> None:
    few, many = 10, 60
    assert calls(many) / many <= 1.2 * calls(few) / few
