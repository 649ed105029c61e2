"""The base of Hatchway's stacks: state, versions, providers by account, readable addresses."""

from typing import TYPE_CHECKING

from cdktf import S3Backend, S3BackendAssumeRoleConfig, TerraformElement, TerraformStack
from cdktf_cdktf_provider_aws.provider import (
    AwsProvider,
    AwsProviderAssumeRole,
    AwsProviderDefaultTags,
)

from constructs_lib.guard import ProviderGuard
from constructs_lib.names import literal
from hatchway.topology import state_key

if TYPE_CHECKING:
    from constructs import Construct, Node

    from hatchway.topology.model import Account, Topology

AWS_PROVIDER_VERSIONS = ">= 5.100.0, < 7.0.0"
# Native S3 locking left its experimental state in this release.
# https://developer.hashicorp.com/terraform/language/v1.11.x/upgrade-guides
TERRAFORM_VERSIONS = ">= 1.11.0"
SESSION_NAME = "hatchway"
REMOTE_STATE_PREFIX = "cross-stack-reference-input-"


class HatchwayStack(TerraformStack):
    """A Terraform stack with one state object, whose providers are aliased by account.

    Addresses are made of construct ids: ids that begin with a capital name a kind, which the
    Terraform type says already, and are left out; the others are joined with '_'. So
    `orders/LoadBalancer/Lb` is `aws_lb.orders`. An id is part of an address: to change one moves
    a resource.

    Terraform: `terraform` and `provider` blocks, `data.terraform_remote_state` for what another
    stack holds.
    """

    def __init__(self, scope: "Construct", name: str, topology: "Topology") -> None:
        super().__init__(scope, name)
        self._topology = topology
        self._providers: dict[str, AwsProvider] = {}
        self._keep_state(name)
        # The bindings pin the one version they were generated from.
        self.add_override("terraform.required_providers.aws.version", AWS_PROVIDER_VERSIONS)
        self.add_override("terraform.required_version", TERRAFORM_VERSIONS)
        self.node.add_validation(ProviderGuard(self))

    @property
    def topology(self) -> "Topology":
        """What the user declared."""
        return self._topology

    def provider(self, account: str) -> AwsProvider:
        """The provider of an account in this stack; the first call defines it."""
        if account not in self._providers:
            self._providers[account] = self._define_provider(account, self._topology.accounts[account])
        return self._providers[account]

    def _define_provider(self, name: str, account: "Account") -> AwsProvider:
        role = account.deploy_role
        external_id = account.external_id
        assume_role = None
        if role is not None:
            assume_role = [
                AwsProviderAssumeRole(
                    role_arn=role,
                    session_name=SESSION_NAME,
                    external_id=None if external_id is None else literal(external_id),
                )
            ]
        tags = {"hatchway:topology": self._topology.name, **self._topology.tags}
        return AwsProvider(
            self,
            f"Provider-{name}",
            alias=name.replace("-", "_"),
            region=account.region,
            allowed_account_ids=[account.id],
            assume_role=assume_role,
            default_tags=[
                AwsProviderDefaultTags(tags={literal(key): literal(value) for key, value in tags.items()})
            ],
        )

    def _keep_state(self, name: str) -> None:
        state = self._topology.state
        backend = S3Backend(
            self,
            bucket=state.bucket,
            key=state_key(self._topology, name),
            region=state.region,
            encrypt=True,
            kms_key_id=None if state.kms_key_id is None else literal(state.kms_key_id),
            assume_role=None if state.role is None else S3BackendAssumeRoleConfig(role_arn=state.role),
        )
        # cdktf 0.21 has no argument for it.
        backend.add_override("use_lockfile", True)

    def _allocate_logical_id(self, tf_element: "Node | TerraformElement") -> str:
        node = tf_element.node if isinstance(tf_element, TerraformElement) else tf_element
        _, *components = node.path.split("/")
        named = (
            component.removeprefix(REMOTE_STATE_PREFIX)
            for component in components
            if not component[:1].isupper()
        )
        # cdktf names the output that carries a value across stacks by the value's address.
        return "_".join(named).replace(".", "-")
