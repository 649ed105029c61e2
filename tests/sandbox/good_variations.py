"""Changes that leave the path as good as it was: verify must not raise an alarm at any of them."""

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.sandbox.levers import Levers, Method, attachments, rules, tcp, transit_routes, web_acl

Injected = contextlib.AbstractContextManager[object]


@dataclass(frozen=True, kw_only=True)
class Variation:
    """A change, as a sentence, and how to make it."""

    name: str
    make: Callable[[Levers], Injected]


def _policy(edit: Callable[[Any], Any]) -> Callable[[Levers], Injected]:
    return lambda levers: levers.private.deployed_with(levers.private.policy_of(edit))


def _with_vpc(policy: Any, vpc: str) -> Any:
    for statement in policy["Statement"]:
        for operator, keys in statement.get("Condition", {}).items():
            statement["Condition"][operator] = {"aws:SourceVpc": vpc} if keys else keys
    return policy


def _with_two_endpoints(policy: Any) -> Any:
    for statement in policy["Statement"]:
        for keys in statement.get("Condition", {}).values():
            found = keys["aws:SourceVpce"]
            known = found if isinstance(found, list) else [found]
            keys["aws:SourceVpce"] = ["vpce-0123456789abcdef0", *known]
    return policy


def _with_sids(policy: Any) -> Any:
    statements = [{**one, "Sid": f"Number{number}"} for number, one in enumerate(policy["Statement"])]
    return {**policy, "Statement": statements}


def _timeout(_name: str, method: Method) -> Method:
    method["methodIntegration"]["timeoutInMillis"] = 15000
    return method


@contextlib.contextmanager
def _route(ec2: Any, vpc: str, cidr: str) -> Iterator[None]:
    found = transit_routes(ec2, vpc)[0]
    route = {**found, "DestinationCidrBlock": cidr}
    ec2.create_route(**route)
    try:
        yield
    finally:
        ec2.delete_route(RouteTableId=route["RouteTableId"], DestinationCidrBlock=cidr)


@contextlib.contextmanager
def _acl_allows(ec2: Any, vpc: str) -> Iterator[None]:
    found = ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["NetworkAcls"]
    where = {"NetworkAclId": found[0]["NetworkAclId"], "RuleNumber": 50, "Egress": False}
    ec2.create_network_acl_entry(
        **where, Protocol="6", RuleAction="allow", CidrBlock="10.0.0.0/8", PortRange={"From": 443, "To": 443}
    )
    try:
        yield
    finally:
        ec2.delete_network_acl_entry(**where)


@contextlib.contextmanager
def _endpoint_policy(levers: Levers, statements: list[dict[str, Any]]) -> Iterator[None]:
    given = {"VpcEndpointId": levers.endpoint_id}
    document = json.dumps({"Version": "2012-10-17", "Statement": statements})
    levers.far.modify_vpc_endpoint(**given, PolicyDocument=document)
    try:
        yield
    finally:
        levers.far.modify_vpc_endpoint(**given, PolicyDocument=levers.endpoint["PolicyDocument"])


@contextlib.contextmanager
def _second_listener(levers: Levers) -> Iterator[None]:
    made = levers.elb.create_listener(
        LoadBalancerArn=levers.balancer_arn,
        Port=8443,
        Protocol="TCP",
        DefaultActions=[{"Type": "forward", "TargetGroupArn": levers.group_arn}],
    )["Listeners"][0]["ListenerArn"]
    try:
        yield
    finally:
        levers.elb.delete_listener(ListenerArn=made)


@contextlib.contextmanager
def _foreign_things(levers: Levers) -> Iterator[None]:
    """Makes a network, a group and an API that have nothing to do with the path."""
    vpc = levers.near.create_vpc(CidrBlock="10.200.0.0/16")["Vpc"]["VpcId"]
    api = levers.public.client.create_rest_api(name="foreign")["id"]
    try:
        yield
    finally:
        levers.public.client.delete_rest_api(restApiId=api)
        levers.near.delete_vpc(VpcId=vpc)


@contextlib.contextmanager
def _static_route(levers: Levers) -> Iterator[None]:
    """Routes to the endpoint's network by a static route beside the propagated one."""
    found = attachments(levers.near)
    table = found[levers.vpcs["edge"]]["Association"]["TransitGatewayRouteTableId"]
    where = {"TransitGatewayRouteTableId": table, "DestinationCidrBlock": "10.1.0.0/17"}
    levers.near.create_transit_gateway_route(
        **where, TransitGatewayAttachmentId=found[levers.vpcs["orders"]]["TransitGatewayAttachmentId"]
    )
    try:
        yield
    finally:
        levers.near.delete_transit_gateway_route(**where)


@contextlib.contextmanager
def _second_permission(levers: Levers) -> Iterator[None]:
    levers.functions.add_permission(
        FunctionName=levers.function,
        StatementId="AnotherApi",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
        SourceArn="arn:aws:execute-api:eu-west-1:111111111111:abcdefghij/*",
    )
    try:
        yield
    finally:
        levers.functions.remove_permission(FunctionName=levers.function, StatementId="AnotherApi")


def _groups(levers: Levers, *wanted: dict[str, Any], direction: str) -> Injected:
    if direction == "egress":
        return rules(levers.near, levers.balancer["SecurityGroups"][0], direction, *wanted)
    return rules(levers.far, levers.endpoint["Groups"][0]["GroupId"], direction, *wanted)


def variation(name: str, make: Callable[[Levers], Injected]) -> Variation:
    """Make a variation."""
    return Variation(name=name, make=make)


ALL_TRAFFIC = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
OPEN_PORTS = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1024, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
INVOKE = {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke"}

VARIATIONS = (
    variation("nothing is changed", lambda _: contextlib.nullcontext()),
    variation("both APIs are deployed again", lambda levers: levers.public.redeployed()),
    variation("the private API is deployed again", lambda levers: levers.private.redeployed()),
    variation(
        "the policy names the VPC",
        lambda levers: _policy(lambda one: _with_vpc(one, levers.vpcs["orders"]))(levers),
    ),
    variation("the policy names two endpoints", _policy(_with_two_endpoints)),
    variation("the policy's statements have other names", _policy(_with_sids)),
    variation(
        "the gateway waits a shorter time",
        lambda levers: levers.public.deployed_with(levers.public.edited(_timeout)),
    ),
    variation(
        "the load balancer may send everything",
        lambda levers: _groups(levers, ALL_TRAFFIC, direction="egress"),
    ),
    variation(
        "the load balancer may send to the whole network",
        lambda levers: _groups(levers, tcp("10.1.0.0/16"), direction="egress"),
    ),
    variation(
        "the endpoint lets the whole network in",
        lambda levers: _groups(levers, tcp("10.0.0.0/16"), direction="ingress"),
    ),
    variation(
        "the endpoint opens a range of ports", lambda levers: _groups(levers, OPEN_PORTS, direction="ingress")
    ),
    variation(
        "no target can pass the health check, and all are used",
        lambda levers: levers.health_check(HealthCheckPath="/"),
    ),
    variation(
        "the health check is in plain text, and all are used",
        lambda levers: levers.health_check(HealthCheckProtocol="HTTP"),
    ),
    variation("the health check is a TCP one", lambda levers: levers.health_check(HealthCheckProtocol="TCP")),
    variation(
        "the health check takes several codes",
        lambda levers: levers.health_check(Matcher={"HttpCode": "200-299"}),
    ),
    variation(
        "there is a narrower route the same way",
        lambda levers: _route(levers.near, levers.vpcs["edge"], "10.1.0.0/24"),
    ),
    variation(
        "there is a route to another network",
        lambda levers: _route(levers.far, levers.vpcs["orders"], "10.99.0.0/16"),
    ),
    variation(
        "a network ACL allows what it allowed", lambda levers: _acl_allows(levers.far, levers.vpcs["orders"])
    ),
    variation(
        "the endpoint policy allows two APIs",
        lambda levers: _endpoint_policy(
            levers,
            [
                {
                    **INVOKE,
                    "Resource": [
                        f"arn:aws:execute-api:eu-west-1:222222222222:{levers.private.identity}/*",
                        "arn:aws:execute-api:eu-west-1:222222222222:abcdefghij/*",
                    ],
                }
            ],
        ),
    ),
    variation("the load balancer listens on another port as well", _second_listener),
    variation("there are other things in the account", _foreign_things),
    variation("a static route leads there, too", _static_route),
    variation("another API may invoke the authorizer, too", _second_permission),
    variation("a web ACL lets everybody in", lambda levers: web_acl(levers, "Allow")),
    variation("one of two targets is left", lambda levers: levers.targets_of(levers.targets[0])),
)
