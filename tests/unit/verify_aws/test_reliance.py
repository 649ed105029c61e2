"""A permission that is missing: never a pass, never a traceback, and the permission is named."""

import json
from typing import Any

import pytest

from hatchway.route.checks.registry import DEPLOYED
from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome
from hatchway.verify.aws.estate import Estate
from hatchway.verify.aws.facts import LiveFacts
from hatchway.verify.aws.gathering import gather
from hatchway.verify.aws.judging import see
from hatchway.verify.aws.reads import READS, V2
from hatchway.verify.aws.reliance import RESTS_ON, made_for
from hatchway.verify.aws.shapes import Names
from hatchway.verify.evidence import Seen
from tests.unit.verify_aws.conftest import RECORDED

# They are asked only where there is one: a custom domain, a rule with a prefix list, a web ACL.
NOT_ASKED = {"GetBasePathMappings", "DescribeCertificate", "GetManagedPrefixListEntries", "GetWebACL"}
OF_REST_API = {operation for operation in READS if not operation.startswith(V2)}
ASKED = sorted(OF_REST_API - NOT_ASKED)
PERMISSIONS = sorted(
    {tuple(key.split(" ")[:2]) for key in json.loads(RECORDED.read_text("utf-8"))["answers"]}
)


def seen(estate: Estate, reader: Any) -> Seen:
    answers = gather(estate, reader)
    facts = LiveFacts(estate, answers, Names({})).of("orders", "GET", "/test")
    return see(facts, estate, "orders", answers.refusals())


def test_every_check_of_what_is_deployed_says_what_it_rests_on() -> None:
    assert {check.id.id for check in DEPLOYED} == set(RESTS_ON)


def test_every_need_is_a_read_made_on_that_side() -> None:
    for check, needs in RESTS_ON.items():
        for side, operation in needs:
            assert side in READS[operation].sides, f"{check}: {operation} is not read in {side}"


def test_every_read_is_one_that_a_check_rests_on() -> None:
    needs = {need for all_ in RESTS_ON.values() for need in all_}
    used = {made for need in needs for kind in ("rest", "http") for _, made in made_for(need, kind)}
    assert used == set(READS)


def test_each_permission_is_taken_away_once() -> None:
    assert {operation for _, operation in PERMISSIONS} == set(ASKED)


def test_with_every_permission_all_nine_hops_pass(estate: Estate, reader: Any) -> None:
    found = seen(estate, reader)
    assert found.broken == ()
    assert set(found.sound) == set(Hop)


@pytest.mark.parametrize(("account", "operation"), PERMISSIONS)
def test_without_a_permission_nothing_is_broken_and_not_all_is_proven(
    account: str, operation: str, estate: Estate, reader: Any
) -> None:
    reader.refused.add((account, operation))
    found = seen(estate, reader)
    assert found.broken == (), "what could not be read passed for absent"
    unknown = [check for hop in Hop for check in found.of(hop) if check.outcome is Outcome.UNKNOWN]
    named = [check for check in unknown if READS[operation].action in check.fix]
    assert named
    assert all(READS[operation].action in check.observed for check in named)


def test_without_any_permission_nothing_is_known(estate: Estate, reader: Any) -> None:
    reader.refused |= {(account, operation) for account in ("edge", "orders") for operation in READS}
    found = seen(estate, reader)
    assert found.broken == ()
    assert found.sound == ()
    assert not any(check.outcome is Outcome.PASS for hop in Hop for check in found.of(hop))


@pytest.mark.parametrize("operation", ASKED)
def test_an_answer_of_nothing_is_no_traceback(operation: str, estate: Estate, reader: Any) -> None:
    reader.edits[operation] = lambda answer: [] if isinstance(answer, list) else {}
    assert isinstance(seen(estate, reader), Seen)


@pytest.mark.parametrize("operation", ASKED)
def test_what_is_not_there_any_more_is_no_traceback(operation: str, estate: Estate, reader: Any) -> None:
    reader.edits[operation] = lambda _answer: None
    assert isinstance(seen(estate, reader), Seen)


def test_a_break_elsewhere_is_still_found_while_a_permission_is_missing(estate: Estate, reader: Any) -> None:
    def closed(groups: Any) -> Any:
        return [{**group, "IpPermissions": []} for group in groups or ()]

    reader.edits["DescribeSecurityGroups"] = closed
    reader.refused.add(("edge", "GetDomainNames"))
    assert seen(estate, reader).broken == (Hop.ENDPOINT,)


def test_what_can_only_be_asked_after_a_refused_read_is_unknown_too(estate: Estate, reader: Any) -> None:
    reader.refused.add(("edge", "GetVpcLinks"))
    found = seen(estate, reader)
    assert {check.outcome for check in found.of(Hop.LOAD_BALANCER)} == {Outcome.UNKNOWN}
