"""What leads from the gateway to one endpoint."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.endpoint_targets import EndpointTargets, EndpointTargetsProps
from constructs_lib.load_balancer_metrics import LoadBalancerMetrics
from constructs_lib.network import NetworkReference
from constructs_lib.network_load_balancer import NetworkLoadBalancer, NetworkLoadBalancerProps
from constructs_lib.vpc_link import VpcLink, VpcLinkProps
from constructs_lib.vpc_link_v2 import VpcLinkV2, VpcLinkV2Props


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkheadProps:
    """What `Bulkhead` needs."""

    provider: AwsProvider
    """Provider of the gateway's account."""
    network: NetworkReference
    """The gateway's network."""
    display_name: str
    """Start of the names of what is created."""
    load_balancer_addresses: Mapping[str, IPv4Address | str]
    """Pinned addresses of the load balancer, by subnet name."""
    endpoint_addresses: Mapping[str, str]
    """Addresses of the endpoint, pinned or looked up, by the name of the endpoint's subnet."""
    endpoint_is_outside: bool
    """Whether the endpoint is in another VPC than the load balancer."""
    deletion_protection: bool = False
    """Whether AWS refuses to delete the load balancer."""
    has_link_of_version_2: bool = False
    """Whether the VPC link has network interfaces in the gateway's network."""


class Bulkhead(Construct):
    """A load balancer, its targets and a VPC link: what one service cannot exhaust for another.

    Terraform: those of `NetworkLoadBalancer`, `EndpointTargets` and `VpcLink` or `VpcLinkV2`, all under the
    construct's id: `aws_lb.orders`, `aws_api_gateway_vpc_link.orders`.
    """

    def __init__(self, scope: Construct, id_: str, props: BulkheadProps) -> None:
        super().__init__(scope, id_)
        self._load_balancer = NetworkLoadBalancer(
            self,
            "LoadBalancer",
            NetworkLoadBalancerProps(
                provider=props.provider,
                name=id_,
                network=props.network,
                addresses=props.load_balancer_addresses,
                target_addresses=props.endpoint_addresses,
                display_name=props.display_name,
                deletion_protection=props.deletion_protection,
            ),
        )
        self._targets = EndpointTargets(
            self,
            "Targets",
            EndpointTargetsProps(
                provider=props.provider,
                name=id_,
                network=props.network,
                load_balancer_arn=self._load_balancer.arn,
                load_balancer_address=self._load_balancer.address,
                addresses=props.endpoint_addresses,
                are_outside=props.endpoint_is_outside,
                display_name=props.display_name,
            ),
        )
        self._link = self._add_link(props)

    def _add_link(self, props: BulkheadProps) -> VpcLink | VpcLinkV2:
        if props.has_link_of_version_2:
            second = VpcLinkV2Props(
                provider=props.provider,
                name=props.display_name,
                network=props.network,
                load_balancer_addresses=props.load_balancer_addresses,
                load_balancer_security_group_id=self._load_balancer.security_group_id,
            )
            return VpcLinkV2(self, "VpcLink", second)
        first = VpcLinkProps(
            provider=props.provider,
            name=props.display_name,
            load_balancer_arn=self._load_balancer.arn,
        )
        return VpcLink(self, "VpcLink", first)

    @property
    def listener_arn(self) -> str:
        """ARN of the load balancer's listener."""
        return self._targets.listener_arn

    @property
    def load_balancer_arn(self) -> str:
        """ARN of the load balancer."""
        return self._load_balancer.arn

    @property
    def target_group_arn(self) -> str:
        """ARN of the target group."""
        return self._targets.target_group_arn

    @property
    def metrics(self) -> LoadBalancerMetrics:
        """Metrics of the load balancer and of its target group."""
        return LoadBalancerMetrics(
            load_balancer=self._load_balancer.arn_suffix,
            target_group=self._targets.target_group_arn_suffix,
        )

    @property
    def vpc_link_id(self) -> str:
        """Id of the VPC link."""
        return self._link.vpc_link_id

    @property
    def definition(self) -> tuple[str, ...]:
        """The reference to the link, for the redeployment trigger."""
        return self._link.definition

    @property
    def serves_through(self) -> tuple[ITerraformDependable, ...]:
        """What has to be there before a stage uses it, and to stay until the stage has moved on."""
        return self._link.resource, self._targets.listener
