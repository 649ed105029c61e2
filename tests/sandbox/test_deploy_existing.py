"""A path through what others made: networks, Transit Gateway, endpoint, API, functions, user pool, web ACL.

`tests/fixtures/existing` makes these with Terraform. Hatchway deploys between them, and changes none of them.
"""

import contextlib
import json
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from hatchway.sandbox import Sandbox
from hatchway.terraform.binary import find_terraform
from hatchway.topology import load
from tests.sandbox.own_sandbox import PROJECT, OwnSandbox

OTHERS = PROJECT / "tests" / "fixtures" / "existing"
ROLE = "arn:aws:iam::{}:role/hatchway-deploy"
PASSWORD = "Correct-Horse-1"
CODE = """
import json

def answer(event, context):
    return {"statusCode": 200, "body": json.dumps({"order": event["pathParameters"]["id"]})}

def admit(event, context):
    effect = "Allow" if event["headers"].get("X-Partner-Token", "").startswith("partner-") else "Deny"
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": event["methodArn"]}
    return {"principalId": "p", "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
"""


def document(found: Mapping[str, Any]) -> dict[str, Any]:
    """The topology, with the ids of what is there."""

    def network(name: str, second: int) -> dict[str, Any]:
        subnets = {
            zone: {
                "subnet_id": found[f"{name}_subnets"][zone],
                "cidr": f"10.{second}.{third}.0/24",
                "route_table_id": found[f"{name}_table"],
            }
            for third, zone in enumerate("ab")
        }
        existing = {"vpc_id": found[f"{name}_vpc"], "cidr": f"10.{second}.0.0/16", "subnets": subnets}
        return {"account": name, "existing": existing}

    accounts = {"edge": "111111111111", "orders": "222222222222"}
    return {
        "version": 1,
        "name": "guest",
        "accounts": {
            name: {"id": account, "region": "eu-west-1", "deploy_role": ROLE.format(account)}
            for name, account in accounts.items()
        },
        "state": {"s3": {"bucket": "guest-state", "region": "eu-west-1"}},
        "networks": {"edge": network("edge", 0), "orders": network("orders", 1)},
        "transit": {"existing": {"transit_gateway_id": found["hub"]}},
        "gateway": {
            "account": "edge",
            "network": "edge",
            "authorizer": "none",
            "authorizers": {
                "pool": {"cognito": {"user_pool_arns": [found["pool_arn"]]}},
                "partners": {
                    "lambda": {
                        "function": {"existing": found["partners"]},
                        "identity_header": "X-Partner-Token",
                        "result_ttl_seconds": 0,
                    }
                },
            },
            "web_acl": {"existing": found["web_acl"]},
        },
        "services": {
            "orders": {
                "account": "orders",
                "path": "/orders",
                "authorizer": "pool",
                "endpoint": {"network": "orders"},
                "api": {
                    "access": {"vpc_ids": [found["orders_vpc"]], "endpoint_ids": [found["endpoint"]]},
                    "routes": [{"method": "GET", "path": "/{id}", "lambda": {"existing": found["orders"]}}],
                },
                "checks": [{"request": "GET /orders/7", "expect": {"json": {"order": "7"}}}],
            },
            "stock": {
                "account": "orders",
                "path": "/stock",
                "authorizer": "partners",
                "endpoint": {"network": "orders", "existing": found["endpoint"]},
                "load_balancer": {"addresses": {"a": "10.0.0.20", "b": "10.0.1.20"}},
                "api": {"existing": {"rest_api_id": found["stock"]}, "stage": "prod"},
                "checks": [{"request": "GET /stock/items", "expect": {"json": {"items": [1]}}}],
            },
        },
    }


@dataclass(frozen=True, kw_only=True)
class Guest(OwnSandbox):
    """The deployed path, and what it is deployed between."""

    found: Mapping[str, Any]
    given: dict[str, str] = field(default_factory=dict)

    def sign_in(self) -> None:
        """Makes a user of the pool that was there, and lets it in."""
        client = self.sandbox.session(ROLE.format("111111111111"), "eu-west-1").client("cognito-idp")
        user: Any = {"UserPoolId": self.found["pool"], "Username": "alice"}
        client.admin_create_user(**user, MessageAction="SUPPRESS")
        client.admin_set_user_password(**user, Password=PASSWORD, Permanent=True)
        answer = client.admin_initiate_auth(
            UserPoolId=self.found["pool"],
            ClientId=self.found["client"],
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": "alice", "PASSWORD": PASSWORD},
        )
        self.given["HATCHWAY_TOKEN_POOL"] = str(answer["AuthenticationResult"]["IdToken"])
        self.given["HATCHWAY_TOKEN_PARTNERS"] = "partner-1"


def terraform(sandbox: Sandbox, folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Runs Terraform on what others made."""
    return subprocess.run(
        [str(find_terraform()), f"-chdir={folder / 'others'}", *arguments],
        env=sandbox.environment() | {"TF_VAR_code": str(folder / "main.zip")},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.fixture(scope="module")
def guest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guest]:
    folder = tmp_path_factory.mktemp("guest")
    (folder / "others").mkdir()
    (folder / "others" / "main.tf").write_text((OTHERS / "main.tf").read_text())
    with zipfile.ZipFile(folder / "main.zip", "w") as archive:
        archive.writestr("main.py", CODE)
    with contextlib.ExitStack() as cleanup:
        sandbox = Sandbox.start(folder / "sandbox", time_scale=0.05, follow_parent=True)
        cleanup.callback(sandbox.stop)
        for arguments in (("init", "-input=false"), ("apply", "-auto-approve", "-parallelism=20")):
            ran = terraform(sandbox, folder, *arguments)
            assert ran.returncode == 0, (ran.stdout + ran.stderr)[-6000:]
        shown = json.loads(terraform(sandbox, folder, "output", "-json").stdout)
        made = Guest(
            path=folder / "hatchway.yaml", sandbox=sandbox, folder=folder, found=shown["found"]["value"]
        )
        made.path.write_text(json.dumps(document(made.found)))
        sandbox.prepare(load(made.path))
        deployed = made.hatchway("deploy", "--yes")
        assert deployed.returncode == 0, deployed.stderr[-6000:]
        made.sign_in()
        yield made


@pytest.mark.timeout(1200)
def test_every_service_answers_through_what_was_there(guest: Guest) -> None:
    ran = guest.hatchway("verify", "--output", "json")
    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr
    report: dict[str, Any] = json.loads(ran.stdout)
    assert {(one["service"], one["verdict"]) for one in report["routes"]} == {
        ("orders", "pass"),
        ("stock", "pass"),
    }
    assert report["findings"] == []


def test_a_second_plan_is_empty_for_every_stack(guest: Guest) -> None:
    assert guest.planned_changes() == []


def test_all_of_it_can_be_destroyed_and_nothing_of_others_is_changed(guest: Guest) -> None:
    ran = guest.hatchway("destroy", "--yes")
    assert ran.returncode == 0, ran.stderr[-6000:]
    planned = terraform(guest.sandbox, guest.folder, "plan", "-detailed-exitcode", "-input=false")
    assert planned.returncode == 0, planned.stdout[-6000:]
