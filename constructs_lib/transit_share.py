"""Sharing a Transit Gateway with the accounts that attach to it."""

from collections.abc import Mapping
from dataclasses import dataclass

from cdktf import ITerraformDependable
from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.ram_principal_association import RamPrincipalAssociation
from cdktf_cdktf_provider_aws.ram_resource_association import RamResourceAssociation
from cdktf_cdktf_provider_aws.ram_resource_share import RamResourceShare
from cdktf_cdktf_provider_aws.ram_resource_share_accepter import RamResourceShareAccepter
from constructs import Construct


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareTaker:
    """An account that the gateway is shared with."""

    account_id: str
    provider: AwsProvider


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitShareProps:
    """What `TransitShare` needs."""

    provider: AwsProvider
    """Provider of the owner of the gateway."""
    display_name: str
    """Name of the share."""
    transit_gateway_arn: str
    """What is shared."""
    takers: Mapping[str, ShareTaker]
    """With whom, by account name."""
    within_organization: bool
    """Whether all accounts are in one AWS Organization with RAM sharing on."""


class TransitShare(Construct):
    """A RAM share of a Transit Gateway.

    Terraform: `aws_ram_resource_share`, `aws_ram_resource_association`,
    `aws_ram_principal_association`, `aws_ram_resource_share_accepter`.
    Each account accepts its invitation, except within an organization, where RAM sends none.
    https://docs.aws.amazon.com/ram/latest/userguide/getting-started-sharing.html
    """

    def __init__(self, scope: Construct, id_: str, props: TransitShareProps) -> None:
        super().__init__(scope, id_)
        self._props = props
        self._share = RamResourceShare(
            self,
            "Share",
            provider=props.provider,
            name=props.display_name,
            allow_external_principals=not props.within_organization,
        )
        self._association = RamResourceAssociation(
            self,
            "ResourceAssociation",
            provider=props.provider,
            resource_arn=props.transit_gateway_arn,
            resource_share_arn=self._share.arn,
        )
        self._acceptances = {name: self._share_with(name, taker) for name, taker in props.takers.items()}

    @property
    def acceptances(self) -> Mapping[str, tuple[ITerraformDependable, ...]]:
        """What has to be in place before an account can attach, by account name."""
        return self._acceptances

    def _share_with(self, name: str, taker: ShareTaker) -> tuple[ITerraformDependable, ...]:
        scope = Construct(self, name)
        principal = RamPrincipalAssociation(
            scope,
            "PrincipalAssociation",
            provider=self._props.provider,
            principal=taker.account_id,
            resource_share_arn=self._share.arn,
        )
        if self._props.within_organization:
            return (self._association, principal)
        accepter = RamResourceShareAccepter(
            scope,
            "Accepter",
            provider=taker.provider,
            share_arn=principal.resource_share_arn,
        )
        return (self._association, accepter)
