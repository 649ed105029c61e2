"""The stack `bootstrap`: what has to be there before the first deployment."""

import json
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cdktf import App, TerraformDataSource, TerraformOutput, TerraformResource
from cdktf_cdktf_provider_aws.iam_openid_connect_provider import IamOpenidConnectProvider
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.app import add_stacks
from constructs_lib.deploy_policy import Scope, render_policies
from constructs_lib.named_role import NamedRole, NamedRoleProps
from constructs_lib.role_trust import HcpRuns, render_trust
from constructs_lib.stack import Credentials, HatchwayStack, assumed_role
from constructs_lib.state_backend import keep_bootstrap_state
from constructs_lib.state_bucket import StateBucket, StateBucketProps
from hatchway.topology import state_account
from hatchway.topology.partition import partition
from hatchway.topology.stacks import BOOTSTRAP

if TYPE_CHECKING:
    from hatchway.topology.model import Account, S3State, Topology
    from hatchway.topology.model import Bootstrap as Declared


@dataclass(frozen=True, slots=True, kw_only=True)
class Administrator:
    """Who creates things in an account, before there is any deploy role; without either, whoever runs it."""

    profile: str | None = None
    """A profile of the AWS configuration on this machine."""
    role_arn: str | None = None
    """A role to take."""

    @classmethod
    def parse(cls, text: str) -> "Administrator":
        """Reads 'profile:NAME' or 'role:ARN'."""
        kind, _, value = text.partition(":")
        return cls(profile=value) if kind == "profile" else cls(role_arn=value)


def synthesize_bootstrap(
    topologies: "Sequence[Topology]", administrators: Sequence[str] = (), outdir: Path | None = None
) -> None:
    """Writes the stack `bootstrap`.

    Args:
        topologies: What the user declared, as each gateway sees it.
        administrators: Who creates things: 'ACCOUNT=profile:NAME' or 'ACCOUNT=role:ARN'.
        outdir: Where to write. Default: `CDKTF_OUTDIR`, else `cdktf.out` in the working directory.
    """
    named = (text.partition("=") for text in administrators)
    by_account = {account: Administrator.parse(who) for account, _, who in named}
    with tempfile.TemporaryDirectory(prefix="hatchway-") as staging:
        kinds = kinds_by_account(topologies, Path(staging))
        app = App(outdir=None if outdir is None else str(outdir))
        Bootstrap(app, topologies[0], kinds, by_account)
        app.synth()


def kinds_by_account(topologies: "Sequence[Topology]", staging: Path) -> dict[str, set[str]]:
    """Returns the kinds of resources that the stacks of topologies hold in each account."""
    app = App(outdir=str(staging / "estate"))
    for topology in topologies:
        add_stacks(app, topology, staging)
    accounts = {name.replace("-", "_"): name for topology in topologies for name in topology.accounts}
    found: dict[str, set[str]] = defaultdict(set)
    for element in app.node.find_all():
        if not isinstance(element, TerraformResource | TerraformDataSource) or element.provider is None:
            continue
        kind = element.terraform_resource_type
        is_read = isinstance(element, TerraformDataSource)
        found[accounts[str(element.provider.alias)]].add(f"data.{kind}" if is_read else kind)
    return found


class Bootstrap(HatchwayStack):
    """The state bucket and its role, and a deploy role in each account that names one.

    A deploy role may do what the resources of its account need, as the topology stands; run it again after
    features are added.

    Terraform: those of `StateBucket` and `NamedRole`, and `aws_iam_openid_connect_provider` where HCP
    Terraform takes the roles; outputs `state_bucket` and `deploy_roles`.
    """

    def __init__(
        self,
        scope: Construct,
        topology: "Topology",
        kinds: Mapping[str, set[str]],
        administrators: Mapping[str, Administrator],
    ) -> None:
        self._administrators = administrators
        super().__init__(scope, BOOTSTRAP, topology)
        if topology.bootstrap is None:
            return
        self._declared: Declared = topology.bootstrap
        if topology.state.s3 is not None:
            self._add_state(topology.state.s3)
        for role in dict.fromkeys(account.deploy_role for account in topology.accounts.values()):
            if role is not None:
                self._add_deploy_role(role, kinds)
        self._add_outputs()

    def _keep_state(self, name: str) -> None:
        administrator = self._administrators.get(state_account(self.topology), Administrator())
        keep_bootstrap_state(
            self, self.topology, name, profile=administrator.profile, role_arn=administrator.role_arn
        )

    def _credentials(self, name: str, account: "Account") -> Credentials:  # noqa: ARG002 -- the base's signature
        administrator = self._administrators.get(name, Administrator())
        role = administrator.role_arn
        return Credentials(
            profile=administrator.profile, assume_role=None if role is None else [assumed_role(role, None)]
        )

    def _add_state(self, state: "S3State") -> None:
        account = state_account(self.topology)
        provider = self._state_provider(account, state.region)
        props = StateBucketProps(
            provider=provider,
            name=state.bucket,
            partition=partition(state.region),
            kms_key_id=state.kms_key_id,
            versions_days=self._declared.state_versions_days,
        )
        StateBucket(self, "state", props)
        if state.role is not None:
            role = NamedRoleProps(
                provider=self.provider(account),
                arn=state.role,
                description=f"Reads and writes the Terraform state of {self.topology.estate}",
                trust=render_trust(self._declared.trusted_principals),
                policies=[_render_state_permissions(state)],
            )
            NamedRole(Construct(self, "State-role"), "state", role)

    def _state_provider(self, account: str, region: str) -> AwsProvider:
        if region == self.topology.accounts[account].region:
            return self.provider(account)
        return self.define_provider(account, alias=f"{account.replace('-', '_')}_state", region=region)

    def _add_deploy_role(self, arn: str, kinds: Mapping[str, set[str]]) -> None:
        """Adds a role, once for all regions of its account."""
        users = {name: each for name, each in self.topology.accounts.items() if each.deploy_role == arn}
        name = next(iter(users))
        policies = [
            policy
            for user, account in users.items()
            for policy in render_policies(
                kinds.get(user, set()),
                Scope(topology=self.topology.estate, account_id=account.id, region=account.region),
            )
        ]
        role = NamedRoleProps(
            provider=self.provider(name),
            arn=arn,
            description=f"Deploys {self.topology.estate} with Terraform",
            trust=render_trust(self._declared.trusted_principals, users[name].external_id, self._runs(name)),
            policies=policies,
        )
        # The kind keeps an account named 'state' apart from the role for the state.
        NamedRole(Construct(self, f"Deploy-{name}"), f"deploy_{name}", role)

    def _runs(self, name: str) -> HcpRuns | None:
        hcp = self.topology.state.hcp
        if hcp is None or not hcp.dynamic_credentials:
            return None
        provider = IamOpenidConnectProvider(
            Construct(self, f"Hcp-{name}"),
            f"hcp_{name}",
            provider=self.provider(name),
            url=f"https://{hcp.hostname}",
            client_id_list=["aws.workload.identity"],
        )
        return HcpRuns(
            provider_arn=provider.arn,
            hostname=hcp.hostname,
            organization=hcp.organization,
            project=hcp.project,
            workspaces=f"{hcp.workspace_prefix or self.topology.estate}-*",
        )

    def _add_outputs(self) -> None:
        accounts = self.topology.accounts.items()
        outputs: dict[str, Any] = {
            "deploy_roles": {name: account.deploy_role for name, account in accounts if account.deploy_role}
        }
        if self.topology.state.s3 is not None:
            outputs["state_bucket"] = self.topology.state.s3.bucket
        for name, value in outputs.items():
            TerraformOutput(self, name, static_id=True, value=value)


def _render_state_permissions(state: "S3State") -> str:
    """Renders what the S3 backend does, locking included.

    https://developer.hashicorp.com/terraform/language/backend/s3#s3-bucket-permissions
    """
    bucket = f"arn:{partition(state.region)}:s3:::{state.bucket}"
    objects = [f"{bucket}/{state.key_prefix}/*.tfstate", f"{bucket}/{state.key_prefix}/*.tfstate.tflock"]
    statements: list[dict[str, object]] = [
        {"Action": "s3:ListBucket", "Resource": bucket},
        {"Action": ["s3:GetObject", "s3:PutObject"], "Resource": objects},
        {"Action": "s3:DeleteObject", "Resource": objects[1]},
    ]
    if state.kms_key_id is not None:
        statements.append(
            {
                "Action": ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"],
                "Resource": "*",
                "Condition": {"StringEquals": {"kms:ViaService": f"s3.{state.region}.amazonaws.com"}},
            }
        )
    allowed = [{"Effect": "Allow", **statement} for statement in statements]
    return json.dumps({"Version": "2012-10-17", "Statement": allowed}, sort_keys=True)
