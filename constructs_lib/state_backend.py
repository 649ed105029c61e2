"""Where a stack keeps its Terraform state."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from cdktf import (
    App,
    LocalBackend,
    NamedRemoteWorkspace,
    RemoteBackend,
    S3Backend,
    S3BackendAssumeRoleConfig,
    TerraformStack,
)

from constructs_lib.names import literal
from hatchway.topology import bootstrap_state_file, state_file, state_key, workspace_name

if TYPE_CHECKING:
    from hatchway.topology.model import HcpState, S3State, Topology


def keep_state(stack: TerraformStack, topology: "Topology", name: str) -> None:
    """Gives a stack the state that the topology declares; other stacks read its values from there."""
    state = topology.state
    if state.s3 is not None:
        _keep_in_s3(stack, state.s3, state_key(topology, name), role_arn=state.s3.role)
    elif state.hcp is not None:
        _keep_in_hcp(stack, state.hcp, workspace_name(topology, name))
    else:
        _keep_locally(stack, state_file(topology, name))


def keep_bootstrap_state(
    stack: TerraformStack, topology: "Topology", name: str, *, profile: str | None, role_arn: str | None
) -> None:
    """Gives the stack that makes the state bucket its state: in that bucket, or else on this machine.

    It is read by those who create the bucket, not by its role.
    """
    if topology.state.s3 is not None:
        _keep_in_s3(stack, topology.state.s3, state_key(topology, name), role_arn=role_arn, profile=profile)
    else:
        _keep_locally(stack, bootstrap_state_file(topology))


def _keep_in_s3(
    stack: TerraformStack, state: "S3State", key: str, *, role_arn: str | None, profile: str | None = None
) -> None:
    backend = S3Backend(
        stack,
        bucket=state.bucket,
        key=key,
        region=state.region,
        encrypt=True,
        kms_key_id=None if state.kms_key_id is None else literal(state.kms_key_id),
        assume_role=None if role_arn is None else S3BackendAssumeRoleConfig(role_arn=role_arn),
        profile=profile,
    )
    # cdktf 0.21 has no argument for it.
    backend.add_override("use_lockfile", True)


def _keep_in_hcp(stack: TerraformStack, state: "HcpState", workspace: str) -> None:
    """Adds the `cloud` block; other stacks read its outputs through the backend `remote`.

    Not by cdktf's `CloudBackend`: that one starts a `terraform` from PATH while it synthesizes.
    https://developer.hashicorp.com/terraform/language/terraform#terraform-cloud
    """
    RemoteBackend(
        stack,
        organization=state.organization,
        hostname=state.hostname,
        workspaces=NamedRemoteWorkspace(workspace),
    )
    workspaces = {"name": workspace} | ({} if state.project is None else {"project": literal(state.project)})
    stack.add_override("terraform.backend", None)
    stack.add_override(
        "terraform.cloud",
        {"organization": state.organization, "hostname": state.hostname, "workspaces": workspaces},
    )


def _keep_locally(stack: TerraformStack, file: Path) -> None:
    """Adds a path relative to the stack's own folder, where Terraform runs.

    An absolute one would be of one machine only; this one is the same wherever the topology and the
    output folder lie side by side.
    """
    folder = Path(App.of(stack).outdir).resolve() / "stacks" / stack.node.id
    LocalBackend(stack, path=Path(os.path.relpath(file, folder)).as_posix())
