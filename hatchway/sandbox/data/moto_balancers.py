"""Reads network load balancers and target groups from moto's records."""

from typing import Any

from moto.elbv2.models import elbv2_backends

from hatchway.sandbox.data.world import Address, Interface, Listener, LoadBalancer, Target, TargetGroup

__all__ = ["read_listener", "read_load_balancer", "target_group"]

# moto is not typed: its objects are `Any` throughout this module.
_Moto = Any


def read_load_balancer(backend: _Moto, balancer: _Moto) -> LoadBalancer:
    """Reads moto's network load balancer."""
    switch = getattr(balancer, "enforce_security_group_inbound_rules_on_private_link_traffic", None)
    groups = tuple(balancer.security_groups or ())
    enis = [
        backend.ec2_backend.enis.get(interface_id)
        for interface_id in getattr(balancer, "sandbox_interfaces", ())
    ]
    nodes = tuple(
        Interface(
            vpc_id=balancer.vpc_id,
            subnet_id=eni.subnet.id,
            address=Address(eni.private_ip_address),
            security_group_ids=groups,
            is_filtered=bool(groups),
        )
        for eni in enis
        if eni is not None
    )
    return LoadBalancer(
        arn=balancer.arn,
        account_id=backend.account_id,
        vpc_id=balancer.vpc_id,
        state=balancer.state,
        nodes=nodes,
        listeners=tuple(_listener(listener) for listener in list(balancer.listeners.values())),
        enforces_rules_on_private_link=switch != "off",
        crosses_zones=str(balancer.attrs.get("load_balancing.cross_zone.enabled")).lower() == "true",
    )


def read_listener(arn: str) -> tuple[LoadBalancer, Listener] | None:
    """Returns a listener by its ARN, with its network load balancer."""
    for regions in list(elbv2_backends.values()):
        for backend in list(regions.values()):
            for balancer in list(backend.load_balancers.values()):
                if balancer.type == "network" and arn in balancer.listeners:
                    return read_load_balancer(backend, balancer), _listener(balancer.listeners[arn])
    return None


def _listener(listener: _Moto) -> Listener:
    return Listener(
        port=int(listener.port),
        protocol=listener.protocol,
        target_group_arn=_forward(listener.default_actions),
    )


def _forward(actions: _Moto) -> str | None:
    """The target group of a forward action, which AWS accepts in two forms."""
    for action in actions:
        data = action.data if hasattr(action, "data") else action
        if data.get("TargetGroupArn"):
            return str(data["TargetGroupArn"])
        groups = (data.get("ForwardConfig") or {}).get("TargetGroups") or ()
        for group in groups:
            return str(group["TargetGroupArn"])
    return None


def target_group(group: _Moto) -> TargetGroup:
    """Reads moto's target group."""
    crosses = str(group.attributes.get("load_balancing.cross_zone.enabled")).lower()
    return TargetGroup(
        arn=group.arn,
        vpc_id=group.vpc_id,
        protocol=group.protocol or "",
        target_type=group.target_type,
        targets=tuple(
            Target(
                address=str(target["Id"]),
                port=int(target.get("Port") or group.port),
                availability_zone=target.get("AvailabilityZone"),
            )
            for target in list(group.targets.values())
        ),
        preserves_client_address=str(group.attributes.get("preserve_client_ip.enabled")).lower() == "true",
        sends_proxy_header=str(group.attributes.get("proxy_protocol_v2.enabled")).lower() == "true",
        crosses_zones={"true": True, "false": False}.get(crosses),
        health_protocol=group.health_check_protocol or "TCP",
        health_port=str(group.health_check_port or "traffic-port"),
        health_path=group.health_check_path or "/",
        health_matcher=str((getattr(group, "matcher", None) or {}).get("HttpCode") or "200-399"),
        health_timeout_seconds=float(group.health_check_timeout_seconds or 10),
        load_balancer_arns=tuple(group.load_balancer_arns),
    )
