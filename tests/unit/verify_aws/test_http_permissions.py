"""What reading an HTTP API's path needs: each permission that is printed is taken away once, and named."""

import json
from fnmatch import fnmatchcase
from typing import Any

import pytest

from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome
from hatchway.verify.aws.estate import Estate
from hatchway.verify.aws.gathering import gather
from hatchway.verify.aws.permissions import granted_on, policies
from hatchway.verify.aws.reads import READS
from hatchway.verify.evidence import Seen
from tests.unit.verify_aws.conftest import RecordedReader, key_of
from tests.unit.verify_aws.test_http_apis import RECORDED, http, seen, topology

__all__ = ["http", "topology"]

FUNCTION = "arn:aws:lambda:eu-west-1:222222222222:function:orders"
INVOKED = f"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{FUNCTION}/invocations"
LISTS = {
    "edge": ("orders-load-balancer", "IpPermissionsEgress", ["10.1.0.10/32", "10.1.1.10/32"]),
    "orders": ("orders-execute-api", "IpPermissions", ["10.0.0.10/32", "10.0.1.10/32"]),
}


def with_lists(answers: dict[str, Any]) -> None:
    """Name addresses by prefix lists in one security group of each account."""
    for account, (name, direction, networks) in LISTS.items():
        answers[f"{account} GetManagedPrefixListEntries PrefixListId='pl-{account}'"] = [
            {"Cidr": network} for network in networks
        ]
        for key, groups in answers.items():
            if key.startswith(f"{account} DescribeSecurityGroups"):
                for rule in (rule for one in groups if name in one["GroupName"] for rule in one[direction]):
                    rule |= {"IpRanges": [], "PrefixListIds": [{"PrefixListId": f"pl-{account}"}]}


def with_function(answers: dict[str, Any]) -> None:
    """Put a function behind the private route, in place of an answer that is made up."""
    api = RECORDED["outputs"]["orders"]["rest_api_id"]
    exported = answers[f"orders GetExport restApiId='{api}', stageName='v1'"]["paths"]["/internal/{id}"][
        "get"
    ]
    exported["x-amazon-apigateway-integration"] = {
        "connectionType": "INTERNET",
        "httpMethod": "POST",
        "passthroughBehavior": "when_no_match",
        "timeoutInMillis": 29000,
        "type": "aws_proxy",
        "uri": INVOKED,
    }
    (resource,) = [
        one for one in answers[f"orders GetResources restApiId='{api}'"] if one["path"] == "/internal/{id}"
    ]
    resource["resourceMethods"]["GET"]["methodIntegration"] = {
        "connectionType": "INTERNET",
        "httpMethod": "POST",
        "passthroughBehavior": "WHEN_NO_MATCH",
        "timeoutInMillis": 29000,
        "type": "AWS_PROXY",
        "uri": INVOKED,
    }
    allowed = {
        "Sid": "Api",
        "Effect": "Allow",
        "Principal": {"Service": "apigateway.amazonaws.com"},
        "Action": "lambda:InvokeFunction",
        "Resource": FUNCTION,
        "Condition": {"ArnLike": {"AWS:SourceArn": f"arn:aws:execute-api:eu-west-1:222222222222:{api}/*"}},
    }
    about = f"FunctionName='{FUNCTION}'"
    answers[f"orders GetPolicy {about}"] = {"Policy": json.dumps({"Statement": [allowed]})}
    answers[f"orders GetFunctionConfiguration {about}"] = {"FunctionName": "orders", "State": "Active"}


def with_every_read() -> dict[str, Any]:
    """The recorded path, and what gives reason for the reads that it does not need."""
    answers: dict[str, Any] = json.loads(json.dumps(RECORDED["answers"]))
    with_lists(answers)
    with_function(answers)
    return answers


ANSWERS = with_every_read()
PERMISSIONS = sorted({tuple(key.split(" ")[:2]) for key in ANSWERS})


@pytest.fixture
def every() -> RecordedReader:
    return RecordedReader(ANSWERS)


def both(estate: Estate, reader: RecordedReader) -> list[Seen]:
    return [seen(estate, reader), seen(estate, reader, "reports", "/reports")]


def unknown(found: list[Seen]) -> list[Any]:
    return [
        check for one in found for hop in Hop for check in one.of(hop) if check.outcome is Outcome.UNKNOWN
    ]


def test_the_path_that_needs_every_read_passes(http: Estate, every: RecordedReader) -> None:
    found = both(http, every)
    assert [one.broken for one in found] == [(), ()]
    assert unknown(found) == []
    assert [one.risks for one in found] == [(), ()]
    assert {key_of(request) for request in every.asked} == set(ANSWERS)


def test_each_permission_in_the_printed_policy_is_taken_away_once(http: Estate) -> None:
    printed = {
        (account, action, place)
        for account, document in policies(http).items()
        for statement in document["Statement"]
        for action in statement["Action"]
        for place in statement["Resource"]
    }
    tested = set()
    for account, operation in PERMISSIONS:
        read, about = READS[operation], http.accounts[account]
        place = granted_on(read, about.region, about.id)
        # A pattern that covers the place of a read is printed in its stead.
        tested |= {
            one for one in printed if one[:2] == (account, read.action) and fnmatchcase(place, one[2])
        } or {(account, read.action, place)}
    assert tested == printed


@pytest.mark.parametrize(("account", "operation"), PERMISSIONS)
def test_without_a_permission_nothing_is_broken_and_it_is_named(
    account: str, operation: str, http: Estate, every: RecordedReader
) -> None:
    every.refused.add((account, operation))
    found = both(http, every)
    assert [one.broken for one in found] == [(), ()], "what could not be read passed for absent"
    left_open = unknown(found)
    assert left_open
    assert all(READS[operation].action in check.observed for check in left_open)


def test_the_printed_policy_has_the_paths_of_an_http_api_and_none_of_a_rest_api(http: Estate) -> None:
    statements = policies(http)["edge"]["Statement"]
    (api,) = [one for one in statements if one["Action"] == ["apigateway:GET"]]
    paths = {resource.rpartition("::")[2] for resource in api["Resource"]}
    assert "/apis/*" in paths
    assert not any(path.startswith(("/restapis", "/account", "/usageplans")) for path in paths)


def test_every_permission_that_is_used_is_in_the_printed_policy(http: Estate, every: RecordedReader) -> None:
    gather(http, every)
    printed = policies(http)
    for request in every.asked:
        actions = {action for one in printed[request.account]["Statement"] for action in one["Action"]}
        assert request.read.action in actions, request
