"""Network load balancers and their targets."""

from dataclasses import dataclass

from hatchway.sandbox.data.world.networks import Interface

__all__ = ["Listener", "LoadBalancer", "Target", "TargetGroup"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """A load balancer's listener: a port, and the target group behind it."""

    port: int
    protocol: str
    target_group_arn: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadBalancer:
    """A network load balancer with one node (interface) for each enabled zone."""

    arn: str
    account_id: str
    vpc_id: str
    state: str
    nodes: tuple[Interface, ...]
    listeners: tuple[Listener, ...]
    enforces_rules_on_private_link: bool = True
    crosses_zones: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A registered address and port."""

    address: str
    port: int
    availability_zone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetGroup:
    """Where a listener sends connections, and how targets prove that they are well."""

    arn: str
    vpc_id: str
    protocol: str
    target_type: str
    targets: tuple[Target, ...]
    preserves_client_address: bool = False
    sends_proxy_header: bool = False
    crosses_zones: bool | None = None
    health_protocol: str = "TCP"
    health_port: str = "traffic-port"
    health_path: str = "/"
    health_matcher: str = "200-399"
    health_timeout_seconds: float = 10
    load_balancer_arns: tuple[str, ...] = ()
