"""What a plan does to a path in use, one plan with one change at a time."""

from typing import Any

import pytest

from hatchway.review.account_changes import account_changes
from hatchway.review.changes import findings_on_changes
from hatchway.route.hop import Hop
from hatchway.route.outcome import Severity
from hatchway.route.report import Finding


def found(kind: str, *actions: str, before: dict[str, Any], after: dict[str, Any]) -> list[Finding]:
    change = {"actions": list(actions), "before": before, "after": after}
    one = {"address": f"{kind}.x", "type": kind, "change": change}
    return list(findings_on_changes({"resource_changes": [one]}, "stack"))


def balancer(subnet: str | None, address: str) -> dict[str, Any]:
    return {"subnet_mapping": [{"subnet_id": subnet, "private_ipv4_address": address}]}


def endpoint(subnet: str | None, address: str) -> dict[str, Any]:
    return {"subnet_configuration": [{"subnet_id": subnet, "ipv4": address}]}


@pytest.mark.parametrize(
    ("kind", "values", "said", "hop"),
    [
        ("aws_lb", {"name": "orders"}, "the same name", Hop.LOAD_BALANCER),
        ("aws_lb_target_group", {"name": "orders"}, "the same name", Hop.LOAD_BALANCER),
        (
            "aws_lb",
            balancer("subnet-1", "10.0.0.10"),
            "the same subnet_mapping.private_ipv4_address",
            Hop.LOAD_BALANCER,
        ),
        (
            "aws_vpc_endpoint",
            endpoint("subnet-1", "10.1.0.10"),
            "the same subnet_configuration.ipv4",
            Hop.ENDPOINT,
        ),
    ],
)
def test_a_replacement_with_the_name_or_the_address_of_the_old_one_fails(
    kind: str, values: dict[str, Any], said: str, hop: Hop
) -> None:
    (finding,) = found(kind, "create", "delete", before=values, after=values)
    assert (finding.id, finding.severity, finding.hop) == ("HW013", Severity.ERROR, hop)
    assert said in finding.message
    assert finding.subject == f"stack: {kind}.x"


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("aws_lb", {"name": "orders"}, {"name": "orders-2"}),
        ("aws_lb", {"name": "orders"}, {}),
        ("aws_lb", {"name": None}, {"name": None}),
        ("aws_api_gateway_vpc_link", {"name": "orders"}, {"name": "orders"}),
        ("aws_lb", balancer("subnet-1", "10.0.0.10"), balancer("subnet-1", "10.0.0.11")),
        ("aws_lb", balancer("subnet-1", "10.0.0.10"), balancer("subnet-2", "10.0.0.10")),
        ("aws_lb", balancer(None, "10.0.0.10"), balancer(None, "10.0.0.10")),
        ("aws_lb", balancer("subnet-1", ""), balancer("subnet-1", "")),
        ("aws_vpc_endpoint", {"subnet_configuration": None}, {"subnet_configuration": [None, 1]}),
    ],
)
def test_a_replacement_with_a_name_and_addresses_of_its_own_is_no_finding(
    kind: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    assert found(kind, "create", "delete", before=before, after=after) == []


@pytest.mark.parametrize("kind", ["aws_apigatewayv2_vpc_link", "aws_ec2_transit_gateway_route", "aws_lb"])
@pytest.mark.parametrize(("actions", "identity"), [(("delete",), "HW010"), (("delete", "create"), "HW011")])
def test_what_takes_the_path_away_is_a_warning(kind: str, actions: tuple[str, ...], identity: str) -> None:
    same = {"name": "orders"}
    assert [one.id for one in found(kind, *actions, before=same, after=same)] == [identity]


def test_what_the_path_does_not_consist_of_is_left_alone() -> None:
    assert found("aws_s3_bucket", "delete", before={}, after={}) == []


@pytest.mark.parametrize("odd", [None, 5, "delete", [], [None], {}, [["x"]], [[None, 0.5, {}, "a", 1]], [{}]])
@pytest.mark.parametrize("key", ["actions", "before", "after", "after_unknown", "replace_paths"])
@pytest.mark.parametrize("kind", ["aws_lb", "aws_vpc_endpoint", "aws_api_gateway_rest_api_policy"])
@pytest.mark.parametrize("actions", [["delete", "create"], ["create", "delete"], ["update"]])
def test_a_change_of_any_shape_is_read(kind: str, actions: list[str], key: str, odd: object) -> None:
    change = {"actions": actions, "before": {"name": "a"}, "after": {"name": "b"}, key: odd}
    one = {"address": "x", "type": kind, "change": change}
    other = {"type": "aws_api_gateway_deployment", "change": {"actions": odd, "after": odd}}
    document = {"resource_changes": [one, other]}
    assert all(finding.subject == "x" for finding in findings_on_changes(document, ""))
    account_changes({"": document}, ())
