"""Faults between the two APIs, from VPC link to endpoint. Each with the check that names it."""

from tests.unit.review.article import Change, F, G, S
from tests.unit.review.edits import (
    ATTACHMENT,
    ENDPOINT,
    ENDPOINT_POLICY,
    GROUP,
    TARGET,
    network_acl,
    second_api,
    uri,
)

LINKS: dict[str, tuple[Change, str]] = {
    "application_load_balancer": (
        lambda a: a.set(G, "aws_lb.orders", load_balancer_type="application"),
        "HW402",
    ),
    "no_load_balancer": (lambda a: a.set(G, "aws_api_gateway_vpc_link.orders", target_arns=[]), "HW402"),
    "shared_with_an_endpoint_service": (
        lambda a: a.add(
            G,
            "aws_vpc_endpoint_service.x",
            network_load_balancer_arns=["${aws_lb.orders.arn}"],
            acceptance_required=False,
        ),
        "HW403",
    ),
    "link_in_another_account": (
        lambda a: (
            a.stacks[G]["provider"]["aws"].append(
                {"alias": "orders", "region": "eu-west-1", "allowed_account_ids": ["222222222222"]}
            ),
            a.set(G, "aws_api_gateway_vpc_link.orders", provider="aws.orders"),
        ),
        "HW404",
    ),
}

BALANCERS: dict[str, tuple[Change, str]] = {
    "port_nobody_listens_on": (lambda a: uri(a, "amazonaws.com/", "amazonaws.com:8443/"), "HW502"),
    "terminates_tls": (lambda a: a.set(G, "aws_lb_listener.orders", protocol="TLS"), "HW502"),
    "no_listener": (lambda a: a.drop(G, "aws_lb_listener.orders"), "HW502"),
    "redirects": (
        lambda a: a.set(
            G,
            "aws_lb_listener.orders",
            default_action=[{"type": "redirect", "redirect": [{"status_code": "HTTP_301"}]}],
        ),
        "HW503",
    ),
    "private_link_traffic_is_filtered": (
        lambda a: a.set(
            G, "aws_lb.orders", enforce_security_group_inbound_rules_on_private_link_traffic="on"
        ),
        "HW504",
    ),
    "private_link_switch_left_at_its_default": (
        lambda a: a.set(
            G, "aws_lb.orders", enforce_security_group_inbound_rules_on_private_link_traffic=None
        ),
        "HW504",
    ),
    "no_egress_to_any_target": (
        lambda a: a.drop(
            G,
            "aws_vpc_security_group_egress_rule.orders_to_a",
            "aws_vpc_security_group_egress_rule.orders_to_b",
        ),
        "HW505",
    ),
    "egress_on_another_port": (
        lambda a: (
            a.drop(G, "aws_vpc_security_group_egress_rule.orders_to_b"),
            a.set(G, "aws_vpc_security_group_egress_rule.orders_to_a", from_port=80, to_port=80),
        ),
        "HW505",
    ),
    "targets_are_instances": (lambda a: a.set(G, GROUP, target_type="instance"), "HW511"),
    "targets_speak_tls": (lambda a: a.set(G, GROUP, protocol="TLS"), "HW511"),
    "proxy_protocol": (lambda a: a.set(G, GROUP, proxy_protocol_v2=True), "HW511"),
    "no_targets": (
        lambda a: a.drop(G, TARGET, "aws_lb_target_group_attachment.orders_b"),
        "HW512",
    ),
    "target_on_another_port": (lambda a: a.set(G, TARGET, port=80), "HW513"),
    "target_is_another_address": (
        lambda a: (
            a.set(G, TARGET, target_id="10.1.0.99"),
            a.set(G, "aws_vpc_security_group_egress_rule.orders_to_a", cidr_ipv4="10.1.0.0/24"),
        ),
        "HW514",
    ),
    "zone_not_given": (lambda a: a.set(G, TARGET, availability_zone=None), "HW515"),
    "client_address_is_passed_on": (lambda a: a.set(G, GROUP, preserve_client_ip="true"), "HW516"),
}

TRANSITS: dict[str, tuple[Change, str]] = {
    "no_route": (lambda a: a.drop(F, "aws_route.edge_to_orders"), "HW602"),
    "route_to_another_network": (
        lambda a: a.set(F, "aws_route.edge_to_orders", destination_cidr_block="10.2.0.0/16"),
        "HW602",
    ),
    "subnet_without_its_table": (lambda a: a.drop(F, "aws_route_table_association.edge_b"), "HW602"),
    "attachment_not_accepted": (
        lambda a: (
            a.drop(F, "aws_ec2_transit_gateway_vpc_attachment_accepter.orders"),
            a.set(
                F,
                "aws_ec2_transit_gateway_route_table_association.orders",
                transit_gateway_attachment_id="${" + ATTACHMENT + ".orders.id}",
            ),
            a.set(
                F,
                "aws_ec2_transit_gateway_route_table_propagation.orders",
                transit_gateway_attachment_id="${" + ATTACHMENT + ".orders.id}",
            ),
        ),
        "HW603",
    ),
    "far_vpc_not_attached": (
        lambda a: a.set(F, f"{ATTACHMENT}.orders", vpc_id="${aws_vpc.edge.id}"),
        "HW603",
    ),
    "zone_not_attached": (
        lambda a: a.set(F, f"{ATTACHMENT}.edge", subnet_ids=["${aws_subnet.edge_a.id}"]),
        "HW604",
    ),
    "no_propagation": (
        lambda a: a.drop(F, "aws_ec2_transit_gateway_route_table_propagation.orders"),
        "HW605",
    ),
    "no_association": (lambda a: a.drop(F, "aws_ec2_transit_gateway_route_table_association.edge"), "HW605"),
    "blackhole": (
        lambda a: a.add(
            F,
            "aws_ec2_transit_gateway_route.hole",
            destination_cidr_block="10.1.0.0/24",
            blackhole=True,
            transit_gateway_route_table_id="${aws_ec2_transit_gateway_route_table.transit_hub.id}",
        ),
        "HW605",
    ),
    "no_route_back": (lambda a: a.drop(F, "aws_route.orders_to_edge"), "HW606"),
    "endpoint_zone_not_attached": (
        lambda a: a.set(F, f"{ATTACHMENT}.orders", subnet_ids=["${aws_subnet.orders_b.id}"]),
        "HW607",
    ),
    "no_propagation_back": (
        lambda a: a.drop(F, "aws_ec2_transit_gateway_route_table_propagation.edge"),
        "HW608",
    ),
    "no_association_of_the_far_side": (
        lambda a: a.drop(F, "aws_ec2_transit_gateway_route_table_association.orders"),
        "HW608",
    ),
    "acl_lets_nothing_through": (lambda a: network_acl(a, "edge_a"), "HW609"),
    "acl_forgets_the_answers": (
        lambda a: network_acl(
            a,
            "edge_a",
            {"egress": True, "from_port": 443, "to_port": 443},
            {"egress": False, "from_port": 443, "to_port": 443},
        ),
        "HW609",
    ),
    "acl_of_the_endpoint_forgets_the_answers": (
        lambda a: network_acl(
            a,
            "orders_b",
            {"egress": True, "from_port": 443, "to_port": 443},
            {"egress": False, "from_port": 443, "to_port": 443},
        ),
        "HW609",
    ),
    "gateway_not_shared": (
        lambda a: (
            a.drop(F, "aws_ram_principal_association.transit_orders"),
            a.set(
                F,
                "aws_ram_resource_share_accepter.transit_orders",
                share_arn="${aws_ram_resource_share.transit.arn}",
            ),
        ),
        "HW611",
    ),
}

ENDPOINTS: dict[str, tuple[Change, str]] = {
    "another_service": (
        lambda a: a.set(S, ENDPOINT, service_name="com.amazonaws.eu-central-1.execute-api"),
        "HW702",
    ),
    "gateway_endpoint": (lambda a: a.set(S, ENDPOINT, vpc_endpoint_type="Gateway"), "HW702"),
    "one_node_not_let_in": (
        lambda a: a.drop(S, "aws_vpc_security_group_ingress_rule.execute_api_from_b"),
        "HW703",
    ),
    "another_port_let_in": (
        lambda a: a.set(
            S, "aws_vpc_security_group_ingress_rule.execute_api_from_a", from_port=80, to_port=80
        ),
        "HW703",
    ),
    "group_of_the_other_vpc_let_in": (
        lambda a: (
            a.stacks[G]["output"].update(group={"value": "${aws_security_group.orders.id}"}),
            a.stacks[S]["data"]["terraform_remote_state"].update(
                gateway={"backend": "s3", "config": {"key": "article/gateway.tfstate"}}
            ),
            a.set(
                S,
                "aws_vpc_security_group_ingress_rule.execute_api_from_a",
                cidr_ipv4=None,
                referenced_security_group_id="${data.terraform_remote_state.gateway.outputs.group}",
            ),
        ),
        "HW703",
    ),
    "endpoint_policy_names_another_api": (
        lambda a: (
            second_api(a),
            a.policy(
                S,
                ENDPOINT_POLICY,
                lambda p: p["Statement"][0].update(
                    Resource="${aws_api_gateway_rest_api.other.execution_arn}/*"
                ),
            ),
        ),
        "HW704",
    ),
    "endpoint_policy_denies_the_method": (
        lambda a: a.policy(
            S,
            ENDPOINT_POLICY,
            lambda p: p["Statement"][0].update(
                Resource=["${aws_api_gateway_rest_api.private.execution_arn}/*/POST/*"]
            ),
        ),
        "HW704",
    ),
    "group_of_another_vpc": (
        lambda a: a.set(
            S,
            "aws_security_group.execute_api",
            vpc_id=a.at(G, "aws_security_group.orders")["vpc_id"],
        ),
        "HW706",
    ),
}
