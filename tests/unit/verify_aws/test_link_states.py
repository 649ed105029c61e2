"""What to do about a VPC link that is not available: by its kind, and by its state."""

from typing import Any

import pytest

from hatchway.route.hop import Hop
from hatchway.verify.aws.estate import Estate
from tests.unit.verify_aws.conftest import RecordedReader
from tests.unit.verify_aws.test_http_apis import Edit, asked, each, http, nothing, seen, topology
from tests.unit.verify_aws.test_reliance import seen as seen_rest

__all__ = ["asked", "http", "topology"]

V1, V2 = "aws_api_gateway_vpc_link", "aws_apigatewayv2_vpc_link"


def fix_of(found: Any) -> str:
    """The fix of HW470, which has to be a failure."""
    (fix,) = [one.fix for one in found.of(Hop.VPC_LINK) if one.id == "HW470" and one.breaks_path]
    return str(fix)


@pytest.mark.parametrize(
    ("edit", "wanted"),
    [
        (each(VpcLinkStatus="FAILED"), f"Replace {V2}; its status message says why it failed."),
        (each(VpcLinkStatus="PENDING"), f"Wait while {V2} is made, which takes minutes."),
        (each(VpcLinkStatus="DELETING"), f"Deploy {V2} again, then what refers to it."),
        (nothing, f"Deploy {V2} again, then what refers to it."),
    ],
)
def test_of_an_http_api_the_fix_names_a_link_of_version_2(
    edit: Edit, wanted: str, http: Estate, asked: RecordedReader
) -> None:
    asked.edits["v2:GetVpcLinks"] = edit
    assert fix_of(seen(http, asked)) == wanted


def test_a_link_that_had_no_traffic_is_woken_by_requests_and_not_replaced(
    http: Estate, asked: RecordedReader
) -> None:
    asked.edits["v2:GetVpcLinks"] = each(VpcLinkStatus="INACTIVE")
    fix = fix_of(seen(http, asked))
    assert "no traffic for 60 days" in fix
    assert "requests wake it, which takes minutes" in fix
    assert "Replace" not in fix


@pytest.mark.parametrize(
    ("edit", "wanted"),
    [
        (each(status="FAILED"), f"Replace {V1}; its status message says why it failed."),
        (each(status="PENDING"), f"Wait while {V1} is made, which takes minutes."),
        (each(id="another"), f"Deploy {V1} again, then what refers to it."),
    ],
)
def test_of_a_rest_api_the_fix_names_a_link_of_version_1(
    edit: Edit, wanted: str, estate: Estate, reader: RecordedReader
) -> None:
    reader.edits["GetVpcLinks"] = edit
    assert fix_of(seen_rest(estate, reader)) == wanted
