"""Several gateways, one per region, from one topology."""

import copy

import pytest

from tests.synth.synthesized import Document, Synth, Validate

ZONES = {"euw1-az1": "use1-az1", "euw1-az2": "use1-az2"}


@pytest.fixture
def two_regions(document: Document) -> Document:
    """The article's topology, and the same again in another region."""
    for name in ("edge", "orders"):
        account = copy.deepcopy(document["accounts"][name])
        document["accounts"][f"{name}-us"] = {**account, "region": "us-east-1"}
        network = copy.deepcopy(document["networks"][name])
        network["account"] = f"{name}-us"
        for subnet in network["create"]["subnets"].values():
            subnet["availability_zone_id"] = ZONES[subnet["availability_zone_id"]]
        document["networks"][f"{name}-us"] = network
    gateway = document.pop("gateway")
    document["gateways"] = {
        "eu": gateway,
        "us": {**gateway, "account": "edge-us", "network": "edge-us", "transit": {"peering": True}},
    }
    orders = document["services"]["orders"]
    document["services"] = {
        "orders": {**orders, "gateway": "eu"},
        "orders-us": {
            **orders,
            "account": "orders-us",
            "gateway": "us",
            "endpoint": {"network": "orders-us"},
        },
    }
    return document


def test_each_gateway_has_stacks_of_its_own(synth: Synth, two_regions: Document) -> None:
    synthesized = synth(two_regions)

    assert {name: set(stack["dependencies"]) for name, stack in synthesized.manifest["stacks"].items()} == {
        "foundation-eu": set(),
        "service-orders": {"foundation-eu"},
        "gateway-eu": {"foundation-eu", "service-orders"},
        "foundation-us": set(),
        "service-orders-us": {"foundation-us"},
        "gateway-us": {"foundation-us", "service-orders-us"},
    }


def test_stacks_of_a_gateway_are_in_its_region(synth: Synth, two_regions: Document) -> None:
    synthesized = synth(two_regions)

    for name, stack in synthesized.stacks.items():
        regions = {provider["region"] for provider in stack.document["provider"]["aws"]}
        assert regions == {"us-east-1" if name.endswith("-us") else "eu-west-1"}
        backend = stack.document["terraform"]["backend"]["s3"]
        assert (backend["key"], backend["region"]) == (f"article/{name}.tfstate", "eu-west-1")


def test_what_is_named_for_all_of_an_account_is_named_after_the_gateway(
    synth: Synth, two_regions: Document
) -> None:
    synthesized = synth(two_regions)

    names = {
        body["function_name"]
        for stack in ("gateway-eu", "gateway-us")
        for body in synthesized[stack].of_kind("aws_lambda_function").values()
    }
    assert names == {"article-eu-authorizer", "article-us-authorizer"}


def test_a_gateway_more_changes_nothing_of_the_other(synth: Synth, two_regions: Document) -> None:
    one = copy.deepcopy(two_regions)
    del one["gateways"]["us"], one["services"]["orders-us"]
    for name in ("edge", "orders"):
        del one["networks"][f"{name}-us"]

    before, after = synth(one), synth(two_regions)

    for stack in ("foundation-eu", "service-orders", "gateway-eu"):
        assert after[stack].text == before[stack].text


def test_a_gateway_may_have_its_own_transit(synth: Synth, two_regions: Document) -> None:
    synthesized = synth(two_regions)

    assert synthesized["foundation-eu"].of_kind("aws_ec2_transit_gateway")
    assert synthesized["foundation-us"].of_kind("aws_vpc_peering_connection")
    assert not synthesized["foundation-us"].of_kind("aws_ec2_transit_gateway")


@pytest.mark.parametrize("stack", ["foundation-us", "service-orders-us", "gateway-us"])
def test_stacks_of_a_second_gateway_are_valid(
    synth: Synth, validate: Validate, two_regions: Document, stack: str
) -> None:
    verdict = validate(synth(two_regions).outdir / "stacks" / stack)

    assert (verdict["valid"], verdict["diagnostics"]) == (True, [])
