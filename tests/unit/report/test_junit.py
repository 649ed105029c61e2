from dataclasses import replace

import pytest
from junitparser import Error, Failure, JUnitXml, Skipped, TestCase

from hatchway.report.junit import as_junit
from hatchway.route.hop import Hop
from hatchway.route.report import Report
from tests.unit.report.samples import BROKEN, GOOD, broken, good


def suites(report: Report) -> dict[str, list[TestCase]]:
    return {suite.name: list(suite) for suite in JUnitXml.fromstring(as_junit(report).encode())}


def case(cases: list[TestCase], name: str) -> TestCase:
    return next(one for one in cases if one.name == name)


def test_each_service_is_a_suite_with_its_checks_by_hop() -> None:
    found = suites(broken())
    assert list(found) == ["orders", "billing", "findings"]
    assert [one.classname for one in found["orders"]] == [hop.value for hop in Hop]


def test_what_fails_is_a_failure_with_all_there_is_to_say() -> None:
    (result,) = case(suites(broken())["orders"], "HW602 foundation: aws_route_table.edge").result
    assert isinstance(result, Failure)
    assert result.type == "HW602"
    assert "fix: Add an aws_route" in result.text
    assert "requests: GET /test" in result.text


def test_what_could_not_be_decided_is_an_error_and_no_pass() -> None:
    (result,) = case(suites(broken())["billing"], "HW701 aws_vpc_endpoint.e").result
    assert isinstance(result, Error)


@pytest.mark.parametrize(
    ("service", "name", "said"),
    [
        ("orders", "not reached", "not reached: broken at transit"),
        ("billing", "HW201 GET /open", "no authorizer"),
        ("findings", "HW309 gateway: aws_api_gateway_integration.orders", "accepted until 2030-01-31"),
    ],
)
def test_what_does_not_apply_or_was_not_reached_or_is_accepted_is_skipped(
    service: str, name: str, said: str
) -> None:
    (result,) = case(suites(broken())[service], name).result
    assert isinstance(result, Skipped)
    assert said in result.message


def test_a_warning_passes_and_is_told() -> None:
    one = case(suites(broken())["findings"], "HW011 gateway: aws_lb.orders")
    assert one.is_passed
    assert "Plan for the outage." in one.system_out


def test_a_check_of_several_requests_is_one_test_and_the_worst_outcome_counts() -> None:
    other = replace(GOOD, service="orders", request="GET /other")
    found = suites(Report(command="review", routes=(other, BROKEN)))["orders"]
    assert len({(one.classname, one.name) for one in found}) == len(found)
    assert [type(one.result[0]) for one in found if one.result] == [Failure]


def test_where_everything_holds_every_test_passes() -> None:
    assert all(one.is_passed for cases in suites(good()).values() for one in cases)


def test_where_there_is_no_route_there_is_an_error_to_see() -> None:
    ((one,),) = suites(Report(command="review", routes=())).values()
    assert isinstance(one.result[0], Error)
