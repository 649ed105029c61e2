"""Who may take a role that `hatchway bootstrap` creates."""

import json
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class HcpRuns:
    """Runs of HCP Terraform that may take a role."""

    provider_arn: str
    """The account's OpenID Connect provider for the host."""
    hostname: str
    """The host."""
    organization: str
    """The organization."""
    project: str | None
    """The project; None for any."""
    workspaces: str
    """The workspaces, as a pattern."""


def render_trust(
    principals: Sequence[str], external_id: str | None = None, runs: HcpRuns | None = None
) -> str:
    """Renders that these principals may take a role, and these runs, and nobody else.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
    """
    statements: list[dict[str, object]] = []
    if principals:
        named: dict[str, object] = {"Principal": {"AWS": sorted(principals)}, "Action": "sts:AssumeRole"}
        if external_id is not None:
            named["Condition"] = {"StringEquals": {"sts:ExternalId": external_id}}
        statements.append(named)
    if runs is not None:
        statements.append(_runs(runs))
    allowed = [{"Effect": "Allow", **statement} for statement in statements]
    return json.dumps({"Version": "2012-10-17", "Statement": allowed}, sort_keys=True)


def _runs(runs: HcpRuns) -> dict[str, object]:
    # https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/aws-configuration
    project = runs.project or "*"
    workspaces = f"organization:{runs.organization}:project:{project}:workspace:{runs.workspaces}"
    return {
        "Principal": {"Federated": runs.provider_arn},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {f"{runs.hostname}:aud": "aws.workload.identity"},
            "StringLike": {f"{runs.hostname}:sub": f"{workspaces}:run_phase:*"},
        },
    }
