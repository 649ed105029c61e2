"""What decisions assume of AWS, and nothing but AWS can show. Each observation is kept with its date."""

from collections.abc import Callable, Sequence

import pytest

from tests.live.facts import Facts
from tests.live.observations import (
    Observation,
    api_id_over_host,
    authorization_handed_on,
    endpoint_headers_change_nothing,
    is_open_policy,
    listed_api_answers,
    ping_shows_health,
)
from tests.live.requests import DeclaredRequest

# Targets are waited for; how long is said where it is done.
pytestmark = [pytest.mark.live, pytest.mark.timeout(0)]

Requests = Sequence[DeclaredRequest]
Observed = Callable[[Sequence[Observation]], None]


@pytest.fixture(autouse=True)
def _observing(stage: Callable[[str], None]) -> None:
    stage("observe")


def test_the_api_id_header_wins_over_host(requests: Requests, observed: Observed) -> None:
    observed(
        [
            api_id_over_host(one.service, one.answer(), one.answer(one.unlisted_api_id))
            for one in requests
            if one.chooses_api
        ]
    )


def test_a_second_api_that_the_endpoint_lists_is_reached(requests: Requests, observed: Observed) -> None:
    by_service = {one.service: one for one in requests}
    observed(
        [
            listed_api_answers(one.service, one.answer(), other.answer(), one.answer(one.api_id_of(name)))
            for one in requests
            if one.chooses_api
            and (name := one.listed_service) is not None
            and (other := by_service.get(name)) is not None
        ]
    )


def test_targets_are_healthy_by_https_at_ping(requests: Requests, observed: Observed) -> None:
    observed(
        [
            ping_shows_health(
                one.service, Facts(one.view).targets(one.target_group_arn), path_works=one.works()
            )
            for one in requests
        ]
    )


def test_headers_of_an_endpoint_change_nothing_when_a_caller_writes_them(
    requests: Requests, observed: Observed
) -> None:
    written = {"x-amzn-vpc-id": "vpc-0", "x-amzn-vpce-id": "vpce-0", "x-amzn-vpce-config": "0"}
    observed(
        [
            endpoint_headers_change_nothing(one.service, one.answer(), one.answer(headers=written))
            for one in requests
            if one.view.gateway.web_acl is None
        ]
    )


def test_an_endpoint_with_a_policy_of_its_own_takes_the_authorization_header(
    requests: Requests, observed: Observed
) -> None:
    observed(
        [
            authorization_handed_on(one.service, one.authorization, one.answer())
            for one in requests
            if one.authorization is not None
            and not is_open_policy(Facts(one.view).policy_of_endpoint(*one.endpoint))
        ]
    )
