"""A stage of an HTTP API that does not deploy by itself: an export alone tells what it serves."""

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome
from hatchway.verify.aws.estate import Estate
from hatchway.verify.aws.facts import LiveFacts
from hatchway.verify.aws.gathering import gather
from hatchway.verify.aws.judging import see
from hatchway.verify.aws.shapes import Names
from tests.unit.verify_aws.conftest import RecordedReader
from tests.unit.verify_aws.test_http_apis import (
    RECORDED,
    Edit,
    asked,
    each,
    failing,
    http,
    nothing,
    seen,
    topology,
)

__all__ = ["asked", "http", "topology"]

SERVED = {"HW103", "HW301", "HW470"}
API = RECORDED["outputs"]["gateway"]["api_id"]
Document = dict[str, Any]


def answers(operation: str) -> Any:
    return deepcopy(
        [found for key, found in RECORDED["answers"].items() if f" v2:{operation} ApiId='{API}'" in key]
    )


def integration_of(one: dict[str, Any]) -> Document:
    """Write an integration as an export has it."""
    return {
        "payloadFormatVersion": one["PayloadFormatVersion"],
        "type": one["IntegrationType"].lower(),
        "httpMethod": one["IntegrationMethod"],
        "uri": one["IntegrationUri"],
        "connectionType": one["ConnectionType"],
        "connectionId": one["ConnectionId"],
        "requestParameters": one["RequestParameters"],
        "timeoutInMillis": one["TimeoutInMillis"],
        "tlsConfig": {"serverNameToVerify": one["TlsConfig"]["ServerNameToVerify"]},
    }


def scheme_of(one: dict[str, Any]) -> Document:
    """Write an authorizer as an export has it."""
    jwt = one.get("JwtConfiguration")
    if jwt:
        found = {"type": "jwt", "jwtConfiguration": {"issuer": jwt["Issuer"], "audience": jwt["Audience"]}}
        return {"type": "oauth2", "x-amazon-apigateway-authorizer": found}
    found = {"type": "request", "authorizerUri": one["AuthorizerUri"]}
    return {"type": "apiKey", "in": "header", "name": "X", "x-amazon-apigateway-authorizer": found}


def exported() -> Document:
    """Write what is defined as an export.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-export.html
    """
    integrations = {one["IntegrationId"]: one for one in answers("GetIntegrations")[0]}
    authorizers = {one["AuthorizerId"]: one for one in answers("GetAuthorizer")}
    paths: Document = {}
    for route in answers("GetRoutes")[0]:
        verb, _, path = route["RouteKey"].rpartition(" ")
        kept = integrations[route["Target"].removeprefix("integrations/")]
        operation: Document = {
            "responses": {"default": {"description": f"Default response for {route['RouteKey']}"}},
            "x-amazon-apigateway-integration": integration_of(kept),
        }
        if "AuthorizerId" in route:
            operation["security"] = [{authorizers[route["AuthorizerId"]]["Name"]: []}]
        name = "x-amazon-apigateway-any-method" if verb == "ANY" else verb.lower()
        paths.setdefault(path, {})[name] = operation
    schemes = {one["Name"]: scheme_of(one) for one in authorizers.values()}
    return {"openapi": "3.0.1", "paths": paths, "components": {"securitySchemes": schemes}}


@pytest.fixture
def by_hand(asked: RecordedReader) -> RecordedReader:
    """A stage that is deployed by hand, and serves what is defined."""
    asked.edits["v2:GetStages"] = each(AutoDeploy=False, DeploymentId="d1")
    asked.edits["v2:ExportApi"] = lambda _: exported()
    return asked


def outcome(estate: Estate, reader: RecordedReader, check: str) -> Any:
    found = seen(estate, reader)
    return next(one for hop in Hop for one in found.of(hop) if one.id == check)


@pytest.mark.parametrize(("service", "path"), [("orders", "/orders/7"), ("reports", "/reports/2026/11")])
def test_a_stage_that_serves_what_is_defined_passes_at_every_hop(
    http: Estate, by_hand: RecordedReader, service: str, path: str
) -> None:
    found = seen(http, by_hand, service, path)
    assert failing(found) == set()
    assert {one.id for hop in Hop for one in found.of(hop) if one.outcome is Outcome.UNKNOWN} == set()
    assert found.risks == ()


def test_an_authorizer_that_is_not_called_by_its_name_is_known_by_what_it_is(
    http: Estate, by_hand: RecordedReader
) -> None:
    # The function's permission names the authorizer by its id.
    document = json.loads(json.dumps(exported()).replace('"partners"', '"scheme-1"'))
    by_hand.edits["v2:ExportApi"] = lambda _: document
    assert failing(seen(http, by_hand, "reports", "/reports")) == set()


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda routes: routes[1:], "was removed"),
        (lambda routes: [*routes, {**routes[0], "RouteKey": "GET /new"}], "GET /new was added"),
        (each(AuthorizationType="NONE", AuthorizerId=None), "authorization, authorizer changed"),
    ],
)
def test_what_was_changed_since_is_found_and_breaks_nothing_of_what_is_served(
    http: Estate, by_hand: RecordedReader, edit: Edit, said: str
) -> None:
    by_hand.edits["v2:GetRoutes"] = edit
    (changed,) = seen(http, by_hand).risks
    assert changed.id == "HW170"
    assert said in changed.message
    assert {one.id for one in seen(http, by_hand).of(Hop.AUTHORIZER) if one.breaks_path} == set()


@pytest.mark.parametrize(
    ("argument", "changed"),
    [("TimeoutInMillis", 5000), ("IntegrationUri", "https://example.com"), ("TlsConfig", None)],
)
def test_an_integration_that_was_changed_since_is_found(
    http: Estate, by_hand: RecordedReader, argument: str, changed: object
) -> None:
    by_hand.edits["v2:GetIntegrations"] = each(**{argument: changed})
    assert [one.id for one in seen(http, by_hand).risks] == ["HW170"]
    assert outcome(http, by_hand, "HW301").outcome is Outcome.PASS


def without_routes(document: Document) -> None:
    document["paths"] = {}


def to_another_api(document: Document) -> None:
    for operations in document["paths"].values():
        for operation in operations.values():
            parameters = operation["x-amazon-apigateway-integration"]["requestParameters"]
            parameters["overwrite:header.x-apigw-api-id"] = "abcdefghij"


def over_another_link(document: Document) -> None:
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["x-amazon-apigateway-integration"]["connectionId"] = "gone"


@pytest.mark.parametrize(
    ("change", "check"), [(without_routes, "HW103"), (to_another_api, "HW306"), (over_another_link, "HW470")]
)
def test_what_is_served_is_judged_and_not_what_is_defined(
    http: Estate, by_hand: RecordedReader, change: Callable[[Document], None], check: str
) -> None:
    document = exported()
    change(document)
    by_hand.edits["v2:ExportApi"] = lambda _: document
    assert check in failing(seen(http, by_hand))


def test_without_the_export_the_permission_is_named_and_nothing_is_claimed(
    http: Estate, by_hand: RecordedReader
) -> None:
    by_hand.refused.add(("edge", "v2:ExportApi"))
    found = seen(http, by_hand)
    assert failing(found) == set()
    outcomes = {check.id: check for hop in Hop for check in found.of(hop)}
    for name in (*SERVED, "HW170"):
        assert outcomes[name].outcome is Outcome.UNKNOWN
        assert outcomes[name].fix == "Grant apigateway:GET."


@pytest.mark.parametrize("document", [{}, [], "x", 7, {"paths": []}, {"paths": None}])
def test_an_export_that_cannot_be_understood_leaves_it_open(
    http: Estate, by_hand: RecordedReader, document: object
) -> None:
    by_hand.edits["v2:ExportApi"] = lambda _: document
    assert failing(seen(http, by_hand)) == set()
    assert outcome(http, by_hand, "HW103").outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    "paths",
    [{"/x": 7}, {"/x": {"get": 7}}, {"/x": {"get": {"x-amazon-apigateway-integration": []}}}, {"": {}}],
)
def test_a_strange_path_in_an_export_is_no_internal_error(
    http: Estate, by_hand: RecordedReader, paths: Document
) -> None:
    document = exported()
    document["paths"] |= paths
    by_hand.edits["v2:ExportApi"] = lambda _: document
    assert outcome(http, by_hand, "HW301").outcome is Outcome.PASS


def test_a_stage_that_deploys_by_itself_is_not_exported(http: Estate, asked: RecordedReader) -> None:
    gather(http, asked)
    assert "v2:ExportApi" not in {one.operation for one in asked.asked}


@pytest.mark.parametrize("edit", [nothing, each(AuthorizationType="NONE"), lambda answer: answer])
def test_neither_pass_nor_failure_comes_from_what_is_not_served(
    edit: Edit, http: Estate, asked: RecordedReader
) -> None:
    asked.edits["v2:GetStages"] = each(AutoDeploy=False, DeploymentId="d1")
    asked.edits["v2:GetRoutes"] = edit
    found = seen(http, asked)
    assert failing(found) == set()
    outcomes = {check.id: check for hop in Hop for check in found.of(hop)}
    assert {outcomes[name].outcome for name in SERVED} == {Outcome.UNKNOWN}
    assert outcomes["HW170"].outcome is Outcome.UNKNOWN
    assert "does not deploy by itself" in outcomes["HW103"].observed
    assert "auto_deploy = true" in outcomes["HW103"].fix


def test_a_stage_that_serves_nothing_is_still_broken(http: Estate, asked: RecordedReader) -> None:
    asked.edits["v2:GetStages"] = each(AutoDeploy=False, DeploymentId=None)
    assert "HW102" in failing(seen(http, asked))


def test_hops_behind_the_gateway_that_rest_on_nothing_of_it_are_judged(
    http: Estate, asked: RecordedReader
) -> None:
    asked.edits["v2:GetStages"] = each(AutoDeploy=False, DeploymentId="d1")
    asked.edits["DescribeVpcEndpoints"] = each(State="failed")
    assert "HW770" in failing(seen(http, asked))


def test_a_risk_that_cannot_be_told_is_unknown_and_not_lost(http: Estate, asked: RecordedReader) -> None:
    facts = LiveFacts(http, gather(http, asked), Names({})).of("orders", "GET", "/orders/7")
    assert facts is not None
    assert facts.live is not None
    found = see(replace(facts, live=replace(facts.live, quotas=())), http, "orders", ())
    assert [one.id for hop in Hop for one in found.of(hop) if one.outcome is Outcome.UNKNOWN] == ["HW174"]
