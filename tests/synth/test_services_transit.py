"""How packets get from the gateway's network to a service's, when peering carries them."""

import pytest

from tests.synth.synthesized import Document, Synth, Validate

CONNECTION = "${aws_vpc_peering_connection.orders.id}"


@pytest.fixture
def peered(document: Document) -> Document:
    """The article's topology with a peering connection in place of the Transit Gateway."""
    document["transit"] = {"peering": True}
    return document


def test_connection_is_asked_for_by_one_account_and_accepted_by_the_other(
    synth: Synth, peered: Document
) -> None:
    foundation = synth(peered)["foundation"]

    assert foundation.resources["aws_vpc_peering_connection.orders"] == {
        "peer_owner_id": "222222222222",
        "peer_vpc_id": "${aws_vpc.orders.id}",
        "provider": "aws.edge",
        "tags": {"Name": "article-orders"},
        "vpc_id": "${aws_vpc.edge.id}",
        "//": foundation.resources["aws_vpc_peering_connection.orders"]["//"],
    }
    accepter = foundation.resources["aws_vpc_peering_connection_accepter.orders"]
    assert (accepter["provider"], accepter["auto_accept"]) == ("aws.orders", True)
    assert accepter["vpc_peering_connection_id"] == CONNECTION


def test_routes_lead_both_ways_once_the_connection_is_accepted(synth: Synth, peered: Document) -> None:
    routes = synth(peered)["foundation"].of_kind("aws_route")

    assert {name: (route["provider"], route["destination_cidr_block"]) for name, route in routes.items()} == {
        "edge_to_orders": ("aws.edge", "10.1.0.0/16"),
        "orders_to_edge": ("aws.orders", "10.0.0.0/16"),
    }
    for route in routes.values():
        assert route["vpc_peering_connection_id"] == CONNECTION
        assert route["depends_on"] == ["aws_vpc_peering_connection_accepter.orders"]


def test_peering_needs_nothing_of_a_transit_gateway(synth: Synth, peered: Document) -> None:
    foundation = synth(peered)["foundation"]

    assert not [address for address in foundation.addresses if "transit" in address or "ram_" in address]
    assert foundation.outputs["vpc_peering_connection_ids"] == {"orders": CONNECTION}


def test_connection_within_one_account_accepts_itself(synth: Synth, peered: Document) -> None:
    peered["networks"]["orders"]["account"] = "edge"
    peered["services"]["orders"]["account"] = "edge"
    del peered["accounts"]["orders"]

    foundation = synth(peered)["foundation"]

    connection = foundation.resources["aws_vpc_peering_connection.orders"]
    assert connection["auto_accept"] is True
    assert "peer_owner_id" not in connection
    assert "aws_vpc_peering_connection_accepter.orders" not in foundation.addresses
    assert foundation.resources["aws_route.edge_to_orders"]["depends_on"] == [
        "aws_vpc_peering_connection.orders"
    ]


def test_a_network_more_moves_no_connection(synth: Synth, two_services: Document) -> None:
    two_services["transit"] = {"peering": True}
    one = {**two_services, "services": dict(two_services["services"])}
    del one["services"]["billing"]

    before, after = synth(one)["foundation"], synth(two_services)["foundation"]

    assert all(after.resources[address] == body for address, body in before.resources.items())
    assert "aws_vpc_peering_connection.billing" in after.addresses


def test_stack_with_peering_is_valid(synth: Synth, validate: Validate, peered: Document) -> None:
    verdict = validate(synth(peered).outdir / "stacks" / "foundation")

    assert (verdict["valid"], verdict["diagnostics"]) == (True, [])
