"""Health of targets, and which of them a node may choose.

https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html
"""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from hatchway.sandbox.data.network import Outcome, connect
from hatchway.sandbox.data.world import Endpoint, Interface, LoadBalancer, Networks, Target, TargetGroup

__all__ = ["PING_PATH", "TargetHealth", "candidates", "check", "something_listens"]

State = Literal["healthy", "unhealthy", "unused"]

# `/ping` of execute-api is reserved for the service's own health check:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
PING_PATH = "/ping"
_HTTPS = 443
_OK = 200
_FORBIDDEN = 403


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetHealth:
    """A target's state with AWS's reason code, and our own words on why."""

    state: State
    reason: str | None = None
    description: str | None = None
    why: str = ""


def something_listens(endpoints: tuple[Endpoint, ...], destination: Interface, port: int) -> bool:
    """Tells whether an available endpoint has this address; endpoints listen on 443 alone."""
    return port == _HTTPS and any(
        (interface.vpc_id, interface.address) == (destination.vpc_id, destination.address)
        for endpoint in endpoints
        if endpoint.state == "available"
        for interface in endpoint.interfaces
    )


def check(
    networks: Networks,
    load_balancer: LoadBalancer | None,
    group: TargetGroup,
    target: Target,
    listens: Callable[[Interface, int], bool],
) -> TargetHealth:
    """Judges a target at once, as it would be after enough health checks with the estate as it is.

    A health check comes from a node's own address, obeys the load balancer's outbound rules, and needs
    everything on the way that a request needs. `listens` says whether something accepts connections.
    """
    if load_balancer is None or not load_balancer.nodes:
        return TargetHealth(
            state="unused",
            reason="Target.NotInUse",
            description="Target group is not configured to receive traffic from the load balancer",
        )
    port = target.port if group.health_port == "traffic-port" else int(group.health_port)
    address = ipaddress.IPv4Address(target.address)
    if group.preserves_client_address and not _is_inside(networks, load_balancer, address):
        return _failed("a preserved client address cannot be answered from outside the VPC")
    verdicts = [connect(networks, node, address, port) for node in load_balancer.nodes]
    lost = next((verdict for verdict in verdicts if verdict.outcome is not Outcome.DELIVERED), None)
    if lost is not None:
        return TargetHealth(
            state="unhealthy", reason="Target.Timeout", description="Request timed out", why=lost.reason
        )
    destination = verdicts[0].destination
    if destination is None or not listens(destination, port):
        return _failed(f"nothing listens on {address}:{port}")
    return _answer(group)


def _answer(group: TargetGroup) -> TargetHealth:
    """What an execute-api endpoint answers to a health check of this kind."""
    if group.health_protocol == "TCP":
        return TargetHealth(state="healthy")
    if group.health_protocol == "HTTP":
        return _failed("the target speaks TLS, the health check does not")
    status = _OK if group.health_path.split("?")[0] == PING_PATH else _FORBIDDEN
    if _matches(group.health_matcher, status):
        return TargetHealth(state="healthy")
    return TargetHealth(
        state="unhealthy",
        reason="Target.ResponseCodeMismatch",
        description=f"Health checks failed with these codes: [{status}]",
        why=f"{group.health_path} answers {status}",
    )


def candidates(
    networks: Networks,
    load_balancer: LoadBalancer,
    group: TargetGroup,
    node: Interface,
    health: Callable[[Target], TargetHealth],
) -> list[Target]:
    """The targets a node chooses from: those of its zone, or all with cross-zone; the healthy ones of these.

    Where none is healthy, all are used: a network load balancer fails open. An address registered with
    the zone `all` belongs to each zone.
    """
    crosses = load_balancer.crosses_zones if group.crosses_zones is None else group.crosses_zones
    zone = _zone(networks, node)
    eligible = [
        target
        for target in group.targets
        if crosses or target.availability_zone == "all" or _target_zone(networks, group, target) == zone
    ]
    healthy = [target for target in eligible if health(target).state == "healthy"]
    return healthy or eligible


def _zone(networks: Networks, interface: Interface) -> str | None:
    subnet = networks.subnets.get(interface.subnet_id)
    return subnet.availability_zone if subnet else None


def _target_zone(networks: Networks, group: TargetGroup, target: Target) -> str | None:
    if target.availability_zone is not None:
        return target.availability_zone
    address = ipaddress.IPv4Address(target.address)
    for subnet in networks.subnets.values():
        if subnet.vpc_id == group.vpc_id and address in subnet.network:
            return subnet.availability_zone
    return None


def _is_inside(networks: Networks, load_balancer: LoadBalancer, address: ipaddress.IPv4Address) -> bool:
    vpc = networks.vpcs.get(load_balancer.vpc_id)
    return vpc is not None and any(address in network for network in vpc.networks)


def _failed(why: str) -> TargetHealth:
    return TargetHealth(
        state="unhealthy", reason="Target.FailedHealthChecks", description="Health checks failed", why=why
    )


def _matches(matcher: str, status: int) -> bool:
    for part in matcher.split(","):
        low, _, high = part.partition("-")
        if int(low) <= status <= int(high or low):
            return True
    return False
