"""Services of one account that share an endpoint, a load balancer and a VPC link; existing endpoints."""

import copy

import pytest

from hatchway.review import review
from hatchway.route.outcome import Severity
from tests.synth.synthesized import Document, Synth, Validate

SHARED_STACKS = ["endpoint-orders", "service-orders", "service-stock", "access-orders", "gateway"]


def stock(document: Document) -> Document:
    """A service of the account of orders."""
    service = copy.deepcopy(document["services"]["orders"])
    return {**service, "path": "/stock"}


@pytest.fixture
def shared(document: Document) -> Document:
    """The article's topology with a second service in the same account, sharing what leads there."""
    document["services"]["orders"].update(isolation="shared", path="/orders")
    document["services"]["stock"] = stock(document)
    return document


@pytest.fixture
def found(existing: Document) -> Document:
    """Everything is there already, the endpoint too."""
    existing["services"]["orders"]["endpoint"]["existing"] = "vpce-0a1b2c3d"
    return existing


def test_one_endpoint_one_load_balancer_and_one_link_for_all_that_share(
    synth: Synth, shared: Document
) -> None:
    synthesized = synth(shared)

    assert list(synthesized["endpoint-orders"].of_kind("aws_vpc_endpoint")) == ["execute_api"]
    for service in ("service-orders", "service-stock"):
        assert not synthesized[service].of_kind("aws_vpc_endpoint")
        assert not synthesized[service].of_kind("aws_vpc_endpoint_policy")
    gateway = synthesized["gateway"]
    for kind in ("aws_lb", "aws_lb_target_group", "aws_lb_listener", "aws_api_gateway_vpc_link"):
        assert list(gateway.of_kind(kind)) == ["shared_orders"]
    links = {body["connection_id"] for body in gateway.of_kind("aws_api_gateway_integration").values()}
    assert links == {"${aws_api_gateway_vpc_link.shared_orders.id}"}


def test_each_api_answers_its_own_path_and_lets_the_shared_endpoint_in(
    synth: Synth, shared: Document
) -> None:
    synthesized = synth(shared)

    for service in ("orders", "stock"):
        policy = synthesized[f"service-{service}"].policy("aws_api_gateway_rest_api_policy.private")
        (endpoint,) = policy["Statement"][1]["Condition"]["StringNotEquals"]["aws:SourceVpce"]
        assert endpoint.startswith("${data.terraform_remote_state.endpoint-orders.outputs.")
        integration = synthesized["gateway"].resources[f"aws_api_gateway_integration.{service}"]
        assert f"data.terraform_remote_state.service-{service}." in integration["uri"]


def test_shared_endpoint_lets_through_the_apis_of_its_services(synth: Synth, shared: Document) -> None:
    shared["services"]["stock"]["endpoint"]["allowed_api_ids"] = ["abcdefghij"]

    access = synth(shared)["access-orders"]

    assert access.addresses[0] == "aws_vpc_endpoint_policy.execute_api"
    first, second, third = access.policy("aws_vpc_endpoint_policy.execute_api")["Statement"][0]["Resource"]
    assert "service-orders.outputs" in first
    assert "service-stock.outputs" in second
    assert third == "arn:aws:execute-api:eu-west-1:222222222222:abcdefghij/*"


def test_nothing_is_sent_before_the_endpoint_lets_it_through(synth: Synth, shared: Document) -> None:
    stacks = synth(shared).manifest["stacks"]

    assert set(stacks["gateway"]["dependencies"]) >= {"service-orders", "service-stock", "access-orders"}
    assert set(stacks["access-orders"]["dependencies"]) >= {
        "endpoint-orders",
        "service-orders",
        "service-stock",
    }
    assert set(stacks["service-stock"]["dependencies"]) >= {"foundation", "endpoint-orders"}


@pytest.mark.parametrize(("header", "weaknesses"), [("pinned", []), ("passthrough", ["HW307", "HW307"])])
def test_review_sees_that_callers_choose_among_those_who_share(
    synth: Synth, shared: Document, header: str, weaknesses: list[str]
) -> None:
    shared["gateway"]["api_id_header"] = header

    report = review([synth(shared).outdir])

    assert [finding.id for finding in report.findings if finding.severity is Severity.ERROR] == weaknesses
    assert [route.broken_hop for route in report.routes if route.broken_hop is not None] == []


@pytest.mark.parametrize("stack", SHARED_STACKS)
def test_stacks_of_services_that_share_are_valid(
    synth: Synth, validate: Validate, shared: Document, stack: str
) -> None:
    verdict = validate(synth(shared).outdir / "stacks" / stack)

    assert (verdict["valid"], verdict["diagnostics"]) == (True, [])


def test_a_service_more_changes_nothing_of_the_others(synth: Synth, shared: Document) -> None:
    added = copy.deepcopy(shared)
    del shared["services"]["stock"]

    before, after = synth(shared), synth(added)

    for stack in ("foundation", "endpoint-orders", "service-orders"):
        assert after[stack].text == before[stack].text
    assert after["access-orders"].addresses[:1] == before["access-orders"].addresses[:1]
    assert set(before["gateway"].addresses) < set(after["gateway"].addresses)
    changed = {
        address
        for address, body in before["gateway"].resources.items()
        if after["gateway"].resources[address] != body
    }
    assert changed == {"aws_api_gateway_deployment.public"}


def test_shared_and_own_side_by_side_in_one_account(synth: Synth, shared: Document) -> None:
    shared["services"]["ledger"] = {
        **copy.deepcopy(shared["services"]["orders"]),
        "path": "/ledger",
        "isolation": "own",
        "endpoint": {"network": "orders", "addresses": {"a": "10.1.0.20", "b": "10.1.1.20"}},
        "load_balancer": {"addresses": {"a": "10.0.0.20", "b": "10.0.1.20"}},
    }

    gateway = synth(shared)["gateway"]

    assert set(gateway.of_kind("aws_lb")) == {"shared_orders", "ledger"}


def test_existing_endpoint_is_looked_up_in_each_subnet(synth: Synth, found: Document) -> None:
    service = synth(found)["service-orders"].document

    assert set(service["data"]["aws_network_interface"]) == {"execute_api_a", "execute_api_b"}
    look_up = service["data"]["aws_network_interface"]["execute_api_a"]
    assert look_up["provider"] == "aws.orders"
    assert look_up["filter"] == [
        {"name": "subnet-id", "values": ["subnet-0000000a"]},
        {
            "name": "network-interface-id",
            "values": "${tolist(data.aws_vpc_endpoint.execute_api.network_interface_ids)}",
        },
    ]


def test_existing_endpoint_keeps_its_policy_and_security_groups(synth: Synth, found: Document) -> None:
    service = synth(found)["service-orders"]

    kinds = set(service.document["resource"])
    assert not {
        kind for kind in kinds if kind.startswith(("aws_vpc_endpoint", "aws_security", "aws_vpc_security"))
    }
    assert service.outputs["endpoint_access_to_add"] == {
        "client_addresses": ["10.0.0.10", "10.0.1.10"],
        "execution_arns": ["${aws_api_gateway_rest_api.private.execution_arn}"],
    }


def test_addresses_that_were_looked_up_reach_rules_and_targets(synth: Synth, found: Document) -> None:
    gateway = synth(found)["gateway"]

    address = (
        "${data.terraform_remote_state.service-orders.outputs."
        "cross-stack-output-dataaws_network_interface-execute_api_a-private_ip}"
    )
    target = gateway.resources["aws_lb_target_group_attachment.orders_a"]
    assert target["target_id"] == address.replace("dataaws", "data-aws")
    assert target["availability_zone"] == "all"
    egress = gateway.resources["aws_vpc_security_group_egress_rule.orders_to_a"]
    assert egress["cidr_ipv4"] == target["target_id"] + "/32"


@pytest.mark.parametrize("stack", ["service-orders", "gateway"])
def test_stacks_with_an_existing_endpoint_are_valid(
    synth: Synth, validate: Validate, found: Document, stack: str
) -> None:
    verdict = validate(synth(found).outdir / "stacks" / stack)

    assert (verdict["valid"], verdict["diagnostics"]) == (True, [])


def test_existing_endpoint_can_be_shared(synth: Synth, found: Document) -> None:
    found["services"]["orders"].update(isolation="shared", path="/orders")
    found["services"]["stock"] = stock(found)

    synthesized = synth(found)

    assert "access-orders" not in synthesized.stacks
    assert set(synthesized["endpoint-orders"].document["data"]["aws_network_interface"]) == {
        "execute_api_a",
        "execute_api_b",
    }
    assert not [address for address in synthesized["service-stock"].addresses if "interface" in address]


def test_shared_endpoint_beside_the_load_balancer_is_the_gateways_accounts(
    synth: Synth, shared: Document
) -> None:
    for service in shared["services"].values():
        service["endpoint"] = {"placement": "gateway"}
    del shared["transit"], shared["networks"]["orders"]

    synthesized = synth(shared)

    assert synthesized["endpoint-orders"].resources["aws_vpc_endpoint.execute_api"]["provider"] == "aws.edge"
    policy = synthesized["access-orders"].resources["aws_vpc_endpoint_policy.execute_api"]
    assert policy["provider"] == "aws.edge"
    target = synthesized["gateway"].resources["aws_lb_target_group_attachment.shared_orders_a"]
    assert (target["target_id"], target.get("availability_zone")) == ("10.0.0.20", None)
