"""A file with several gateways is one topology for each of them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from hatchway.errors import UsageError
from hatchway.topology import TopologyError, load, load_views, stacks
from hatchway.topology.model import Topology

ESTATE = Path(__file__).with_name("two_gateways.yaml").read_text("utf-8")

Said = list[tuple[int | None, str, str]]
Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str], tuple[Topology, ...]]:
    def run(text: str) -> tuple[Topology, ...]:
        (tmp_path / "hatchway.yaml").write_text(text)
        return load_views(tmp_path / "hatchway.yaml")

    return run


@pytest.fixture
def said(read: Callable[[str], tuple[Topology, ...]]) -> Callable[..., Said]:
    """What is wrong with the file once texts that occur once each are replaced."""

    def run(*edits: tuple[str, str]) -> Said:
        text = ESTATE
        for old, new in edits:
            assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times"
            text = text.replace(old, new)
        try:
            read(text)
        except TopologyError as error:
            return [(problem.line, problem.key, problem.message) for problem in error.problems]
        return []

    return run


def test_each_gateway_sees_its_services_and_networks(read: Callable[[str], tuple[Topology, ...]]) -> None:
    eu, us = read(ESTATE)

    assert (eu.view, eu.name, eu.estate) == ("eu", "estate-eu", "estate")
    assert (list(eu.services), list(eu.networks)) == (["orders"], ["edge", "orders"])
    assert (list(us.services), list(us.networks)) == (["orders-us"], ["edge-us", "orders-us"])
    assert us.gateway.account == "edge-us"
    assert list(us.accounts) == ["edge", "orders", "edge-us", "orders-us"]


def test_a_gateway_may_have_a_transit_of_its_own(read: Callable[[str], tuple[Topology, ...]]) -> None:
    eu, us = read(ESTATE)

    assert eu.transit is not None
    assert us.transit is not None
    assert eu.transit.create is not None
    assert us.transit.peering is True


def test_stacks_of_several_gateways_are_apart(read: Callable[[str], tuple[Topology, ...]]) -> None:
    eu, us = read(ESTATE)

    assert stacks(eu) == ("foundation-eu", "service-orders", "gateway-eu")
    assert stacks(us) == ("foundation-us", "service-orders-us", "gateway-us")


def test_a_gateway_without_a_name_is_the_only_view(tmp_path: Path, estate: str) -> None:
    (tmp_path / "hatchway.yaml").write_text(estate)

    (only,) = load_views(tmp_path / "hatchway.yaml")

    assert (only.view, only.name, only.estate) == (None, "estate", "estate")
    assert only == load(tmp_path / "hatchway.yaml")


def test_what_takes_one_gateway_says_so(tmp_path: Path) -> None:
    (tmp_path / "hatchway.yaml").write_text(ESTATE)

    with pytest.raises(UsageError, match=r"declares several gateways \(eu, us\)"):
        load(tmp_path / "hatchway.yaml")


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (
            ("    account: edge-us\n    network: edge-us\n", "    account: edge-us\n    network: edge-as\n"),
            [
                (16, "networks.edge-us", "is used by no gateway and by no service"),
                (29, "gateways.us.network", "is not the name of a network"),
            ],
        ),
        (
            ("    transit: {peering: true}", "    transit: {create: {account: edge}}"),
            [(30, "gateways.us.transit.create.account", "is in eu-west-1, the gateway in us-east-1")],
        ),
        (
            ("transit: {create: {account: edge}}", "transit: {create: {account: edge-us}}"),
            [(22, "transit.create.account", "is in us-east-1, the gateway in eu-west-1")],
        ),
        (
            ("    network: edge\n", "    network: edge\n    stag: live\n"),
            [(27, "gateways.eu.stag", "is not a known key, did you mean 'stage'?")],
        ),
        (
            ("    account: orders-us\n    gateway: us\n", "    account: orders-us\n"),
            [(38, "services.orders-us.gateway", "is missing")],
        ),
        (
            ("    gateway: us\n", "    gateway: uk\n"),
            [(40, "services.orders-us.gateway", "is not the name of a gateway")],
        ),
        (
            ("    gateway: us\n", "    gateway: [us]\n"),
            [(40, "services.orders-us.gateway", "is not the name of a gateway")],
        ),
        (
            ("name: estate\n", "name: estate-of-twenty-letters\n"),
            [
                (
                    24,
                    "gateways.eu",
                    "makes the name 'estate-of-twenty-letters-eu' of more than 24 characters",
                ),
                (
                    27,
                    "gateways.us",
                    "makes the name 'estate-of-twenty-letters-us' of more than 24 characters",
                ),
            ],
        ),
        (("name: estate\n", ""), [(1, "name", "is missing")]),
        (
            ("gateways:\n", "gateway: {account: edge, network: edge}\ngateways:\n"),
            [(23, "gateway", "is given, and gateways too")],
        ),
        (
            (
                "state: {s3: {bucket: estate-state, region: eu-west-1}}",
                "state: {s3: {bucket: e, region: eu-west-1}}",
            ),
            [(8, "state.s3.bucket", "is not the name of an S3 bucket")],
        ),
    ],
)
def test_a_problem_is_said_once_where_it_is_written(
    said: Callable[..., Said], edit: tuple[str, str], expected: Said
) -> None:
    assert said(edit) == expected


def test_refuses_a_network_of_two_gateways(said: Callable[..., Said]) -> None:
    found = said(("    endpoint: {network: orders-us}", "    endpoint: {network: orders}"))

    assert (13, "networks.orders", "is used by gateways.eu and gateways.us") in found


def test_refuses_a_gateway_that_no_service_names(said: Callable[..., Said]) -> None:
    assert (27, "gateways.us", "has no service") in said(("    gateway: us\n", "    gateway: eu\n"))


def test_an_account_may_have_a_name_in_each_region(said: Callable[..., Said]) -> None:
    same_region = (
        'edge-us: {id: "111111111111", region: us-east-1}',
        'edge-us: {id: "111111111111", region: eu-west-1}',
    )

    assert said() == []
    assert (6, "accounts.edge-us.id", "is the id of accounts.edge too") in said(same_region)


@pytest.mark.parametrize(
    "value", [None, 1, "eu", [], ["eu"], {"EU!": {}}, {"eu": None}, {"eu": {"gateway": 1}}]
)
def test_whatever_gateways_are_the_report_is_well_formed(
    read: Callable[[str], tuple[Topology, ...]], value: object
) -> None:
    document = YAML(typ="safe").load(ESTATE)
    document["gateways"] = value

    with pytest.raises(TopologyError) as caught:
        read(json.dumps(document))

    assert caught.value.problems


def test_refuses_no_gateway_at_all(read: Callable[[str], tuple[Topology, ...]]) -> None:
    document = YAML(typ="safe").load(ESTATE)
    document["gateways"] = {}

    with pytest.raises(TopologyError, match="gateways: has no gateway"):
        read(json.dumps(document))


def test_refuses_a_gateways_name_where_there_is_one_gateway(breaking: Callable[..., Any]) -> None:
    (problem,) = breaking(("    path: /orders\n", "    path: /orders\n    gateway: eu\n"))

    assert (problem.key, problem.message) == (
        "services.orders.gateway",
        "is given, and the gateway has no name",
    )
