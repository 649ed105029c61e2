"""The data plane of the sandbox: what answers callers, as AWS would, by what is deployed."""

from hatchway.sandbox.data.plane import DataPlane

__all__ = ["DataPlane", "install_hooks"]


def install_hooks() -> None:
    """Makes the control plane record and answer what the data plane knows; once for each process.

    Deployments keep a copy of the API as it was, and `DescribeTargetHealth` tells what the network model
    finds.
    """
    from hatchway.sandbox.data.hooks import install  # noqa: PLC0415 - moto takes seconds to import

    install()
