"""Short ways to break the article's path, and the addresses they break."""

from typing import Any

from tests.unit.review.article import Article, F, G, S

INTEGRATION = "aws_api_gateway_integration.orders_proxy"
METHOD = "aws_api_gateway_method.orders_proxy"
POLICY = "aws_api_gateway_rest_api_policy.private"
ENDPOINT_POLICY = "aws_vpc_endpoint_policy.execute_api"
ENDPOINT = "aws_vpc_endpoint.execute_api"
PRIVATE = "aws_api_gateway_rest_api.private"
PUBLIC = "aws_api_gateway_rest_api.public"
GROUP = "aws_lb_target_group.orders"
TARGET = "aws_lb_target_group_attachment.orders_a"
_SERVICE = "data.terraform_remote_state.service-orders.outputs"
PRIVATE_ID = "${" + _SERVICE + ".cross-stack-output-aws_api_gateway_rest_api-private-id}"
ATTACHMENT = "aws_ec2_transit_gateway_vpc_attachment"


def uri(a: Article, old: str, new: str) -> None:
    before = a.at(G, INTEGRATION)["uri"]
    assert old in before
    a.set(G, INTEGRATION, uri=before.replace(old, new))


def deny_unless(a: Article, operator: str, key: str, value: Any) -> None:
    a.policy(S, POLICY, lambda p: p["Statement"][1].update(Condition={operator: {key: value}}))


def without_parameter(a: Article, name: str) -> None:
    del a.at(G, INTEGRATION)["request_parameters"][name]


def triggers(a: Article, stack: str, name: str, value: str, **more: object) -> None:
    a.set(stack, f"aws_api_gateway_deployment.{name}", triggers={"redeployment": value}, **more)


def network_acl(a: Article, subnet: str, *rules: dict[str, Any]) -> None:
    a.add(
        F,
        "aws_network_acl.closed",
        vpc_id="${aws_vpc.edge.id}",
        subnet_ids=["${aws_subnet." + subnet + ".id}"],
    )
    for number, rule in enumerate(rules):
        values = {
            "rule_number": 100 + number,
            "protocol": "tcp",
            "rule_action": "allow",
            "cidr_block": "0.0.0.0/0",
        }
        a.add(
            F,
            f"aws_network_acl_rule.r{number}",
            network_acl_id="${aws_network_acl.closed.id}",
            **(values | rule),
        )


def function(a: Article) -> None:
    a.add(
        S,
        "aws_lambda_function.f",
        function_name="f",
        role="arn:aws:iam::222222222222:role/f",
        package_type="Image",
        image_uri="222222222222.dkr.ecr.eu-west-1.amazonaws.com/f:1",
    )


def second_api(a: Article) -> None:
    a.add(S, "aws_api_gateway_rest_api.other", name="other", endpoint_configuration={"types": ["PRIVATE"]})
