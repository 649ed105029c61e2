"""The addresses of an endpoint as targets of a load balancer."""

from collections.abc import Mapping
from dataclasses import dataclass

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.lb_listener import LbListener, LbListenerDefaultAction
from cdktf_cdktf_provider_aws.lb_target_group import LbTargetGroup, LbTargetGroupHealthCheck
from cdktf_cdktf_provider_aws.lb_target_group_attachment import LbTargetGroupAttachment
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.names import prefix
from constructs_lib.network import NetworkReference

HTTPS = 443
# https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/lb_target_group#name_prefix-1
NAME_PREFIX_LIMIT = 6
DEREGISTRATION_DELAY_SECONDS = 60
HEALTH_CHECK_INTERVAL_SECONDS = 10
HEALTH_CHECK_TIMEOUT_SECONDS = 5
HEALTH_CHECK_THRESHOLD = 2
# API Gateway answers this path itself, whatever API is meant.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
HEALTH_CHECK_PATH = "/ping"


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointTargetsProps:
    """What `EndpointTargets` needs."""

    provider: AwsProvider
    """Provider of the gateway's account."""
    name: str
    """Name of the service."""
    network: NetworkReference
    """Network of the load balancer."""
    load_balancer_arn: str
    """The load balancer."""
    load_balancer_address: str
    """Its Terraform address: where it is replaced, the target group is."""
    addresses: Mapping[str, str]
    """Addresses of the endpoint, by the name of the endpoint's subnet."""
    are_outside: bool
    """Whether they are outside the VPC of the load balancer."""
    display_name: str
    """Value of the tag `Name`."""


class EndpointTargets(Construct):
    """A TCP listener on 443 that forwards to the addresses of an endpoint.

    Terraform: `aws_lb_target_group`, `aws_lb_target_group_attachment`, `aws_lb_listener`.
    TLS passes through untouched, so the caller sees API Gateway's certificate. Health is asked over
    HTTPS, since a TCP check stays green while the endpoint answers nothing. Addresses of clients
    are not preserved: the targets would answer to them directly, and nobody there is waiting.
    A new load balancer gets a target group of its own, since none may belong to two, and a listener that
    is made once the targets are in it; only then the old ones go.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html
    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html
    """

    def __init__(self, scope: Construct, id_: str, props: EndpointTargetsProps) -> None:
        super().__init__(scope, id_)
        self._props = props
        self._target_group = self._add_target_group(prefix(props.name, NAME_PREFIX_LIMIT))
        targets = [self._add_target(name, address) for name, address in props.addresses.items()]
        self._listener = LbListener(
            self,
            "Listener",
            provider=props.provider,
            load_balancer_arn=props.load_balancer_arn,
            port=HTTPS,
            protocol="TCP",
            default_action=[LbListenerDefaultAction(type="forward", target_group_arn=self._target_group.arn)],
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
            depends_on=targets,
        )

    @property
    def listener(self) -> LbListener:
        """The listener, as something to wait for."""
        return self._listener

    @property
    def target_group_arn(self) -> str:
        """ARN of the target group."""
        return self._target_group.arn

    @property
    def target_group_arn_suffix(self) -> str:
        """The end of its ARN, by which metrics name it."""
        return self._target_group.arn_suffix

    @property
    def listener_arn(self) -> str:
        """ARN of the listener."""
        return self._listener.arn

    def _add_target_group(self, name_prefix: str) -> LbTargetGroup:
        return LbTargetGroup(
            self,
            "TargetGroup",
            provider=self._props.provider,
            name_prefix=name_prefix,
            port=HTTPS,
            protocol="TCP",
            target_type="ip",
            vpc_id=self._props.network.vpc_id,
            preserve_client_ip="false",
            proxy_protocol_v2=False,
            deregistration_delay=str(DEREGISTRATION_DELAY_SECONDS),
            health_check=LbTargetGroupHealthCheck(
                protocol="HTTPS",
                port=str(HTTPS),
                path=HEALTH_CHECK_PATH,
                matcher="200",
                interval=HEALTH_CHECK_INTERVAL_SECONDS,
                timeout=HEALTH_CHECK_TIMEOUT_SECONDS,
                healthy_threshold=HEALTH_CHECK_THRESHOLD,
                unhealthy_threshold=HEALTH_CHECK_THRESHOLD,
            ),
            lifecycle=TerraformResourceLifecycle(
                create_before_destroy=True,
                replace_triggered_by=[f"{self._props.load_balancer_address}.arn"],
            ),
            tags={"Name": self._props.display_name},
        )

    def _add_target(self, name: str, address: str) -> LbTargetGroupAttachment:
        # AWS wants 'all' for an address outside the VPC, and refuses it for one inside.
        # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetDescription.html
        return LbTargetGroupAttachment(
            Construct(self, name),
            "Attachment",
            provider=self._props.provider,
            target_group_arn=self._target_group.arn,
            target_id=address,
            port=HTTPS,
            availability_zone="all" if self._props.are_outside else None,
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )
