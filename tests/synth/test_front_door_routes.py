"""What services list under `routes` is open on the public API, and nothing else."""

from collections.abc import Callable

import pytest

from tests.synth.synthesized import Document, Stack, Synth

NONE = ("NONE", None)


@pytest.fixture
def listed(two_services: Document) -> Document:
    """Two services, of which the one below the other lists its routes."""
    two_services["gateway"]["api_id_header"] = "pinned"
    two_services["gateway"]["authorizers"] = {"machines": {"iam": {}}, "partners": {"lambda": {}}}
    two_services["services"]["billing"] |= {
        "integration_timeout_milliseconds": 9000,
        "routes": [
            {"path": "/", "methods": ["GET"]},
            {"path": "/items/{id}", "methods": ["GET", "PUT"], "integration_timeout_milliseconds": 5000},
            {"path": "/files/{name+}", "authorizer": "none"},
            {"path": "/reports", "methods": ["POST"], "authorizer": "machines"},
        ],
    }
    return two_services


def methods(stack: Stack) -> dict[str, str]:
    """Method and path on the public API of each method's address."""
    parts = stack.of_kind("aws_api_gateway_resource")

    def path(reference: str) -> str:
        if reference.endswith(".root_resource_id}"):
            return ""
        body = parts[reference.split(".")[1]]
        return f"{path(body['parent_id'])}/{body['path_part']}"

    return {
        name: f"{body['http_method']} {path(body['resource_id']) or '/'}"
        for name, body in stack.of_kind("aws_api_gateway_method").items()
    }


def test_only_what_is_listed_reaches_the_private_api(synth: Synth, listed: Document) -> None:
    gateway = synth(listed)["gateway"]

    integrations = gateway.of_kind("aws_api_gateway_integration")
    opened = {
        route
        for name, route in methods(gateway).items()
        if name.startswith("billing") and integrations[name]["type"] == "HTTP_PROXY"
    }
    assert opened == {
        "GET /billing/v2",
        "GET /billing/v2/items/{id}",
        "PUT /billing/v2/items/{id}",
        "ANY /billing/v2/files/{name+}",
        "POST /billing/v2/reports",
    }


def test_the_rest_below_the_path_is_closed_since_another_service_would_answer_it(
    synth: Synth, listed: Document
) -> None:
    gateway = synth(listed)["gateway"]

    closed = {route for name, route in methods(gateway).items() if name.startswith("billing_closed")}
    assert closed == {"ANY /billing/v2", "ANY /billing/v2/{proxy+}"}
    answers = gateway.of_kind("aws_api_gateway_integration_response")
    assert {body["response_templates"]["application/json"] for body in answers.values()} == {
        '{"message": "Not Found"}'
    }
    assert {body["status_code"] for body in gateway.of_kind("aws_api_gateway_method_response").values()} == {
        "404"
    }


def test_beside_a_variable_the_variable_is_closed_and_what_is_below_it(
    synth: Synth, listed: Document
) -> None:
    listed["services"]["billing"]["routes"] = [{"path": "/{id}", "methods": ["GET"]}]

    gateway = synth(listed)["gateway"]

    closed = {route for name, route in methods(gateway).items() if name.startswith("billing_closed")}
    assert closed == {"ANY /billing/v2", "ANY /billing/v2/{id}", "ANY /billing/v2/{id}/{proxy+}"}


def test_nothing_is_closed_where_no_other_service_is_above(synth: Synth, document: Document) -> None:
    document["services"]["orders"]["routes"] = [{"path": "/test", "methods": ["GET"]}]

    gateway = synth(document)["gateway"]

    assert methods(gateway) == {"orders_get_test": "GET /test"}


def test_path_variables_are_handed_on_by_name(synth: Synth, listed: Document) -> None:
    gateway = synth(listed)["gateway"].of_kind("aws_api_gateway_integration")

    item, files = gateway["billing_get_items_by-id"], gateway["billing_any_files_name-plus"]
    assert item["uri"].endswith("/v1/items/{id}")
    assert item["integration_http_method"] == "GET"
    assert item["request_parameters"]["integration.request.path.id"] == "method.request.path.id"
    assert files["uri"].endswith("/v1/files/{name}")
    assert files["integration_http_method"] == "ANY"
    assert files["request_parameters"]["integration.request.path.name"] == "method.request.path.name"


def test_base_path_of_the_private_api_comes_before_the_routes(synth: Synth, listed: Document) -> None:
    listed["services"]["billing"]["api"]["base_path"] = "/internal/v3"

    gateway = synth(listed)["gateway"].of_kind("aws_api_gateway_integration")

    assert gateway["billing_get_items_by-id"]["uri"].endswith("/v1/internal/v3/items/{id}")
    assert gateway["billing_get"]["uri"].endswith("/v1/internal/v3")


def test_the_callers_choice_of_the_private_api_reaches_no_listed_route(
    synth: Synth, listed: Document
) -> None:
    for name, body in synth(listed)["gateway"].of_kind("aws_api_gateway_integration").items():
        if body["type"] == "HTTP_PROXY":
            value = body["request_parameters"]["integration.request.header.x-apigw-api-id"]
            assert value.startswith("'${"), name


def test_timeout_is_the_routes_else_the_services(synth: Synth, listed: Document) -> None:
    gateway = synth(listed)["gateway"].of_kind("aws_api_gateway_integration")

    assert gateway["billing_get_items_by-id"]["timeout_milliseconds"] == 5000
    assert gateway["billing_post_reports"]["timeout_milliseconds"] == 9000
    assert gateway["orders"]["timeout_milliseconds"] == 29000


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("billing_any_files_name-plus", NONE),
        ("billing_post_reports", ("AWS_IAM", None)),
        ("billing_get", ("CUSTOM", "${aws_api_gateway_authorizer.authorizer.id}")),
        ("billing_closed", NONE),
        ("orders", ("CUSTOM", "${aws_api_gateway_authorizer.authorizer.id}")),
    ],
)
def test_authorizer_is_the_routes_else_the_gateways(
    synth: Synth, listed: Document, method: str, expected: tuple[str, str | None]
) -> None:
    body = synth(listed)["gateway"].resources[f"aws_api_gateway_method.{method}"]

    assert (body["authorization"], body.get("authorizer_id")) == expected


def test_authorizer_of_the_service_comes_before_the_gateways(synth: Synth, listed: Document) -> None:
    listed["services"]["billing"]["authorizer"] = "partners"

    gateway = synth(listed)["gateway"].resources

    partners = "${aws_api_gateway_authorizer.authorizer_partners.id}"
    assert gateway["aws_api_gateway_method.billing_get"]["authorizer_id"] == partners
    assert gateway["aws_api_gateway_method.billing_post_reports"]["authorization"] == "AWS_IAM"
    assert gateway["aws_api_gateway_method.orders"]["authorizer_id"] != partners


def test_trigger_has_every_listed_and_closed_method(synth: Synth, listed: Document) -> None:
    gateway = synth(listed)["gateway"]

    assert gateway.triggers("public") == gateway.snapshot


def test_another_route_adds_to_the_gateway_and_moves_nothing(synth: Synth, listed: Document) -> None:
    before = synth(listed)["gateway"]
    listed["services"]["billing"]["routes"].append({"path": "/more", "methods": ["GET"]})

    after = synth(listed)["gateway"]

    assert set(before.resources) < set(after.resources)
    changed = {name for name, body in before.resources.items() if after.resources[name] != body}
    assert changed == {"aws_api_gateway_deployment.public"}


def test_a_service_above_closes_the_rest_and_changes_nothing_else(synth: Synth, listed: Document) -> None:
    above = listed["services"].pop("orders")
    alone = synth(listed)["gateway"]
    listed["services"]["orders"] = above

    both = synth(listed)["gateway"]

    changed = {name for name, body in alone.resources.items() if both.resources[name] != body}
    assert changed == {"aws_api_gateway_deployment.public", "aws_api_gateway_stage.public"}
    assert set(alone.resources) < set(both.resources)
    assert not [name for name in alone.resources if "closed" in name]


def test_listed_routes_are_valid(validate: Callable[..., Document], synth: Synth, listed: Document) -> None:
    verdict = validate(synth(listed).outdir / "stacks" / "gateway")

    assert (verdict["valid"], verdict["diagnostics"]) == (True, [])
