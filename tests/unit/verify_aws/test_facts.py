"""Answers in the shape of Terraform's resources: the paths that the article does not have."""

import json
from typing import Any

import pytest

from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome
from hatchway.verify.aws import facts as facts_module
from hatchway.verify.aws.answers import Answers, Refusal
from hatchway.verify.aws.estate import Estate
from hatchway.verify.aws.facts import LiveFacts
from hatchway.verify.aws.gathering import gather
from hatchway.verify.aws.judging import see
from hatchway.verify.aws.reads import Request
from hatchway.verify.aws.shapes import Names

PEERING = {
    "VpcPeeringConnectionId": "pcx-1",
    "Status": {"Code": "active"},
    "RequesterVpcInfo": {},
    "AccepterVpcInfo": {},
}


def failing(estate: Estate, reader: Any) -> dict[str, str]:
    """Ids of the checks that fail, with what was observed."""
    answers = gather(estate, reader)
    facts = LiveFacts(estate, answers, Names({})).of("orders", "GET", "/test")
    seen = see(facts, estate, "orders", answers.refusals())
    return {
        check.id: check.observed for hop in Hop for check in seen.of(hop) if check.outcome is Outcome.FAIL
    }


def vpcs(reader: Any) -> tuple[str, str]:
    found = [answer[0]["VpcId"] for key, answer in reader.answers.items() if " DescribeVpcs " in f"{key} "]
    return found[0], found[1]


def over_peering(reader: Any, **changes: Any) -> None:
    """Leads the path over a peering connection in place of the Transit Gateway."""
    near, far = vpcs(reader)
    peering = {**PEERING, "RequesterVpcInfo": {"VpcId": near}, "AccepterVpcInfo": {"VpcId": far}, **changes}

    def routes(tables: Any) -> Any:
        for table in tables:
            for route in table["Routes"]:
                if route.pop("TransitGatewayId", None):
                    route["VpcPeeringConnectionId"] = "pcx-1"
        return tables

    reader.edits["DescribeRouteTables"] = routes
    reader.edits["DescribeVpcPeeringConnections"] = lambda _: [peering]
    reader.edits["DescribeTransitGatewayVpcAttachments"] = lambda _: []


def test_a_path_over_a_peering_connection_is_whole(estate: Estate, reader: Any) -> None:
    over_peering(reader)
    assert failing(estate, reader) == {}


def test_a_peering_connection_that_nobody_accepted_is_a_break(estate: Estate, reader: Any) -> None:
    over_peering(reader, Status={"Code": "pending-acceptance"})
    assert set(failing(estate, reader)) == {"HW603"}


def test_an_attachment_that_waits_to_be_accepted_is_a_break(estate: Estate, reader: Any) -> None:
    reader.edits["DescribeTransitGatewayVpcAttachments"] = lambda answer: [
        {**one, "State": "pendingAcceptance"} if one["VpcOwnerId"] == "222222222222" else one
        for one in answer
    ]
    assert set(failing(estate, reader)) == {"HW603"}


def test_an_attachment_that_is_being_deleted_is_none(estate: Estate, reader: Any) -> None:
    reader.edits["DescribeTransitGatewayVpcAttachments"] = lambda answer: [
        {**one, "State": "deleting"} for one in answer
    ]
    assert "HW603" in failing(estate, reader)


def test_an_address_that_the_endpoint_does_not_have_today_is_found(estate: Estate, reader: Any) -> None:
    reader.edits["DescribeNetworkInterfaces"] = lambda answer: [
        {**one, "PrivateIpAddress": one["PrivateIpAddress"].replace(".10", ".77")} for one in answer
    ]
    found = failing(estate, reader)
    assert found["HW514"].startswith("forwards to 10.1.")


@pytest.mark.parametrize("entries", [[{"Cidr": "10.0.0.0/16"}], [{"Cidr": "10.9.0.0/16"}]])
def test_a_rule_with_a_prefix_list_lets_in_what_is_in_it(
    entries: list[dict[str, str]], estate: Estate, reader: Any
) -> None:
    rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "PrefixListIds": [{"PrefixListId": "pl-1"}]}

    def groups(answer: Any) -> Any:
        return [{**one, "IpPermissions": [rule]} for one in answer]

    reader.edits["DescribeSecurityGroups"] = groups
    reader.edits["GetManagedPrefixListEntries"] = lambda _: entries
    admits = entries[0]["Cidr"] == "10.0.0.0/16"
    assert ("HW703" in failing(estate, reader)) is not admits


def by_prefix_list(tables: Any) -> Any:
    """Leads to the other network by a prefix list in place of its range."""
    for table in tables:
        for route in table["Routes"]:
            if route.get("TransitGatewayId"):
                del route["DestinationCidrBlock"]
                route["DestinationPrefixListId"] = "pl-1"
    return tables


@pytest.mark.parametrize(
    ("entries", "broken"), [(["10.0.0.0/15"], set()), (["10.9.0.0/16"], {"HW602", "HW606"})]
)
def test_a_route_with_a_prefix_list_leads_to_what_is_in_it(
    entries: list[str], broken: set[str], estate: Estate, reader: Any
) -> None:
    reader.edits["DescribeRouteTables"] = by_prefix_list
    reader.edits["GetManagedPrefixListEntries"] = lambda _: [{"Cidr": one} for one in entries]
    assert set(failing(estate, reader)) == broken


def test_a_gateway_endpoint_in_a_route_table_leaves_nothing_open(estate: Estate, reader: Any) -> None:
    def with_storage(tables: Any) -> Any:
        to_storage = {"DestinationPrefixListId": "pl-6da54004", "GatewayId": "vpce-0a1b2c3d"}
        return [{**table, "Routes": [*table["Routes"], to_storage]} for table in tables]

    reader.edits["DescribeRouteTables"] = with_storage
    reader.edits["GetManagedPrefixListEntries"] = lambda _: [{"Cidr": "52.218.0.0/17"}]
    answers = gather(estate, reader)
    facts = LiveFacts(estate, answers, Names({})).of("orders", "GET", "/test")
    seen = see(facts, estate, "orders", answers.refusals())
    assert set(seen.sound) == set(Hop)


def test_a_default_endpoint_that_is_off_is_fine_with_a_domain_in_front(estate: Estate, reader: Any) -> None:
    reader.edits["GetRestApi"] = lambda about: {**about, "disableExecuteApiEndpoint": True}
    assert set(failing(estate, reader)) == {"HW105"}
    reader.edits["GetDomainNames"] = lambda _: [{"domainName": "api.example.com"}]
    reader.edits["GetBasePathMappings"] = lambda _: [{"restApiId": estate.api_id}]
    assert failing(estate, reader) == {}


def test_a_stage_variable_in_the_uri_is_the_variable_of_the_stage(estate: Estate, reader: Any) -> None:
    api = estate.sites["orders"].api_id
    assert api is not None

    def with_variable(document: Any) -> Any:
        text = json.dumps(document).replace(f"https://{api}.", "https://${stageVariables.api}.")
        return json.loads(text)

    reader.edits["GetExport"] = with_variable
    reader.edits["GetStages"] = lambda answer: [{**one, "variables": {"api": api}} for one in answer]
    assert failing(estate, reader) == {}
    reader.edits["GetStages"] = lambda answer: [{**one, "variables": {"api": "another123"}} for one in answer]
    assert set(failing(estate, reader)) == {"HW306"}


def test_an_api_key_needs_a_usage_plan_of_the_stage(estate: Estate, reader: Any) -> None:
    def with_key(document: Any) -> Any:
        for operations in document["paths"].values():
            for operation in operations.values():
                operation["security"] = [*operation.get("security", []), {"api_key": []}]
        return document

    reader.edits["GetExport"] = with_key
    assert set(failing(estate, reader)) == {"HW271"}
    covered = {"apiId": estate.api_id, "stage": estate.stage}
    reader.edits["GetUsagePlans"] = lambda _: [{"name": "partners", "apiStages": [covered]}]
    assert failing(estate, reader) == {}


@pytest.mark.parametrize(("limit", "failing_ids"), [(0, {"HW111"}), (10, set()), (-1, set())])
def test_a_limit_of_zero_is_a_break(limit: int, failing_ids: set[str], estate: Estate, reader: Any) -> None:
    settings = {"*/*": {"throttlingRateLimit": float(limit), "throttlingBurstLimit": limit}}
    reader.edits["GetStages"] = lambda answer: [
        {**one, "methodSettings": settings} if one["stageName"] == estate.stage else one for one in answer
    ]
    assert set(failing(estate, reader)) == failing_ids


def test_a_permission_for_another_principal_is_none(estate: Estate, reader: Any) -> None:
    reader.edits["GetPolicy"] = lambda answer: {
        "Policy": answer["Policy"].replace("apigateway.amazonaws.com", "events.amazonaws.com")
    }
    assert set(failing(estate, reader)) == {"HW202"}


def test_a_permission_that_denies_is_none(estate: Estate, reader: Any) -> None:
    reader.edits["GetPolicy"] = lambda answer: {"Policy": answer["Policy"].replace('"Allow"', '"Deny"')}
    assert set(failing(estate, reader)) == {"HW202"}


def test_the_definition_of_today_is_judged_where_the_deployed_one_may_not_be_read(
    estate: Estate, reader: Any
) -> None:
    reader.refused |= {("edge", "GetExport"), ("orders", "GetExport")}
    answers = gather(estate, reader)
    facts = LiveFacts(estate, answers, Names({})).of("orders", "GET", "/test")
    assert facts is not None
    assert facts.link is not None
    seen = see(facts, estate, "orders", answers.refusals())
    assert Hop.LOAD_BALANCER in seen.sound
    assert Hop.INTEGRATION not in seen.sound


def test_nodes_whose_addresses_are_not_told_are_found_by_their_interfaces(
    estate: Estate, reader: Any
) -> None:
    addresses: dict[str, str] = {}

    def untold(answer: Any) -> Any:
        for balancer in answer:
            for zone in balancer["AvailabilityZones"]:
                addresses[zone["SubnetId"]] = zone.pop("LoadBalancerAddresses")[0]["PrivateIPv4Address"]
        return answer

    reader.edits["DescribeLoadBalancers"] = untold
    original = reader.read

    def read(request: Any, /) -> Any:
        filters = dict(dict(request.about).get("Filters", ()))
        if request.operation == "DescribeNetworkInterfaces" and "description" in filters:
            described = filters["description"][0]
            assert described.startswith("ELB net/")
            return [
                {"SubnetId": subnet, "PrivateIpAddress": address, "Description": described}
                for subnet, address in addresses.items()
            ]
        return original(request)

    reader.read = read
    assert failing(estate, reader) == {}
    facts = LiveFacts(estate, gather(estate, reader), Names({})).of("orders", "GET", "/test")
    assert facts is not None
    assert facts.balancer is not None
    assert sorted(str(node.network) for node in facts.balancer.nodes) == ["10.0.0.10/32", "10.0.1.10/32"]


def test_what_was_changed_is_found_once_for_all_requests(
    estate: Estate, reader: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = []

    def differences(*definitions: Any) -> tuple[str, ...]:
        compared.append(definitions)
        return ()

    monkeypatch.setattr(facts_module, "differences", differences)
    live = LiveFacts(estate, gather(estate, reader), Names({}))
    for path in ("/test", "/test/1", "/other"):
        live.of("orders", "GET", path)
    assert len(compared) == 2, "once for the public API, and once for the private one"


def test_an_answer_is_found_by_all_or_by_some_of_what_was_asked() -> None:
    stages = Request.of("edge", "GetStages", restApiId="a")
    gone = Request.of("edge", "GetExport", restApiId="a", stageName="live")
    refused = Request.of("edge", "GetRestApi", restApiId="a")
    known = Answers({stages: [{"stageName": "live"}], gone: None})
    known.take(refused, Refusal(request=refused, reason="no", fix="yes"))
    assert known.about("GetStages", restApiId="a") == [{"stageName": "live"}]
    assert known.about("GetStages") == [{"stageName": "live"}]
    assert known.about("GetStages", restApiId="b") is None
    assert known.about("GetExport", restApiId="a", stageName="live") is None
    assert known.about("GetRestApi", restApiId="a") is None
    assert known.is_refused("GetRestApi")
    assert not known.is_refused("GetExport", restApiId="a")
    assert list(known.of("GetRestApi")) == []
    known.take(refused, {"id": "a"})
    assert list(known.of("GetRestApi")) == [(refused, {"id": "a"})]
    assert known.about("GetRestApi", restApiId="a") == {"id": "a"}
    assert known.refusals() == ()
    # What is taken back is no answer any more, however it is asked for.
    known.take(stages, Refusal(request=stages, reason="no", fix="yes"))
    assert list(known.items("GetStages")) == []
    assert known.is_refused("GetStages")
