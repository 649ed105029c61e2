"""The `execute-api` interface VPC endpoint of a service."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address

from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.security_group import SecurityGroup
from cdktf_cdktf_provider_aws.vpc_endpoint import VpcEndpoint, VpcEndpointSubnetConfiguration
from cdktf_cdktf_provider_aws.vpc_security_group_ingress_rule import VpcSecurityGroupIngressRule
from constructs import Construct

from constructs_lib.network import NetworkReference

HTTPS = 443


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointReference:
    """An endpoint for private APIs, whoever made it."""

    vpc_endpoint_id: str
    vpc_id: str
    addresses: Mapping[str, str]
    """Its address in each subnet, by subnet name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecuteApiEndpointProps:
    """What `ExecuteApiEndpoint` needs."""

    provider: AwsProvider
    """Provider of the account of the network."""
    network: NetworkReference
    """Where the endpoint is."""
    service_name: str
    """Name of the `execute-api` endpoint service of the region."""
    addresses: Mapping[str, IPv4Address | str]
    """Its own address in each subnet, by subnet name."""
    client_addresses: Mapping[str, IPv4Address | str]
    """Addresses of the load balancer's nodes, by subnet name: nobody else may connect."""
    display_name: str
    """Value of the tag `Name`, and start of the security group's name."""
    former_client_addresses: Sequence[IPv4Address | str] = ()
    """Addresses that may connect for as long as the load balancer moves to others."""


class ExecuteApiEndpoint(Construct):
    """An interface endpoint for private APIs, with pinned addresses, open to one load balancer.

    Terraform: `aws_vpc_endpoint`, `aws_security_group`, `aws_vpc_security_group_ingress_rule`.
    Addresses are pinned, so that targets and rules are known before it exists. Private DNS is off:
    on, it would send callers in this VPC that mean any public API to this endpoint.
    The policy is a construct of its own, `ExecuteApiEndpointPolicy`: it names APIs, which name the endpoint.
    """

    def __init__(self, scope: Construct, id_: str, props: ExecuteApiEndpointProps) -> None:
        super().__init__(scope, id_)
        self._props = props
        security_group = self._add_security_group(props)
        self._endpoint = VpcEndpoint(
            self,
            "Endpoint",
            provider=props.provider,
            vpc_id=props.network.vpc_id,
            service_name=props.service_name,
            vpc_endpoint_type="Interface",
            subnet_ids=[props.network.subnets[name].subnet_id for name in props.addresses],
            subnet_configuration=[
                VpcEndpointSubnetConfiguration(
                    subnet_id=props.network.subnets[name].subnet_id, ipv4=str(address)
                )
                for name, address in props.addresses.items()
            ],
            security_group_ids=[security_group.id],
            private_dns_enabled=False,
            ip_address_type="ipv4",
            tags={"Name": props.display_name},
        )

    @property
    def reference(self) -> EndpointReference:
        """The endpoint as others use it."""
        return EndpointReference(
            vpc_endpoint_id=self._endpoint.id,
            vpc_id=self._props.network.vpc_id,
            addresses={name: str(address) for name, address in self._props.addresses.items()},
        )

    def _add_security_group(self, props: ExecuteApiEndpointProps) -> SecurityGroup:
        security_group = SecurityGroup(
            self,
            "SecurityGroup",
            provider=props.provider,
            name_prefix=f"{props.display_name}-",
            # AWS takes no apostrophe here.
            # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
            description="execute-api endpoint: HTTPS from one load balancer",
            vpc_id=props.network.vpc_id,
            tags={"Name": props.display_name},
        )
        current = [
            self._admit(security_group, f"from_{name}", f"Load balancer in subnet {name}", address)
            for name, address in props.client_addresses.items()
        ]
        for address in props.former_client_addresses:
            name = f"from_former_{str(address).replace('.', '-')}"
            # AWS takes no rule twice: the address is free once the rule that had it names another.
            self._admit(security_group, name, "Load balancer that is being replaced", address, current)
        return security_group

    def _admit(
        self,
        security_group: SecurityGroup,
        id_: str,
        description: str,
        address: IPv4Address | str,
        after: Sequence[VpcSecurityGroupIngressRule] = (),
    ) -> VpcSecurityGroupIngressRule:
        return VpcSecurityGroupIngressRule(
            Construct(self, id_),
            "IngressRule",
            provider=self._props.provider,
            security_group_id=security_group.id,
            description=description,
            ip_protocol="tcp",
            from_port=HTTPS,
            to_port=HTTPS,
            cidr_ipv4=f"{address}/32",
            depends_on=list(after) or None,
        )
