"""What a plan does to a path that is in use: replacements, destruction, policies that take no effect."""

from collections.abc import Iterator, Mapping
from typing import Any

from hatchway.review.clashes import CLASHES, clash
from hatchway.review.plan_json import listed, mapping, replace_paths, texts
from hatchway.route.check_ids import CheckId
from hatchway.route.checks.model import DEVELOPER_GUIDE
from hatchway.route.hop import Hop
from hatchway.route.outcome import Severity
from hatchway.route.report import Finding
from hatchway.topology.problems import spell

DESTROYS = CheckId(id="HW010", hop=None, title="A plan destroys nothing that the path consists of.")
REPLACES = CheckId(id="HW011", hop=None, title="What the path consists of is replaced without a gap.")
REDEPLOYS = CheckId(
    id="HW012",
    hop=None,
    title="A changed resource policy is deployed.",
    source=f"{DEVELOPER_GUIDE}apigateway-resource-policies-create-attach.html",
)

OUTAGES = frozenset({DESTROYS.id, REPLACES.id})
"""What interrupts the path while a plan is applied."""

_HOPS = {
    "aws_api_gateway_rest_api": Hop.ENTRY,
    "aws_api_gateway_stage": Hop.ENTRY,
    "aws_api_gateway_authorizer": Hop.AUTHORIZER,
    "aws_api_gateway_integration": Hop.INTEGRATION,
    "aws_api_gateway_vpc_link": Hop.VPC_LINK,
    "aws_lb": Hop.LOAD_BALANCER,
    "aws_lb_listener": Hop.LOAD_BALANCER,
    "aws_lb_target_group": Hop.LOAD_BALANCER,
    "aws_lb_target_group_attachment": Hop.LOAD_BALANCER,
    "aws_route": Hop.TRANSIT,
    "aws_ec2_transit_gateway": Hop.TRANSIT,
    "aws_ec2_transit_gateway_vpc_attachment": Hop.TRANSIT,
    "aws_vpc_endpoint": Hop.ENDPOINT,
    "aws_vpc_endpoint_policy": Hop.ENDPOINT,
    "aws_api_gateway_rest_api_policy": Hop.PRIVATE_API,
    "aws_apigatewayv2_api": Hop.ENTRY,
    "aws_apigatewayv2_route": Hop.ENTRY,
    "aws_apigatewayv2_stage": Hop.ENTRY,
    "aws_apigatewayv2_authorizer": Hop.AUTHORIZER,
    "aws_apigatewayv2_integration": Hop.INTEGRATION,
    "aws_apigatewayv2_vpc_link": Hop.VPC_LINK,
    "aws_route_table_association": Hop.TRANSIT,
    "aws_ec2_transit_gateway_route": Hop.TRANSIT,
    "aws_ec2_transit_gateway_route_table_association": Hop.TRANSIT,
    "aws_ec2_transit_gateway_route_table_propagation": Hop.TRANSIT,
    "aws_vpc_peering_connection": Hop.TRANSIT,
}


def findings_on_changes(document: Mapping[str, Any], stack: str) -> Iterator[Finding]:
    """Give what a plan breaks while it is applied, or changes without effect."""
    changes = listed(document.get("resource_changes"))
    for one in changes:
        actions = tuple(texts(_change(one).get("actions")))
        hop = _HOPS.get(str(one.get("type")))
        if hop is None:
            continue
        if actions == ("delete",):
            yield _finding(
                DESTROYS, hop, _subject(one, stack), "is destroyed", "Check that nothing is routed over it."
            )
        elif actions == ("delete", "create"):
            cause = ", ".join(map(spell, replace_paths(_change(one))))
            seen = "is destroyed before its replacement exists" + (f", because of {cause}" if cause else "")
            fix = "Set lifecycle { create_before_destroy = true }, or plan for the outage."
            yield _finding(REPLACES, hop, _subject(one, stack), seen, fix)
        elif actions == ("create", "delete") and (shared := clash(str(one.get("type")), _change(one))):
            seen = f"its replacement is made first and has the same {shared}: AWS refuses it, the apply fails"
            fix = "Change it along with the rest: another address, or name_prefix in place of name."
            yield _finding(CLASHES, hop, _subject(one, stack), seen, fix, severity=Severity.ERROR)
    yield from _idle_policies(changes, stack)


def _idle_policies(changes: list[Mapping[str, Any]], stack: str) -> Iterator[Finding]:
    deployed = [
        _change(one)
        for one in changes
        if one.get("type") == "aws_api_gateway_deployment" and "create" in texts(_change(one).get("actions"))
    ]
    for one in changes:
        change = _change(one)
        if not _changes_policy(str(one.get("type")), change) or _has_deployment(change, deployed):
            continue
        fix = "Hash the policy resource in the triggers of the deployment."
        seen = "its policy changes and no new deployment of the API is made: the change has no effect"
        yield _finding(REDEPLOYS, Hop.PRIVATE_API, _subject(one, stack), seen, fix, severity=Severity.ERROR)


def _changes_policy(kind: str, change: Mapping[str, Any]) -> bool:
    if kind not in {"aws_api_gateway_rest_api_policy", "aws_api_gateway_rest_api"}:
        return False
    before, after = change.get("before"), change.get("after")
    if (
        change.get("actions") != ["update"]
        or not isinstance(before, Mapping)
        or not isinstance(after, Mapping)
    ):
        return False
    unknown = change.get("after_unknown")
    pending = isinstance(unknown, Mapping) and unknown.get("policy") is True
    return pending or before.get("policy") != after.get("policy")


def _has_deployment(change: Mapping[str, Any], deployed: list[Mapping[str, Any]]) -> bool:
    after = mapping(change.get("after"))
    api = after.get("rest_api_id") or after.get("id")
    return any(mapping(one.get("after")).get("rest_api_id") in {api, None} for one in deployed)


def _finding(  # noqa: PLR0913 -- the parts of a finding
    check: CheckId, hop: Hop, subject: str, seen: str, fix: str, *, severity: Severity = Severity.WARNING
) -> Finding:
    return Finding(id=check.id, hop=hop, severity=severity, subject=subject, message=seen, fix=fix)


def _subject(one: Mapping[str, Any], stack: str) -> str:
    address = str(one.get("address"))
    return f"{stack}: {address}" if stack else address


def _change(one: Mapping[str, Any]) -> Mapping[str, Any]:
    return mapping(one.get("change"))
