"""Faults between the VPC link and the private API: load balancer, transit, endpoint."""

import contextlib
import json
from collections.abc import Iterator
from typing import Any

from hatchway.route.hop import Hop
from tests.sandbox.faults import fault
from tests.sandbox.levers import (
    Levers,
    acl_entry,
    attachment_without_zone,
    gateway_route,
    narrower_route,
    rules,
    subnets_on_main_table,
    tcp,
    without_association,
    without_propagation,
    without_transit_routes,
)

NEAR, FAR = "10.0.0.0/16", "10.1.0.0/16"


def _balancer_group(levers: Levers) -> str:
    found: str = levers.balancer["SecurityGroups"][0]
    return found


def _endpoint_group(levers: Levers) -> str:
    found: str = levers.endpoint["Groups"][0]["GroupId"]
    return found


def _out(levers: Levers, *wanted: dict[str, Any]) -> contextlib.AbstractContextManager[None]:
    return rules(levers.near, _balancer_group(levers), "egress", *wanted)


def _in(levers: Levers, *wanted: dict[str, Any]) -> contextlib.AbstractContextManager[None]:
    return rules(levers.far, _endpoint_group(levers), "ingress", *wanted)


def _targets(levers: Levers, **changes: Any) -> contextlib.AbstractContextManager[None]:
    return levers.targets_of(*({**target, **changes} for target in levers.targets[:1]))


@contextlib.contextmanager
def _another_group(levers: Levers) -> Iterator[None]:
    """Lets the listener forward to a target group with nothing in it."""
    made = levers.elb.create_target_group(
        Name="empty", Protocol="TCP", Port=443, VpcId=levers.vpcs["edge"], TargetType="ip"
    )["TargetGroups"][0]["TargetGroupArn"]
    try:
        with levers.listener_with(DefaultActions=[{"Type": "forward", "TargetGroupArn": made}]):
            yield
    finally:
        levers.elb.delete_target_group(TargetGroupArn=made)


@contextlib.contextmanager
def _endpoint_policy(levers: Levers, statement: dict[str, Any]) -> Iterator[None]:
    document = {"Version": "2012-10-17", "Statement": [{"Principal": "*", "Resource": "*", **statement}]}
    given = {"VpcEndpointId": levers.endpoint_id}
    levers.far.modify_vpc_endpoint(**given, PolicyDocument=json.dumps(document))
    try:
        yield
    finally:
        levers.far.modify_vpc_endpoint(**given, PolicyDocument=levers.endpoint["PolicyDocument"])


@contextlib.contextmanager
def _other_endpoint_group(levers: Levers) -> Iterator[None]:
    made = levers.far.create_security_group(
        GroupName="nobody", Description="lets nobody in", VpcId=levers.vpcs["orders"]
    )["GroupId"]
    given, own = {"VpcEndpointId": levers.endpoint_id}, _endpoint_group(levers)
    levers.far.modify_vpc_endpoint(**given, AddSecurityGroupIds=[made], RemoveSecurityGroupIds=[own])
    try:
        yield
    finally:
        levers.far.modify_vpc_endpoint(**given, AddSecurityGroupIds=[own], RemoveSecurityGroupIds=[made])
        levers.far.delete_security_group(GroupId=made)


LOAD_BALANCER = (
    fault(
        "the listener is on another port",
        Hop.LOAD_BALANCER,
        "443",
        lambda levers: levers.listener_with(Port=8443),
    ),
    fault(
        "the listener forwards to an empty group",
        Hop.LOAD_BALANCER,
        "aws_lb_target_group_attachment",
        _another_group,
    ),
    fault(
        "inbound rules apply to PrivateLink traffic",
        Hop.LOAD_BALANCER,
        "enforce_security_group_inbound_rules_on_private_link_traffic",
        lambda levers: levers.private_link_rules(),
    ),
    fault("the load balancer may send nothing", Hop.LOAD_BALANCER, "egress", _out),
    fault(
        "the load balancer may send to another port",
        Hop.LOAD_BALANCER,
        "egress",
        lambda levers: _out(levers, tcp(FAR, 80)),
    ),
    fault(
        "the load balancer may send to another network",
        Hop.LOAD_BALANCER,
        "egress",
        lambda levers: _out(levers, tcp("10.9.0.0/16")),
    ),
    fault(
        "no target is registered",
        Hop.LOAD_BALANCER,
        "aws_lb_target_group_attachment",
        lambda levers: levers.targets_of(),
    ),
    fault("the target has another port", Hop.LOAD_BALANCER, "port", lambda levers: _targets(levers, Port=80)),
    fault(
        "the target is no address of the endpoint",
        Hop.LOAD_BALANCER,
        "subnet_configuration",
        lambda levers: _targets(levers, Id="10.1.0.99"),
    ),
    fault(
        "the client's address is preserved",
        Hop.LOAD_BALANCER,
        "preserve_client_ip",
        lambda levers: levers.attribute("preserve_client_ip.enabled", "true", "false"),
    ),
)

TRANSIT = (
    fault(
        "there is no route there",
        Hop.TRANSIT,
        "aws_route",
        lambda levers: without_transit_routes(levers.near, levers.vpcs["edge"]),
    ),
    fault(
        "there is no route back",
        Hop.TRANSIT,
        "aws_route",
        lambda levers: without_transit_routes(levers.far, levers.vpcs["orders"]),
    ),
    fault(
        "the load balancer's subnets use the main table",
        Hop.TRANSIT,
        "aws_route",
        lambda levers: subnets_on_main_table(levers.near, levers.vpcs["edge"]),
    ),
    fault(
        "the endpoint's subnets use the main table",
        Hop.TRANSIT,
        "aws_route",
        lambda levers: subnets_on_main_table(levers.far, levers.vpcs["orders"]),
    ),
    fault(
        "one subnet of the load balancer has no route",
        Hop.TRANSIT,
        "aws_route",
        lambda levers: subnets_on_main_table(levers.near, levers.vpcs["edge"], most=1),
    ),
    fault(
        "one subnet of the endpoint has no route back",
        Hop.TRANSIT,
        "aws_route",
        lambda levers: subnets_on_main_table(levers.far, levers.vpcs["orders"], most=1),
    ),
    fault(
        "the attachment has left a zone",
        Hop.TRANSIT,
        "subnet_ids",
        lambda levers: attachment_without_zone(levers.near, levers.vpcs["edge"]),
    ),
    fault(
        "a narrower route leads elsewhere",
        Hop.TRANSIT,
        "aws_route",
        lambda levers: narrower_route(levers.near, levers.vpcs["edge"], "10.1.0.0/17"),
    ),
    fault(
        "the near attachment has no route table",
        Hop.TRANSIT,
        "Associate",
        lambda levers: without_association(levers.near, levers.vpcs["edge"]),
    ),
    fault(
        "the far attachment has no route table",
        Hop.TRANSIT,
        "Associate",
        lambda levers: without_association(levers.near, levers.vpcs["orders"]),
    ),
    fault(
        "the endpoint's network is not propagated",
        Hop.TRANSIT,
        "propagates",
        lambda levers: without_propagation(levers.near, levers.vpcs["orders"], levers.vpcs["edge"]),
    ),
    fault(
        "the load balancer's network is not propagated",
        Hop.TRANSIT,
        "propagates",
        lambda levers: without_propagation(levers.near, levers.vpcs["edge"], levers.vpcs["orders"]),
    ),
    fault(
        "the Transit Gateway has a black hole",
        Hop.TRANSIT,
        "route",
        lambda levers: gateway_route(levers.near, levers.vpcs["edge"], "10.1.0.0/16", to_vpc=None),
    ),
    fault(
        "the Transit Gateway sends it back where it comes from",
        Hop.TRANSIT,
        "route",
        lambda levers: gateway_route(
            levers.near, levers.vpcs["edge"], "10.1.0.0/16", to_vpc=levers.vpcs["edge"]
        ),
    ),
    fault(
        "a network ACL keeps requests out",
        Hop.TRANSIT,
        "tcp/443",
        lambda levers: acl_entry(levers.far, levers.vpcs["orders"], egress=False, ports=(443, 443)),
    ),
    fault(
        "a network ACL keeps answers in",
        Hop.TRANSIT,
        "ephemeral",
        lambda levers: acl_entry(levers.far, levers.vpcs["orders"], egress=True, ports=(1024, 65535)),
    ),
    fault(
        "a network ACL lets no request out",
        Hop.TRANSIT,
        "tcp/443",
        lambda levers: acl_entry(levers.near, levers.vpcs["edge"], egress=True, ports=(443, 443)),
    ),
)

OTHER_API = "arn:aws:execute-api:eu-west-1:222222222222:abcdefghij/*"

ENDPOINT = (
    fault("the endpoint lets nobody in", Hop.ENDPOINT, "ingress", _in),
    fault(
        "the endpoint lets somebody else in",
        Hop.ENDPOINT,
        "ingress",
        lambda levers: _in(levers, tcp("10.9.0.0/16")),
    ),
    fault(
        "the endpoint is open on another port", Hop.ENDPOINT, "443", lambda levers: _in(levers, tcp(NEAR, 80))
    ),
    fault("the endpoint has another security group", Hop.ENDPOINT, "ingress", _other_endpoint_group),
    fault(
        "the endpoint policy is for another API",
        Hop.ENDPOINT,
        "endpoint policy",
        lambda levers: _endpoint_policy(
            levers, {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": OTHER_API}
        ),
    ),
    fault(
        "the endpoint policy denies",
        Hop.ENDPOINT,
        "endpoint policy",
        lambda levers: _endpoint_policy(levers, {"Effect": "Deny", "Action": "*"}),
    ),
)

FAULTS = (*LOAD_BALANCER, *TRANSIT, *ENDPOINT)
