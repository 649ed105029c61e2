import json

import pytest
from botocore.exceptions import ClientError

POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke"}],
    }
)


def an_api(client, *, kind="REGIONAL", **settings):
    return client.create_rest_api(name="a", endpointConfiguration={"types": [kind]}, **settings)["id"]


def with_mock(client, api):
    root = client.get_resources(restApiId=api)["items"][0]["id"]
    client.put_method(restApiId=api, resourceId=root, httpMethod="GET", authorizationType="NONE")
    client.put_integration(restApiId=api, resourceId=root, httpMethod="GET", type="MOCK")
    return root


def with_link(client, api):
    link = client.create_vpc_link(name="l", targetArns=["arn:aws:elasticloadbalancing:x"])["id"]
    root = client.get_resources(restApiId=api)["items"][0]["id"]
    client.put_method(restApiId=api, resourceId=root, httpMethod="ANY", authorizationType="NONE")
    put_link(client, api, root, link)
    return root, link


def put_link(client, api, root, link):
    return client.put_integration(
        restApiId=api,
        resourceId=root,
        httpMethod="ANY",
        type="HTTP_PROXY",
        integrationHttpMethod="ANY",
        uri="https://x.execute-api.eu-west-1.amazonaws.com/v1",
        connectionType="VPC_LINK",
        connectionId=link,
    )


def patch(client, api, operation, path, value=""):
    return client.update_rest_api(
        restApiId=api, patchOperations=[{"op": operation, "path": path, "value": value}]
    )


def test_a_policy_comes_back_escaped_as_on_aws(aws):
    client = aws("apigateway")
    policy = client.get_rest_api(restApiId=an_api(client, policy=POLICY))["policy"]
    assert json.loads(json.loads(f'"{policy}"')) == json.loads(POLICY)
    assert policy != POLICY


def test_a_private_api_without_a_policy_cannot_be_deployed(aws):
    client = aws("apigateway")
    api = an_api(client, kind="PRIVATE")
    with_mock(client, api)
    with pytest.raises(
        ClientError, match="Private REST API doesn't have a resource policy attached to it"
    ) as error:
        client.create_deployment(restApiId=api)
    assert error.value.response["Error"]["Code"] == "BadRequestException"


def test_a_private_api_with_a_policy_can_be_deployed(aws):
    client = aws("apigateway")
    api = an_api(client, kind="PRIVATE", policy=POLICY)
    with_mock(client, api)
    assert client.create_deployment(restApiId=api)["id"]


def test_a_deployment_that_a_stage_runs_cannot_be_deleted_until_the_stage_has_moved(aws):
    client = aws("apigateway")
    api = an_api(client)
    with_mock(client, api)
    old = client.create_deployment(restApiId=api)["id"]
    client.create_stage(restApiId=api, stageName="v1", deploymentId=old)
    with pytest.raises(
        ClientError, match="Active stages pointing to this deployment must be moved or deleted"
    ):
        client.delete_deployment(restApiId=api, deploymentId=old)
    client.create_deployment(restApiId=api, stageName="v1")
    client.delete_deployment(restApiId=api, deploymentId=old)


def test_redeploying_a_stage_keeps_its_variables(aws):
    client = aws("apigateway")
    api = an_api(client)
    with_mock(client, api)
    first = client.create_deployment(restApiId=api)["id"]
    client.create_stage(restApiId=api, stageName="v1", deploymentId=first, variables={"a": "b"})
    second = client.create_deployment(restApiId=api, stageName="v1")["id"]
    stage = client.get_stage(restApiId=api, stageName="v1")
    assert (stage["deploymentId"], stage["variables"]) == (second, {"a": "b"})


def test_an_integration_keeps_the_id_of_its_link(aws):
    client = aws("apigateway")
    api = an_api(client)
    root, link = with_link(client, api)
    found = client.get_integration(restApiId=api, resourceId=root, httpMethod="ANY")
    assert (found["connectionType"], found["connectionId"], found["timeoutInMillis"]) == (
        "VPC_LINK",
        link,
        29000,
    )


def test_an_integration_over_a_link_that_does_not_exist_is_refused(aws):
    client = aws("apigateway")
    api = an_api(client)
    root, _ = with_link(client, api)
    with pytest.raises(ClientError, match="BadRequestException"):
        put_link(client, api, root, "nosuch")


def test_a_link_named_by_a_stage_variable_is_not_looked_up(aws):
    client = aws("apigateway")
    api = an_api(client)
    root, _ = with_link(client, api)
    assert put_link(client, api, root, "${stageVariables.link}")["connectionId"] == "${stageVariables.link}"


def test_a_link_that_a_stage_uses_cannot_be_deleted(aws):
    client = aws("apigateway")
    api = an_api(client)
    root, link = with_link(client, api)
    client.create_deployment(restApiId=api, stageName="live")
    with pytest.raises(ClientError, match=rf"referenced in \[ANY:{root}:live\] in format of"):
        client.delete_vpc_link(vpcLinkId=link)


def test_a_link_can_be_deleted_once_no_stage_uses_it(aws):
    client = aws("apigateway")
    api = an_api(client)
    root, link = with_link(client, api)
    client.create_deployment(restApiId=api, stageName="live")
    put_link(client, api, root, client.create_vpc_link(name="m", targetArns=["arn:y"])["id"])
    client.create_deployment(restApiId=api, stageName="live")
    client.delete_vpc_link(vpcLinkId=link)
    assert link not in {item["id"] for item in client.get_vpc_links()["items"]}


def test_binary_media_types_are_kept_at_creation_and_edited_later(aws):
    client = aws("apigateway")
    api = an_api(client, binaryMediaTypes=["image/png"])
    assert client.get_rest_api(restApiId=api)["binaryMediaTypes"] == ["image/png"]
    patch(client, api, "add", "/binaryMediaTypes/image~1gif")
    patch(client, api, "remove", "/binaryMediaTypes/image~1png")
    assert client.get_rest_api(restApiId=api)["binaryMediaTypes"] == ["image/gif"]


@pytest.mark.parametrize(("value", "expected"), [("true", True), ("false", False)])
def test_the_execute_api_endpoint_is_switched_by_what_the_value_says(aws, value, expected):
    client = aws("apigateway")
    api = an_api(client)
    patch(client, api, "replace", "/disableExecuteApiEndpoint", value)
    assert client.get_rest_api(restApiId=api)["disableExecuteApiEndpoint"] is expected


def test_endpoints_are_associated_and_taken_away(aws):
    client = aws("apigateway")
    api = an_api(client, kind="PRIVATE")
    patch(client, api, "add", "/endpointConfiguration/vpcEndpointIds", "vpce-1")
    patch(client, api, "add", "/endpointConfiguration/vpcEndpointIds", "vpce-2")
    patch(client, api, "remove", "/endpointConfiguration/vpcEndpointIds", "vpce-1")
    assert client.get_rest_api(restApiId=api)["endpointConfiguration"]["vpcEndpointIds"] == ["vpce-2"]


def test_an_imported_document_sets_policy_and_mock(aws):
    client = aws("apigateway")
    api = an_api(client)
    document = {
        "openapi": "3.0.1",
        "info": {"title": "a", "version": "1"},
        "x-amazon-apigateway-policy": json.loads(POLICY),
        "paths": {"/x": {"get": {"responses": {}, "x-amazon-apigateway-integration": {"type": "mock"}}}},
    }
    answer = client.put_rest_api(restApiId=api, mode="overwrite", body=json.dumps(document).encode())
    assert json.loads(json.loads(f'"{answer["policy"]}"')) == json.loads(POLICY)


def test_an_authorizer_keeps_its_validation_expression(aws):
    client = aws("apigateway")
    api = an_api(client)
    made = client.create_authorizer(
        restApiId=api,
        name="a",
        type="TOKEN",
        authorizerUri="arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/x/invocations",
        identitySource="method.request.header.Authorization",
        identityValidationExpression="Bearer .+",
    )
    found = client.get_authorizer(restApiId=api, authorizerId=made["id"])
    assert found["identityValidationExpression"] == "Bearer .+"
