"""A role with the name and path that the topology gives it."""

from collections.abc import Sequence
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.iam_policy import IamPolicy
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

LONGEST_SESSION_SECONDS = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedRoleProps:
    """What `NamedRole` needs."""

    provider: AwsProvider
    """Provider of the account of the role."""
    arn: str
    """ARN that the role is to have."""
    description: str
    """What it is for."""
    trust: str
    """Who may take it, as JSON."""
    policies: Sequence[str]
    """What it may do, as JSON, each within the limit of a managed policy."""


class NamedRole(Construct):
    """A role, and managed policies that are attached to it alone.

    Terraform: `aws_iam_role`, `aws_iam_policy`, `aws_iam_role_policy_attachment`.
    Managed, since an inline policy has too few characters for what a gateway needs.
    """

    def __init__(self, scope: Construct, id_: str, props: NamedRoleProps) -> None:
        super().__init__(scope, id_)
        *path, name = props.arn.partition(":role/")[2].split("/")
        role = IamRole(
            self,
            "Role",
            provider=props.provider,
            name=name,
            path=f"/{'/'.join(path)}/" if path else None,
            description=props.description,
            assume_role_policy=props.trust,
            max_session_duration=LONGEST_SESSION_SECONDS,
        )
        for number, document in enumerate(props.policies, start=1):
            self._attach(str(number), f"{name}-{number}", document, role, props)

    def _attach(self, id_: str, name: str, document: str, role: IamRole, props: NamedRoleProps) -> None:
        scope = Construct(self, id_)
        policy = IamPolicy(
            scope,
            "Policy",
            provider=props.provider,
            name=name,
            description=props.description,
            policy=document,
        )
        IamRolePolicyAttachment(
            scope, "Attachment", provider=props.provider, role=role.name, policy_arn=policy.arn
        )
