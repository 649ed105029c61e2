"""What only a deployed path has: take the good one, break one thing, expect exactly that check."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from hatchway.route.checks.registry import ALL, DEPLOYED, LIVE
from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome
from hatchway.route.walk import judge_hop, risks
from hatchway.verify.aws.estate import Estate
from hatchway.verify.aws.facts import LiveFacts
from hatchway.verify.aws.gathering import gather
from hatchway.verify.aws.shapes import Names

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
Edit = Callable[[Any], Any]


def each(**changes: Any) -> Edit:
    return lambda answer: [{**one, **changes} for one in answer]


def whole(**changes: Any) -> Edit:
    return lambda answer: {**answer, **changes}


def nothing(_answer: Any) -> list[Any]:
    return []


def ill(reason: str, *, all_of_them: bool = True) -> Edit:
    health = {"State": "unhealthy", "Reason": reason, "Description": "no answer"}
    return lambda answer: [
        {**one, "TargetHealth": health} if all_of_them or number == 0 else one
        for number, one in enumerate(answer)
    ]


def judged(estate: Estate, reader: Any) -> set[str]:
    """Ids of the live checks that fail, and of risks."""
    facts = LiveFacts(estate, gather(estate, reader), Names({}), NOW).of("orders", "GET", "/test")
    assert facts is not None
    found = {
        check.id
        for hop in Hop
        for check in judge_hop(hop, facts, LIVE).checks
        if check.outcome is Outcome.FAIL
    }
    return found | {risk.id for risk in risks(facts, LIVE)}


def test_the_good_path_has_no_finding(estate: Estate, reader: Any) -> None:
    assert judged(estate, reader) == set()


@pytest.mark.parametrize(
    ("operation", "edit", "failing"),
    [
        ("GetVpcLinks", each(status="FAILED", statusMessage="no such NLB"), "HW470"),
        ("GetVpcLinks", each(status="PENDING"), "HW470"),
        ("GetVpcLinks", each(id="another"), "HW470"),
        ("DescribeLoadBalancers", each(State={"Code": "provisioning"}), "HW570"),
        ("DescribeLoadBalancers", each(State={"Code": "failed", "Reason": "why"}), "HW570"),
        ("DescribeVpcEndpoints", each(State="pendingAcceptance"), "HW770"),
        ("DescribeVpcEndpoints", each(State="failed", LastError={"Message": "why"}), "HW770"),
        ("DescribeTargetHealth", ill("Target.Timeout"), "HW771"),
        ("DescribeTargetHealth", ill("Target.Timeout", all_of_them=False), "HW772"),
        ("GetFunctionConfiguration", whole(State="Failed"), "HW270"),
        ("GetFunctionConfiguration", whole(State="Pending"), "HW270"),
        ("GetFunctionConfiguration", whole(LastUpdateStatus="Failed"), "HW270"),
        ("GetStages", each(methodSettings={"*/*": {"loggingLevel": "INFO"}}), "HW173"),
    ],
)
def test_each_state_fails_its_own_check(
    operation: str, edit: Edit, failing: str, estate: Estate, reader: Any
) -> None:
    reader.edits[operation] = edit
    assert judged(estate, reader) == {failing}


def links(number: int) -> Edit:
    return lambda answer: [*answer, *({"id": f"other{one}"} for one in range(number - len(answer)))]


@pytest.mark.parametrize(("used", "failing"), [(15, set()), (16, {"HW174"}), (20, {"HW174"})])
def test_a_quota_that_is_nearly_used_up_is_a_risk(
    used: int, failing: set[str], estate: Estate, reader: Any
) -> None:
    reader.edits["GetVpcLinks"] = links(used)
    assert judged(estate, reader) == failing


def test_a_quota_that_aws_raised_leaves_room(estate: Estate, reader: Any) -> None:
    reader.edits["GetVpcLinks"] = links(20)
    assert judged(replace(estate, raised_quotas={"vpc_links": 40}), reader) == set()


def test_an_endpoint_that_is_gone_is_a_break(estate: Estate, reader: Any) -> None:
    reader.edits["DescribeVpcEndpoints"] = nothing
    assert "HW770" in judged(estate, reader)


def test_a_load_balancer_that_is_gone_is_a_break(estate: Estate, reader: Any) -> None:
    reader.edits["DescribeLoadBalancers"] = nothing
    assert "HW570" in judged(estate, reader)


def test_a_private_api_that_is_gone_is_a_break(estate: Estate, reader: Any, recorded: Any) -> None:
    gone = recorded["outputs"]["orders"]["rest_api_id"]
    reader.edits["GetRestApi"] = lambda answer: None if answer["id"] == gone else answer
    assert "HW870" in judged(estate, reader)


def test_targets_that_no_check_could_find_well_say_nothing(estate: Estate, reader: Any) -> None:
    reader.edits["DescribeTargetHealth"] = ill("Target.ResponseCodeMismatch")
    reader.edits["DescribeTargetGroups"] = each(HealthCheckPath="/")
    assert judged(estate, reader) == set()


@pytest.mark.parametrize("state", ["initial", "draining", "unused"])
def test_targets_that_are_not_asked_yet_are_no_break(state: str, estate: Estate, reader: Any) -> None:
    reader.edits["DescribeTargetHealth"] = each(TargetHealth={"State": state})
    assert judged(estate, reader) == set()


def test_logs_with_a_role_to_write_them_are_fine(estate: Estate, reader: Any) -> None:
    reader.edits["GetStages"] = each(methodSettings={"*/*": {"loggingLevel": "INFO"}})
    reader.edits["GetAccount"] = whole(cloudwatchRoleArn="arn:aws:iam::111111111111:role/logs")
    assert judged(estate, reader) == set()


def test_a_route_that_was_changed_since_is_a_risk(estate: Estate, reader: Any) -> None:
    def slower(resources: Any) -> Any:
        for resource in resources:
            for method in resource.get("resourceMethods", {}).values():
                if method["methodIntegration"]["type"] == "HTTP_PROXY":
                    method["methodIntegration"]["timeoutInMillis"] = 1000
        return resources

    reader.edits["GetResources"] = slower
    assert judged(estate, reader) == {"HW170"}


def test_a_policy_that_was_changed_since_is_a_risk(estate: Estate, reader: Any, recorded: Any) -> None:
    api, another = recorded["outputs"]["orders"]["rest_api_id"], '{"Statement": [], "Version": "2012-10-17"}'
    reader.edits["GetRestApi"] = lambda about: {**about, "policy": another} if about["id"] == api else about
    assert judged(estate, reader) == {"HW871"}


@pytest.mark.parametrize(
    ("status", "days", "failing"),
    [
        ("ISSUED", 300, set()),
        ("ISSUED", 20, {"HW172"}),
        ("ISSUED", -1, {"HW171", "HW172"}),
        ("EXPIRED", -1, {"HW171", "HW172"}),
        ("PENDING_VALIDATION", None, {"HW171"}),
    ],
)
def test_the_certificate_of_a_custom_domain_has_to_last(
    status: str, days: int | None, failing: set[str], estate: Estate, reader: Any
) -> None:
    arn = "arn:aws:acm:eu-west-1:111111111111:certificate/1"
    ends = {} if days is None else {"NotAfter": NOW + dt.timedelta(days=days, hours=1)}
    reader.edits["GetDomainNames"] = lambda _: [
        {"domainName": "api.example.com", "regionalCertificateArn": arn},
        {"domainName": "other.example.com", "regionalCertificateArn": "arn:other"},
    ]
    mapped = {"api.example.com": [{"restApiId": estate.api_id}]}
    reader.edits["DescribeCertificate"] = lambda _: {"CertificateArn": arn, "Status": status, **ends}
    original = reader.read

    def read(request: Any, /) -> Any:
        if request.operation == "GetBasePathMappings":
            return mapped.get(dict(request.about)["domainName"], [])
        return original(request)

    reader.read = read
    assert judged(estate, reader) == failing


def test_live_checks_have_ids_of_their_own_band() -> None:
    assert all(70 <= int(check.id.id[3:]) <= 79 for check in LIVE)
    assert not any(70 <= int(check.id.id[3:]) <= 79 for check in ALL)
    assert set(LIVE) < set(DEPLOYED)


def test_before_it_is_deployed_a_live_check_has_nothing_to_judge(estate: Estate, reader: Any) -> None:
    facts = LiveFacts(estate, gather(estate, reader), Names({})).of("orders", "GET", "/test")
    assert facts is not None
    bare = replace(facts, live=None)
    outcomes = {check.outcome for hop in Hop for check in judge_hop(hop, bare, LIVE).checks}
    assert outcomes == {Outcome.NOT_APPLICABLE}
