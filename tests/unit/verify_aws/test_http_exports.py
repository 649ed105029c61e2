"""Exports of HTTP APIs that share integrations, that lack parts, or that are older than the definition."""

from typing import Any

import pytest

from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome
from hatchway.verify.aws.estate import Estate
from tests.unit.verify_aws.conftest import RecordedReader
from tests.unit.verify_aws.test_http_apis import Edit, asked, each, failing, http, nothing, seen, topology
from tests.unit.verify_aws.test_http_stages import by_hand, exported, outcome

__all__ = ["asked", "by_hand", "http", "topology"]

Document = dict[str, Any]


def integrations(document: Document) -> list[Document]:
    return [
        one["x-amazon-apigateway-integration"] for item in document["paths"].values() for one in item.values()
    ]


@pytest.mark.parametrize("parameters", [[7], "x", 7, {"a": [1]}])
def test_values_that_are_no_arguments_are_no_internal_error(
    http: Estate, by_hand: RecordedReader, parameters: object
) -> None:
    document = exported()
    for one in integrations(document):
        one |= {"requestParameters": parameters, "timeoutInMillis": "long"}
    for scheme in document["components"]["securitySchemes"].values():
        scheme["x-amazon-apigateway-authorizer"]["jwtConfiguration"] = {"issuer": 1, "audience": 7}
    by_hand.edits["v2:ExportApi"] = lambda _: document
    assert [one.id for one in seen(http, by_hand).risks] == ["HW170"]


@pytest.mark.parametrize("components", [{}, [], {"securitySchemes": []}])
def test_a_scheme_that_is_not_in_the_export_leaves_it_open_who_may_call(
    http: Estate, by_hand: RecordedReader, components: object
) -> None:
    by_hand.edits["v2:ExportApi"] = lambda _: {**exported(), "components": components}
    assert failing(seen(http, by_hand)) == set()
    assert outcome(http, by_hand, "HW203").outcome is Outcome.UNKNOWN


def with_shared_integrations() -> Document:
    document = exported()
    shared = document["components"]["x-amazon-apigateway-integrations"] = {}
    for number, one in enumerate(integrations(document)):
        shared[f"integration{number}"] = dict(one)
        one.clear()
        one["$ref"] = f"#/components/x-amazon-apigateway-integrations/integration{number}"
    return document


def test_integrations_that_routes_share_are_read_where_they_are(
    http: Estate, by_hand: RecordedReader
) -> None:
    by_hand.edits["v2:ExportApi"] = lambda _: with_shared_integrations()
    found = seen(http, by_hand)
    assert failing(found) == set()
    assert found.risks == ()
    assert outcome(http, by_hand, "HW301").outcome is Outcome.PASS


def test_an_integration_that_is_not_in_the_export_leaves_it_open(
    http: Estate, by_hand: RecordedReader
) -> None:
    document = with_shared_integrations()
    document["components"]["x-amazon-apigateway-integrations"] = {}
    by_hand.edits["v2:ExportApi"] = lambda _: document
    assert failing(seen(http, by_hand)) == set()
    assert outcome(http, by_hand, "HW301").outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("edit", [nothing, each(AuthorizationType="NONE", AuthorizerId=None)])
def test_an_authorizer_that_no_route_names_today_is_not_said_to_lack_permission(
    http: Estate, by_hand: RecordedReader, edit: Edit
) -> None:
    by_hand.edits["v2:GetRoutes"] = edit
    found = seen(http, by_hand, "reports", "/reports")
    assert failing(found) == set()
    open_ = {one.id for one in found.of(Hop.AUTHORIZER) if one.outcome is Outcome.UNKNOWN}
    assert "HW201" in open_
