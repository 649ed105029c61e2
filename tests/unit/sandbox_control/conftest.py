"""moto in this process, with the sandbox's corrections; no socket is opened."""

import functools
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from hatchway.sandbox import control

REGION = "eu-west-1"


@pytest.fixture(scope="session")
def clients() -> Callable[[str, str], Any]:
    """Clients by service and account; made once, since making one is what takes time."""
    session = boto3.Session(aws_access_key_id="x", aws_secret_access_key="x", region_name=REGION)
    accounts = {"A": "111111111111", "B": "222222222222"}

    @functools.cache
    def client(service: str, account: str) -> Any:
        made = session.client(service)

        def name_the_account(request: Any, **_: Any) -> None:
            request.headers["x-moto-account-id"] = accounts[account]

        made.meta.events.register("before-sign", name_the_account)
        return made

    return client


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch, clients: Callable[[str, str], Any]) -> Iterator[Callable[..., Any]]:
    """`aws(service, account)`: a client in an account, "A" or "B"."""
    control.install()
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "HTTPS_PROXY", "https_proxy", "AWS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    with mock_aws():
        yield lambda service, account="A": clients(service, account)


@pytest.fixture
def network(aws: Callable[..., Any]) -> Callable[..., dict[str, str]]:
    """`network(account, second_octet)`: a VPC 10.X.0.0/16 with subnets a and b; returns their ids."""

    def make(account: str = "A", octet: int = 0) -> dict[str, str]:
        ec2 = aws("ec2", account)
        vpc = ec2.create_vpc(CidrBlock=f"10.{octet}.0.0/16")["Vpc"]["VpcId"]
        made = {"vpc": vpc}
        for index, name in enumerate("ab"):
            subnet = ec2.create_subnet(
                VpcId=vpc, CidrBlock=f"10.{octet}.{index}.0/24", AvailabilityZone=f"{REGION}{name}"
            )
            made[name] = subnet["Subnet"]["SubnetId"]
        made["group"] = ec2.create_security_group(GroupName="g", Description="g", VpcId=vpc)["GroupId"]
        return made

    return make
