"""The environment that Terraform gets for a topology."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from hatchway.terraform.credentials import hcp_token, token_variable
from hatchway.terraform.mirror import cli_configuration

if TYPE_CHECKING:
    from hatchway.topology.model import Topology

__all__ = ["terraform_environment"]


def terraform_environment(topology: "Topology", environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment, with the way to the provider and, for HCP Terraform, the token.

    Raises:
        UndecidedError: State is in HCP Terraform and there is no token for it.
    """
    surroundings = {**environ, **cli_configuration(environ)}
    hcp = topology.state.hcp
    if hcp is None:
        return surroundings
    return {**surroundings, token_variable(hcp.hostname): hcp_token(hcp.hostname, environ)}
