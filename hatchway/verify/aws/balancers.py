"""Load balancers, listeners, target groups and targets, as resources."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hatchway.verify.aws import http_apis, vpc_links
from hatchway.verify.aws.answers import Answers
from hatchway.verify.aws.estate import Estate
from hatchway.verify.aws.reads import Request
from hatchway.verify.aws.shapes import Shapes

__all__ = ["wanted", "write"]

_SWITCH = "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic"
_NETWORK = "network"


def wanted(estate: Estate, answers: Answers) -> Iterator[Request]:
    """Ask for the load balancers that links lead to, then for what these forward to."""
    if estate.api_id is None:
        return
    near = estate.gateway
    for arn in dict.fromkeys(_load_balancers(estate, answers)):
        yield Request.of(near, "DescribeLoadBalancers", LoadBalancerArns=[arn])
    for _, balancer in answers.items("DescribeLoadBalancers"):
        arn = str(balancer.get("LoadBalancerArn"))
        yield Request.of(near, "DescribeLoadBalancerAttributes", LoadBalancerArn=arn)
        yield Request.of(near, "DescribeListeners", LoadBalancerArn=arn)
        if not all(map(_address, balancer.get("AvailabilityZones") or ())):
            filters = (("description", (_description(arn),)),)
            yield Request.of(near, "DescribeNetworkInterfaces", Filters=filters)
    for group in dict.fromkeys(_groups(answers)):
        yield Request.of(near, "DescribeTargetGroups", TargetGroupArns=[group])
    for _, found in answers.items("DescribeTargetGroups"):
        group = str(found.get("TargetGroupArn"))
        yield Request.of(near, "DescribeTargetGroupAttributes", TargetGroupArn=group)
        yield Request.of(near, "DescribeTargetHealth", TargetGroupArn=group)


def _load_balancers(estate: Estate, answers: Answers) -> Iterator[str]:
    """Give the load balancers behind the links of the estate: those its APIs use, and those it has made."""
    yield from http_apis.balancers(answers)
    yield from vpc_links.balancers(estate, answers)


def _groups(answers: Answers) -> Iterator[str]:
    for _, listener in answers.items("DescribeListeners"):
        for action in listener.get("DefaultActions") or ():
            if action.get("TargetGroupArn"):
                yield str(action["TargetGroupArn"])
            for group in (action.get("ForwardConfig") or {}).get("TargetGroups") or ():
                yield str(group.get("TargetGroupArn"))


def write(answers: Answers, shapes: Shapes) -> None:
    """Add load balancers and all that they forward to."""
    for account, balancer in answers.items("DescribeLoadBalancers"):
        _balancer(account, balancer, answers, shapes)
    for account, listener in answers.items("DescribeListeners"):
        _listener(account, listener, shapes)
    for account, group in answers.items("DescribeTargetGroups"):
        _group(account, group, answers, shapes)


def _balancer(account: str, balancer: Mapping[str, Any], answers: Answers, shapes: Shapes) -> None:
    arn = str(balancer.get("LoadBalancerArn"))
    given = _pairs(answers.about("DescribeLoadBalancerAttributes", LoadBalancerArn=arn))
    interfaces = {
        str(one.get("SubnetId")): one.get("PrivateIpAddress")
        for _, one in answers.items("DescribeNetworkInterfaces")
        if one.get("Description") == _description(arn)
    }
    shapes.add(
        account,
        "aws_lb",
        arn,
        arn=arn,
        load_balancer_type=balancer.get("Type"),
        internal=balancer.get("Scheme") == "internal",
        security_groups=balancer.get("SecurityGroups"),
        enforce_security_group_inbound_rules_on_private_link_traffic=balancer.get(_SWITCH),
        enable_cross_zone_load_balancing=given.get("load_balancing.cross_zone.enabled"),
        subnet_mapping=[
            {
                "subnet_id": zone.get("SubnetId"),
                "private_ipv4_address": _address(zone) or interfaces.get(str(zone.get("SubnetId"))),
            }
            for zone in balancer.get("AvailabilityZones") or ()
        ],
    )


def _description(arn: str) -> str:
    """Return how the interfaces of a load balancer are described, by which its addresses are found.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-register-targets.html
    """
    return f"ELB {arn.partition(':loadbalancer/')[2]}"


def _address(zone: Mapping[str, Any]) -> str | None:
    """Return the address of a node, None where AWS does not say it."""
    addresses = zone.get("LoadBalancerAddresses") or ()
    return next((one["PrivateIPv4Address"] for one in addresses if one.get("PrivateIPv4Address")), None)


def _listener(account: str, listener: Mapping[str, Any], shapes: Shapes) -> None:
    actions = [
        {
            "type": action.get("Type"),
            "target_group_arn": action.get("TargetGroupArn"),
            "forward": [
                {
                    "target_group": [
                        {"arn": one.get("TargetGroupArn")}
                        for one in (action.get("ForwardConfig") or {}).get("TargetGroups") or ()
                    ]
                }
            ],
        }
        for action in listener.get("DefaultActions") or ()
    ]
    arn = str(listener.get("ListenerArn"))
    shapes.add(
        account,
        "aws_lb_listener",
        arn,
        arn=arn,
        load_balancer_arn=listener.get("LoadBalancerArn"),
        port=listener.get("Port"),
        protocol=listener.get("Protocol"),
        default_action=actions,
    )


def _group(account: str, group: Mapping[str, Any], answers: Answers, shapes: Shapes) -> None:
    arn = str(group.get("TargetGroupArn"))
    given = _pairs(answers.about("DescribeTargetGroupAttributes", TargetGroupArn=arn))
    cross_zone = given.get("load_balancing.cross_zone.enabled")
    shapes.add(
        account,
        "aws_lb_target_group",
        arn,
        arn=arn,
        protocol=group.get("Protocol"),
        port=group.get("Port"),
        target_type=group.get("TargetType"),
        vpc_id=group.get("VpcId"),
        preserve_client_ip=given.get("preserve_client_ip.enabled"),
        proxy_protocol_v2=given.get("proxy_protocol_v2.enabled"),
        load_balancing_cross_zone_enabled=cross_zone,
        health_check=[_health_check(group)],
    )
    for one in answers.about("DescribeTargetHealth", TargetGroupArn=arn) or ():
        target = one.get("Target") or {}
        shapes.add(
            account,
            "aws_lb_target_group_attachment",
            f"{arn}-{target.get('Id')}:{target.get('Port')}",
            target_group_arn=arn,
            target_id=target.get("Id"),
            port=target.get("Port"),
            availability_zone=target.get("AvailabilityZone"),
        )


def _health_check(group: Mapping[str, Any]) -> Mapping[str, Any]:
    found = {
        "protocol": group.get("HealthCheckProtocol"),
        "port": group.get("HealthCheckPort"),
        "path": group.get("HealthCheckPath"),
        "matcher": (group.get("Matcher") or {}).get("HttpCode"),
    }
    return {name: value for name, value in found.items() if value is not None}


def _pairs(attributes: Sequence[Mapping[str, Any]] | None) -> Mapping[str, str]:
    return {str(one.get("Key")): str(one.get("Value")) for one in attributes or ()}
