"""What stands behind a private API's routes, and who may call it."""

import json
import re
import zipfile

import pytest

from tests.synth.synthesized import Document, Synth, Validate

CREATED = {
    "create": {"directory": "functions/orders", "handler": "app.handler", "environment": {"X": "${x}"}}
}
EXISTING = {"existing": "arn:aws:lambda:eu-west-1:222222222222:function:stock:live"}
FUNCTION = "private_functions_orders_app_handler"


@pytest.fixture
def backends(document: Document) -> Document:
    """The article's topology with each kind of backend."""
    document["services"]["orders"]["api"] = {
        "base_path": "/internal",
        "routes": [
            {"method": "GET", "path": "/internal/items/{id}", "lambda": CREATED},
            {"method": "POST", "path": "/internal/items", "lambda": CREATED},
            {"method": "GET", "path": "/internal/stock", "lambda": EXISTING},
            {
                "method": "ANY",
                "path": "/internal/web/{kind}/{proxy+}",
                "http": {"url": "https://backend.example.com/{proxy}", "timeout_milliseconds": 5000},
            },
            {"method": "GET", "path": "/internal/test", "mock": {}},
        ],
    }
    return document


@pytest.fixture
def from_document(document: Document) -> Document:
    """The article's topology with an API that an OpenAPI document describes."""
    document["services"]["orders"]["api"] = {"openapi": "catalogue.openapi.yaml"}
    return document


def test_stack_with_each_kind_of_backend_is_valid(
    synth: Synth, validate: Validate, backends: Document
) -> None:
    verdict = validate(synth(backends).outdir / "stacks" / "service-orders")

    assert (verdict["valid"], verdict["diagnostics"]) == (True, [])


def test_function_is_made_once_for_all_its_routes(synth: Synth, backends: Document) -> None:
    service = synth(backends)["service-orders"]

    assert list(service.of_kind("aws_lambda_function")) == [FUNCTION]
    function = service.resources[f"aws_lambda_function.{FUNCTION}"]
    assert function["function_name"] == "article-orders-functions-orders-app-handler"
    assert function["environment"] == {"variables": {"X": "$${x}"}}
    for route in ("private_get_internal_items_by-id", "private_post_internal_items"):
        integration = service.resources[f"aws_api_gateway_integration.{route}"]
        assert integration["uri"] == f"${{aws_lambda_function.{FUNCTION}.invoke_arn}}"
        assert (integration["type"], integration["integration_http_method"]) == ("AWS_PROXY", "POST")


def test_functions_may_be_invoked_by_the_apis_stage_alone(synth: Synth, backends: Document) -> None:
    permissions = synth(backends)["service-orders"].of_kind("aws_lambda_permission")

    assert set(permissions) == {FUNCTION, "private_existing_stock_live"}
    for permission in permissions.values():
        assert permission["principal"] == "apigateway.amazonaws.com"
        assert permission["source_arn"] == "${aws_api_gateway_rest_api.private.execution_arn}/v1/*"
    existing = permissions["private_existing_stock_live"]
    assert existing["function_name"] == "arn:aws:lambda:eu-west-1:222222222222:function:stock"
    assert existing["qualifier"] == "live"


def test_stage_waits_for_the_permissions(synth: Synth, backends: Document) -> None:
    stage = synth(backends)["service-orders"].resources["aws_api_gateway_stage.private"]

    assert set(stage["depends_on"]) == {
        f"aws_lambda_permission.{FUNCTION}",
        "aws_lambda_permission.private_existing_stock_live",
    }


def test_existing_function_is_invoked_at_its_alias_and_not_made(synth: Synth, backends: Document) -> None:
    service = synth(backends)["service-orders"]

    assert service.resources["aws_api_gateway_integration.private_get_internal_stock"]["uri"] == (
        "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/"
        "arn:aws:lambda:eu-west-1:222222222222:function:stock:live/invocations"
    )


def test_path_variables_reach_the_web_server_that_asks_for_them(synth: Synth, backends: Document) -> None:
    service = synth(backends)["service-orders"].resources

    address = "private_any_internal_web_by-kind_proxy-plus"
    integration = service[f"aws_api_gateway_integration.{address}"]
    assert integration["uri"] == "https://backend.example.com/{proxy}"
    assert integration["integration_http_method"] == "ANY"
    assert integration["timeout_milliseconds"] == 5000
    assert integration["request_parameters"] == {
        "integration.request.path.proxy": "method.request.path.proxy"
    }
    assert service[f"aws_api_gateway_method.{address}"]["request_parameters"] == {
        "method.request.path.proxy": True
    }


def test_every_kind_of_backend_is_in_the_redeployment_trigger(synth: Synth, backends: Document) -> None:
    service = synth(backends)["service-orders"]

    assert service.triggers("private") == service.snapshot


def test_package_is_the_folder_and_nothing_of_this_machine_is_in_the_json(
    synth: Synth, backends: Document
) -> None:
    synthesized = synth(backends)

    service = synthesized["service-orders"]
    package = service.resources[f"aws_lambda_function.{FUNCTION}"]["filename"]
    with zipfile.ZipFile(synthesized.outdir / "stacks" / "service-orders" / package) as archive:
        assert archive.namelist() == ["app.py"]
    assert str(synthesized.outdir.parent) not in service.text


def test_public_path_leads_to_the_base_path(synth: Synth, backends: Document) -> None:
    uris = {
        body["uri"] for body in synth(backends)["gateway"].of_kind("aws_api_gateway_integration").values()
    }

    assert {uri.partition(".amazonaws.com")[2] for uri in uris} == {"/v1/internal", "/v1/internal/{proxy}"}


def test_stack_from_a_document_is_valid(synth: Synth, validate: Validate, from_document: Document) -> None:
    verdict = validate(synth(from_document).outdir / "stacks" / "service-orders")

    assert (verdict["valid"], verdict["diagnostics"]) == (True, [])


def test_document_is_kept_word_for_word(synth: Synth, from_document: Document) -> None:
    api = synth(from_document)["service-orders"].resources["aws_api_gateway_rest_api.private"]

    integration = json.loads(api["body"])["paths"]["/items/{id}"]["get"]["x-amazon-apigateway-integration"]
    template = integration["responses"]["default"]["responseTemplates"]["application/json"]
    assert template == '{"item": "one $${x} %%{y}"}'
    assert integration["requestTemplates"] == {"application/json": '{"statusCode": 200}'}


def test_document_gets_policy_and_endpoint_with_the_same_import(
    synth: Synth, from_document: Document
) -> None:
    from_document["services"]["orders"]["api"]["access"] = {"endpoint_ids": ["vpce-0a1b2c3d"]}

    service = synth(from_document)["service-orders"]

    api = service.resources["aws_api_gateway_rest_api.private"]
    body = json.loads(api["body"])
    endpoint = "${aws_vpc_endpoint.execute_api.id}"
    assert body["x-amazon-apigateway-endpoint-configuration"] == {"vpcEndpointIds": [endpoint]}
    assert api["endpoint_configuration"] == {"types": ["PRIVATE"], "vpc_endpoint_ids": [endpoint]}
    allow, deny = body["x-amazon-apigateway-policy"]["Statement"]
    assert (allow["Effect"], allow["Resource"]) == ("Allow", "execute-api:/*")
    assert deny["Condition"] == {"StringNotEquals": {"aws:SourceVpce": [endpoint, "vpce-0a1b2c3d"]}}
    assert "aws_api_gateway_rest_api_policy" not in service.document["resource"]


def test_changed_document_is_deployed(synth: Synth, from_document: Document) -> None:
    service = synth(from_document)["service-orders"]

    assert service.triggers("private") == {"aws_api_gateway_rest_api.private.body"}


def test_callers_are_restricted_by_a_deny_each(synth: Synth, document: Document) -> None:
    document["services"]["orders"]["api"]["access"] = {
        "endpoint_ids": ["vpce-0a1b2c3d"],
        "vpc_ids": ["vpc-0a1b2c3d"],
        "source_cidrs": ["10.0.0.0/16"],
    }

    policy = synth(document)["service-orders"].policy("aws_api_gateway_rest_api_policy.private")

    allow, *denied = policy["Statement"]
    vpc_id = allow and denied[1]["Condition"]["StringNotEquals"]["aws:SourceVpc"][0]
    assert allow["Effect"] == "Allow"
    assert "Condition" not in allow
    assert [statement["Condition"] for statement in denied] == [
        {"StringNotEquals": {"aws:SourceVpce": ["${aws_vpc_endpoint.execute_api.id}", "vpce-0a1b2c3d"]}},
        {"StringNotEquals": {"aws:SourceVpc": [vpc_id, "vpc-0a1b2c3d"]}},
        {"NotIpAddress": {"aws:VpcSourceIp": ["10.0.0.0/16"]}},
    ]
    assert re.fullmatch(r"\$\{data\.terraform_remote_state\.foundation\..*aws_vpc-orders-id\}", vpc_id)


def test_an_api_that_exists_is_only_reached(synth: Synth, validate: Validate, document: Document) -> None:
    document["services"]["orders"]["api"] = {"existing": {"rest_api_id": "abcdefghij"}, "stage": "prod"}

    synthesized = synth(document)

    service = synthesized["service-orders"]
    assert not [address for address in service.addresses if "api_gateway" in address]
    assert service.policy("aws_vpc_endpoint_policy.execute_api")["Statement"][0]["Resource"] == [
        "arn:aws:execute-api:eu-west-1:222222222222:abcdefghij/*"
    ]
    assert service.outputs["rest_api_id"] == "abcdefghij"
    assert service.outputs["invoke_url"] == "https://abcdefghij.execute-api.eu-west-1.amazonaws.com/prod"
    added = json.loads(service.outputs["resource_policy_to_add"])
    assert added["Statement"][1]["Condition"] == {
        "StringNotEquals": {"aws:SourceVpce": ["${aws_vpc_endpoint.execute_api.id}"]}
    }
    verdict = validate(synthesized.outdir / "stacks" / "service-orders")
    assert (verdict["valid"], verdict["diagnostics"]) == (True, [])
