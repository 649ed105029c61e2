"""The section `accounts`."""

from pydantic import Field

from hatchway.topology.model.declared import Declared
from hatchway.topology.values import AccountId, ExternalId, Region, RoleArn


class Account(Declared):
    """An AWS account that Hatchway deploys into."""

    id: AccountId = Field(examples=["111111111111"], description="The 12 digits of the account, quoted.")
    region: Region = Field(examples=["eu-west-1"], description="The region of everything in this account.")
    deploy_role: RoleArn | None = Field(
        examples=["arn:aws:iam::111111111111:role/deploy"],
        default=None,
        description="Role that Terraform assumes in this account; otherwise ambient credentials are used.",
    )
    verify_role: RoleArn | None = Field(
        examples=["arn:aws:iam::111111111111:role/verify"],
        default=None,
        description="Role that `hatchway verify` reads with; it changes nothing. Default: the deploy role.",
    )
    external_id: ExternalId | None = Field(
        examples=["hatchway-7f3a"],
        default=None,
        description="External id asked for by the role's trust policy.",
    )
