"""The export of a stage is what its deployment froze, as API Gateway writes it."""

from hatchway.sandbox.data.export import export
from hatchway.sandbox.data.world import (
    ApiDefinition,
    Authorizer,
    Integration,
    IntegrationResponse,
    Method,
    Resource,
)

LINKED = Integration(
    type="HTTP_PROXY",
    uri="https://abc.execute-api.eu-west-1.amazonaws.com/v1/{proxy}",
    connection_type="VPC_LINK",
    connection_id="link123456",
    request_parameters={"integration.request.path.proxy": "method.request.path.proxy"},
)
MOCK = Integration(
    type="MOCK",
    request_templates={"application/json": '{"statusCode": 200}'},
    responses=(IntegrationResponse(status_code=200),),
)
DEFINITION = ApiDefinition(
    resources=(
        Resource(
            id="r1",
            path="/{proxy+}",
            methods={
                "ANY": Method(
                    http_method="ANY",
                    authorization_type="CUSTOM",
                    authorizer_id="a1",
                    api_key_required=True,
                    request_parameters={
                        "method.request.path.proxy": True,
                        "method.request.header.X-Id": False,
                    },
                    integration=LINKED,
                )
            },
        ),
        Resource(
            id="r2",
            path="/test",
            methods={
                "GET": Method(
                    http_method="GET",
                    authorization_type="AWS_IAM",
                    response_statuses=frozenset({200}),
                    integration=MOCK,
                )
            },
        ),
        Resource(id="r0", path="/"),
    ),
    authorizers={
        "a1": Authorizer(id="a1", type="REQUEST", uri="arn:uri", identity_sources=("one", "two")),
        "a2": Authorizer(id="a2", type="COGNITO_USER_POOLS", provider_arns=("arn:pool",)),
    },
    policy={"Statement": []},
)
DOCUMENT = export(DEFINITION, {"a1": "clients", "a2": "pool"})


def test_every_method_is_under_its_path() -> None:
    assert {path: list(operations) for path, operations in DOCUMENT["paths"].items()} == {
        "/{proxy+}": ["x-amazon-apigateway-any-method"],
        "/test": ["get"],
    }


def test_who_may_call_is_said_by_name() -> None:
    proxy = DOCUMENT["paths"]["/{proxy+}"]["x-amazon-apigateway-any-method"]
    assert proxy["security"] == [{"clients": []}, {"api_key": []}]
    assert DOCUMENT["paths"]["/test"]["get"]["security"] == [{"sigv4": []}]
    schemes = DOCUMENT["components"]["securitySchemes"]
    assert schemes["clients"]["x-amazon-apigateway-authorizer"]["identitySource"] == "one, two"
    pool = schemes["pool"]["x-amazon-apigateway-authorizer"]
    assert (pool["type"], pool["providerARNs"]) == ("cognito_user_pools", ["arn:pool"])


def test_an_integration_shows_where_it_leads() -> None:
    found = DOCUMENT["paths"]["/{proxy+}"]["x-amazon-apigateway-any-method"][
        "x-amazon-apigateway-integration"
    ]
    assert found["type"] == "http_proxy"
    assert (found["connectionType"], found["connectionId"]) == ("VPC_LINK", "link123456")
    assert found["requestParameters"] == {"integration.request.path.proxy": "method.request.path.proxy"}


def test_parameters_say_where_they_are_and_whether_they_are_needed() -> None:
    parameters = DOCUMENT["paths"]["/{proxy+}"]["x-amazon-apigateway-any-method"]["parameters"]
    assert {(one["name"], one["in"], one["required"]) for one in parameters} == {
        ("proxy", "path", True),
        ("X-Id", "header", False),
    }


def test_a_mock_shows_its_template_and_its_responses() -> None:
    get = DOCUMENT["paths"]["/test"]["get"]
    assert list(get["responses"]) == ["200"]
    assert get["x-amazon-apigateway-integration"]["responses"] == {"default": {"statusCode": "200"}}
    assert get["x-amazon-apigateway-integration"]["requestTemplates"]


def test_the_policy_that_was_deployed_is_part_of_it() -> None:
    assert DOCUMENT["x-amazon-apigateway-policy"] == {"Statement": []}
    assert "x-amazon-apigateway-policy" not in export(ApiDefinition(resources=()), {})
