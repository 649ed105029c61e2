"""The constructs serve someone else's CDKTF app, with values that are known only at apply."""

import importlib.util
import json
from pathlib import Path

import pytest

from tests.synth.synthesized import Document, Stack, Validate

EXAMPLE = Path(__file__).parents[2] / "examples" / "own_cdktf_app" / "orders_path.py"


@pytest.fixture(scope="module")
def outdir(tmp_path_factory: pytest.TempPathFactory):
    """The example's app, synthesized."""
    folder = tmp_path_factory.mktemp("own")
    spec = importlib.util.spec_from_file_location("own_cdktf_app", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.main(str(folder))
    return folder


@pytest.fixture(scope="module")
def stack(outdir: Path):
    return Stack((outdir / "stacks" / "orders-path" / "cdk.tf.json").read_text())


def only(stack: Stack, kind: str) -> Document:
    (body,) = stack.of_kind(kind).values()
    return body


def test_example_is_valid(outdir: Path, validate: Validate) -> None:
    verdict = validate(outdir / "stacks" / "orders-path")

    assert (verdict["valid"], verdict["diagnostics"]) == (True, [])


def test_addresses_may_be_variables(stack: Stack) -> None:
    endpoint, balancer = only(stack, "aws_vpc_endpoint"), only(stack, "aws_lb")

    assert [entry["ipv4"] for entry in endpoint["subnet_configuration"]] == [
        "${var.endpoint_a}",
        "${var.endpoint_b}",
    ]
    assert balancer["subnet_mapping"][0]["private_ipv4_address"] == "${var.balancer_a}"
    cidrs = {rule["cidr_ipv4"] for rule in stack.of_kind("aws_vpc_security_group_ingress_rule").values()}
    assert cidrs == {"${var.balancer_a}/32", "${var.balancer_b}/32"}
    targets = {one["target_id"] for one in stack.of_kind("aws_lb_target_group_attachment").values()}
    assert targets == {"${var.endpoint_a}", "${var.endpoint_b}"}


def test_backends_may_be_variables(stack: Stack) -> None:
    uris = {body.get("uri") for body in stack.of_kind("aws_api_gateway_integration").values()}

    assert "${var.prices_url}" in uris
    assert any(uri is not None and uri.endswith("/functions/${var.function_arn}/invocations") for uri in uris)
    assert only(stack, "aws_lambda_permission")["function_name"] == "${var.function_arn}"


def test_who_may_call_may_be_a_variable(stack: Stack) -> None:
    policy = json.loads(only(stack, "aws_api_gateway_rest_api_policy")["policy"])

    assert policy["Statement"][2]["Condition"] == {
        "StringNotEquals": {"aws:SourceVpc": ["${var.orders_vpc_id}"]}
    }
