"""A VPC link with network interfaces of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address

from cdktf import ITerraformDependable, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.apigatewayv2_vpc_link import Apigatewayv2VpcLink
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.security_group import SecurityGroup
from cdktf_cdktf_provider_aws.vpc_security_group_egress_rule import VpcSecurityGroupEgressRule
from cdktf_cdktf_provider_aws.vpc_security_group_ingress_rule import VpcSecurityGroupIngressRule
from constructs import Construct

from constructs_lib.deployed_stage import references
from constructs_lib.network import NetworkReference

HTTPS = 443


@dataclass(frozen=True, slots=True, kw_only=True)
class VpcLinkV2Props:
    """What `VpcLinkV2` needs."""

    provider: AwsProvider
    """Provider of the gateway's account: link, load balancer and API are in one account."""
    name: str
    """Name of the link."""
    network: NetworkReference
    """Network of the load balancer."""
    load_balancer_addresses: Mapping[str, IPv4Address | str]
    """Addresses of the load balancer, by subnet name; the link is in the same subnets."""
    load_balancer_security_group_id: str
    """Security group of the load balancer, which has to let the link in."""


class VpcLinkV2(Construct):
    """A VPC link of version 2, which can reach one load balancer and nothing else.

    Terraform: `aws_apigatewayv2_vpc_link`, `aws_security_group`, `aws_vpc_security_group_egress_rule`, and
    `aws_vpc_security_group_ingress_rule` for the load balancer: what comes from the link's interfaces is
    traffic within the VPC, which a load balancer's security group judges, unlike that of PrivateLink.
    A link cannot be changed but for its name: a replacement is made before the old one goes. One without
    traffic for 60 days loses its interfaces, and requests fail until API Gateway has made new ones.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-vpc-links-v2.html
    """

    def __init__(self, scope: Construct, id_: str, props: VpcLinkV2Props) -> None:
        super().__init__(scope, id_)
        security_group = self._add_security_group(props)
        self._link = Apigatewayv2VpcLink(
            self,
            "Link",
            provider=props.provider,
            name=props.name,
            subnet_ids=[props.network.subnets[name].subnet_id for name in props.load_balancer_addresses],
            security_group_ids=[security_group.id],
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )

    @property
    def resource(self) -> ITerraformDependable:
        """The link, as something to wait for."""
        return self._link

    @property
    def vpc_link_id(self) -> str:
        """Id of the link."""
        return self._link.id

    @property
    def definition(self) -> tuple[str, ...]:
        """The reference to the link, for the redeployment trigger."""
        return references(self._link, "id")

    def _add_security_group(self, props: VpcLinkV2Props) -> SecurityGroup:
        scope = Construct(self, "link")
        security_group = SecurityGroup(
            scope,
            "SecurityGroup",
            provider=props.provider,
            name_prefix=f"{props.name}-link-",
            description="VPC link of the public API: HTTPS to its load balancer",
            vpc_id=props.network.vpc_id,
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
            tags={"Name": f"{props.name}-link"},
        )
        for name, address in props.load_balancer_addresses.items():
            VpcSecurityGroupEgressRule(
                Construct(scope, f"to_{name}"),
                "EgressRule",
                provider=props.provider,
                security_group_id=security_group.id,
                description=f"Load balancer in subnet {name}",
                ip_protocol="tcp",
                from_port=HTTPS,
                to_port=HTTPS,
                cidr_ipv4=f"{address}/32",
            )
        VpcSecurityGroupIngressRule(
            scope,
            "IngressRule",
            provider=props.provider,
            security_group_id=props.load_balancer_security_group_id,
            description="VPC link of the public API",
            ip_protocol="tcp",
            from_port=HTTPS,
            to_port=HTTPS,
            referenced_security_group_id=security_group.id,
        )
        return security_group
