"""The article's topology, deployed into the sandbox by the real Terraform."""

import contextlib
import json
import re
from collections.abc import Iterator
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


def under_load(deployed: Any, seconds: int) -> tuple[int, Any]:
    ran = deployed.hatchway(
        "verify", "--calls-only", "--load", "10", "--for", f"{seconds}s", "--output", "json"
    )
    assert ran.stdout, ran.stderr
    return ran.returncode, json.loads(ran.stdout)


def test_a_load_is_made_and_measured(deployed_sandbox: Any) -> None:
    code, report = under_load(deployed_sandbox, 2)
    load = report["load"]
    assert (load["due"], load["unanswered"], load["requests"][0]["wrong"]) == (20, 0, 0)
    assert load["requests"][0]["latency"]["p99"] >= load["requests"][0]["latency"]["p50"] > 0
    # A machine that is busy with other tests may not send in time, and then nothing is said to be proved.
    assert code == (0 if load["kept_up"] else 3)


@contextlib.contextmanager
def limited(edge: Any, outputs: Any, burst: int) -> Iterator[None]:
    """Lets the stage take so many requests at once and one more per second; then what an account may."""

    def limit(rate: int, burst: int) -> None:
        values = {"rateLimit": rate, "burstLimit": burst}
        edge.client("apigateway").update_stage(
            restApiId=outputs["rest_api_id"],
            stageName=outputs["stage_name"],
            patchOperations=[
                {"op": "replace", "path": f"/*/*/throttling/{name}", "value": str(value)}
                for name, value in values.items()
            ],
        )

    limit(1, burst)
    try:
        yield
    finally:
        limit(10_000, 5_000)


def test_a_limit_that_the_load_exceeds_is_named(deployed_sandbox: Any, edge: Any) -> None:
    # What verifying itself calls has to fit.
    with limited(edge, deployed_sandbox.outputs["gateway"], burst=30):
        code, report = under_load(deployed_sandbox, 6)
    (request,) = report["load"]["requests"]
    assert request["throttled"] > 10
    assert request["wrong"] == request["throttled"]
    assert "HW041" in {one["id"] for one in report["findings"]}
    assert code == 1


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
