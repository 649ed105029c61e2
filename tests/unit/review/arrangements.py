"""The article's path as others would write it."""

from collections.abc import Callable

from tests.unit.review.article import Article, F, G, S

HEADER = "integration.request.header.x-apigw-api-id"
INTEGRATION = "aws_api_gateway_integration.orders_proxy"
PRIVATE_ID = (
    "${data.terraform_remote_state.service-orders.outputs"
    ".cross-stack-output-aws_api_gateway_rest_api-private-id}"
)
POLICY = "aws_api_gateway_rest_api_policy.private"
VPC = "${data.terraform_remote_state.foundation.outputs.cross-stack-output-aws_vpc-edge-id}"
SUBNETS = [
    "${data.terraform_remote_state.foundation.outputs.cross-stack-output-aws_subnet-edge_a-id}",
    "${data.terraform_remote_state.foundation.outputs.cross-stack-output-aws_subnet-edge_b-id}",
]


def pinned(a: Article) -> None:
    for name in ("orders", "orders_proxy"):
        a.at(G, f"aws_api_gateway_integration.{name}")["request_parameters"][HEADER] = f"'{PRIVATE_ID}'"


def full_access_behind_a_pinned_header(a: Article) -> None:
    pinned(a)
    a.drop(S, "aws_vpc_endpoint_policy.execute_api")


def alias_host(a: Article) -> None:
    a.stacks[S]["output"].update(ep={"value": "${aws_vpc_endpoint.execute_api.id}"})
    alias = "-${data.terraform_remote_state.service-orders.outputs.ep}.execute-api."
    a.set(G, INTEGRATION, uri=a.at(G, INTEGRATION)["uri"].replace(".execute-api.", alias))


def inline_rules(a: Article) -> None:
    a.drop(S, "aws_vpc_security_group_ingress_rule.execute_api_from_a")
    a.drop(S, "aws_vpc_security_group_ingress_rule.execute_api_from_b")
    rule = {"from_port": 443, "to_port": 443, "protocol": "tcp", "cidr_blocks": ["10.0.0.0/16"]}
    # In the JSON syntax an attribute that is a block's other form has all of its arguments.
    rule |= dict.fromkeys(("description", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups", "self"))
    a.set(S, "aws_security_group.execute_api", ingress=[rule])


def old_style_rules(a: Article) -> None:
    a.drop(
        G, "aws_vpc_security_group_egress_rule.orders_to_a", "aws_vpc_security_group_egress_rule.orders_to_b"
    )
    a.add(
        G,
        "aws_security_group_rule.out",
        type="egress",
        security_group_id="${aws_security_group.orders.id}",
        from_port=0,
        to_port=0,
        protocol="-1",
        cidr_blocks=["0.0.0.0/0"],
    )


def prefix_list(a: Article) -> None:
    a.drop(S, "aws_vpc_security_group_ingress_rule.execute_api_from_b")
    a.add(S, "aws_ec2_managed_prefix_list.nodes", name="n", max_entries=2, entry=[{"cidr": "10.0.1.10/32"}])
    a.set(S, "aws_ec2_managed_prefix_list.nodes", address_family="IPv4")
    a.set(
        S,
        "aws_vpc_security_group_ingress_rule.execute_api_from_a",
        cidr_ipv4="${aws_subnet.nowhere.cidr}",
    )
    a.set(S, "aws_vpc_security_group_ingress_rule.execute_api_from_a", cidr_ipv4="10.0.0.10/32")
    a.add(
        S,
        "aws_vpc_security_group_ingress_rule.list",
        security_group_id="${aws_security_group.execute_api.id}",
        ip_protocol="tcp",
        from_port=443,
        to_port=443,
        prefix_list_id="${aws_ec2_managed_prefix_list.nodes.id}",
    )


def policy_as_an_expression(a: Article) -> None:
    a.set(
        S,
        POLICY,
        policy=(
            '${jsonencode({Version = "2012-10-17", Statement = [{Effect = "Allow", Principal = "*", '
            'Action = "execute-api:Invoke", Resource = "execute-api:/*", Condition = {StringEquals = '
            '{"aws:SourceVpce" = aws_vpc_endpoint.execute_api.id}}}]})}'
        ),
    )


def policy_as_a_document(a: Article) -> None:
    document = {
        "provider": "aws.orders",
        "statement": [
            {
                "actions": ["execute-api:Invoke"],
                "resources": ["${aws_api_gateway_rest_api.private.execution_arn}/*"],
                "principals": [{"type": "*", "identifiers": ["*"]}],
                "condition": [
                    {
                        "test": "StringEquals",
                        "variable": "aws:SourceVpce",
                        "values": ["${aws_vpc_endpoint.execute_api.id}"],
                    }
                ],
            }
        ],
    }
    a.stacks[S]["data"]["aws_iam_policy_document"] = {"private": document}
    a.set(S, POLICY, policy="${data.aws_iam_policy_document.private.json}")


def policy_inside_the_api(a: Article) -> None:
    policy = a.at(S, POLICY)["policy"].replace(
        "${aws_api_gateway_rest_api.private.execution_arn}/", "execute-api:/"
    )
    a.set(S, "aws_api_gateway_rest_api.private", policy=policy)
    a.put("aws_api_gateway_rest_api_policy.private.policy", "aws_api_gateway_rest_api.private.policy", S)
    a.drop(S, POLICY)


def policy_by_vpc_and_address(a: Article) -> None:
    a.policy(
        S,
        POLICY,
        lambda p: p["Statement"][1].update(Condition={"NotIpAddress": {"aws:VpcSourceIp": ["10.0.0.0/16"]}}),
    )


def literals_through_locals(a: Article) -> None:
    a.stacks[G]["locals"] = {"stage": "v1", "host": PRIVATE_ID + ".execute-api.${var.region}.amazonaws.com"}
    a.stacks[G]["variable"] = {"region": {"default": "eu-west-1"}}
    a.set(G, INTEGRATION, uri="https://${local.host}/${local.stage}/{proxy}")


def stage_variables(a: Article) -> None:
    a.set(G, "aws_api_gateway_stage.public", variables={"target": "v1"})
    a.set(G, INTEGRATION, uri=a.at(G, INTEGRATION)["uri"].replace("/v1/", "/$${stageVariables.target}/"))


def targets_by_for_each(a: Article) -> None:
    a.drop(G, "aws_lb_target_group_attachment.orders_a", "aws_lb_target_group_attachment.orders_b")
    a.add(
        G,
        "aws_lb_target_group_attachment.each",
        for_each='${toset(["10.1.0.10", "10.1.1.10"])}',
        target_group_arn="${aws_lb_target_group.orders.arn}",
        target_id="${each.value}",
        port=443,
        availability_zone="all",
    )


def subnets_by_count(a: Article) -> None:
    a.stacks[F]["locals"] = {"zones": ["euw1-az1", "euw1-az2"], "ranges": ["10.0.0.0/24", "10.0.1.0/24"]}
    a.drop(F, "aws_subnet.edge_a", "aws_subnet.edge_b")
    a.add(
        F,
        "aws_subnet.edge",
        count=2,
        vpc_id="${aws_vpc.edge.id}",
        availability_zone_id="${element(local.zones, count.index)}",
        cidr_block="${element(local.ranges, count.index)}",
    )
    a.put("aws_subnet.edge_a.id", "aws_subnet.edge[0].id", F)
    a.put("aws_subnet.edge_b.id", "aws_subnet.edge[1].id", F)


_ROUTE = (
    "carrier_gateway_id",
    "core_network_arn",
    "destination_prefix_list_id",
    "egress_only_gateway_id",
    "gateway_id",
    "ipv6_cidr_block",
    "local_gateway_id",
    "nat_gateway_id",
    "network_interface_id",
    "vpc_endpoint_id",
    "vpc_peering_connection_id",
)


def inline_routes(a: Article) -> None:
    a.drop(F, "aws_route.edge_to_orders")
    route = dict.fromkeys(_ROUTE) | {
        "cidr_block": "10.0.0.0/8",
        "transit_gateway_id": "${aws_ec2_transit_gateway.transit.id}",
    }
    a.set(F, "aws_route_table.edge", route=[route])


def default_gateway_tables(a: Article) -> None:
    for kind in ("association", "propagation"):
        a.stacks[F]["resource"].pop(f"aws_ec2_transit_gateway_route_table_{kind}")
        for name in (
            "aws_ec2_transit_gateway_vpc_attachment.edge",
            "aws_ec2_transit_gateway_vpc_attachment_accepter.orders",
        ):
            a.set(F, name, **{f"transit_gateway_default_route_table_{kind}": None})
        a.set(F, "aws_ec2_transit_gateway.transit", **{f"default_route_table_{kind}": "enable"})


def peered(a: Article) -> None:
    for kind in [kind for kind in a.stacks[F]["resource"] if "transit" in kind or "ram" in kind]:
        del a.stacks[F]["resource"][kind]
    del a.stacks[F]["output"]["transit_gateway_id"]
    a.add(F, "aws_vpc_peering_connection.p", vpc_id="${aws_vpc.edge.id}", peer_vpc_id="${aws_vpc.orders.id}")
    a.add(
        F,
        "aws_vpc_peering_connection_accepter.p",
        provider="aws.orders",
        vpc_peering_connection_id="${aws_vpc_peering_connection.p.id}",
        auto_accept=True,
    )
    for name in ("edge_to_orders", "orders_to_edge"):
        peering = "${aws_vpc_peering_connection.p.id}"
        a.set(F, f"aws_route.{name}", transit_gateway_id=None, vpc_peering_connection_id=peering)


def endpoint_beside_the_load_balancer(a: Article) -> None:
    """The shape of the public samples: endpoint in the gateway's network, no transit."""
    for kind in [kind for kind in a.stacks[F]["resource"] if "transit" in kind or "ram" in kind]:
        del a.stacks[F]["resource"][kind]
    del a.stacks[F]["resource"]["aws_route"]
    del a.stacks[F]["output"]["transit_gateway_id"]
    a.put("aws_subnet-orders_", "aws_subnet-edge_", S)
    a.put("aws_vpc-orders-id", "aws_vpc-edge-id", S)
    for old, new in (("10.1.0.10", "10.0.0.20"), ("10.1.1.10", "10.0.1.20")):
        a.put(old, new, S, G)
    for name in ("orders_a", "orders_b"):
        a.set(G, f"aws_lb_target_group_attachment.{name}", availability_zone=None)


def group_reference_beside_the_load_balancer(a: Article) -> None:
    endpoint_beside_the_load_balancer(a)
    a.stacks[S]["output"].update(group={"value": "${aws_security_group.execute_api.id}"})
    a.drop(G, "aws_vpc_security_group_egress_rule.orders_to_b")
    a.set(
        G,
        "aws_vpc_security_group_egress_rule.orders_to_a",
        cidr_ipv4=None,
        referenced_security_group_id="${data.terraform_remote_state.service-orders.outputs.group}",
    )


def looked_up_addresses(a: Article) -> None:
    """Not pinned: read from the endpoint's interfaces, as most modules do."""
    a.set(S, "aws_vpc_endpoint.execute_api", subnet_configuration=None)
    a.stacks[S]["data"]["aws_network_interface"] = {
        "eni": {
            "provider": "aws.orders",
            "count": 2,
            "id": "${tolist(aws_vpc_endpoint.execute_api.network_interface_ids)[count.index]}",
        }
    }
    for index, name in enumerate(("a", "b")):
        a.stacks[S]["output"][f"ip{name}"] = {
            "value": "${data.aws_network_interface.eni[" + str(index) + "].private_ip}"
        }
        target = "${data.terraform_remote_state.service-orders.outputs.ip" + name + "}"
        a.set(G, f"aws_lb_target_group_attachment.orders_{name}", target_id=target)
    a.set(G, "aws_vpc_security_group_egress_rule.orders_to_a", cidr_ipv4="10.1.0.0/16")


def explicit_paths(a: Article) -> None:
    """No greedy route: one public method for one private one."""
    a.drop(G, "aws_api_gateway_method.orders", "aws_api_gateway_integration.orders")
    a.set(G, "aws_api_gateway_resource.public_proxy-plus", path_part="status")
    a.set(
        G,
        "aws_api_gateway_method.orders_proxy",
        http_method="GET",
        request_parameters={"method.request.header.x-apigw-api-id": True},
    )
    a.set(G, INTEGRATION, uri=a.at(G, INTEGRATION)["uri"].replace("{proxy}", "test"))
    del a.at(G, INTEGRATION)["request_parameters"]["integration.request.path.proxy"]


GOOD: list[Callable[[Article], None]] = [
    pinned,
    full_access_behind_a_pinned_header,
    alias_host,
    inline_rules,
    old_style_rules,
    prefix_list,
    policy_as_an_expression,
    policy_as_a_document,
    policy_inside_the_api,
    policy_by_vpc_and_address,
    literals_through_locals,
    stage_variables,
    targets_by_for_each,
    subnets_by_count,
    inline_routes,
    default_gateway_tables,
    peered,
    endpoint_beside_the_load_balancer,
    group_reference_beside_the_load_balancer,
    explicit_paths,
]
