"""What a loaded topology says: addresses, stacks, which file."""

import subprocess
import sys
from collections.abc import Callable
from ipaddress import IPv4Address
from pathlib import Path

import pytest

import hatchway.topology
from hatchway.topology import (
    endpoint_addresses,
    endpoint_network,
    find_topology,
    has_foundation,
    load,
    load_balancer_addresses,
    stacks,
    state_key,
)
from hatchway.topology.model import Topology
from hatchway.topology.zones import zone_prefix

ROOT = Path(__file__).parents[3]
ESTATE = Path(__file__).with_name("estate.yaml")


@pytest.fixture(scope="module")
def topology() -> Topology:
    return load(ESTATE)


@pytest.fixture
def edited(tmp_path: Path) -> Callable[..., Topology]:
    def edit(*edits: tuple[str, str]) -> Topology:
        text = ESTATE.read_text("utf-8")
        for old, new in edits:
            assert text.count(old) == 1
            text = text.replace(old, new)
        path = tmp_path / "hatchway.yaml"
        path.write_text(text, "utf-8")
        return load(path)

    return edit


def test_the_repositorys_own_topology_loads() -> None:
    topology = load(ROOT / "hatchway.yaml")

    assert stacks(topology) == ("foundation", "service-orders", "gateway")
    assert state_key(topology, "gateway") == "article/gateway.tfstate"


def test_load_balancers_default_to_the_tenth_address(topology: Topology) -> None:
    assert load_balancer_addresses(topology, "orders") == {
        "a": IPv4Address("10.0.0.10"),
        "b": IPv4Address("10.0.1.10"),
    }


def test_pinned_addresses_are_used(topology: Topology) -> None:
    assert load_balancer_addresses(topology, "billing") == {
        "a": IPv4Address("10.0.0.11"),
        "b": IPv4Address("10.0.1.11"),
    }


def test_subnets_without_a_pinned_address_have_the_default(topology: Topology) -> None:
    assert endpoint_addresses(topology, "orders") == {
        "left": IPv4Address("10.1.0.7"),
        "right": IPv4Address("10.1.1.10"),
    }


def test_endpoints_beside_the_gateway_default_to_the_twentieth_address(topology: Topology) -> None:
    assert endpoint_network(topology, "billing") == "edge"
    assert endpoint_addresses(topology, "billing") == {
        "a": IPv4Address("10.0.0.20"),
        "b": IPv4Address("10.0.1.20"),
    }


def test_stacks_are_in_the_order_of_deploying_them(topology: Topology) -> None:
    assert stacks(topology) == ("foundation", "service-orders", "service-billing", "gateway")


def test_there_is_no_foundation_where_everything_exists(edited: Callable[..., Topology]) -> None:
    create = "create:\n      cidr: 10.0.0.0/16\n"
    existing = "existing:\n      vpc_id: vpc-0d0d0d0d\n      cidr: 10.0.0.0/16\n"
    edits = (
        (create, existing),
        ("{availability_zone_id: euw1-az1, cidr: 10.0.0", "{subnet_id: subnet-0d0d0d0d, cidr: 10.0.0"),
        ("{availability_zone_id: euw1-az2, cidr: 10.0.1", "{subnet_id: subnet-0e0e0e0e, cidr: 10.0.1"),
    )
    routed = edited(*edits, ("  create:\n    account: edge", "  routed: true"))
    attached = edited(
        *edits, ("  create:\n    account: edge", "  existing: {transit_gateway_id: tgw-0a0a0a0a}")
    )

    assert not has_foundation(routed)
    assert stacks(routed) == ("service-orders", "service-billing", "gateway")
    assert has_foundation(attached)


def test_the_option_is_before_the_environment_and_the_environment_before_the_folder() -> None:
    environ = {"HATCHWAY_TOPOLOGY": "from-environment.yaml"}

    assert find_topology(Path("option.yaml"), environ) == Path("option.yaml")
    assert find_topology(None, environ) == Path("from-environment.yaml")
    assert find_topology(None, {"HATCHWAY_TOPOLOGY": ""}) == Path("hatchway.yaml")
    assert find_topology(None, {}) == Path("hatchway.yaml")


@pytest.mark.parametrize(
    ("region", "prefix"),
    [
        ("eu-west-1", "euw1"),
        ("us-east-1", "use1"),
        ("ap-southeast-2", "apse2"),
        ("ap-northeast-1", "apne1"),
        ("ca-central-1", "cac1"),
        ("us-gov-west-1", "usgw1"),
        ("cn-northwest-1", "cnnw1"),
        ("us-iso-east-1", None),
    ],
)
def test_zone_ids_begin_with_a_short_form_of_the_region(region: str, prefix: str | None) -> None:
    assert zone_prefix(region) == prefix


def test_exports_are_sorted_and_there() -> None:
    exported = hatchway.topology.__all__

    assert exported == sorted(exported)
    assert all(hasattr(hatchway.topology, name) for name in exported)


def test_importing_the_package_imports_no_parser_and_no_model() -> None:
    script = (
        "import sys, hatchway.topology; print([m for m in ('pydantic', 'ruamel.yaml') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout == "[]\n"
