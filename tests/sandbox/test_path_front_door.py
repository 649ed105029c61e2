"""Everything that can stand around a public API: deployed once with the real Terraform, then called.

The configuration is in tests/fixtures/sandbox. It has no load balancer, so that it deploys in two minutes.
"""

import base64
import contextlib
import hashlib
import hmac
import json
import os
import shutil
import subprocess
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import botocore.auth
import botocore.awsrequest
import pytest
import trustme
import urllib3

from hatchway.sandbox import Sandbox

CONFIGURATION = Path(__file__).resolve().parents[1] / "fixtures" / "sandbox"
REGION = "eu-west-1"
EDGE = "arn:aws:iam::111111111111:role/deploy"
ORDERS = "arn:aws:iam::222222222222:role/deploy"
CODE = """
import json

def handler(event, context):
    seen = {"path": event["path"], "user": event["requestContext"]["identity"]["userArn"]}
    return {"statusCode": 200, "body": json.dumps(seen)}
"""


@dataclass(frozen=True, kw_only=True)
class FrontDoor:
    """The deployed configuration, and ways to call it."""

    sandbox: Sandbox
    found: dict[str, Any]
    second_plan: int

    def session(self, role: str = EDGE) -> boto3.Session:
        return self.sandbox.session(role, REGION)

    def host(self, name: str) -> str:
        return f"{self.found[name]}.execute-api.{REGION}.amazonaws.com"

    def call(self, host: str, path: str, method: str = "GET", **more: Any) -> Any:
        """Calls through the sandbox's proxy; `certificate` is a path of a client's PEM."""
        certificate = more.pop("certificate", None)
        with urllib3.ProxyManager(
            self.sandbox.proxy_url, ca_certs=str(self.sandbox.ca_file), cert_file=certificate
        ) as client:
            return client.request(method, f"https://{host}{path}", retries=False, timeout=30, **more)


def terraform(sandbox: Sandbox, folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command, *options = arguments
    return subprocess.run(
        ["terraform", command, "-no-color", *options],
        cwd=folder / "configuration",
        env=sandbox.environment() | variables(folder),
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )


def variables(folder: Path) -> dict[str, str]:
    return {f"TF_VAR_{path.name}": path.read_text() for path in (folder / "variables").iterdir()}


def prepare(folder: Path) -> None:
    """Writes what the configuration takes as variables: code and throwaway certificates."""
    shutil.copytree(CONFIGURATION, folder / "configuration")
    (folder / "variables").mkdir()
    with zipfile.ZipFile(folder / "main.zip", "w") as archive:
        archive.writestr("main.py", CODE)
    names = ("api.example.com", "api2.example.com", "http.example.com")
    server, callers = trustme.CA().issue_cert(*names), trustme.CA()
    callers.issue_cert("caller").private_key_and_cert_chain_pem.write_to_path(str(folder / "caller.pem"))
    given = {
        "code": str(folder / "main.zip"),
        "certificate": server.cert_chain_pems[0].bytes().decode(),
        "private_key": server.private_key_pem.bytes().decode(),
        "truststore": callers.cert_pem.bytes().decode(),
    }
    for name, text in given.items():
        (folder / "variables" / name).write_text(text)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("front-door")


@pytest.fixture(scope="module")
def front(folder: Path) -> Iterator[FrontDoor]:
    prepare(folder)
    with contextlib.ExitStack() as cleanup:
        sandbox = Sandbox.start(folder / "sandbox", time_scale=0.05, follow_parent=True)
        cleanup.callback(sandbox.stop)
        for arguments in (("init", "-input=false"), ("apply", "-auto-approve", "-parallelism=20")):
            ran = terraform(sandbox, folder, *arguments)
            assert ran.returncode == 0, (ran.stdout + ran.stderr)[-6000:]
        second = terraform(sandbox, folder, "plan", "-detailed-exitcode", "-input=false")
        shown = json.loads(terraform(sandbox, folder, "output", "-json").stdout)
        yield FrontDoor(sandbox=sandbox, found=shown["found"]["value"], second_plan=second.returncode)
        ran = terraform(sandbox, folder, "destroy", "-auto-approve", "-parallelism=20")
        assert ran.returncode == 0, (ran.stdout + ran.stderr)[-6000:]
        assert json.loads((folder / "configuration" / "terraform.tfstate").read_text())["resources"] == []


def test_the_second_plan_is_empty(front: FrontDoor) -> None:
    assert front.second_plan == 0


def test_addresses_of_an_endpoint_are_found_in_both_ways(front: FrontDoor) -> None:
    assert sorted(front.found["looked_up"]) == sorted(front.found["by_id"])
    assert all(address.startswith("10.1.") for address in front.found["looked_up"])


def test_an_imported_api_answers_as_its_document_says(front: FrontDoor) -> None:
    host = front.host("imported")
    reply = front.call(host, "/v1/orders/7?expand=all")
    assert (reply.status, reply.json(), reply.headers["x-kind"]) == (200, {"id": "7"}, "mock")
    told = front.call(host, "/v1/http/a/b").json()
    assert (told["path"], told["headers"]["Host"]) == ("/v1/a/b", "orders.example.com")


def test_an_imported_validator_and_its_gateway_response_work(front: FrontDoor) -> None:
    reply = front.call(front.host("imported"), "/v1/orders/7")
    assert reply.status == 400
    assert reply.json() == {"own": "Missing required request parameters: [expand]"}
    assert reply.headers["x-own"] == "yes"


def test_an_imported_authorizer_asks_for_a_token(front: FrontDoor) -> None:
    reply = front.call(front.host("imported"), "/v1/orders/7", "POST", body=b'{"id": "7"}')
    assert reply.status == 401


@pytest.fixture(scope="module")
def id_token(front: FrontDoor) -> str:
    """Signs a user up, and in."""
    client = front.session().client("cognito-idp")
    pool, identity = front.found["pool"], front.found["client"]
    described = client.describe_user_pool_client(UserPoolId=pool, ClientId=identity)
    secret = described["UserPoolClient"]["ClientSecret"]
    client.admin_create_user(UserPoolId=pool, Username="alice", MessageAction="SUPPRESS")
    client.admin_set_user_password(
        UserPoolId=pool, Username="alice", Password="Correct-Horse-1", Permanent=True
    )
    digest = hmac.new(secret.encode(), f"alice{identity}".encode(), hashlib.sha256).digest()
    parameters = {
        "USERNAME": "alice",
        "PASSWORD": "Correct-Horse-1",
        "SECRET_HASH": base64.b64encode(digest).decode(),
    }
    answer = client.admin_initiate_auth(
        UserPoolId=pool,
        ClientId=identity,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters=parameters,
    )
    return str(answer["AuthenticationResult"]["IdToken"])


def test_a_token_of_the_user_pool_is_let_in_and_no_other(front: FrontDoor, id_token: str) -> None:
    host, path = front.host("public"), "/live/x?a=1"
    told = front.call(host, path, headers={"Authorization": id_token})
    assert (told.status, told.json()["path"]) == (200, "/x")
    refused = front.call(host, path)
    assert (refused.status, refused.json()) == (401, {"message": "Unauthorized"})
    assert refused.headers["Access-Control-Allow-Origin"] == "*"
    without_scope = front.call(host, "/live/x", "DELETE", headers={"Authorization": id_token})
    assert without_scope.status == 401


@pytest.fixture(scope="module")
def access_token(front: FrontDoor) -> str:
    """A program's token, with the scope of the resource server."""
    client = front.session().client("cognito-idp")
    described = client.describe_user_pool_client(
        UserPoolId=front.found["pool"], ClientId=front.found["client"]
    )
    secret = described["UserPoolClient"]["ClientSecret"]
    form = {
        "grant_type": "client_credentials",
        "client_id": front.found["client"],
        "client_secret": secret,
        "scope": "api/read",
    }
    told = front.call(
        f"hatchway-callers.auth.{REGION}.amazoncognito.com",
        "/oauth2/token",
        "POST",
        fields=form,
        encode_multipart=False,
    )
    return str(told.json()["access_token"])


def test_a_program_gets_a_token_with_the_scope(front: FrontDoor, access_token: str) -> None:
    reply = front.call(front.host("public"), "/live/x", "DELETE", headers={"Authorization": access_token})
    assert reply.status == 500, "the method's MOCK integration has no response: the token was taken"


@pytest.fixture(scope="module")
def api_key(front: FrontDoor) -> str:
    client = front.session().client("apigateway")
    return str(client.get_api_key(apiKey=front.found["key_id"], includeValue=True)["value"])


@pytest.fixture(scope="module")
def signed(front: FrontDoor) -> Callable[..., dict[str, str]]:
    """Headers of a request that a role has signed."""

    def sign(role: str, host: str, path: str, method: str = "POST") -> dict[str, str]:
        request = botocore.awsrequest.AWSRequest(method=method, url=f"https://{host}{path}", data=b"{}")
        credentials = front.session(role).get_credentials()
        assert credentials is not None
        botocore.auth.SigV4Auth(credentials, "execute-api", REGION).add_auth(request)
        return {name: str(value) for name, value in request.headers.items()}

    return sign


def test_a_role_that_may_call_is_let_in_with_signature_and_key(
    front: FrontDoor, signed: Callable[..., dict[str, str]], api_key: str
) -> None:
    host = front.host("public")
    headers = signed(front.found["caller"], host, "/live/x")
    with_key = front.call(host, "/live/x", "POST", body=b"{}", headers=headers | {"x-api-key": api_key})
    assert with_key.status == 200
    assert with_key.json()["user"].startswith("arn:aws:sts::111111111111:assumed-role/caller/")
    without_key = front.call(host, "/live/x", "POST", body=b"{}", headers=headers)
    assert (without_key.status, without_key.json()) == (403, {"message": "Forbidden"})


def test_another_accounts_role_and_nobody_are_refused(
    front: FrontDoor, signed: Callable[..., dict[str, str]], api_key: str
) -> None:
    host = front.host("public")
    nobody = front.call(host, "/live/x", "POST", body=b"{}", headers={"x-api-key": api_key})
    assert (nobody.status, nobody.json()) == (403, {"message": "Missing Authentication Token"})
    path = "/live/x"
    headers = signed("arn:aws:iam::111111111111:role/deploy", host, path)
    headers["Authorization"] = headers["Authorization"][:-1] + "0"
    assert front.call(host, path, "POST", body=b"{}", headers=headers).status == 403


def test_a_preflight_is_answered_without_a_proof(front: FrontDoor) -> None:
    reply = front.call(front.host("public"), "/live/x", "OPTIONS")
    assert (reply.status, reply.headers["Access-Control-Allow-Methods"]) == (204, "GET,OPTIONS")


def test_beyond_a_methods_burst_there_are_too_many_requests(front: FrontDoor, id_token: str) -> None:
    time.sleep(0.5)  # earlier calls have taken tokens, and the rate gives five a second
    host = front.host("public")
    statuses = [front.call(host, "/live/x?a=1", headers={"Authorization": id_token}).status for _ in range(8)]
    assert 429 in statuses


def test_the_custom_domain_leads_to_the_stage(front: FrontDoor) -> None:
    assert front.call("api2.example.com", "/x", "OPTIONS").status == 204
    assert front.call("api2.example.com", "/nope").status == 403


def test_mutual_tls_asks_for_a_certificate(front: FrontDoor, folder: Path) -> None:
    certificate = str(folder / "caller.pem")
    assert front.call("api.example.com", "/v1/x", "OPTIONS", certificate=certificate).status == 204
    with pytest.raises(urllib3.exceptions.HTTPError):
        front.call("api.example.com", "/v1/x", "OPTIONS")


def test_an_http_api_takes_the_pools_tokens_at_its_own_name_and_at_its_domain(
    front: FrontDoor, id_token: str
) -> None:
    for host in (front.host("http"), "http.example.com"):
        told = front.call(host, "/echo/a", headers={"Authorization": f"Bearer {id_token}"})
        assert told.status == 200, told.data
        assert (told.json()["path"], told.json()["headers"]["x-from"]) == ("/a", "$default")
        assert front.call(host, "/echo/a").status == 401
        assert front.call(host, "/nope").json() == {"message": "Not Found"}


def test_an_http_apis_link_to_a_listener_of_nobody_is_unavailable(
    front: FrontDoor, access_token: str
) -> None:
    headers = {"Authorization": f"Bearer {access_token}"}
    reply = front.call(front.host("http"), "/orders/a", headers=headers)
    assert (reply.status, reply.json()) == (503, {"message": "Service Unavailable"})


def test_a_domain_without_a_record_is_not_found(front: FrontDoor) -> None:
    with pytest.raises(urllib3.exceptions.ProxyError):
        front.call("nowhere.example.com", "/")


def test_who_is_in_the_web_acls_set_is_forbidden(front: FrontDoor) -> None:
    waf = front.session().client("wafv2")
    named: Any = {"Name": "blocked", "Scope": "REGIONAL", "Id": front.found["ip_set"]}
    before = waf.get_ip_set(**named)
    waf.update_ip_set(**named, Addresses=["203.0.113.0/24"], LockToken=before["LockToken"])
    try:
        reply = front.call(front.host("public"), "/live/x", "OPTIONS")
        assert (reply.status, reply.json()) == (403, {"message": "Forbidden"})
    finally:
        lock = waf.get_ip_set(**named)["LockToken"]
        waf.update_ip_set(**named, Addresses=before["IPSet"]["Addresses"], LockToken=lock)


def test_requests_are_in_the_access_log(front: FrontDoor) -> None:
    reply = front.call(front.host("public"), "/live/nope")
    events = front.session().client("logs").filter_log_events(logGroupName=front.found["access_logs"])
    # The HTTP API's stage writes to the same group, in a format of its own.
    messages = [event["message"] for event in events["events"]]
    lines = [json.loads(message) for message in messages if message.startswith("{")]
    line = next(line for line in lines if line["requestId"] == reply.headers["x-amzn-RequestId"])
    assert (line["status"], line["principal"]) == ("403", "-")


def test_the_callers_environment_has_no_say(front: FrontDoor) -> None:
    assert "AWS_PROFILE" not in front.sandbox.environment(os.environ | {"AWS_PROFILE": "real"})
