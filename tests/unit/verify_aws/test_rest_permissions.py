"""Reads of a REST path that are made only where there is reason: each is refused once, and named.

Those that every such path needs are refused in test_reliance.py.
"""

import json
from typing import Any

import pytest

from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome
from hatchway.verify.aws.estate import Estate
from hatchway.verify.aws.reads import READS
from tests.unit.verify_aws.conftest import RecordedReader
from tests.unit.verify_aws.test_reliance import NOT_ASKED, seen

DOMAIN = "api.example.com"
CERTIFICATE = "arn:aws:acm:eu-west-1:111111111111:certificate/0f1e2d3c"
ACL = "arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/guard/0f1e2d3c"
LIST = "pl-0123456789abcdef0"


@pytest.fixture
def every(estate: Estate, recorded: dict[str, Any]) -> RecordedReader:
    """The recorded path with a custom domain, a web ACL, and addresses in a prefix list."""
    answers: dict[str, Any] = json.loads(json.dumps(recorded["answers"]))
    domain = {"domainName": DOMAIN, "regionalCertificateArn": CERTIFICATE}
    answers["edge GetDomainNames"] = [domain]
    answers[f"edge GetBasePathMappings domainName='{DOMAIN}'"] = [
        {"basePath": "(none)", "restApiId": estate.api_id, "stage": estate.stage}
    ]
    answers[f"edge DescribeCertificate CertificateArn='{CERTIFICATE}'"] = {
        "CertificateArn": CERTIFICATE,
        "Status": "ISSUED",
    }
    for stage in answers[f"edge GetStages restApiId='{estate.api_id}'"]:
        stage["webAclArn"] = ACL
    answers["edge GetWebACL Id='0f1e2d3c', Name='guard'"] = {"Id": "0f1e2d3c", "DefaultAction": {"Allow": {}}}
    for key, groups in answers.items():
        if key.startswith("orders DescribeSecurityGroups"):
            for rule in (rule for group in groups for rule in group["IpPermissions"]):
                rule |= {"IpRanges": [], "PrefixListIds": [{"PrefixListId": LIST}]}
    answers[f"orders GetManagedPrefixListEntries PrefixListId='{LIST}'"] = [{"Cidr": "10.0.0.0/16"}]
    return RecordedReader(answers)


def unknown(estate: Estate, reader: RecordedReader) -> list[Any]:
    found = seen(estate, reader)
    assert found.broken == (), "what could not be read passed for absent"
    return [check for hop in Hop for check in found.of(hop) if check.outcome is Outcome.UNKNOWN]


def test_the_path_that_gives_reason_for_them_passes(estate: Estate, every: RecordedReader) -> None:
    assert unknown(estate, every) == []
    assert {one.operation for one in every.asked} >= NOT_ASKED


@pytest.mark.parametrize("account", ["edge", "orders"])
def test_without_the_entries_of_a_route_it_is_unknown_where_packets_go(
    account: str, estate: Estate, recorded: dict[str, Any]
) -> None:
    answers: dict[str, Any] = json.loads(json.dumps(recorded["answers"]))
    for key, tables in answers.items():
        if key.startswith(f"{account} DescribeRouteTables"):
            for route in (route for table in tables for route in table["Routes"]):
                if route.pop("DestinationCidrBlock", "") and route.get("TransitGatewayId"):
                    route["DestinationPrefixListId"] = LIST
    reader = RecordedReader(answers)
    reader.refused.add((account, "GetManagedPrefixListEntries"))
    left_open = {check.id: check.fix for check in unknown(estate, reader)}
    assert {"edge": "HW602", "orders": "HW606"}[account] in left_open
    assert all("ec2:GetManagedPrefixListEntries" in fix for fix in left_open.values())


@pytest.mark.parametrize("operation", sorted(NOT_ASKED))
def test_without_the_permission_it_is_unknown_and_named(
    operation: str, estate: Estate, every: RecordedReader
) -> None:
    account = "orders" if operation == "GetManagedPrefixListEntries" else "edge"
    every.refused.add((account, operation))
    left_open = unknown(estate, every)
    assert left_open
    assert all(READS[operation].action in check.fix for check in left_open)
