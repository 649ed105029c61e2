"""The VPC link from API Gateway to a load balancer."""

from dataclasses import dataclass

from cdktf import ITerraformDependable, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.api_gateway_vpc_link import ApiGatewayVpcLink
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.deployed_stage import references


@dataclass(frozen=True, slots=True, kw_only=True)
class VpcLinkProps:
    """What `VpcLink` needs."""

    provider: AwsProvider
    """Provider of the gateway's account: link, load balancer and API are in one account."""
    name: str
    """Name of the link."""
    load_balancer_arn: str
    """The one load balancer that it leads to."""


class VpcLink(Construct):
    """A VPC link of REST APIs.

    Terraform: `aws_api_gateway_vpc_link`.
    Making one takes minutes on AWS. A replacement is made before the old link goes, since the deployed
    stage still uses the old one; names need not differ.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/vpc-links-v1.html
    """

    def __init__(self, scope: Construct, id_: str, props: VpcLinkProps) -> None:
        super().__init__(scope, id_)
        self._link = ApiGatewayVpcLink(
            self,
            "Link",
            provider=props.provider,
            name=props.name,
            target_arns=[props.load_balancer_arn],
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
