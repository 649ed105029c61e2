"""What callers of the deployed path get: the good answer, and AWS's own answer to each wrong request."""

import json
import ssl
from typing import Any

import pytest
import urllib3


def error_of(answer: Any) -> tuple[int, str, Any]:
    """Status, AWS's name of the error, and the body."""
    return answer.status, answer.headers["x-amzn-ErrorType"], answer.json


def test_a_good_request_gets_the_private_apis_answer(call: Any) -> None:
    answer = call()
    assert (answer.status, answer.json) == (200, {"response": "integration-successful"})
    assert answer.headers["Content-Type"] == "application/json"


def test_the_answer_names_the_request_at_both_gateways(call: Any) -> None:
    headers = call().headers
    assert headers["x-amzn-RequestId"] != headers["x-amzn-Remapped-x-amzn-RequestId"]


def test_a_query_does_not_get_in_the_way(call: Any) -> None:
    assert call(path="/test?a=1&b=%20").status == 200


def test_without_a_credential_the_caller_is_unauthorized(call: Any) -> None:
    answer = call(headers={"Authorization": None})
    assert error_of(answer) == (401, "UnauthorizedException", {"message": "Unauthorized"})


@pytest.mark.parametrize("credential", ["Bearer wrong", "wrong", "Basic d3Jvbmc6d3Jvbmc="])
def test_with_a_wrong_credential_the_caller_is_unauthorized(call: Any, credential: str) -> None:
    answer = call(headers={"Authorization": credential})
    assert error_of(answer) == (401, "UnauthorizedException", {"message": "Unauthorized"})


def test_without_an_api_id_the_request_is_bad(call: Any) -> None:
    answer = call(headers={"x-apigw-api-id": None})
    message = {"message": "Missing required request parameters: [x-apigw-api-id]"}
    assert error_of(answer) == (400, "BadRequestException", message)


def test_the_credential_is_looked_at_before_the_request(call: Any) -> None:
    assert call(headers={"Authorization": None, "x-apigw-api-id": None}).status == 401


def test_an_api_id_that_does_not_exist_is_forbidden(call: Any) -> None:
    answer = call(headers={"x-apigw-api-id": "nosuchapi0"})
    assert error_of(answer) == (403, "ForbiddenException", {"message": "Forbidden"})


def test_the_id_of_the_public_api_is_forbidden_too(call: Any, deployed_sandbox: Any) -> None:
    public = deployed_sandbox.outputs["gateway"]["rest_api_id"]
    assert error_of(call(headers={"x-apigw-api-id": public}))[0::2] == (403, {"message": "Forbidden"})


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_a_path_that_the_private_api_does_not_have(call: Any, method: str) -> None:
    answer = call(method=method, path="/no/such/path")
    expected = (403, "MissingAuthenticationTokenException", {"message": "Missing Authentication Token"})
    assert error_of(answer) == expected


def test_a_method_that_the_private_api_does_not_have(call: Any) -> None:
    assert call(method="POST").status == 403


def test_a_stage_that_the_public_api_does_not_have(deployed_sandbox: Any) -> None:
    sandbox = deployed_sandbox.sandbox
    url = deployed_sandbox.outputs["gateway"]["public_url"] + "x/test"
    with urllib3.ProxyManager(sandbox.proxy_url, ca_certs=str(sandbox.ca_file)) as client:
        answer = client.request("GET", url, retries=False)
        assert (answer.status, answer.json()) == (403, {"message": "Forbidden"})


def test_a_private_api_cannot_be_called_from_outside(deployed_sandbox: Any) -> None:
    sandbox = deployed_sandbox.sandbox
    url = deployed_sandbox.outputs["service-orders"]["invoke_url"] + "/test"
    with urllib3.ProxyManager(sandbox.proxy_url, ca_certs=str(sandbox.ca_file)) as client:
        assert client.request("GET", url, retries=False).status == 403


def test_who_does_not_trust_the_sandbox_gets_nothing_from_it(deployed_sandbox: Any) -> None:
    url = deployed_sandbox.outputs["gateway"]["public_url"] + "/test"
    strict = ssl.create_default_context()
    with (
        urllib3.ProxyManager(deployed_sandbox.sandbox.proxy_url, ssl_context=strict) as client,
        pytest.raises(urllib3.exceptions.SSLError, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        client.request("GET", url, retries=False)


def test_the_authorizer_ran_the_deployed_code_in_a_process_of_its_own(
    call: Any, deployed_sandbox: Any
) -> None:
    call()
    unpacked = list(deployed_sandbox.sandbox.directory.glob("functions/*/authorizer.py"))
    assert unpacked, "the function's code was not unpacked"


def test_the_log_tells_the_way_of_a_request_and_no_secret(call: Any, deployed_sandbox: Any) -> None:
    request_id = call().headers["x-amzn-RequestId"]
    text = (deployed_sandbox.sandbox.directory / "requests.jsonl").read_text()
    entries = [json.loads(line) for line in text.splitlines()]
    entry = next(entry for entry in entries if entry.get("request_id") == request_id)
    assert [hop["hop"] for hop in entry["hops"]] == [
        "entry",
        "authorizer",
        "integration",
        "vpc-link",
        "load-balancer",
        "transit",
        "endpoint",
        "private-api",
        "backend",
    ]
    assert deployed_sandbox.credential() not in text


def test_a_foreign_private_api_is_not_reached_by_its_id(call: Any, orders: Any, foreign_api: str) -> None:
    answer = call(headers={"x-apigw-api-id": foreign_api})
    account = orders.client("sts").get_caller_identity()["Account"]
    status, error, body = error_of(answer)
    assert (status, error) == (403, "AccessDeniedException")
    assert body == {
        "Message": "User: anonymous is not authorized to perform: execute-api:Invoke on resource: "
        f"arn:aws:execute-api:eu-west-1:********{account[-4:]}:{foreign_api}/v1/GET/test"
    }


@pytest.fixture
def foreign_api(orders: Any) -> Any:
    """A private API beside the service's own, open to everybody, with the same path and stage."""
    api = orders.client("apigateway")
    policy = {
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "execute-api:Invoke",
            "Resource": "execute-api:/*",
        },
    }
    made = api.create_rest_api(
        name="foreign", endpointConfiguration={"types": ["PRIVATE"]}, policy=json.dumps(policy)
    )
    identity: str = made["id"]
    root = api.get_resources(restApiId=identity)["items"][0]["id"]
    resource = api.create_resource(restApiId=identity, parentId=root, pathPart="test")["id"]
    where = {"restApiId": identity, "resourceId": resource, "httpMethod": "GET"}
    api.put_method(**where, authorizationType="NONE")
    api.put_method_response(**where, statusCode="200")
    api.put_integration(**where, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'})
    api.put_integration_response(
        **where, statusCode="200", responseTemplates={"application/json": '{"response": "foreign"}'}
    )
    deployment = api.create_deployment(restApiId=identity)["id"]
    api.create_stage(restApiId=identity, stageName="v1", deploymentId=deployment)
    yield identity
    api.delete_stage(restApiId=identity, stageName="v1")
    api.delete_rest_api(restApiId=identity)
