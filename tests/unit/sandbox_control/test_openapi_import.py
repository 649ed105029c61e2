"""Imports of OpenAPI documents: what they make is what resources would make."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

Aws = Callable[..., Any]
FUNCTION = "arn:aws:lambda:eu-west-1:111111111111:function:f"
INVOKE = f"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{FUNCTION}/invocations"
MOCK = {"type": "mock", "requestTemplates": {"application/json": '{"statusCode": 200}'}}


def document(**more: Any) -> dict[str, Any]:
    return {"openapi": "3.0.1", "info": {"title": "imported", "version": "1"}, "paths": {}} | more


def put(aws: Aws, body: dict[str, Any], mode: str = "overwrite", api: str | None = None) -> str:
    client = aws("apigateway")
    api = api or client.create_rest_api(name="x")["id"]
    client.put_rest_api(restApiId=api, mode=mode, body=json.dumps(body))
    return str(api)


def paths(aws: Aws, api: str) -> dict[str, str]:
    items = aws("apigateway").get_resources(restApiId=api)["items"]
    return {item["path"]: item["id"] for item in items}


def method(aws: Aws, api: str, path: str, verb: str = "GET") -> Any:
    return aws("apigateway").get_method(restApiId=api, resourceId=paths(aws, api)[path], httpMethod=verb)


def test_paths_become_resources_and_any_stands_for_all_methods(aws: Aws) -> None:
    operation = {"responses": {}, "x-amazon-apigateway-integration": MOCK}
    api = put(
        aws,
        document(
            paths={
                "/a/{id}": {"get": operation},
                "/b/{proxy+}": {"x-amazon-apigateway-any-method": operation},
            }
        ),
    )
    assert set(paths(aws, api)) == {"/", "/a", "/a/{id}", "/b", "/b/{proxy+}"}
    assert method(aws, api, "/b/{proxy+}", "ANY")["methodIntegration"]["type"] == "MOCK"


def test_parameters_responses_and_models_are_declared(aws: Aws) -> None:
    shared = {"name": "id", "in": "path", "required": True}
    operation = {
        "parameters": [{"name": "q", "in": "query"}, {"$ref": "#/components/parameters/tenant"}],
        "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/order"}}}},
        "responses": {"201": {"headers": {"x-a": {}}}, "default": {}},
    }
    components = {
        "parameters": {"tenant": {"name": "x-tenant", "in": "header", "required": True}},
        "schemas": {"order": {"type": "object"}},
    }
    api = put(
        aws, document(paths={"/{id}": {"parameters": [shared], "post": operation}}, components=components)
    )
    found = method(aws, api, "/{id}", "POST")
    assert found["requestParameters"] == {
        "method.request.path.id": True,
        "method.request.querystring.q": False,
        "method.request.header.x-tenant": True,
    }
    assert found["requestModels"] == {"application/json": "order"}
    assert found["methodResponses"]["201"]["responseParameters"] == {"method.response.header.x-a": False}
    models = aws("apigateway").get_models(restApiId=api)["items"]
    assert [(item["name"], json.loads(item["schema"])) for item in models] == [("order", {"type": "object"})]


def test_an_integration_keeps_all_of_its_settings(aws: Aws) -> None:
    integration = {
        "type": "http_proxy",
        "httpMethod": "ANY",
        "uri": "https://orders.example.com/{id}",
        "requestParameters": {"integration.request.path.id": "method.request.path.id"},
        "timeoutInMillis": 5000,
        "responses": {"default": {"statusCode": "200"}, "5..": {"statusCode": "502"}},
    }
    parameter = {"name": "id", "in": "path", "required": True}
    operation = {"parameters": [parameter], "x-amazon-apigateway-integration": integration}
    found = method(aws, put(aws, document(paths={"/{id}": {"get": operation}})), "/{id}")["methodIntegration"]
    assert (found["type"], found["uri"], found["timeoutInMillis"]) == (
        "HTTP_PROXY",
        integration["uri"],
        5000,
    )
    assert found["requestParameters"] == integration["requestParameters"]
    patterns = {status: r.get("selectionPattern", "") for status, r in found["integrationResponses"].items()}
    assert patterns == {"200": "", "502": "5.."}


SCHEMES = {
    "token": {
        "type": "apiKey",
        "name": "X-Token",
        "in": "header",
        "x-amazon-apigateway-authtype": "custom",
        "x-amazon-apigateway-authorizer": {"type": "token", "authorizerUri": INVOKE},
    },
    "pool": {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": {
            "type": "cognito_user_pools",
            "providerARNs": ["arn:aws:cognito-idp:eu-west-1:111111111111:userpool/p"],
        },
    },
    "iam": {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "x-amazon-apigateway-authtype": "awsSigv4",
    },
    "key": {"type": "apiKey", "name": "x-api-key", "in": "header"},
}


@pytest.mark.parametrize(
    ("operation", "kind", "needs_key", "scopes"),
    [
        ({}, "CUSTOM", False, None),
        ({"security": []}, "NONE", False, None),
        ({"security": [{"pool": ["api/read"]}]}, "COGNITO_USER_POOLS", False, ["api/read"]),
        ({"security": [{"iam": []}, {"key": []}]}, "AWS_IAM", True, None),
        ({"x-amazon-apigateway-auth": {"type": "AWS_IAM"}}, "AWS_IAM", False, None),
        ({"x-amazon-apigateway-auth": {"type": "NONE"}}, "NONE", False, None),
    ],
)
def test_security_schemes_become_authorization(
    aws: Aws, operation: dict[str, Any], kind: str, needs_key: bool, scopes: Any
) -> None:
    body = document(
        paths={"/a": {"get": operation}},
        components={"securitySchemes": SCHEMES},
        security=[{"token": []}],
    )
    api = put(aws, body)
    found = method(aws, api, "/a")
    assert (found["authorizationType"], found["apiKeyRequired"]) == (kind, needs_key)
    assert found.get("authorizationScopes") == scopes
    names = {item["id"]: item for item in aws("apigateway").get_authorizers(restApiId=api)["items"]}
    if kind == "CUSTOM":
        assert names[found["authorizerId"]]["identitySource"] == "method.request.header.X-Token"


def test_validators_gateway_responses_policy_and_media_types_are_taken(aws: Aws) -> None:
    extensions = {
        "request-validators": {"all": {"validateRequestBody": True, "validateRequestParameters": False}},
        "request-validator": "all",
        "gateway-responses": {"DEFAULT_4XX": {"statusCode": 418}},
        "policy": {"Version": "2012-10-17", "Statement": []},
        "binary-media-types": ["image/png"],
    }
    named = {f"x-amazon-apigateway-{name}": value for name, value in extensions.items()}
    client = aws("apigateway")
    api = put(aws, document(paths={"/a": {"get": {}}}, **named))
    validator = client.get_request_validators(restApiId=api)["items"][0]
    assert (validator["validateRequestBody"], validator["validateRequestParameters"]) == (True, False)
    assert method(aws, api, "/a")["requestValidatorId"] == validator["id"]
    assert client.get_gateway_response(restApiId=api, responseType="DEFAULT_4XX")["statusCode"] == "418"
    shown = client.get_rest_api(restApiId=api)
    assert "2012-10-17" in shown["policy"]
    assert shown["binaryMediaTypes"] == ["image/png"]


def test_overwriting_takes_away_what_the_document_does_not_have(aws: Aws) -> None:
    api = put(aws, document(paths={"/a": {"get": {}}}))
    put(aws, document(paths={"/b": {"get": {}}}), "merge", api)
    assert set(paths(aws, api)) == {"/", "/a", "/b"}
    put(aws, document(paths={"/c": {"get": {}}}), "overwrite", api)
    assert set(paths(aws, api)) == {"/", "/c"}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"swagger": "2.0", "info": {}, "paths": {}}, "only OpenAPI 3"),
        (document(paths={"/a": {"get": {"security": [{"no": []}]}}}), "Invalid security scheme"),
        (document(paths={"/a": {"get": {"parameters": [{"$ref": "#/nowhere"}]}}}), "Unable to resolve"),
        (
            document(paths={"/a": {"get": {"x-amazon-apigateway-request-validator": "no"}}}),
            "Invalid request validator",
        ),
        (
            document(
                paths={
                    "/a": {
                        "get": {
                            "x-amazon-apigateway-integration": MOCK
                            | {"connectionType": "VPC_LINK", "connectionId": "nolink"}
                        }
                    }
                }
            ),
            "Invalid Vpc Link",
        ),
    ],
)
def test_a_document_that_does_not_hold_together_is_refused(
    aws: Aws, body: dict[str, Any], message: str
) -> None:
    with pytest.raises(ClientError, match=message):
        put(aws, body)
