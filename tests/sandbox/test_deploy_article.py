"""The article's topology, deployed into the sandbox by the real Terraform."""

import re
from pathlib import Path
from typing import Any

from hatchway.topology import s3_state


def test_the_path_answers_what_the_article_promises(deployed_sandbox: Any) -> None:
    answer = deployed_sandbox.call("GET", "/test")
    assert (answer.status, answer.json) == (200, {"response": "integration-successful"})


def test_a_second_plan_is_empty_for_every_stack(deployed_sandbox: Any) -> None:
    ran = deployed_sandbox.hatchway("plan")
    assert ran.returncode == 0, ran.stderr
    found = re.findall(r"(\S+): no changes", ran.stderr)
    assert found == ["foundation", "service-orders", "gateway"], ran.stderr


def test_verify_passes(deployed_sandbox: Any) -> None:
    ran = deployed_sandbox.hatchway("verify")
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_what_is_deployed_is_what_is_synthesized_outside_the_sandbox(
    deployed_sandbox: Any, tmp_path: Path, synthesize_plainly: Any, digests_of: Any
) -> None:
    synthesize_plainly(tmp_path)
    assert digests_of(tmp_path) == deployed_sandbox.digests


def test_what_is_deployed_names_no_endpoint_and_no_credential(deployed_sandbox: Any) -> None:
    text = "".join(path.read_text("utf-8") for path in deployed_sandbox.outdir.glob("stacks/*/cdk.tf.json"))
    for foreign in (
        "127.0.0.1",
        "localhost",
        "endpoints",
        "access_key",
        "secret_key",
        "skip_",
        str(Path.home()),
    ):
        assert foreign not in text


def test_the_state_holds_no_token(deployed_sandbox: Any, edge: Any) -> None:
    s3 = edge.client("s3")
    state = s3_state(deployed_sandbox.topology)
    token = deployed_sandbox.credential()
    for key in ("foundation", "service-orders", "gateway"):
        body = s3.get_object(Bucket=state.bucket, Key=f"{state.key_prefix}/{key}.tfstate")["Body"].read()
        assert token.encode() not in body


def test_endpoint_interfaces_have_the_pinned_addresses_and_the_endpoints_group(
    deployed_sandbox: Any, orders: Any
) -> None:
    ec2 = orders.client("ec2")
    identity = deployed_sandbox.outputs["service-orders"]["vpc_endpoint_id"]
    endpoint = ec2.describe_vpc_endpoints(VpcEndpointIds=[identity])["VpcEndpoints"][0]
    interfaces = ec2.describe_network_interfaces(NetworkInterfaceIds=endpoint["NetworkInterfaceIds"])
    found = interfaces["NetworkInterfaces"]
    assert {item["PrivateIpAddress"] for item in found} == {"10.1.0.10", "10.1.1.10"}
    groups = {group["GroupId"] for item in found for group in item["Groups"]}
    assert groups == {group["GroupId"] for group in endpoint["Groups"]}


def test_the_load_balancer_is_a_network_one_with_pinned_addresses_and_the_switch_off(
    deployed_sandbox: Any, edge: Any
) -> None:
    arn = deployed_sandbox.outputs["gateway"]["load_balancer_arns"]["orders"]
    balancer = edge.client("elbv2").describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"][0]
    assert ":loadbalancer/net/" in arn
    assert balancer["EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic"] == "off"
    addresses = {
        address["PrivateIPv4Address"]
        for zone in balancer["AvailabilityZones"]
        for address in zone["LoadBalancerAddresses"]
    }
    assert addresses == {"10.0.0.10", "10.0.1.10"}
