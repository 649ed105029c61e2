"""A deployment's definition and today's, told apart where they differ and nowhere else."""

import copy
import json
from dataclasses import replace
from typing import Any

import pytest

from hatchway.verify.aws.definitions import current, differences, exported, policy_of

INTEGRATION = {
    "type": "http_proxy",
    "httpMethod": "ANY",
    "uri": "https://abc.execute-api.eu-west-1.amazonaws.com/v1/{proxy}",
    "connectionType": "VPC_LINK",
    "connectionId": "link123456",
    "requestParameters": {"integration.request.path.proxy": "method.request.path.proxy"},
}
EXPORT = {
    "openapi": "3.0.1",
    "paths": {
        "/{proxy+}": {
            "x-amazon-apigateway-any-method": {
                "parameters": [
                    {"name": "proxy", "in": "path", "required": True},
                    {"name": "x-apigw-api-id", "in": "header", "required": True},
                    {"name": "q", "in": "query", "required": False},
                    {"name": "c", "in": "cookie"},
                ],
                "responses": {},
                "security": [{"clients": []}, {"api_key": []}],
                "x-amazon-apigateway-integration": INTEGRATION,
            },
            "parameters": [],
        },
    },
    "components": {
        "securitySchemes": {
            "clients": {"x-amazon-apigateway-authorizer": {"type": "request"}},
            "pool": {"x-amazon-apigateway-authorizer": {"type": "cognito_user_pools"}},
            "sigv4": {"x-amazon-apigateway-authtype": "awsSigv4"},
            "api_key": {"type": "apiKey"},
        }
    },
    "x-amazon-apigateway-policy": {"Statement": []},
}
RESOURCES = [
    {
        "id": "r1",
        "path": "/{proxy+}",
        "resourceMethods": {
            "ANY": {
                "authorizationType": "CUSTOM",
                "authorizerId": "a1",
                "apiKeyRequired": True,
                "requestParameters": {
                    "method.request.path.proxy": True,
                    "method.request.header.x-apigw-api-id": True,
                    "method.request.querystring.q": False,
                },
                "methodIntegration": {**INTEGRATION, "type": "HTTP_PROXY", "timeoutInMillis": 29000},
            }
        },
    },
    {"id": "r0", "path": "/"},
]
AUTHORIZERS = [{"id": "a1", "name": "clients"}]
KEY = ("/{proxy+}", "ANY")


def changed(**changes: Any) -> list[dict[str, Any]]:
    resources = copy.deepcopy(RESOURCES)
    resources[0]["resourceMethods"]["ANY"] |= changes  # type: ignore[index]
    return resources


def test_an_export_and_the_definition_it_was_made_of_are_the_same() -> None:
    deployed, now = exported(EXPORT), current(RESOURCES, AUTHORIZERS)
    assert deployed.methods == now.methods
    assert deployed.methods[KEY].authorization == "CUSTOM"
    assert deployed.methods[KEY].api_key_required


@pytest.mark.parametrize(
    ("security", "authorization", "authorizer"),
    [
        ([], "NONE", None),
        ([{"sigv4": []}], "AWS_IAM", None),
        ([{"pool": ["scope"]}], "COGNITO_USER_POOLS", "pool"),
        ([{"clients": []}], "CUSTOM", "clients"),
        ([{"nobody": []}], "NONE", None),
    ],
)
def test_who_may_call_is_read_from_security(
    security: Any, authorization: str, authorizer: str | None
) -> None:
    document = copy.deepcopy(EXPORT)
    document["paths"]["/{proxy+}"]["x-amazon-apigateway-any-method"]["security"] = security  # type: ignore[index]
    method = exported(document).methods[KEY]
    assert (method.authorization, method.authorizer) == (authorization, authorizer)


@pytest.mark.parametrize(
    ("resources", "told"),
    [
        ([], "ANY /{proxy+} was removed"),
        ([*RESOURCES, {"path": "/x", "resourceMethods": {"GET": {}}}], "GET /x was added"),
        (changed(authorizationType="NONE"), "ANY /{proxy+}: authorization changed"),
        (changed(authorizerId="a2"), "ANY /{proxy+}: authorizer changed"),
        (changed(apiKeyRequired=False), "ANY /{proxy+}: api_key_required changed"),
        (
            changed(methodIntegration={**INTEGRATION, "type": "HTTP_PROXY", "uri": "https://other"}),
            "ANY /{proxy+}: uri changed",
        ),
        (
            changed(
                methodIntegration={
                    **INTEGRATION,
                    "type": "HTTP_PROXY",
                    "tlsConfig": {"insecureSkipVerification": True},
                }
            ),
            "ANY /{proxy+}: tls_config changed",
        ),
    ],
)
def test_each_change_since_the_deployment_is_told(resources: Any, told: str) -> None:
    deployed = exported({**EXPORT, "x-amazon-apigateway-policy": None})
    assert differences(deployed, current(resources, AUTHORIZERS)) == (told,)


def test_a_changed_policy_is_told() -> None:
    assert "the resource policy changed" in differences(exported(EXPORT), current(RESOURCES, AUTHORIZERS))


@pytest.mark.parametrize(
    ("deployed", "now"),
    [
        ({"Statement": [{"Action": "a"}]}, {"Statement": {"Action": ["a"]}}),
        ({"Statement": [{"Action": ["b", "a"]}]}, {"Statement": [{"Action": ["a", "b"]}]}),
        (None, {"Statement": []}),
    ],
)
def test_two_ways_to_write_a_policy_are_no_change(deployed: Any, now: Any) -> None:
    one = exported({**EXPORT, "x-amazon-apigateway-policy": deployed})
    assert differences(one, replace(current(RESOURCES, AUTHORIZERS), policy=now)) == ()


def test_a_proxys_responses_are_nobodys_change() -> None:
    document = copy.deepcopy(EXPORT)
    operation = document["paths"]["/{proxy+}"]["x-amazon-apigateway-any-method"]  # type: ignore[index]
    operation["responses"] = {"200": {}}
    operation["x-amazon-apigateway-integration"]["responses"] = {"default": {"statusCode": "200"}}
    document["x-amazon-apigateway-policy"] = None
    assert differences(exported(document), current(RESOURCES, AUTHORIZERS)) == ()


@pytest.mark.parametrize(
    "document", [{}, {"paths": None}, {"paths": {"/x": 1}}, {"paths": {"/x": {"get": []}}}]
)
def test_a_document_of_another_shape_is_no_traceback(document: Any) -> None:
    assert exported(document).policy is None


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        ('{"Statement": []}', {"Statement": []}),
        (json.dumps('{"Statement": []}')[1:-1], {"Statement": []}),
        (None, None),
        ("", None),
        ("no json", None),
        ('"text"', None),
    ],
)
def test_a_policy_is_read_in_both_forms_that_aws_gives_it(text: Any, policy: Any) -> None:
    assert policy_of(text) == policy
