"""The section `bootstrap`: what has to be there before the first deployment."""

from pydantic import Field

from hatchway.topology.model.declared import Declared
from hatchway.topology.values import Name, PrincipalArn


class Bootstrap(Declared):
    """What `hatchway bootstrap` creates: the bucket of state in S3, and the roles named elsewhere."""

    trusted_principals: tuple[PrincipalArn, ...] = Field(
        examples=[["arn:aws:iam::111111111111:role/ci"]],
        default=(),
        strict=False,
        description="Roles, users or accounts that may take the roles. Nobody else may.",
    )
    state_account: Name | None = Field(
        examples=["edge"],
        default=None,
        description="Account of the state bucket. Default: that of the state role, else the gateway's.",
    )
    state_versions_days: int = Field(
        examples=[365],
        default=365,
        ge=1,
        le=3650,
        description="Days that replaced versions of the state are kept; the last ten always are.",
    )
