"""APIs that an OpenAPI document describes are read like those of resources."""

import io
import json
from copy import deepcopy
from typing import Any

import pytest
from ruamel.yaml import YAML

from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome, Verdict
from tests.unit.review.article import Article, Change, G, S, ids, reviewed
from tests.unit.review.edits import INTEGRATION, POLICY, PRIVATE, PUBLIC
from tests.unit.review.http_arrangement import API, HTTP_INTEGRATION, http_entry

Document = dict[str, Any]
ANSWER = {
    "type": "mock",
    "requestTemplates": {"application/json": '{"statusCode": 200}'},
    "responses": {"default": {"statusCode": "200"}},
}


def private_document(a: Article) -> Document:
    policy = a.at(S, POLICY)["policy"].replace(
        "${aws_api_gateway_rest_api.private.execution_arn}/", "execute-api:/"
    )
    return {
        "openapi": "3.0.1",
        "paths": {
            "/test": {
                "get": {
                    "responses": {"200": {"description": "ok"}},
                    "x-amazon-apigateway-integration": deepcopy(ANSWER),
                }
            }
        },
        "x-amazon-apigateway-policy": YAML(typ="safe", pure=True).load(policy),
    }


def described(change: Any = None, *, dump: Any = None) -> Change:
    """Describe the private API by a document, changed first."""

    def arrange(a: Article) -> None:
        document = private_document(a)
        resources = a.stacks[S]["resource"]
        for kind in ("method", "method_response", "integration", "integration_response", "resource"):
            resources.pop(f"aws_api_gateway_{kind}", None)
        resources.pop("aws_api_gateway_rest_api_policy")
        if change is not None:
            change(document)
        a.set(S, PRIVATE, body=(dump or expression)(document))
        a.set(
            S,
            "aws_api_gateway_deployment.private",
            triggers={"redeployment": "${sha1(aws_api_gateway_rest_api.private.body)}"},
        )

    return arrange


def expression(document: Document) -> str:
    """Write a document the way people do: an expression that refers to the endpoint."""
    return "${jsonencode(" + literal(document) + ")}"


def literal(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{literal(key)} = {literal(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(literal, value)) + "]"
    if isinstance(value, str):
        return '"' + value.replace('"', '\\"') + '"'
    return str(value).lower()


def as_yaml(document: Document) -> str:
    stream = io.StringIO()
    YAML(typ="safe", pure=True).dump(document, stream)
    return stream.getvalue()


def literal_json(document: Document) -> str:
    return json.dumps(document)


@pytest.mark.parametrize("dump", [expression, as_yaml, literal_json])
def test_a_described_api_passes(dump: Any) -> None:
    report = reviewed(described(dump=dump))
    assert ids(report, Outcome.FAIL) == set()
    assert ids(report, Outcome.UNKNOWN) == set()
    assert report.verdict is Verdict.PASS
    assert report.findings == ()
    assert [route.request for route in report.routes] == ["GET /test"]


def operation(document: Document) -> Document:
    found: Document = document["paths"]["/test"]["get"]
    return found


FAULTS: dict[str, tuple[Any, str]] = {
    "no policy": (lambda d: d.pop("x-amazon-apigateway-policy"), "HW803"),
    "policy for another stage": (
        lambda d: d["x-amazon-apigateway-policy"]["Statement"][0].update(Resource="execute-api:/v9/*"),
        "HW804",
    ),
    "signature wanted": (
        lambda d: (
            d.update(
                components={
                    "securitySchemes": {"iam": {"type": "apiKey", "x-amazon-apigateway-authtype": "awsSigv4"}}
                }
            ),
            operation(d).update(security=[{"iam": []}]),
        ),
        "HW811",
    ),
    "no integration": (lambda d: operation(d).pop("x-amazon-apigateway-integration"), "HW901"),
    "no template": (
        lambda d: operation(d)["x-amazon-apigateway-integration"].pop("requestTemplates"),
        "HW902",
    ),
    "no response": (
        lambda d: operation(d)["x-amazon-apigateway-integration"].pop("responses"),
        "HW902",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_in_a_document_is_named(name: str) -> None:
    change, identity = FAULTS[name]
    report = reviewed(described(change))
    assert ids(report, Outcome.FAIL) == {identity}
    assert {route.broken_hop for route in report.routes} == {tuple(Hop)[int(identity[2]) - 1]}


def test_the_requests_to_walk_are_those_of_the_document() -> None:
    def change(document: Document) -> None:
        document["paths"]["/more/{id}"] = {"post": document["paths"].pop("/test")["get"]}

    report = reviewed(described(change))
    assert report.verdict is Verdict.PASS
    assert [route.request for route in report.routes] == ["POST /more/id"]


def test_a_document_that_cannot_be_read_is_undecided() -> None:
    report = reviewed(described(dump=lambda _: "${file(var.document)}"))
    assert ids(report, Outcome.FAIL) <= {"HW803"}
    assert report.verdict is not Verdict.PASS


def public_document(a: Article) -> Document:
    before = a.at(G, INTEGRATION)
    return {
        "openapi": "3.0.1",
        "components": {
            "securitySchemes": {
                "clients": {
                    "type": "apiKey",
                    "name": "Authorization",
                    "in": "header",
                    "x-amazon-apigateway-authtype": "custom",
                    "x-amazon-apigateway-authorizer": {
                        "type": "request",
                        "authorizerUri": "${aws_lambda_function.authorizer.invoke_arn}",
                        "identitySource": "method.request.header.Authorization",
                    },
                }
            }
        },
        "paths": {
            "/{proxy+}": {
                "parameters": [{"name": "proxy", "in": "path", "required": True}],
                "x-amazon-apigateway-any-method": {
                    "security": [{"clients": []}],
                    "parameters": [{"name": "x-apigw-api-id", "in": "header", "required": True}],
                    "x-amazon-apigateway-integration": {
                        "type": "http_proxy",
                        "httpMethod": "ANY",
                        "uri": before["uri"],
                        "connectionType": "VPC_LINK",
                        "connectionId": "${aws_api_gateway_vpc_link.orders.id}",
                        "requestParameters": before["request_parameters"],
                        "timeoutInMillis": 29000,
                    },
                },
            }
        },
    }


def public_described(a: Article, change: Any = None) -> None:
    document = public_document(a)
    resources = a.stacks[G]["resource"]
    for kind in ("method", "integration", "resource", "authorizer", "request_validator"):
        resources.pop(f"aws_api_gateway_{kind}", None)
    if change is not None:
        change(document)
    a.set(G, PUBLIC, body=literal_json(document))
    a.set(
        G,
        "aws_api_gateway_deployment.public",
        triggers={"redeployment": "${sha1(aws_api_gateway_rest_api.public.body)}"},
    )
    source = "${aws_api_gateway_rest_api.public.execution_arn}/authorizers/*"
    a.set(G, "aws_lambda_permission.authorizer", source_arn=source)


def test_a_described_public_api_passes() -> None:
    report = reviewed(public_described)
    assert ids(report, Outcome.FAIL) == set()
    assert ids(report, Outcome.UNKNOWN) == set()
    assert report.findings == ()
    assert [route.request for route in report.routes] == ["GET /test"]


def any_method(document: Document) -> Document:
    found: Document = document["paths"]["/{proxy+}"]["x-amazon-apigateway-any-method"]
    return found


@pytest.mark.parametrize(
    ("change", "identity"),
    [
        (lambda d: any_method(d).pop("parameters"), "HW308"),
        (lambda d: any_method(d)["x-amazon-apigateway-integration"].pop("connectionType"), "HW301"),
        (
            lambda d: any_method(d)["x-amazon-apigateway-integration"]["requestParameters"].pop(
                "integration.request.path.proxy"
            ),
            "HW305",
        ),
        (lambda d: d["paths"].update({"/x/{proxy+}": d["paths"].pop("/{proxy+}")}), None),
    ],
)
def test_a_fault_in_a_public_document_is_named(change: Any, identity: str | None) -> None:
    report = reviewed(lambda a: public_described(a, change))
    assert ids(report, Outcome.FAIL) == ({identity} if identity else set())


def test_an_operation_without_security_is_a_weakness() -> None:
    report = reviewed(lambda a: public_described(a, lambda d: any_method(d).pop("security")))
    assert ids(report, Outcome.FAIL, weakness=True) == {"HW203"}


def http_document(a: Article) -> Document:
    one = a.at(G, HTTP_INTEGRATION)
    return {
        "openapi": "3.0.1",
        "components": {
            "securitySchemes": {
                "clients": {
                    "type": "oauth2",
                    "x-amazon-apigateway-authorizer": {
                        "type": "jwt",
                        "jwtConfiguration": {"issuer": "https://issuer.example.com", "audience": ["orders"]},
                        "identitySource": "$request.header.Authorization",
                    },
                }
            }
        },
        "paths": {
            "/{proxy+}": {
                "x-amazon-apigateway-any-method": {
                    "security": [{"clients": []}],
                    "x-amazon-apigateway-integration": {
                        "type": "HTTP_PROXY",
                        "httpMethod": "ANY",
                        "uri": one["integration_uri"],
                        "connectionType": "VPC_LINK",
                        "connectionId": one["connection_id"],
                        "requestParameters": one["request_parameters"],
                        "tlsConfig": {"serverNameToVerify": one["tls_config"]["server_name_to_verify"]},
                    },
                }
            }
        },
    }


def http_described(a: Article, change: Any = None) -> None:
    http_entry(a)
    document = http_document(a)
    for kind in ("route", "integration", "authorizer"):
        del a.stacks[G]["resource"][f"aws_apigatewayv2_{kind}"]
    a.drop(G, "aws_lambda_permission.authorizer")
    if change is not None:
        change(document)
    a.set(G, API, body=literal_json(document))


def share_integration(document: Document) -> None:
    operation = any_method(document)
    shared = operation["x-amazon-apigateway-integration"]
    document["components"]["x-amazon-apigateway-integrations"] = {"orders": shared}
    reference = "#/components/x-amazon-apigateway-integrations/orders"
    operation["x-amazon-apigateway-integration"] = {"$ref": reference}


def test_an_integration_that_operations_share_is_read_where_it_is() -> None:
    report = reviewed(lambda a: http_described(a, share_integration))
    assert [route.request for route in report.routes] == ["GET /test"]
    assert ids(report, Outcome.FAIL) == set()
    assert ids(report, Outcome.UNKNOWN) == set()


def test_a_described_http_api_passes() -> None:
    report = reviewed(http_described)
    assert ids(report, Outcome.FAIL) == set()
    assert ids(report, Outcome.UNKNOWN) == set()
    assert report.findings == ()
    assert [route.request for route in report.routes] == ["GET /test"]


@pytest.mark.parametrize(
    ("change", "identity"),
    [
        (lambda d: any_method(d)["x-amazon-apigateway-integration"].pop("tlsConfig"), "HW315"),
        (
            lambda d: any_method(d)["x-amazon-apigateway-integration"]["requestParameters"].pop(
                "overwrite:header.x-apigw-api-id"
            ),
            "HW304",
        ),
        (
            lambda d: d["components"]["securitySchemes"]["clients"]["x-amazon-apigateway-authorizer"].pop(
                "jwtConfiguration"
            ),
            "HW206",
        ),
    ],
)
def test_a_fault_in_the_document_of_an_http_api_is_named(change: Any, identity: str) -> None:
    assert ids(reviewed(lambda a: http_described(a, change)), Outcome.FAIL) == {identity}
