"""The AWS control plane of the sandbox: moto, corrected where it differs from AWS on Hatchway's path.

A correction is a small function around one of moto's methods. It says what differs, where AWS says so,
and when it can go. None of them lets a configuration succeed that AWS would refuse.
"""

import importlib

__all__ = ["MOTO_VERSION", "install"]

MOTO_VERSION = "5.2.5"
"""The release that the corrections were written for."""


def install(organization: frozenset[str] = frozenset()) -> None:
    """Applies every correction to moto, once per process.

    Args:
        organization: Ids of the accounts that are in one AWS Organization, with sharing switched on.

    Raises:
        ToolError: Another moto is installed, on which the corrections were never tried.
    """
    import moto  # noqa: PLC0415 - slow to import, and only the sandbox's own process needs it

    from hatchway.errors import ToolError  # noqa: PLC0415 - kept next to the import it reports on

    if moto.__version__ != MOTO_VERSION:
        raise ToolError(
            f"moto: the sandbox is made for version {MOTO_VERSION}, got {moto.__version__}. "
            "Run `make setup`, which installs what Pipfile.lock says."
        )
    if _installed:
        return
    from hatchway.sandbox.control import ram  # noqa: PLC0415 - as above

    for name in _CORRECTIONS:
        importlib.import_module(f"{__name__}.{name}").install()
    ram.install(organization)
    _installed.append(True)


_CORRECTIONS = (
    "apigateway",
    "buckets",
    "domain_names",
    "ec2_endpoints",
    "elbv2",
    "hosted_zones",
    "http_api_changes",
    "http_api_checks",
    "http_apis",
    "lambda_functions",
    "log_role",
    "logs",
    "peering",
    "security_groups",
    "synthetics",
    "transit_gateway",
    "user_pools",
    "vpc_links",
)
"""The modules beside this one that correct moto; `ram` is told who is in one organization."""

_installed: list[bool] = []
