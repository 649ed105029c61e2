"""Changes in place to network load balancers and target groups."""

from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.elbv2 import models
from moto.elbv2.exceptions import ELBClientError, LoadBalancerNotFoundError, SubnetNotFoundError

from hatchway.sandbox.control.addresses import check_address, free_address
from hatchway.sandbox.control.patching import around

__all__ = ["check_pinned", "install", "new_interface"]


def install() -> None:
    """Corrects moto's changes in place."""
    around(models.ELBv2Backend, "set_subnets", _subnets_come_with_interfaces)
    around(models.ELBv2Backend, "modify_target_group", _a_matcher_is_for_the_health_check)


def check_pinned(ec2: Any, pinned: dict[str, str]) -> None:
    """Refuses addresses that cannot be had, in the words of Elastic Load Balancing."""
    for subnet_id, address in pinned.items():
        try:
            check_address(ec2, ec2.get_subnet(subnet_id), address)
        except EC2ClientError as error:
            raise ELBClientError("InvalidConfigurationRequest", error.message) from error


def new_interface(ec2: Any, balancer: Any, subnet: Any, address: str | None) -> str:
    """Makes the balancer's interface in a subnet, and returns its id."""
    suffix = balancer.arn.split(":loadbalancer/", 1)[1]
    interface = ec2.create_network_interface(
        subnet.id,
        address or free_address(ec2, subnet),
        group_ids=list(balancer.security_groups or []) or None,
        description=f"ELB {suffix}",
    )
    interface.interface_type = "network_load_balancer"
    interface.status = "in-use"
    interface.requester_managed = True
    identity: str = interface.id
    return identity


def _subnets_come_with_interfaces(
    original: Any, backend: Any, arn: str, subnets: list[str], subnet_mappings: list[dict[str, Any]]
) -> Any:
    """Adds and removes subnets of a network load balancer with their interfaces, which moto does not have.

    One zone is enough for it, unlike moto; the address in a subnet that stays cannot change.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetSubnets.html
    Goes when moto does.
    """
    balancer = backend.load_balancers.get(arn)
    if balancer is None:
        raise LoadBalancerNotFoundError
    if balancer.type != "network":
        return original(backend, arn, subnets, subnet_mappings)
    ec2 = backend.ec2_backend
    asked = {item["SubnetId"]: item.get("PrivateIPv4Address") for item in subnet_mappings}
    asked = dict.fromkeys(subnets) | asked
    existing = {ec2.enis[identity].subnet.id: identity for identity in balancer.sandbox_interfaces}
    _check_subnets(ec2, balancer, asked, existing)
    for subnet_id in existing.keys() - asked.keys():
        ec2.enis.pop(existing.pop(subnet_id))
    pinned = dict(getattr(balancer, "sandbox_pinned", {}))
    pinned.update({subnet_id: address for subnet_id, address in asked.items() if address})
    balancer.sandbox_pinned = {subnet_id: pinned[subnet_id] for subnet_id in asked if subnet_id in pinned}
    balancer.subnets = [ec2.get_subnet(subnet_id) for subnet_id in asked]
    balancer.sandbox_interfaces = tuple(
        existing.get(subnet.id) or new_interface(ec2, balancer, subnet, asked[subnet.id])
        for subnet in balancer.subnets
    )
    return balancer.availability_zones


def _check_subnets(ec2: Any, balancer: Any, asked: dict[str, str | None], existing: dict[str, str]) -> None:
    try:
        subnets = [ec2.get_subnet(subnet_id) for subnet_id in asked]
    except EC2ClientError as error:
        raise SubnetNotFoundError from error
    zones = [subnet.availability_zone for subnet in subnets]
    if len(set(zones)) < len(zones):
        raise ELBClientError(
            "InvalidConfigurationRequest", "A load balancer cannot be attached to multiple subnets in a zone"
        )
    if any(subnet.vpc_id != balancer.vpc_id for subnet in subnets):
        raise ELBClientError("InvalidConfigurationRequest", "All subnets must belong to the same VPC")
    for subnet_id, identity in existing.items():
        address = asked.get(subnet_id)
        if address not in (None, ec2.enis[identity].private_ip_address):
            raise ELBClientError(
                "InvalidConfigurationRequest",
                f"The private IPv4 address of subnet '{subnet_id}' cannot be changed",
            )
    check_pinned(ec2, {key: value for key, value in asked.items() if value and key not in existing})


def _a_matcher_is_for_the_health_check(
    original: Any, backend: Any, arn: str, *args: Any, **kwargs: Any
) -> Any:
    """Sets the codes that a health check over HTTP takes for healthy, whatever the group's own protocol.

    moto looks at the group's, which is TCP behind a network load balancer.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyTargetGroup.html
    Goes when moto looks at the health check's.
    """
    group = original(backend, arn, *args, **kwargs)
    codes = kwargs.get("http_codes") or (args[7] if len(args) > 7 else None)  # noqa: PLR2004 - its place
    if codes and group.health_check_protocol in {"HTTP", "HTTPS"}:
        group.matcher = {**(getattr(group, "matcher", None) or {}), "HttpCode": codes}
    return group
