"""One read at a time: credentials, pages, refusals. botocore is real, and nothing is sent."""

import os
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from hatchway.topology.model import Account
from hatchway.verify.aws.accounts import AwsReader
from hatchway.verify.aws.answers import Refusal
from hatchway.verify.aws.reads import Request

ROLE = "arn:aws:iam::111111111111:role/deploy"
KEYS = {"AccessKeyId": "AKIDASSUMED", "SecretAccessKey": "made-up", "SessionToken": "t", "Expiration": "x"}
SUBNETS = Request.of("edge", "DescribeSubnets", Filters=(("vpc-id", ("vpc-1",)),))
Sts = dict[str, Any]


def error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "encoded message: c2VjcmV0"}}, "Any")


class Aws:
    """Stands in for AWS below botocore: answers in order, or raises what it is given."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.calls: list[tuple[str, Any]] = []

    def prepare(self, _account: str, client: Any) -> None:
        client.meta.events.register("before-call", self.answer)

    def answer(self, model: Any, params: Any, **_: Any) -> Any:
        self.calls.append((model.name, params["body"]))
        found = self.answers.pop(0)
        if isinstance(found, Exception):
            raise found
        return SimpleNamespace(status_code=200), {**found, "ResponseMetadata": {}}


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDAMBIENT")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "made-up")
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def account(**more: Any) -> Account:
    return Account.model_validate({"id": "111111111111", "region": "eu-west-1", **more})


def read(aws: Aws, request: Request = SUBNETS, **more: Any) -> Any:
    given = {"deploy_role": ROLE, **more}
    return AwsReader({"edge": account(**given)}, prepare=aws.prepare).read(request)


def test_the_role_of_the_account_is_assumed_with_its_external_id() -> None:
    aws = Aws({"Credentials": KEYS}, {"Subnets": []})
    assert read(aws, external_id="hatchway-7f3a") == []
    assert [name for name, _ in aws.calls] == ["AssumeRole", "DescribeSubnets"]
    assert aws.calls[0][1]["RoleArn"] == ROLE
    assert aws.calls[0][1]["ExternalId"] == "hatchway-7f3a"


def test_the_role_for_verifying_goes_before_the_one_that_deploys() -> None:
    aws = Aws({"Credentials": KEYS}, {"Subnets": []})
    read(aws, verify_role="arn:aws:iam::111111111111:role/verify")
    assert aws.calls[0][1]["RoleArn"].endswith(":role/verify")


def test_a_session_is_opened_once() -> None:
    aws = Aws({"Credentials": KEYS}, {"Subnets": []}, {"Vpcs": []})
    reader = AwsReader({"edge": account(deploy_role=ROLE)}, prepare=aws.prepare)
    reader.read(SUBNETS)
    reader.read(Request.of("edge", "DescribeVpcs", VpcIds=["vpc-1"]))
    assert [name for name, _ in aws.calls] == ["AssumeRole", "DescribeSubnets", "DescribeVpcs"]


def test_every_page_is_read() -> None:
    first, second = {"SubnetId": "subnet-1"}, {"SubnetId": "subnet-2"}
    aws = Aws({"Credentials": KEYS}, {"Subnets": [first], "NextToken": "more"}, {"Subnets": [second]})
    assert read(aws) == [first, second]


def test_ambient_credentials_of_another_account_read_nothing() -> None:
    aws = Aws({"Account": "999999999999"})
    found = read(aws, deploy_role=None)
    assert isinstance(found, Refusal)
    assert found.reason == "the credentials are for account 999999999999, and edge is 111111111111"
    assert "accounts.edge.verify_role" in found.fix


def test_ambient_credentials_of_the_account_are_enough() -> None:
    aws = Aws({"Account": "111111111111"}, {"Subnets": []})
    assert read(aws, deploy_role=None) == []


def test_without_credentials_that_is_what_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    found = AwsReader({"edge": account(deploy_role=ROLE)}).read(SUBNETS)
    assert isinstance(found, Refusal)
    assert found.lacks_credentials
    assert found.reason == "there are no AWS credentials"


@pytest.mark.parametrize("code", ["AccessDenied", "UnauthorizedOperation", "AccessDeniedException"])
def test_a_permission_that_is_missing_is_named_with_its_account(code: str) -> None:
    found = read(Aws({"Credentials": KEYS}, error(code)))
    assert isinstance(found, Refusal)
    assert found.reason == "ec2:DescribeSubnets is not allowed in account edge"
    assert "Grant ec2:DescribeSubnets in account edge (111111111111)" in found.fix
    assert "encoded message" not in repr(found)


def test_a_permission_on_a_resource_is_named_with_it() -> None:
    found = read(Aws({"Credentials": KEYS}, error("AccessDenied")), Request.of("edge", "GetVpcLinks"))
    assert "apigateway:GET on arn:aws:apigateway:eu-west-1::/vpclinks is not allowed" in found.reason


def test_a_role_that_may_not_be_assumed_is_named() -> None:
    found = read(Aws(error("AccessDenied")))
    assert found.reason == f"sts:AssumeRole on {ROLE} is not allowed"


@pytest.mark.parametrize("code", ["ExpiredToken", "InvalidClientTokenId", "AuthFailure"])
@pytest.mark.parametrize("answers", [(), ({"Credentials": KEYS},)])
def test_credentials_that_are_not_valid_are_said_to_be_so(code: str, answers: tuple[Sts, ...]) -> None:
    found = read(Aws(*answers, error(code)))
    assert found.reason == f"there are no valid credentials for account edge through {ROLE}: {code}"


def test_what_does_not_exist_is_an_answer() -> None:
    request = Request.of("edge", "GetRestApi", restApiId="gone")
    assert read(Aws({"Credentials": KEYS}, error("NotFoundException")), request) is None


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (error("InternalError"), "was refused: InternalError"),
        (error(""), "was refused: no reason given"),
        (EndpointConnectionError(endpoint_url="https://x"), "gave no answer: EndpointConnection"),
    ],
)
def test_trouble_is_no_answer_and_no_traceback(trouble: Exception, told: str) -> None:
    found = read(Aws({"Credentials": KEYS}, trouble))
    assert isinstance(found, Refusal)
    assert told in found.reason


def test_routes_that_are_left_out_are_no_answer() -> None:
    request = Request.of("edge", "SearchTransitGatewayRoutes", TransitGatewayRouteTableId="t", Filters=())
    found = read(Aws({"Credentials": KEYS}, {"Routes": [], "AdditionalRoutesAvailable": True}), request)
    assert "more routes than one answer holds" in found.reason


def test_what_is_not_read_in_time_is_not_asked_for() -> None:
    aws, times = Aws(), iter([0.0, 61.0])
    reader = AwsReader({"edge": account()}, deadline=60, clock=lambda: next(times), prepare=aws.prepare)
    found = reader.read(SUBNETS)
    assert isinstance(found, Refusal)
    assert found.reason == "there was no time left to read it"
    assert aws.calls == []
