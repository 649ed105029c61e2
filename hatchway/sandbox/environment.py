"""The environment variables that lead a program into a sandbox, and nowhere else."""

import os
from collections.abc import Mapping
from pathlib import Path

__all__ = ["reach", "without_foreign"]

_FOREIGN = (
    "AWS_",
    "NO_PROXY",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "SSL_CERT_",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "TF_CLI_CONFIG_FILE",
)


def reach(port: int, ca_file: Path) -> dict[str, str]:
    """Returns what AWS SDKs, Terraform and HTTP clients honour to reach the front on `port`."""
    proxy = f"http://127.0.0.1:{port}"
    return {
        "HTTPS_PROXY": proxy,
        "https_proxy": proxy,
        "AWS_CA_BUNDLE": str(ca_file),
        "SSL_CERT_FILE": str(ca_file),
        "REQUESTS_CA_BUNDLE": str(ca_file),
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        # The sandbox answers at once or not at all; waiting for it to get better is no use.
        "AWS_MAX_ATTEMPTS": "3",
        # Terraform's own version check does not go to an AWS name.
        "CHECKPOINT_DISABLE": "1",
    }


def without_foreign(base: Mapping[str, str]) -> dict[str, str]:
    """Returns `base` without what would lead a program past the sandbox, or to real credentials."""
    return {name: value for name, value in base.items() if not name.upper().startswith(_FOREIGN)}
