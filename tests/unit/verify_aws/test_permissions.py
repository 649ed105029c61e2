"""The policy that reading needs, written from the one table of reads."""

import pytest

from hatchway.topology.model import Topology
from hatchway.verify.aws.estate import estate_of
from hatchway.verify.aws.permissions import policies
from hatchway.verify.aws.reads import READS, V2, Side
from hatchway.verify.aws.reference import page

ROWS = {
    cells[0].strip("`"): cells
    for cells in (
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in page().splitlines()
        if line.startswith("| `")
    )
}


def _granted(document: dict[str, object]) -> set[str]:
    statements = document["Statement"]
    assert isinstance(statements, list)
    return {action for statement in statements for action in statement["Action"]}


def test_every_account_gets_what_is_read_in_it_and_nothing_else(article: Topology) -> None:
    found = policies(estate_of(article))
    assert set(found) == {"edge", "orders"}
    assert "elasticloadbalancing:DescribeTargetHealth" in _granted(dict(found["edge"]))
    assert "elasticloadbalancing:DescribeTargetHealth" not in _granted(dict(found["orders"]))
    assert "ec2:SearchTransitGatewayRoutes" in _granted(dict(found["edge"]))
    assert "ec2:SearchTransitGatewayRoutes" not in _granted(dict(found["orders"]))
    assert "ec2:DescribeVpcEndpoints" in _granted(dict(found["orders"]))


def test_nothing_is_granted_that_could_change_or_read_contents(article: Topology) -> None:
    for document in policies(estate_of(article)).values():
        for action in _granted(dict(document)):
            verb = action.partition(":")[2]
            assert verb.startswith(("Get", "Describe", "Search", "GET")), action
            assert verb not in {"GetSecretValue", "GetFunction", "GetObject"}


def test_what_can_be_narrowed_to_a_resource_is(article: Topology) -> None:
    found = policies(estate_of(article))["edge"]
    resources = {statement["Sid"]: statement["Resource"] for statement in found["Statement"]}
    assert resources["HatchwayLambda"] == ["arn:aws:lambda:eu-west-1:111111111111:function:*"]
    assert all(one.startswith("arn:aws:apigateway:eu-west-1::/") for one in resources["HatchwayApigateway"])


@pytest.mark.parametrize("operation", READS)
def test_every_read_is_granted_in_every_account_it_is_made_in(operation: str, article: Topology) -> None:
    read, estate = READS[operation], estate_of(article)
    for side in read.sides:
        account = estate.account_of(side, "orders")
        assert account is not None
        assert read.action in _granted(dict(policies(estate)[account]))


def test_a_read_says_only_of_reads_that_exist_what_it_comes_after() -> None:
    for read in READS.values():
        assert set(read.after) <= set(READS)
        assert set(read.sides) <= set(Side)


@pytest.mark.parametrize("operation", READS)
def test_the_page_leaves_no_column_of_a_read_empty(operation: str) -> None:
    cells = ROWS[operation]
    assert len(cells) == 5
    assert all(cells), cells


@pytest.mark.parametrize(
    ("operation", "check"),
    [(f"{V2}GetVpcLinks", "HW470"), (f"{V2}GetRoutes", "HW103"), ("DescribeListeners", "HW570")],
)
def test_the_page_names_checks_of_http_apis_by_the_reads_made_for_them(operation: str, check: str) -> None:
    assert check in ROWS[operation][-1].split(", ")
