"""The section `state`."""

from typing import ClassVar

from pydantic import Field

from hatchway.topology.model.declared import Declared
from hatchway.topology.values import (
    BucketName,
    HostName,
    KeyPrefix,
    Name,
    OrganizationName,
    Region,
    RelativePath,
    RoleArn,
    StateKmsKey,
)


class S3State(Declared):
    """One object per stack in one S3 bucket, locked natively. `hatchway bootstrap` can create it."""

    bucket: BucketName = Field(examples=["estate-terraform-state"], description="Name of the S3 bucket.")
    region: Region = Field(examples=["eu-west-1"], description="Region of the bucket.")
    key_prefix: KeyPrefix = Field(
        examples=["platform/estate"],
        default="hatchway",
        description="State of stack NAME is the object KEY_PREFIX/NAME.tfstate.",
    )
    kms_key_id: StateKmsKey | None = Field(
        examples=["alias/terraform-state"],
        default=None,
        description="KMS key for the state; otherwise the bucket's own encryption.",
    )
    role: RoleArn | None = Field(
        examples=["arn:aws:iam::111111111111:role/terraform-state"],
        default=None,
        description="Role that reads and writes the state.",
    )


class HcpState(Declared):
    """HCP Terraform (or Terraform Enterprise): one workspace per stack, runs included."""

    organization: OrganizationName = Field(examples=["example-org"], description="Name of the organization.")
    hostname: HostName = Field(
        examples=["terraform.example.com"],
        default="app.terraform.io",
        description="Host of HCP Terraform or of Terraform Enterprise.",
    )
    project: str | None = Field(
        examples=["platform"],
        default=None,
        description="Project of new workspaces; otherwise the default one.",
    )
    workspace_prefix: Name | None = Field(
        examples=["estate-production"],
        default=None,
        description="Workspace of stack NAME is WORKSPACE_PREFIX-NAME. Default: the topology's name.",
    )
    dynamic_credentials: bool = Field(
        examples=[True],
        default=True,
        description=(
            "Whether each account's provider takes its own tagged dynamic credentials of the workspace; "
            "deploy roles are then named in the workspace, not assumed by the provider."
        ),
    )


class LocalState(Declared):
    """Files on the machine that deploys: for trying things out, by one person."""

    directory: RelativePath = Field(
        examples=["state"],
        default="state",
        description="Folder of the state files, beside the topology's file.",
    )


class State(Declared):
    """Where Terraform state is kept. Exactly one of the three."""

    choices: ClassVar[tuple[str, ...]] = ("s3", "hcp", "local")

    s3: S3State | None = Field(default=None, description="An S3 bucket.")
    hcp: HcpState | None = Field(default=None, description="HCP Terraform.")
    local: LocalState | None = Field(default=None, description="Local files.")
