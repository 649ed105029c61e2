"""The token for HCP Terraform, from where `terraform login` and pipelines leave it."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from hatchway.errors import UndecidedError

__all__ = ["hcp_token", "token_variable"]


def token_variable(hostname: str) -> str:
    """Return the name of the environment variable that Terraform reads a host's token from.

    https://developer.hashicorp.com/terraform/cli/config/config-file#environment-variable-credentials
    """
    return f"TF_TOKEN_{hostname.replace('-', '__').replace('.', '_')}"


def hcp_token(hostname: str, environ: Mapping[str, str] | None = None) -> str:
    """Return the token for a host: from its environment variable, else from `terraform login`.

    Terraform itself does not look at what `terraform login` wrote once `TF_CLI_CONFIG_FILE` is set.

    Raises:
        UndecidedError: There is none.
    """
    environ = os.environ if environ is None else environ
    token = environ.get(token_variable(hostname)) or _logged_in(hostname, environ)
    if not token:
        raise UndecidedError(
            f"state.hcp: there is no token for {hostname}. Run 'terraform login {hostname}', or set "
            f"{token_variable(hostname)}."
        )
    return token


def _logged_in(hostname: str, environ: Mapping[str, str]) -> str:
    home = Path(environ.get("HOME") or Path.home())
    try:
        written = json.loads((home / ".terraform.d" / "credentials.tfrc.json").read_text(encoding="utf-8"))
        return str(written["credentials"][hostname]["token"])
    except (OSError, ValueError, KeyError, TypeError):
        # Not there, or not what `terraform login` writes: then nobody has logged in.
        return ""
