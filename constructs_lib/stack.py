"""The base of Hatchway's stacks: state, versions, providers by account, readable addresses."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdktf import TerraformElement, TerraformStack, TerraformVariable
from cdktf_cdktf_provider_aws.provider import (
    AwsProvider,
    AwsProviderAssumeRole,
    AwsProviderDefaultTags,
)

from constructs_lib.guard import ProviderGuard
from constructs_lib.names import literal, logical_id
from constructs_lib.state_backend import keep_state
from hatchway.topology import credentials_tag

if TYPE_CHECKING:
    from constructs import Construct, Node

    from hatchway.topology.model import Account, Topology

AWS_PROVIDER_VERSIONS = ">= 5.100.0, < 7.0.0"
NEXT_AWS_PROVIDER = "7.0.0"
# Native S3 locking left its experimental state in this release.
# https://developer.hashicorp.com/terraform/language/v1.11.x/upgrade-guides
TERRAFORM_VERSIONS = ">= 1.11.0"
SESSION_NAME = "hatchway"
# HCP Terraform fills the variable of this name and type.
DYNAMIC_CREDENTIALS = "tfc_aws_dynamic_credentials"
DYNAMIC_CREDENTIALS_TYPE = (
    "object({default = object({shared_config_file = string}), "
    "aliases = map(object({shared_config_file = string}))})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a provider acts as; without any, with the credentials that are around."""

    assume_role: list[AwsProviderAssumeRole] | None = None
    shared_config_files: list[str] | None = None
    profile: str | None = None


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
        self._dynamic_credentials: TerraformVariable | None = None
        self._keep_state(name)
        # The bindings pin the one version they were generated from.
        self.add_override(
            "terraform.required_providers.aws.version",
            f">= {topology.minimum_aws_provider}, < {NEXT_AWS_PROVIDER}",
        )
        self.add_override("terraform.required_version", TERRAFORM_VERSIONS)
        self.node.add_validation(ProviderGuard(self))

    @property
    def topology(self) -> "Topology":
        """What the user declared."""
        return self._topology

    def provider(self, account: str) -> AwsProvider:
        """The provider of an account in this stack; the first call defines it."""
        if account not in self._providers:
            self._providers[account] = self.define_provider(account)
        return self._providers[account]

    def define_provider(
        self, name: str, *, alias: str | None = None, region: str | None = None
    ) -> AwsProvider:
        """Defines a provider of an account, by default under the account's name and in its region."""
        account = self._topology.accounts[name]
        tags = {"hatchway:topology": self._topology.name, **self._topology.tags}
        credentials = self._credentials(name, account)
        alias = alias or name.replace("-", "_")
        return AwsProvider(
            self,
            f"Provider-{alias}",
            alias=alias,
            region=region or account.region,
            allowed_account_ids=[account.id],
            assume_role=credentials.assume_role,
            profile=credentials.profile,
            shared_config_files=credentials.shared_config_files,
            default_tags=[
                AwsProviderDefaultTags(tags={literal(key): literal(value) for key, value in tags.items()})
            ],
        )

    def _keep_state(self, name: str) -> None:
        keep_state(self, self._topology, name)

    def _credentials(self, name: str, account: "Account") -> Credentials:
        """What the provider of an account acts as."""
        state = self._topology.state.hcp
        if state is not None and state.dynamic_credentials:
            return Credentials(shared_config_files=[self._dynamic_configuration(name)])
        if account.deploy_role is None:
            return Credentials()
        return Credentials(assume_role=[assumed_role(account.deploy_role, account.external_id)])

    def _dynamic_configuration(self, account: str) -> str:
        """Names the file in which HCP Terraform leaves the account's credentials for a run.

        https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/specifying-multiple-configurations
        """
        if self._dynamic_credentials is None:
            self._dynamic_credentials = TerraformVariable(
                self,
                DYNAMIC_CREDENTIALS,
                type=DYNAMIC_CREDENTIALS_TYPE,
                description="Where HCP Terraform leaves the credentials of each account during a run",
            )
        variable = self._dynamic_credentials.friendly_unique_id
        return f'${{var.{variable}.aliases["{credentials_tag(account)}"].shared_config_file}}'

    def _allocate_logical_id(self, tf_element: "Node | TerraformElement") -> str:
        node = tf_element.node if isinstance(tf_element, TerraformElement) else tf_element
        return logical_id(node.path.split("/")[1:])


def assumed_role(role_arn: str, external_id: str | None) -> AwsProviderAssumeRole:
    """The role that a provider takes before it does anything."""
    return AwsProviderAssumeRole(
        role_arn=role_arn,
        session_name=SESSION_NAME,
        external_id=None if external_id is None else literal(external_id),
    )
