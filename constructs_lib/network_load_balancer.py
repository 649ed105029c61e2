"""The internal network load balancer in front of a service's endpoint."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address

from cdktf import TerraformResource, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.lb import Lb, LbSubnetMapping
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.security_group import SecurityGroup
from cdktf_cdktf_provider_aws.vpc_security_group_egress_rule import VpcSecurityGroupEgressRule
from constructs import Construct

from constructs_lib.names import prefix
from constructs_lib.network import NetworkReference

HTTPS = 443
# https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/lb#name_prefix-1
NAME_PREFIX_LIMIT = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkLoadBalancerProps:
    """What `NetworkLoadBalancer` needs."""

    provider: AwsProvider
    """Provider of the gateway's account."""
    name: str
    """Name of the service."""
    network: NetworkReference
    """The gateway's network."""
    addresses: Mapping[str, IPv4Address | str]
    """Its own address in each subnet, by subnet name."""
    target_addresses: Mapping[str, str]
    """Addresses of the endpoint, by the name of the endpoint's subnet."""
    display_name: str
    """Value of the tag `Name`, and start of the security group's name."""
    deletion_protection: bool = False
    """Whether AWS refuses to delete it."""


class NetworkLoadBalancer(Construct):
    """An internal load balancer with pinned addresses that can reach the endpoint and nothing else.

    Terraform: `aws_lb`, `aws_security_group`, `aws_vpc_security_group_egress_rule`, `terraform_data`.
    Its security group is there from the start (a load balancer made without one can never get one)
    and admits nobody: traffic of a VPC link of version 1 comes over PrivateLink, for which inbound rules are
    off, and a link of version 2 adds a rule for itself.
    Names are prefixes: a load balancer that has to be replaced is made before the old one goes,
    as everything is that a deployment refers to. It cannot be replaced at the same addresses.
    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
    """

    def __init__(self, scope: Construct, id_: str, props: NetworkLoadBalancerProps) -> None:
        super().__init__(scope, id_)
        self._security_group = self._add_security_group(props)
        self._load_balancer = Lb(
            self,
            "LoadBalancer",
            provider=props.provider,
            name_prefix=prefix(props.name, NAME_PREFIX_LIMIT),
            load_balancer_type="network",
            internal=True,
            ip_address_type="ipv4",
            subnet_mapping=[
                LbSubnetMapping(
                    subnet_id=props.network.subnets[name].subnet_id, private_ipv4_address=str(address)
                )
                for name, address in props.addresses.items()
            ],
            security_groups=[self._security_group.id],
            enforce_security_group_inbound_rules_on_private_link_traffic="off",
            enable_cross_zone_load_balancing=True,
            enable_deletion_protection=True if props.deletion_protection else None,
            lifecycle=TerraformResourceLifecycle(replace_triggered_by=self._pins(props.addresses)),
            tags={"Name": props.display_name},
        )

    @property
    def arn(self) -> str:
        """ARN of the load balancer."""
        return self._load_balancer.arn

    @property
    def arn_suffix(self) -> str:
        """The end of its ARN, by which metrics name it."""
        return self._load_balancer.arn_suffix

    @property
    def address(self) -> str:
        """Terraform address of the load balancer."""
        return f"{self._load_balancer.terraform_resource_type}.{self._load_balancer.friendly_unique_id}"

    @property
    def security_group_id(self) -> str:
        """Id of its security group."""
        return self._security_group.id

    def _pins(self, addresses: Mapping[str, IPv4Address | str]) -> list[str]:
        """Keeps each address where a change of it is seen; an address that is new triggers nothing.

        The provider takes a changed address for an update, which AWS refuses. Goes when it plans a
        replacement by itself.
        """
        pins = []
        for name, address in addresses.items():
            pin = TerraformResource(
                Construct(self, name), "Address", terraform_resource_type="terraform_data"
            )
            pin.add_override("input", str(address))
            # cdktf renders a resource here as '${address}', which Terraform does not take in this place.
            pins.append(f"{pin.terraform_resource_type}.{pin.friendly_unique_id}")
        return pins

    def _add_security_group(self, props: NetworkLoadBalancerProps) -> SecurityGroup:
        security_group = SecurityGroup(
            self,
            "SecurityGroup",
            provider=props.provider,
            name_prefix=f"{props.display_name}-load-balancer-",
            description="Load balancer of a private API: HTTPS to its endpoint",
            vpc_id=props.network.vpc_id,
            tags={"Name": f"{props.display_name}-load-balancer"},
        )
        for name, address in props.target_addresses.items():
            VpcSecurityGroupEgressRule(
                Construct(self, f"to_{name}"),
                "EgressRule",
                provider=props.provider,
                security_group_id=security_group.id,
                description=f"Endpoint in subnet {name}, health checks included",
                ip_protocol="tcp",
                from_port=HTTPS,
                to_port=HTTPS,
                cidr_ipv4=f"{address}/32",
            )
        return security_group
