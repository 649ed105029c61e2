"""What is deployed is changed in place, destroyed and deployed again, by the real Terraform and provider.

A few resources of the path that take no time, in a sandbox of their own: the load balancer alone would take
a minute each time, and its changes are tested on the control plane.
"""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hatchway.sandbox import Sandbox
from hatchway.terraform.binary import find_terraform

HEADER = "integration.request.header.x-apigw-api-id"
SENT = "method.request.header.x-apigw-api-id"
SECRETS = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:"
FUNCTION = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/x/invocations"
BEFORE: dict[str, Any] = {
    "mapping": {HEADER: SENT},
    "declared": {SENT: True},
    "authorization": "NONE",
    "timeout": 29000,
    "uri": "https://abc.execute-api.eu-west-1.amazonaws.com/v1/",
    "link": "one",
    "body": "before",
    "models": {"application/json": "Empty"},
    "principal": "*",
    "subnets": ["a", "b"],
    "port": 443,
    "dns": True,
    "tags": {"Name": "before"},
    "ttl": 300,
}
AFTER: dict[str, Any] = {
    "mapping": {HEADER: "'abc'"},
    "declared": {},
    "authorization": "CUSTOM",
    "timeout": 10000,
    "uri": "https://abc.execute-api.eu-west-1.amazonaws.com/v2/",
    "link": "two",
    "body": "after",
    "models": {"application/json": "Empty", "text/plain": "Empty"},
    "principal": "arn:aws:iam::111111111111:root",
    "subnets": ["a"],
    "port": 8443,
    "dns": False,
    "tags": {"Name": "after", "team": "platform"},
    "ttl": 60,
}


def networks(values: dict[str, Any]) -> dict[str, Any]:
    """A network with what hangs off it."""
    subnets = {
        name: {
            "vpc_id": "${aws_vpc.v.id}",
            "cidr_block": f"10.0.{index}.0/24",
            "availability_zone": f"eu-west-1{name}",
            "tags": values["tags"],
        }
        for index, name in enumerate("ab")
    }
    chosen = [f"${{aws_subnet.{name}.id}}" for name in values["subnets"]]
    rule = {
        "security_group_id": "${aws_security_group.g.id}",
        "ip_protocol": "tcp",
        "cidr_ipv4": "10.0.0.0/8",
    }
    return {
        "aws_vpc": {"v": {"cidr_block": "10.0.0.0/16", "tags": values["tags"]}},
        "aws_subnet": subnets,
        "aws_security_group": {"g": {"name": "g", "vpc_id": "${aws_vpc.v.id}", "tags": values["tags"]}},
        "aws_vpc_security_group_ingress_rule": {
            "r": rule
            | {"from_port": values["port"], "to_port": values["port"], "description": values["body"]}
        },
        "aws_ec2_transit_gateway": {"t": {"description": values["body"], "tags": values["tags"]}},
        "aws_ec2_transit_gateway_vpc_attachment": {
            "t": {
                "transit_gateway_id": "${aws_ec2_transit_gateway.t.id}",
                "vpc_id": "${aws_vpc.v.id}",
                "subnet_ids": chosen,
                "dns_support": "enable" if values["dns"] else "disable",
                "tags": values["tags"],
            }
        },
        "aws_ram_resource_share": {
            "s": {"name": values["body"], "allow_external_principals": values["dns"], "tags": values["tags"]}
        },
        "aws_lb_target_group": {
            "g": {
                "name": "g",
                "port": 443,
                "protocol": "TCP",
                "target_type": "ip",
                "vpc_id": "${aws_vpc.v.id}",
                "deregistration_delay": values["ttl"],
                "health_check": {
                    "protocol": "HTTPS",
                    "path": f"/{values['body']}",
                    "matcher": "200" if values["dns"] else "200-299",
                },
                "tags": values["tags"],
            }
        },
    }


def apis(values: dict[str, Any]) -> dict[str, Any]:
    """A public API whose method goes over a VPC link, and answers with a template."""
    place = {
        "rest_api_id": "${aws_api_gateway_rest_api.a.id}",
        "resource_id": "${aws_api_gateway_resource.r.id}",
    }
    place["http_method"] = "${aws_api_gateway_method.m.http_method}"
    response = place | {"status_code": "${aws_api_gateway_method_response.m.status_code}"}
    statement = {"Effect": "Allow", "Principal": {"AWS": values["principal"]}, "Action": "execute-api:Invoke"}
    custom = values["authorization"] == "CUSTOM"
    return {
        "aws_api_gateway_rest_api": {
            "a": {
                "name": values["body"],
                "endpoint_configuration": {"types": ["REGIONAL"]},
                "tags": values["tags"],
            }
        },
        "aws_api_gateway_rest_api_policy": {
            "p": {
                "rest_api_id": place["rest_api_id"],
                "policy": json.dumps({"Version": "2012-10-17", "Statement": [statement | {"Resource": "*"}]}),
            }
        },
        "aws_api_gateway_authorizer": {
            "z": {
                "rest_api_id": place["rest_api_id"],
                "name": values["body"],
                "type": "REQUEST",
                "identity_source": "method.request.header.Authorization",
                "authorizer_result_ttl_in_seconds": values["ttl"],
                "authorizer_uri": FUNCTION,
            }
        },
        "aws_api_gateway_request_validator": {
            "v": {
                "rest_api_id": place["rest_api_id"],
                "name": "v",
                "validate_request_parameters": values["dns"],
            }
        },
        "aws_api_gateway_resource": {
            "r": {
                "rest_api_id": place["rest_api_id"],
                "parent_id": "${aws_api_gateway_rest_api.a.root_resource_id}",
                "path_part": values["body"],
            }
        },
        "aws_api_gateway_method": {
            "m": place
            | {
                "http_method": "ANY",
                "authorization": values["authorization"],
                "authorizer_id": "${aws_api_gateway_authorizer.z.id}" if custom else None,
                "request_parameters": values["declared"],
                "request_validator_id": None if custom else "${aws_api_gateway_request_validator.v.id}",
            }
        },
        "aws_api_gateway_vpc_link": {
            name: {"name": name, "target_arns": [values["balancers"][name]]}
            | {"description": values["body"], "tags": values["tags"]}
            for name in ("one", "two")
        },
        "aws_api_gateway_integration": {
            "m": place
            | {
                "type": "HTTP",
                "integration_http_method": "ANY",
                "uri": values["uri"],
                "connection_type": "VPC_LINK",
                "connection_id": f"${{aws_api_gateway_vpc_link.{values['link']}.id}}",
                "request_parameters": values["mapping"],
                "request_templates": {"application/json": values["body"]},
                "timeout_milliseconds": values["timeout"],
            }
        },
        "aws_api_gateway_method_response": {
            "m": place | {"status_code": "200", "response_models": values["models"]}
        },
        "aws_api_gateway_integration_response": {
            "m": response
            | {
                "response_templates": {"application/json": values["body"]},
                "depends_on": ["aws_api_gateway_integration.m"],
            }
        },
        "aws_api_gateway_deployment": {
            "d": {
                "rest_api_id": place["rest_api_id"],
                "description": values["body"],
                "depends_on": ["aws_api_gateway_integration_response.m"],
            }
        },
        "aws_api_gateway_stage": {
            "s": {
                "rest_api_id": place["rest_api_id"],
                "stage_name": "live",
                # API Gateway keeps a link for as long as a stage has an integration over it.
                "depends_on": ["aws_api_gateway_vpc_link.one", "aws_api_gateway_vpc_link.two"],
                "deployment_id": "${aws_api_gateway_deployment.d.id}",
                "description": values["body"],
                "variables": {"a": values["body"]},
                "tags": values["tags"],
            }
        },
    }


def functions(values: dict[str, Any]) -> dict[str, Any]:
    """What belongs to the authorizer's function, without the function."""
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    reads = {
        "Effect": "Allow",
        "Action": "secretsmanager:GetSecretValue",
        "Resource": f"{SECRETS}{values['body']}",
    }
    return {
        "aws_iam_role": {
            "f": {
                "name": "f",
                "assume_role_policy": json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
                "tags": values["tags"],
            }
        },
        "aws_iam_role_policy": {
            "f": {
                "name": "f",
                "role": "${aws_iam_role.f.id}",
                "policy": json.dumps({"Version": "2012-10-17", "Statement": [reads]}),
            }
        },
        "aws_cloudwatch_log_group": {
            "f": {"name": "f", "retention_in_days": 30 if values["dns"] else 7, "tags": values["tags"]}
        },
        "aws_secretsmanager_secret": {
            "f": {
                "name": "f",
                "recovery_window_in_days": 0,
                "description": values["body"],
                "tags": values["tags"],
            }
        },
    }


def made_balancers(sandbox: Sandbox) -> dict[str, str]:
    """Network load balancers for VPC links, by boto3: Terraform takes a minute for them."""
    session = sandbox.session(region="eu-west-1")
    ec2, elbv2 = session.client("ec2"), session.client("elbv2")
    vpc_id = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc_id, CidrBlock="10.9.0.0/24")["Subnet"]["SubnetId"]
    made = (
        elbv2.create_load_balancer(Name=name, Type="network", Scheme="internal", Subnets=[subnet])
        for name in ("one", "two")
    )
    return {
        one["LoadBalancers"][0]["LoadBalancerName"]: one["LoadBalancers"][0]["LoadBalancerArn"]
        for one in made
    }


@pytest.fixture
def terraform(tmp_path: Path) -> Iterator[Callable[..., dict[str, Any]]]:
    """`terraform(values, words…)` runs the words on the configuration; returns the actions of a plan."""
    folder, sandbox = tmp_path / "project", Sandbox.start(tmp_path / "sandbox", follow_parent=True)
    folder.mkdir()
    binary = find_terraform()
    balancers = made_balancers(sandbox)

    def run(*words: str) -> str:
        ran = subprocess.run(
            [binary, f"-chdir={folder}", *words],
            env=sandbox.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr[-6000:]
        return ran.stdout

    def terraform(values: dict[str, Any], *words: str) -> dict[str, Any]:
        document = {
            "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws"}}},
            "provider": {"aws": {"region": "eu-west-1"}},
            "resource": networks(values) | apis(values | {"balancers": balancers}) | functions(values),
        }
        (folder / "main.tf.json").write_text(json.dumps(document, indent=1), "utf-8")
        if not (folder / ".terraform").exists():
            run("init", "-no-color")
        run(*words, "-no-color", "-input=false")
        if words[0] != "plan":
            return {}
        changes = json.loads(run("show", "-json", "plan"))["resource_changes"]
        return {change["address"]: change["change"]["actions"] for change in changes}

    try:
        yield terraform
    finally:
        sandbox.stop()
        shutil.rmtree(folder, ignore_errors=True)


def test_what_is_deployed_is_changed_in_place_and_destroyed_and_deployed_again(
    terraform: Callable[..., dict[str, Any]],
) -> None:
    terraform(BEFORE, "apply", "-auto-approve")
    changes = terraform(AFTER, "plan", "-out=plan")
    others = {address for address, actions in changes.items() if actions != ["update"]}
    assert others == set(), others
    terraform(AFTER, "apply", "-auto-approve")
    after = terraform(AFTER, "plan", "-out=plan")
    assert {address for address, actions in after.items() if actions != ["no-op"]} == set()
    terraform(AFTER, "destroy", "-auto-approve")
    terraform(BEFORE, "apply", "-auto-approve")
    again = terraform(BEFORE, "plan", "-out=plan")
    assert {address for address, actions in again.items() if actions != ["no-op"]} == set()
