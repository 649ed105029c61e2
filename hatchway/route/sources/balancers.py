"""VPC links and load balancers with their listeners, target groups and targets."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from hatchway.route.facts import Balancer, Fact, Known, Link, Listener, Target, TargetGroup, Unknown
from hatchway.route.network.model import Place
from hatchway.route.sources import attributes
from hatchway.route.sources.configuration import Resource
from hatchway.route.sources.index import Index
from hatchway.route.sources.networks import Networks
from hatchway.route.sources.resolve import as_text
from hatchway.route.symbols import Text

_BALANCERS = ("aws_lb", "aws_alb")
_GROUPS = ("aws_lb_target_group", "aws_alb_target_group")
_ENFORCE = "enforce_security_group_inbound_rules_on_private_link_traffic"
_PORT = 443


class Balancers:
    """The VPC links and load balancers of a configuration."""

    def __init__(self, index: Index, networks: Networks) -> None:
        self._index = index
        self._networks = networks

    def link(self, identity: Text | None) -> Link | None:
        """Return the VPC link with an id."""
        resource = self._index.find(identity, "aws_api_gateway_vpc_link", "aws_apigatewayv2_vpc_link")
        if resource is None:
            return None
        group_ids = self._index.texts(resource, "security_group_ids")
        return Link(
            subject=resource.subject,
            id=attributes.identity(resource),
            location=self._index.location(resource),
            target_arns=self._index.texts(resource, "target_arns"),
            create_before_destroy=self._index.lifecycle(resource),
            is_v2=resource.type == "aws_apigatewayv2_vpc_link",
            places=tuple(
                self._networks.place(one, None) for one in self._index.texts(resource, "subnet_ids")
            ),
            groups=tuple(map(self._networks.group, group_ids)),
            group_ids=group_ids,
        )

    def behind(self, target: Text | None) -> Text | None:
        """Return the load balancer that a listener belongs to; a load balancer for itself."""
        listener = self._index.find(target, "aws_lb_listener", "aws_alb_listener")
        return target if listener is None else self._index.text(listener, "load_balancer_arn")

    def port(self, target: Text | None) -> int | None:
        """Return the port of a listener."""
        listener = self._index.find(target, "aws_lb_listener", "aws_alb_listener")
        port = None if listener is None else self._index.number(listener, "port", 0)
        return port.value if isinstance(port, Known) else None

    def balancer(self, arn: Text | None) -> Balancer | None:
        """Return the load balancer with an ARN."""
        resource = self._index.find(arn, *_BALANCERS)
        if resource is None or arn is None:
            return None
        group_ids = self._index.texts(resource, "security_groups")
        cross_zone = self._index.text(resource, "enable_cross_zone_load_balancing")
        enforce = self._index.text(resource, _ENFORCE)
        return Balancer(
            subject=resource.subject,
            arn=arn,
            type=self._index.word(resource, "load_balancer_type", "application"),
            is_internal=self._index.flag(resource, "internal"),
            location=self._index.location(resource),
            nodes=self._nodes(resource),
            group_ids=group_ids,
            groups=tuple(map(self._networks.group, group_ids)),
            enforces_private_link_rules=None if enforce is None else str(enforce),
            cross_zone=_flag(cross_zone),
            listeners=self._listeners(arn),
            endpoint_services=self._services.get(arn, ()),
        )

    def _nodes(self, resource: Resource) -> tuple[Place, ...]:
        mappings = self._index.blocks(resource, "subnet_mapping")
        pinned = [
            (as_text(one.get("subnet_id")), as_text(one.get("private_ipv4_address"))) for one in mappings
        ]
        plain = [(subnet, None) for subnet in self._index.texts(resource, "subnets")]
        return tuple(
            self._networks.place(subnet, address)
            for subnet, address in [*pinned, *plain]
            if subnet is not None
        )

    @cached_property
    def _services(self) -> Mapping[Text, tuple[str, ...]]:
        found: dict[Text, tuple[str, ...]] = {}
        for service in self._index.of_type("aws_vpc_endpoint_service"):
            for arn in self._index.texts(service, "network_load_balancer_arns"):
                found[arn] = (*found.get(arn, ()), service.subject)
        return found

    def _listeners(self, arn: Text) -> tuple[Listener, ...]:
        resources = [
            one
            for kind in ("aws_lb_listener", "aws_alb_listener")
            for one in self._index.pointing(kind, "load_balancer_arn", arn)
        ]
        return tuple(map(self._listener, resources))

    def _listener(self, resource: Resource) -> Listener:
        action = next(iter(self._index.blocks(resource, "default_action")), {})
        return Listener(
            subject=resource.subject,
            port=self._index.number(resource, "port", 0),
            protocol=self._index.word(resource, "protocol", "TCP"),
            action=str(action.get("type", "?")),
            group=self._group(_group_arn(action)),
        )

    def _group(self, arn: Text | None) -> TargetGroup | None:
        resource = self._index.find(arn, *_GROUPS)
        if resource is None or arn is None:
            return None
        protocol = self._index.word(resource, "protocol", "TCP")
        port = self._index.number(resource, "port", _PORT)
        health = self._index.resolver.block(resource, "health_check")
        preserve = self._index.text(resource, "preserve_client_ip")
        cross_zone = self._index.text(resource, "load_balancing_cross_zone_enabled")
        return TargetGroup(
            subject=resource.subject,
            id=arn,
            protocol=protocol,
            port=port,
            target_type=self._index.word(resource, "target_type", "instance"),
            # For addresses over TCP and TLS it is off unless set.
            preserves_client_ip=_flag(preserve),
            proxy_protocol=self._index.flag(resource, "proxy_protocol_v2"),
            cross_zone=None if cross_zone is None else str(cross_zone),
            vpc=self._index.text(resource, "vpc_id"),
            health={
                name: str(text) for name, value in health.items() if (text := as_text(value)) is not None
            },
            targets=self._targets(arn, port),
        )

    def _targets(self, arn: Text, port: Fact[int]) -> tuple[Target, ...]:
        resources = [
            one
            for kind in ("aws_lb_target_group_attachment", "aws_alb_target_group_attachment")
            for one in self._index.pointing(kind, "target_group_arn", arn)
        ]
        return tuple(self._target(one, port) for one in resources)

    def _target(self, resource: Resource, port: Fact[int]) -> Target:
        own = resource.arguments.get("port")
        return Target(
            subject=resource.subject,
            address=self._index.text(resource, "target_id") or Text.of("?"),
            port=port if own is None else self._index.number(resource, "port", _PORT),
            availability_zone=self._index.word(resource, "availability_zone", "") or None,
        )


def _flag(text: Text | None) -> Fact[bool]:
    if text is None:
        return Known(value=False)
    if text.literal is None:
        return Unknown(f"{text} is not known yet")
    return Known(text.literal.lower() == "true")


def _group_arn(action: Mapping[str, Any]) -> Text | None:
    direct = as_text(action.get("target_group_arn"))
    if direct is not None:
        return direct
    forward = action.get("forward")
    forward = forward[0] if isinstance(forward, list) and forward else forward
    groups = forward.get("target_group") if isinstance(forward, Mapping) else None
    group = groups[0] if isinstance(groups, list) and len(groups) == 1 else groups
    return as_text(group.get("arn")) if isinstance(group, Mapping) else None
