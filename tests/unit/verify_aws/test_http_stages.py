"""A stage of an HTTP API that does not deploy by itself: what is defined says nothing of what it serves."""

from dataclasses import replace

import pytest

from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome
from hatchway.verify.aws.estate import Estate
from hatchway.verify.aws.facts import LiveFacts
from hatchway.verify.aws.gathering import gather
from hatchway.verify.aws.judging import see
from hatchway.verify.aws.shapes import Names
from tests.unit.verify_aws.conftest import RecordedReader
from tests.unit.verify_aws.test_http_apis import Edit, asked, each, failing, http, nothing, seen, topology

__all__ = ["asked", "http", "topology"]

SERVED = {"HW103", "HW301", "HW470"}


@pytest.mark.parametrize("edit", [nothing, each(AuthorizationType="NONE"), lambda answer: answer])
def test_neither_pass_nor_failure_comes_from_what_is_not_served(
    edit: Edit, http: Estate, asked: RecordedReader
) -> None:
    asked.edits["v2:GetStages"] = each(AutoDeploy=False, DeploymentId="d1")
    asked.edits["v2:GetRoutes"] = edit
    found = seen(http, asked)
    assert failing(found) == set()
    outcomes = {check.id: check for hop in Hop for check in found.of(hop)}
    assert {outcomes[name].outcome for name in SERVED} == {Outcome.UNKNOWN}
    assert outcomes["HW170"].outcome is Outcome.UNKNOWN
    assert "does not deploy by itself" in outcomes["HW103"].observed
    assert "auto_deploy = true" in outcomes["HW103"].fix


def test_a_stage_that_serves_nothing_is_still_broken(http: Estate, asked: RecordedReader) -> None:
    asked.edits["v2:GetStages"] = each(AutoDeploy=False, DeploymentId=None)
    assert "HW102" in failing(seen(http, asked))


def test_hops_behind_the_gateway_that_rest_on_nothing_of_it_are_judged(
    http: Estate, asked: RecordedReader
) -> None:
    asked.edits["v2:GetStages"] = each(AutoDeploy=False, DeploymentId="d1")
    asked.edits["DescribeVpcEndpoints"] = each(State="failed")
    assert "HW770" in failing(seen(http, asked))


def test_a_risk_that_cannot_be_told_is_unknown_and_not_lost(http: Estate, asked: RecordedReader) -> None:
    facts = LiveFacts(http, gather(http, asked), Names({})).of("orders", "GET", "/orders/7")
    assert facts is not None
    assert facts.live is not None
    found = see(replace(facts, live=replace(facts.live, quotas=())), http, "orders", ())
    assert [one.id for hop in Hop for one in found.of(hop) if one.outcome is Outcome.UNKNOWN] == ["HW174"]
