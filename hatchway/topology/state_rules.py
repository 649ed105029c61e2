"""Rules about where state is kept."""

import re
from collections.abc import Iterator

from hatchway.topology.model import Topology
from hatchway.topology.problems import Misfit
from hatchway.topology.stacks import credentials_tag

# https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/specifying-multiple-configurations
RESERVED_TAG = "TYPE"
# https://developer.hashicorp.com/terraform/cloud-docs/api-docs/projects#create-a-project
PROJECT = re.compile(r"[A-Za-z0-9_-](?:[A-Za-z0-9 _-]{1,38})[A-Za-z0-9_-]", re.ASCII)


def accounts_have_tags_for_dynamic_credentials(topology: Topology) -> Iterator[Misfit]:
    """HCP Terraform keeps one tag of dynamic credentials for itself."""
    hcp = topology.state.hcp
    if hcp is None or not hcp.dynamic_credentials:
        return
    for name in topology.accounts:
        if credentials_tag(name) == RESERVED_TAG:
            yield Misfit(
                path=("accounts", name),
                message="cannot be a tag of dynamic credentials, HCP Terraform keeps it for itself",
                fix="Give the account another name, or set state.hcp.dynamic_credentials to false.",
            )


def project_is_a_name(topology: Topology) -> Iterator[Misfit]:
    """HCP Terraform would refuse the project when it makes the first workspace."""
    hcp = topology.state.hcp
    if hcp is not None and hcp.project is not None and PROJECT.fullmatch(hcp.project) is None:
        yield Misfit(
            path=("state", "hcp", "project"),
            message="is not the name of a project: 3 to 40 letters, digits, spaces, '-' and '_'",
            got=hcp.project,
            fix="Write the name as HCP Terraform shows it.",
        )


def local_state_is_in_a_folder(topology: Topology) -> Iterator[Misfit]:
    """Terraform would fail in the middle of the first run."""
    local = topology.state.local
    if local is not None and (topology.directory / local.directory).is_file():
        yield Misfit(
            path=("state", "local", "directory"),
            message="is a file",
            got=local.directory,
            fix="Name a folder; it is made if it is not there.",
        )
