"""What services share, endpoints that exist, who may call: one rule, one break, exactly that problem."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from hatchway.topology import TopologyError, load, stacks
from hatchway.topology import bulkheads as bulkhead_rules
from hatchway.topology.bulkheads import Bulkhead, bulkhead_of, bulkheads

Found = list[tuple[str, str]]
Change = Callable[[dict[str, Any]], object]
Judge = Callable[[Change], Found]


@pytest.fixture
def document(estate: str) -> dict[str, Any]:
    """The good topology with a service that shares with orders."""
    document: dict[str, Any] = YAML(typ="safe").load(estate)
    orders = document["services"]["orders"]
    orders.update(isolation="shared", checks=[])
    document["services"]["stock"] = {**orders, "path": "/stock"}
    return document


@pytest.fixture
def judge(document: dict[str, Any], tmp_path: Path) -> Judge:
    """Changes the topology; the keys that are wrong then, and what is said."""

    def run(change: Change) -> Found:
        services = json.loads(json.dumps(document))
        change(services)
        (tmp_path / "hatchway.yaml").write_text(json.dumps(services))
        try:
            load(tmp_path / "hatchway.yaml")
        except TopologyError as error:
            return [(problem.key, problem.message) for problem in error.problems]
        return []

    return run


def test_bulkheads_of_all_services_are_found_once(
    document: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Bulkhead] = []

    def make(**arguments: Any) -> Bulkhead:
        made.append(Bulkhead(**arguments))
        return made[-1]

    monkeypatch.setattr(bulkhead_rules, "Bulkhead", make)
    (tmp_path / "hatchway.yaml").write_text(json.dumps(document))

    first, second = load(tmp_path / "hatchway.yaml"), load(tmp_path / "hatchway.yaml")
    for topology in (first, second):
        for service in topology.services:
            bulkhead_of(topology, service)
        bulkheads(topology)

    # Equal topologies are two, and each is looked at once, though its rules ask for each service.
    assert [one.services for one in made if one.is_shared] == [("orders", "stock"), ("orders", "stock")]


def test_services_that_share_are_one_bulkhead(document: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "hatchway.yaml").write_text(json.dumps(document))
    topology = load(tmp_path / "hatchway.yaml")

    shared, own = bulkheads(topology)

    assert (shared.name, shared.services, shared.is_shared) == ("orders", ("orders", "stock"), True)
    assert (own.name, own.services, own.is_shared) == ("billing", ("billing",), False)
    assert bulkhead_of(topology, "stock") == shared
    assert stacks(topology) == (
        "foundation",
        "endpoint-orders",
        "service-orders",
        "service-billing",
        "service-stock",
        "access-orders",
        "gateway",
    )


def test_accepts_services_that_share(judge: Judge) -> None:
    assert judge(dict) == []


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (lambda it: it["endpoint"].update(addresses={"left": "10.1.0.8"}), "endpoint.addresses"),
        (
            lambda it: it.update(load_balancer={"addresses": {"a": "10.0.0.77"}}),
            "load_balancer.addresses",
        ),
        (
            lambda it: it.update(load_balancer={"deletion_protection": True}),
            "load_balancer.deletion_protection",
        ),
    ],
)
def test_refuses_services_that_share_and_differ(judge: Judge, change: Change, key: str) -> None:
    assert judge(lambda it: change(it["services"]["stock"])) == [
        (f"services.stock.{key}", "is not that of services.orders, and they are shared (isolation: shared)")
    ]


def test_accepts_apis_that_one_of_those_who_share_lets_through(judge: Judge) -> None:
    assert judge(lambda it: it["services"]["stock"]["endpoint"].update(allowed_api_ids=["abcdefghij"])) == []


def exists(document: dict[str, Any], *names: str) -> None:
    for name in names:
        document["services"][name]["endpoint"] = {"network": "orders", "existing": "vpce-0a1b2c3d"}


def test_accepts_an_existing_endpoint_in_an_existing_network(judge: Judge) -> None:
    assert judge(lambda it: exists(it, "orders", "stock")) == []


def test_refuses_an_existing_endpoint_in_a_network_to_be_created(judge: Judge) -> None:
    endpoint = {"placement": "gateway", "existing": "vpce-0a1b2c3d"}

    assert judge(lambda it: it["services"]["billing"].update(endpoint=endpoint)) == [
        ("services.billing.endpoint.existing", "cannot be in networks.edge, which is created")
    ]


@pytest.mark.parametrize(
    ("key", "value"), [("addresses", {"left": "10.1.0.7"}), ("allowed_api_ids", ["abcdefghij"])]
)
def test_refuses_what_only_a_created_endpoint_has(judge: Judge, key: str, value: object) -> None:
    def change(document: dict[str, Any]) -> None:
        del document["services"]["stock"]
        exists(document, "orders")
        document["services"]["orders"]["endpoint"][key] = value

    assert judge(change) == [
        (
            f"services.orders.endpoint.{key}",
            "is given, and the endpoint exists: Hatchway looks it up, and leaves it alone",
        )
    ]


def test_refuses_former_addresses_that_no_endpoint_of_hatchways_admits(judge: Judge) -> None:
    def change(document: dict[str, Any]) -> None:
        del document["services"]["stock"]
        exists(document, "orders")
        document["services"]["orders"]["load_balancer"] = {"former_addresses": ["10.0.0.77"]}

    assert judge(change) == [
        (
            "services.orders.load_balancer.former_addresses",
            "is given, and the endpoint exists: its owner says whom it admits",
        )
    ]


def test_refuses_one_endpoint_for_two_services_that_do_not_share(judge: Judge) -> None:
    def change(document: dict[str, Any]) -> None:
        exists(document, "orders", "stock")
        document["services"]["stock"].update(
            isolation="own", load_balancer={"addresses": {"a": "10.0.0.77", "b": "10.0.1.77"}}
        )

    assert judge(change) == [
        ("services.stock.endpoint.existing", "is the endpoint of services.orders too"),
    ]


def test_refuses_callers_without_the_gateway_itself(judge: Judge) -> None:
    access = {"source_cidrs": ["10.0.0.10/32"]}

    assert judge(lambda it: it["services"]["stock"]["api"].update(access=access)) == [
        (
            "services.stock.api.access.source_cidrs",
            "leaves out the load balancer of the gateway, which is who calls",
        )
    ]


@pytest.mark.parametrize("cidrs", [["10.0.0.0/16"], ["10.0.0.10/32", "10.0.1.0/24"], []])
def test_accepts_callers_with_the_gateway_among_them(judge: Judge, cidrs: list[str]) -> None:
    access = {"source_cidrs": cidrs}

    assert judge(lambda it: it["services"]["stock"]["api"].update(access=access)) == []


@pytest.mark.parametrize(
    ("key", "value"), [("name", "stock-api"), ("access", {"endpoint_ids": ["vpce-0a1b2c3d"]})]
)
def test_refuses_settings_of_an_api_that_exists(judge: Judge, key: str, value: object) -> None:
    api = {"existing": {"rest_api_id": "abcdefghij"}, key: value}

    assert judge(lambda it: it["services"]["stock"].update(api=api)) == [
        (f"services.stock.api.{key}", "is given, and the API exists already: its owner decides")
    ]


def test_refuses_overlapping_networks_to_peer(judge: Judge) -> None:
    def change(document: dict[str, Any]) -> None:
        document["transit"] = {"peering": True}
        existing = document["networks"]["orders"]["existing"]
        existing["cidr"] = "10.0.0.0/16"
        existing["subnets"] = {"left": {**existing["subnets"]["left"], "cidr": "10.0.7.0/24"}}
        for name in ("orders", "stock"):
            document["services"][name]["endpoint"]["addresses"] = {}

    assert judge(change) == [
        ("networks.orders.existing.cidr", "overlaps networks.edge (10.0.0.0/16)"),
    ]


def test_refuses_more_peerings_than_a_vpc_can_have(judge: Judge) -> None:
    def change(document: dict[str, Any]) -> None:
        document["transit"] = {"peering": True}
        orders = document["services"]["orders"]
        for number in range(126):
            subnet = {"subnet_id": f"subnet-{number:08x}", "cidr": f"10.2.{number}.0/24"}
            document["networks"][f"n{number}"] = {
                "account": "orders",
                "existing": {
                    "vpc_id": f"vpc-{number:08x}",
                    "cidr": subnet["cidr"],
                    "subnets": {"a": subnet},
                },
            }
            document["services"][f"s{number}"] = {
                **orders,
                "isolation": "own",
                "path": f"/s{number}",
                "endpoint": {"network": f"n{number}"},
                "load_balancer": {
                    "addresses": {"a": f"10.0.0.{number + 100}", "b": f"10.0.1.{number + 100}"}
                },
            }

    found = judge(change)

    assert ("transit.peering", "would be 127 connections of networks.edge, and AWS allows 125") in found
