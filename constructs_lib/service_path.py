"""The way from the public API to one service."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.endpoint_targets import EndpointTargets, EndpointTargetsProps
from constructs_lib.network import NetworkReference
from constructs_lib.network_load_balancer import NetworkLoadBalancer, NetworkLoadBalancerProps
from constructs_lib.public_rest_api import PublicRestApi
from constructs_lib.public_route import Admission, PublicRoute, PublicRouteProps
from constructs_lib.vpc_link import VpcLink, VpcLinkProps


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePathProps:
    """What `ServicePath` needs."""

    provider: AwsProvider
    """Provider of the gateway's account."""
    network: NetworkReference
    """The gateway's network."""
    display_name: str
    """Start of the names of what is created."""
    load_balancer_addresses: Mapping[str, IPv4Address]
    """Pinned addresses of the load balancer, by subnet name."""
    endpoint_addresses: Mapping[str, IPv4Address]
    """Pinned addresses of the endpoint, by the name of the endpoint's subnet."""
    public_api: PublicRestApi
    """The API that the path is on."""
    path: str
    """Path of the service on the public API."""
    admission: Admission
    """Who may call."""
    private_api_id: str
    """Id of the private API."""
    private_api_url: str
    """URL of its stage, without a slash at the end."""
    timeout_milliseconds: int
    """How long to wait for the private API."""


class ServicePath(Construct):
    """A load balancer, a VPC link and a route of a service's own: no service can exhaust another's.

    Terraform: those of `NetworkLoadBalancer`, `EndpointTargets`, `VpcLink` and `PublicRoute`, all
    under the construct's id: `aws_lb.orders`, `aws_api_gateway_vpc_link.orders`.
    """

    def __init__(self, scope: Construct, id_: str, props: ServicePathProps) -> None:
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
                addresses=props.endpoint_addresses,
                display_name=props.display_name,
            ),
        )
        self._link = VpcLink(
            self,
            "VpcLink",
            VpcLinkProps(
                provider=props.provider,
                name=props.display_name,
                load_balancer_arn=self._load_balancer.arn,
            ),
        )
        self._route = PublicRoute(
            self,
            "Route",
            PublicRouteProps(
                provider=props.provider,
                rest_api_id=props.public_api.rest_api_id,
                resources=props.public_api.resources,
                path=props.path,
                admission=props.admission,
                vpc_link_id=self._link.vpc_link_id,
                private_api_id=props.private_api_id,
                private_api_url=props.private_api_url,
                timeout_milliseconds=props.timeout_milliseconds,
            ),
        )

    @property
    def load_balancer_arn(self) -> str:
        """ARN of the load balancer."""
        return self._load_balancer.arn

    @property
    def target_group_arn(self) -> str:
        """ARN of the target group."""
        return self._targets.target_group_arn

    @property
    def vpc_link_id(self) -> str:
        """Id of the VPC link."""
        return self._link.vpc_link_id

    @property
    def link(self) -> ITerraformDependable:
        """The VPC link, as something to wait for."""
        return self._link.resource

    @property
    def definition(self) -> tuple[str, ...]:
        """References to what the public API's deployment is a snapshot of."""
        return (*self._route.definition, self._link.vpc_link_id)
