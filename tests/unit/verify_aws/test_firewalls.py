"""The web ACL before the public stage: read where there is one, judged, and named if it may not be read."""

from typing import Any

import pytest

from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome
from hatchway.verify.aws.estate import Estate
from tests.unit.verify_aws.conftest import RecordedReader
from tests.unit.verify_aws.test_reliance import seen

ARN = "arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/guard/0f1e2d3c"


def acl(action: str, *rules: dict[str, Any]) -> dict[str, Any]:
    return {
        "Name": "guard",
        "Id": "0f1e2d3c",
        "ARN": ARN,
        "DefaultAction": {action: {}},
        "Rules": list(rules),
    }


def before(reader: RecordedReader, found: Any, arn: str = ARN) -> None:
    def edit(stages: Any) -> Any:
        return [{**one, "webAclArn": arn} for one in stages]

    reader.edits["GetStages"] = edit
    reader.edits["GetWebACL"] = lambda _: found


def blocked(estate: Estate, reader: RecordedReader) -> Outcome:
    return next(one.outcome for one in seen(estate, reader).of(Hop.ENTRY) if one.id == "HW113")


ALLOWS = {"Name": "us", "Action": {"Allow": {}}, "Statement": {"GeoMatchStatement": {"CountryCodes": ["US"]}}}
COUNTS = {**ALLOWS, "Action": {"Count": {}}}
OUR_GROUP = {"Name": "g", "OverrideAction": {"None": {}}, "Statement": {"RuleGroupReferenceStatement": {}}}
AWS_GROUP = {"Name": "g", "OverrideAction": {"None": {}}, "Statement": {"ManagedRuleGroupStatement": {}}}


@pytest.mark.parametrize(
    ("found", "outcome"),
    [
        (acl("Block"), Outcome.FAIL),
        (acl("Block", COUNTS), Outcome.FAIL),
        (acl("Block", AWS_GROUP), Outcome.FAIL),
        (acl("Block", ALLOWS), Outcome.NOT_APPLICABLE),
        (acl("Block", OUR_GROUP), Outcome.NOT_APPLICABLE),
        (acl("Allow"), Outcome.NOT_APPLICABLE),
        ({}, Outcome.NOT_APPLICABLE),
        (None, Outcome.NOT_APPLICABLE),
    ],
)
def test_one_that_lets_nobody_in_breaks_the_entry(
    found: Any, outcome: Outcome, estate: Estate, reader: RecordedReader
) -> None:
    before(reader, found)
    assert blocked(estate, reader) is outcome
    assert [one.about for one in reader.asked if one.operation == "GetWebACL"] == [
        (("Id", "0f1e2d3c"), ("Name", "guard"))
    ]


def test_without_the_permission_it_is_unknown_and_named(estate: Estate, reader: RecordedReader) -> None:
    before(reader, acl("Block"))
    reader.refused.add(("edge", "GetWebACL"))
    (check,) = [one for one in seen(estate, reader).of(Hop.ENTRY) if one.id == "HW113"]
    assert check.outcome is Outcome.UNKNOWN
    assert "wafv2:GetWebACL" in check.fix


@pytest.mark.parametrize("arn", ["", "arn:aws:waf-regional:eu-west-1:111111111111:webacl/0f1e", "nonsense"])
def test_without_one_of_this_kind_nothing_is_asked(arn: str, estate: Estate, reader: RecordedReader) -> None:
    before(reader, acl("Block"), arn)
    assert blocked(estate, reader) is Outcome.NOT_APPLICABLE
    assert "GetWebACL" not in {one.operation for one in reader.asked}
