"""Network load balancers: addresses, names, the PrivateLink switch, and targets outside the VPC."""

import ipaddress
from contextvars import ContextVar
from typing import Any

from moto.apigateway.models import apigateway_backends
from moto.elbv2 import models, responses
from moto.elbv2.exceptions import ELBClientError

from hatchway.sandbox.control import elbv2_changes
from hatchway.sandbox.control.elbv2_changes import check_pinned, new_interface
from hatchway.sandbox.control.patching import around, parameter

__all__ = ["install"]

_SWITCH = "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic"
_type_being_made: ContextVar[str | None] = ContextVar("_type_being_made", default=None)


def install() -> None:
    """Corrects moto's load balancers."""
    elbv2_changes.install()
    around(models, "make_arn_for_load_balancer", _arn_names_the_type)
    around(models.ELBv2Backend, "create_load_balancer", _network_load_balancer_has_interfaces)
    around(models.ELBv2Backend, "delete_load_balancer", _a_balancer_in_use_stays)
    around(models.ELBv2Backend, "set_security_groups", _groups_are_for_balancers_born_with_them)
    around(models.FakeTargetGroup, "register", _zone_fits_the_target)
    around(responses.ELBV2Response, "set_security_groups", _privatelink_switch_is_kept)
    models.FakeLoadBalancer.availability_zones = property(_zones_with_addresses)  # type: ignore[method-assign, assignment] # a property is replaced by one


def _arn_names_the_type(original: Any, *args: Any, **kwargs: Any) -> str:
    """Writes `loadbalancer/net/` for a network load balancer; moto writes `app` for all.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html
    Goes when moto looks at the type.
    """
    arn: str = original(*args, **kwargs)
    if _type_being_made.get() == "network":
        return arn.replace(":loadbalancer/app/", ":loadbalancer/net/")
    return arn


def _network_load_balancer_has_interfaces(original: Any, backend: Any, *args: Any, **kwargs: Any) -> Any:
    """Gives a network load balancer one interface per subnet, at the pinned address or a free one.

    moto drops `PrivateIPv4Address` and has no interfaces, so that nothing could be said about where
    the packets come from.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SubnetMapping.html
    Goes when moto has both.
    """
    if kwargs.get("loadbalancer_type") != "network":
        return original(backend, *args, **kwargs)
    pinned = {
        mapping["SubnetId"]: mapping["PrivateIPv4Address"]
        for mapping in kwargs.get("subnet_mappings") or []
        if mapping.get("PrivateIPv4Address")
    }
    check_pinned(backend.ec2_backend, pinned)
    token = _type_being_made.set("network")
    try:
        balancer = original(backend, *args, **kwargs)
    finally:
        _type_being_made.reset(token)
    name, identity = balancer.arn.split("/")[-2:]
    balancer.dns_name = f"{name}-{identity}.elb.{backend.region_name}.amazonaws.com"
    balancer.sandbox_pinned = pinned
    balancer.sandbox_born_with_groups = bool(balancer.security_groups)
    if balancer.security_groups:
        balancer.enforce_security_group_inbound_rules_on_private_link_traffic = "on"
    balancer.sandbox_interfaces = tuple(
        new_interface(backend.ec2_backend, balancer, subnet, pinned.get(subnet.id))
        for subnet in balancer.subnets
    )
    return balancer


def _zones_with_addresses(balancer: Any) -> list[Any]:
    """Returns the zones with the pinned addresses, which the provider compares with the configuration."""
    zones = []
    pinned = getattr(balancer, "sandbox_pinned", {})
    for subnet in balancer.subnets:
        zone: Any = models.AvailabilityZone(subnet)
        address = pinned.get(subnet.id)
        zone.load_balancer_addresses = [{"PrivateIPv4Address": address}] if address else []
        zones.append(zone)
    return zones


def _a_balancer_in_use_stays(original: Any, backend: Any, arn: str) -> None:
    """Refuses to delete a load balancer that a VPC link uses, and takes its interfaces away with it.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteLoadBalancer.html
    Goes when moto does.
    """
    links = apigateway_backends[backend.account_id][backend.region_name].vpc_links
    if any(arn in (link.target_arns or []) for link in links.values()):
        raise ELBClientError(
            "ResourceInUse",
            f"Load balancer '{arn}' cannot be deleted because it is currently associated with "
            "another service",
        )
    balancer = backend.load_balancers.get(arn)
    original(backend, arn)
    for interface_id in getattr(balancer, "sandbox_interfaces", ()):
        backend.ec2_backend.enis.pop(interface_id, None)


def _groups_are_for_balancers_born_with_them(
    original: Any, backend: Any, arn: str, groups: list[str]
) -> None:
    """Refuses groups on a network load balancer made without any, and moves them to its interfaces.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
    Goes when moto does.
    """
    balancer = backend.load_balancers.get(arn)
    if groups and not getattr(balancer, "sandbox_born_with_groups", True):
        raise ELBClientError(
            "InvalidConfigurationRequest",
            "You cannot set security groups on a Network Load Balancer that was created without "
            "security groups",
        )
    original(backend, arn, groups)
    for interface_id in getattr(balancer, "sandbox_interfaces", ()):
        interface = backend.ec2_backend.enis[interface_id]
        interface._group_set = [backend.ec2_backend.get_security_group_from_id(group) for group in groups]  # noqa: SLF001 - moto has no setter


def _privatelink_switch_is_kept(original: Any, response: Any) -> Any:
    """Keeps the switch that says whether inbound rules apply to traffic from a VPC link; moto drops it.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetSecurityGroups.html
    Goes when moto keeps it.
    """
    result = original(response)
    value = parameter(response, _SWITCH)
    if value:
        arn = parameter(response, "LoadBalancerArn")
        balancer = response.elbv2_backend.load_balancers[arn]
        balancer.enforce_security_group_inbound_rules_on_private_link_traffic = value
    return result


def _zone_fits_the_target(original: Any, group: Any, targets: list[dict[str, Any]]) -> None:
    """Refuses an address outside the VPC without a zone, and one inside it with the zone `all`.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetDescription.html
    The zone is kept, which moto drops. Goes when moto does both.
    """
    if group.target_type == "ip":
        vpc = group.ec2_backend.get_vpc(group.vpc_id)
        for target in targets:
            _check_zone(vpc, target)
    original(group, targets)
    for target in targets:
        zone = target.get("AvailabilityZone")
        if zone:
            group.targets[target["Id"]]["AvailabilityZone"] = zone


def _check_zone(vpc: Any, target: dict[str, Any]) -> None:
    address, zone = target["Id"], target.get("AvailabilityZone")
    blocks = [item["cidr_block"] for item in vpc.get_cidr_block_association_set()]
    inside = any(ipaddress.ip_address(address) in ipaddress.ip_network(block) for block in blocks)
    if inside and zone == "all":
        raise ELBClientError(
            "ValidationError",
            f"The IP address '{address}' is within the VPC, and cannot have its Availability Zone overridden",
        )
    if not inside and zone is None:
        raise ELBClientError(
            "ValidationError",
            f"You must specify a valid Availability Zone or select 'all' for the IP address '{address}' "
            "since it is outside the VPC",
        )
